"""The schema of the first release: tables, then policies, grants and functions."""

from alembic import op

from migrations.steps import run_sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# In the order of foreign keys.
TABLES = (
    "kit",
    "audit",
    "catalogues",
    "organisations",
    "directory",
    "identity",
    "offers",
    "clients",
    "cases",
    "interpreting",
    "documents",
    "pathways",
    "school_entries",
    "authority_figures",
    "inquiries",
    "access",
    "joining",
    "consents",
    "conferences",
    "disclosures",
    "referrals",
    "inbox",
    "duties",
    "child_protection",
    "barriers",
    "reporting",
    "obstacles",
    "population",
    "funding",
    "council_questions",
    "notifications",
    "calendars",
    "privacy",
    "work",
    "transfers",
    "incoming_referrals",
    "webhooks",
    "imports",
    "state_exports",
)
RULES = (
    "foundation.sql",
    "audit.sql",
    "identity.sql",
    "accounts.sql",
    "partner_systems.sql",
    "assignments.sql",
    "clients.sql",
    "numbers.sql",
    "disputes.sql",
    "cases.sql",
    "drafts.sql",
    "inquiries.sql",
    "documents.sql",
    "consents.sql",
    "guardians.sql",
    "disclosures.sql",
    "sites.sql",
    "referrals.sql",
    "inbox.sql",
    "offers.sql",
    "duties.sql",
    "child_protection.sql",
    "receipts.sql",
    "messages.sql",
    "notifications.sql",
    "webhooks.sql",
    "invitations.sql",
    "presence.sql",
    "tasks.sql",
    "recalls.sql",
    "withdrawals.sql",
    "handovers.sql",
    "conferences.sql",
    "domain_changes.sql",
    "interpreting.sql",
    "pathways.sql",
    "knowers.sql",
    "school_entries.sql",
    "authority_figures.sql",
    "calendars.sql",
    "barriers.sql",
    "restrictions.sql",
    "person_figures.sql",
    "obstacles.sql",
    "outcomes.sql",
    "reporting.sql",
    "hearings.sql",
    "population.sql",
    "funding.sql",
    "council_questions.sql",
    "privacy.sql",
    "work.sql",
    "cases_without_lead.sql",
    "vacancies.sql",
    "transfers.sql",
    "named_members.sql",
    "incoming_referrals.sql",
    "partner_barriers.sql",
    "imports.sql",
    "sync.sql",
    "merging.sql",
    "households.sql",
    "case_figures.sql",
    "need_figures.sql",
    "state_exports.sql",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    run_sql("context.sql", *(f"tables/{package}.sql" for package in TABLES), *RULES)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    run_sql("drop_everything.sql")
