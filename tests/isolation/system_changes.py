"""What the roles of the system may add, change and remove: worker, owners of tables and functions."""

from tests.isolation import of_state_exports
from tests.isolation.changes import HISTORIES
from tests.isolation.sights import ALL

OWNER_CHANGES = {
    "official_numbers": ("mark = mark", ALL), "documents": ("sealed_key = sealed_key", ALL),
    "webhook_secrets": ("sealed = sealed", ALL), "consent_signatures": ("sealed = sealed", ALL),
    **{table: (change, ALL) for table, change in of_state_exports.KEYS_OF_OWNER.items()},
}  # fmt: skip
ENDED = "removed_at = now(), removal_reason = 'retention', title = NULL, sealed_key = NULL, sha256 = NULL"
WORKER_ADDS = {
    "audit_journal", "outbox", "barrier_proposals", "referral_events", "notifications", "release_cells",
    "release_tables", "ledger", "referral_recalls", "webhook_deliveries", "webhook_attempts",
}  # fmt: skip
WORKER_CHANGES = {
    "outbox": ("done_at = now()", ALL),
    "incoming_referrals": ("reminded = 3", "deadline_at IS NOT NULL"),
    "inquiries": ("state = 'lapsed'", "state IN ('open', 'waiting')"),
    "inquiry_contents": ("forgotten_at = now(), name = NULL, reachable = NULL, note = NULL", ALL),
    "documents": (ENDED, "NOT is_evidence AND removed_at IS NULL"),
    "duplicate_checks": ("sought_forms = NULL", ALL),
    "client_merges": ("final_at = now(), changes = NULL", "undone_at IS NULL"),
    "referral_requests": ("reminded_day = 3", ALL),
    "duties": ("state = 'expired', ended_at = now()", "state = 'requested'"),
    "referral_recalls": ("chased_at = now()", ALL),
    "webhooks": ("state = 'ended', ended_at = now()", ALL),
    "webhook_deliveries": ("failures = 1", ALL),
    "obstacles": ("status = 'under_review'", "status = 'effect_checked'"),
    "releases": ("state = 'refused', refusal = 'proof_failed', computed_at = now()", "state = 'requested'"),
}
WORKER_REMOVES = {
    "clients",
    "idempotency_keys",
    "outbox",
    "notifications",
    "duplicate_checks",
    "contact_drafts",
    "client_merge_moves",
    "tombstones",
    "import_rows",
    "received_data",
    "incoming_messages",
    "webhook_secrets",
    "webhook_deliveries",
}
WORKER_REMOVES_ONLY = {"received_data": "stopped_at IS NOT NULL"}
"""Where not every row is within the worker's reach."""

FOLLOWING = (
    *HISTORIES, "client_nationalities", "household_members", "disputes", "barrier_persons", "consents",
    "referrals", "distinct_clients", "processing_uses", "guardians", "documents", "import_effects",
    "incoming_receipts", "told_withdrawals",
)  # fmt: skip
MEMBERS = ("pathways", "school_entries", "consent_guardians", "child_protections", "named_members")
"""What follows when two records of one person become one: by the person, by the member of the household."""

