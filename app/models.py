"""Every mapped table in one metadata, for migrations and for the checks over all tables."""

from app.access import models as access
from app.audit import models as audit
from app.cases import models as cases
from app.catalogues import models as catalogues
from app.clients import models as clients
from app.directory import models as directory
from app.identity import models as identity
from app.kit import idempotency, outbox
from app.kit.tables import Table
from app.organisations import models as organisations

__all__ = [
    "access",
    "audit",
    "cases",
    "catalogues",
    "clients",
    "directory",
    "idempotency",
    "identity",
    "metadata",
    "organisations",
    "outbox",
]

metadata = Table.metadata
