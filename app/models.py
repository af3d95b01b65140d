"""Every mapped table in one metadata, for migrations and for the checks over all tables."""

from app.access import models as access
from app.audit import models as audit
from app.authority_figures import models as authority_figures
from app.barriers import models as barriers
from app.barriers.partners import models as partner_barriers
from app.calendars import models as calendars
from app.cases import models as cases
from app.cases import plan_history
from app.cases.domain_changes import models as domain_changes
from app.cases.noting import models as noting
from app.cases.tasks import models as tasks
from app.catalogues import models as catalogues
from app.child_protection import models as child_protection
from app.clients import models as clients
from app.clients.disputes import models as disputes
from app.clients.guardians import models as guardians
from app.clients.histories import models as histories
from app.clients.merging import models as merging
from app.clients.numbers import models as numbers
from app.clients.restrictions import models as restrictions
from app.conferences import models as conferences
from app.consents import models as consents
from app.consents.signatures import models as consent_signatures
from app.council_questions import models as council_questions
from app.directory import models as directory
from app.directory.offers import models as offers
from app.disclosures import models as disclosures
from app.documents import models as documents
from app.funding import models as funding
from app.identity import models as identity
from app.identity.invitations import models as invitations
from app.identity.partner_systems import models as partner_systems
from app.imports import models as imports
from app.incoming_referrals import models as incoming_referrals
from app.inquiries import models as inquiries
from app.interpreting import models as interpreting
from app.kit import idempotency, outbox
from app.kit.tables import Table
from app.notifications import models as notifications
from app.obstacles import effect_models
from app.obstacles import models as obstacles
from app.obstacles.hearings import models as hearings
from app.obstacles.meetings import models as meetings
from app.organisations import models as organisations
from app.pathways import models as pathways
from app.population import models as population
from app.privacy import models as privacy
from app.referrals import deadline_models
from app.referrals import models as referrals
from app.referrals.duties import models as duties
from app.referrals.inbox import models as inbox
from app.referrals.messages import models as messages
from app.reporting import models as reporting
from app.school_entries import models as school_entries
from app.state_exports import models as state_exports
from app.transfers import models as transfers
from app.webhooks import models as webhooks
from app.work.sync import models as sync

__all__ = [
    "access",
    "audit",
    "authority_figures",
    "barriers",
    "calendars",
    "cases",
    "catalogues",
    "child_protection",
    "clients",
    "conferences",
    "consent_signatures",
    "consents",
    "council_questions",
    "deadline_models",
    "directory",
    "disclosures",
    "disputes",
    "documents",
    "domain_changes",
    "duties",
    "effect_models",
    "funding",
    "guardians",
    "hearings",
    "histories",
    "idempotency",
    "identity",
    "imports",
    "inbox",
    "incoming_referrals",
    "inquiries",
    "interpreting",
    "invitations",
    "meetings",
    "merging",
    "messages",
    "metadata",
    "notifications",
    "noting",
    "numbers",
    "obstacles",
    "offers",
    "organisations",
    "outbox",
    "partner_barriers",
    "partner_systems",
    "pathways",
    "plan_history",
    "population",
    "privacy",
    "referrals",
    "reporting",
    "restrictions",
    "school_entries",
    "state_exports",
    "sync",
    "tasks",
    "transfers",
    "webhooks",
]

metadata = Table.metadata