AUTH = {
    **dict.fromkeys((*FOLLOWING, *MEMBERS), "read change"),
    "documents": "read add change", "told_withdrawals": "read add change", "named_members": "read add change",
    "processing_restrictions": "read add change",
    "domain_changes": "read add change", "domain_change_items": "read add change",
    "client_merges": "read change", "client_merge_moves": "read add remove",
    "access_reviews": "read add change", "accounts": "read add change",
    "assignments": "read add change", "audit_journal": "read add",
    "barrier_figures": "read add change remove", "barrier_reports": "read",
    "barrier_proposals": "read add change",
    "partner_barriers": "read", "observations": "read remove",
    **dict.fromkeys(
        ("obstacles", "obstacle_links", "obstacle_measures", "observation_sources", "release_cells"), "read"
    ),
    "obstacle_hearings": "read add",
    "calendar_feeds": "read change",
    "case_transfers": "read change", "transfer_packages": "read change", "transfer_offers": "read add change",
    "received_packages": "read add remove", "disclosure_log": "read add",
    "case_contents": "read change", "case_handovers": "read add", "contact_drafts": "read remove",
    "case_phases": "read add", "cases": "read change remove", "clients": "read change remove",
    "contacts": "read remove", **dict.fromkeys(("goals", "assessments", "assessment_domains"), "read"),
    "conferences": "read change", "conference_participants": "read change",
    "duties": "read change", "institutions": "read change", "institution_sites": "read",
    **dict.fromkeys(("offers", "offer_capacities"), "read"),
    "membership_sites": "read add", "invitations": "read change remove",
    "referral_charges": "read remove", "partner_deputyships": "read change",
    "duplicate_checks": "read", "inquiries": "read add change", "inquiry_contents": "read add change",
    "incoming_referrals": "read", "received_data": "read change remove", "incoming_messages": "read remove",
    "login_throttles": "read add change remove",
    "partner_systems": "read", "partner_credentials": "read change",
    "partner_allowances": "read add change", "used_proofs": "read add remove",
    "memberships": "read add", "notifications": "add", "outbox": "read change", "published_releases": "add",
    "published_tables": "add", "referral_events": "add", "referral_receipts": "read add",
    "referral_attachments": "read add", "referral_messages": "read",
    "referral_packages": "read change",
    "referral_requests": "read change", "refresh_tokens": "read add change remove",
    "release_tables": "read", "releases": "read change", "retentions": "read add change remove",
    "sessions": "read add change", "task_series": "read change",
    "task_steps": "add", "tasks": "read add change", "tombstones": "add",
    "referral_recalls": "read add change", "unplaced_withdrawals": "read add change",
    "units": "read add", "users": "read add change",
    "webhooks": "read change", "webhook_deliveries": "read change", **of_state_exports.AUTH,
}  # fmt: skip
"""What the owner of the definer functions may do, in every area; what is not named, nothing."""

AUTH_CHANGES = {
    "access_reviews": "is_restricted = false",
    "duties": "is_restricted = false",
    "accounts": "disabled_at = NULL", "assignments": "is_restricted = false",
    "barrier_figures": "level = NULL", "barrier_proposals": "state = state",
    "calendar_feeds": "last_used_at = NULL",
    "transfer_packages": "has_hidden_member = false",
    "case_transfers": "decline_reason = NULL", "transfer_offers": "consent_withdrawn_at = NULL",
    "case_contents": "closing_reason = NULL", "cases": "is_restricted = false",
    "clients": "is_restricted = false", "conferences": "ended_by = NULL",
    "conference_participants": "removed_at = removed_at",
    "domain_changes": "withdrawn_at = withdrawn_at", "domain_change_items": "settled_by = settled_by",
    "received_data": "is_shut = is_shut", "inquiry_contents": "reason = NULL",
    "inquiries": "state = state", "login_throttles": "failures = 2", "outbox": "failure = NULL",
    "referral_packages": "withheld_at = NULL", "referral_requests": "outcome = NULL",
    "partner_credentials": "last_used_at = NULL", "partner_allowances": "requests_left = 1",
    "refresh_tokens": "used_at = NULL", "releases": "state = state",
    "retentions": "reason = 'closed'", "sessions": "end_reason = NULL", "task_series": "ended_at = NULL",
    "tasks": "given_by = NULL", "users": "language = 'de'",
    **dict.fromkeys(FOLLOWING, "client_id = client_id"),
    **dict.fromkeys(MEMBERS, "member_client_id = member_client_id"), "client_merges": "stayed = '{{}}'",
    "processing_restrictions": "note = NULL", "referral_recalls": "acknowledged_at = acknowledged_at",
    "webhook_deliveries": "claims = claims", "webhooks": "ended_at = NULL",
    "unplaced_withdrawals": "reminded_at = reminded_at",
    "institutions": "on_platform = on_platform", "invitations": "accepted_by = accepted_by",
    "partner_deputyships": "ended_at = ended_at", **of_state_exports.AUTH_CHANGES,
}  # fmt: skip
