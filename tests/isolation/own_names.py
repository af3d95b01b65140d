"""Which column of a table says who wrote a row: nobody writes it in another's name."""

from tests.isolation.changes import HISTORIES

IN_OWN_NAME = {
    "clients": "created_by", **dict.fromkeys(HISTORIES, "recorded_by"), "cases": "lead_user_id",
    "referral_events": "user_id", "referral_answers": "user_id", "barrier_reports": "reported_by",
    "observation_sources": "author_id", "partner_barriers": "reported_by", "obstacles": "created_by",
    "obstacle_decisions": "recorded_by", "obstacle_steps": "taken_by", "steering_meetings": "planned_by",
    "releases": "requested_by",
    "idempotency_keys": "user_id", "duplicate_checks": "user_id", "calendar_feeds": "user_id",
    "contact_drafts": "author_id", "contact_templates": "owner_id", "inquiries": "responsible_id",
    "inquiry_figures": "contributor_id", "official_numbers": "recorded_by", "disputes": "recorded_by",
    "documents": "created_by", "authority_figures": "entered_by", "duties": "prepared_by",
    "imports": "user_id", "import_effects": "user_id", "referral_deadlines": "changed_by",
    "incoming_referrals": "created_by", "incoming_receipts": "accepted_by", "client_merges": "merged_by",
    "distinct_clients": "decided_by", "processing_restrictions": "recorded_by", "processing_uses": "used_by",
    "partner_systems": "created_by", "partner_credentials": "created_by", "invitations": "created_by",
    "partner_deputyships": "user_id", "consent_signatures": "recorded_by",
    "obstacle_effect_checks": "made_by", "council_questions": "created_by",
    "populations": "imported_by", "cooperation_contracts": "entered_by",
    "state_exports": "requested_by",
}  # fmt: skip
