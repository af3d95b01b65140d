"""Every mapped table in one metadata, for migrations and for the checks over all tables."""

from app.access import models as access
from app.audit import models as audit
from app.barriers import models as barriers
from app.calendars import models as calendars
from app.cases import models as cases
from app.cases import plan_history
from app.cases.domain_changes import models as domain_changes
from app.cases.noting import models as noting
from app.cases.tasks import models as tasks
from app.catalogues import models as catalogues
from app.clients import models as clients
from app.clients.disputes import models as disputes
from app.clients.guardians import models as guardians
from app.clients.histories import models as histories
from app.clients.merging import models as merging
from app.clients.numbers import models as numbers
from app.clients.restrictions import models as restrictions
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
    "domain_changes",
    "guardians",
    "histories",
    "idempotency",
    "identity",
    "inquiries",
    "interpreting",
    "merging",
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
    "restrictions",
    "tasks",
]

metadata = Table.metadata
