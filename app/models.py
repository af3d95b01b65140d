"""Every mapped table in one metadata, for migrations and for the checks over all tables."""

from app.access import models as access
from app.audit import models as audit
from app.barriers import models as barriers
from app.calendars import models as calendars
from app.cases import models as cases
from app.cases import plan_history
from app.cases.noting import models as noting
from app.cases.tasks import models as tasks
from app.catalogues import models as catalogues
from app.clients import models as clients
from app.clients.disputes import models as disputes
from app.clients.histories import models as histories
from app.clients.numbers import models as numbers
from app.consents import models as consents
from app.directory import models as directory
from app.disclosures import models as disclosures
from app.identity import models as identity
from app.inquiries import models as inquiries
from app.interpreting import models as interpreting
from app.kit import idempotency, outbox
from app.kit.tables import Table
from app.notifications import models as notifications
from app.obstacles import models as obstacles
from app.organisations import models as organisations
from app.privacy import models as privacy
from app.referrals import models as referrals
from app.reporting import models as reporting
from app.work.sync import models as sync

__all__ = [
    "access",
    "audit",
    "barriers",
    "calendars",
    "cases",
    "catalogues",
    "clients",
    "consents",
    "directory",
    "disclosures",
    "disputes",
    "histories",
    "idempotency",
    "identity",
    "inquiries",
    "interpreting",
    "metadata",
    "notifications",
    "noting",
    "numbers",
    "obstacles",
    "organisations",
    "outbox",
    "plan_history",
    "privacy",
    "referrals",
    "reporting",
    "sync",
    "tasks",
]

metadata = Table.metadata
