"""What the roles without a person see: the worker, the computation of releases, the owner of the tables."""

from tests.isolation.sights import ALL

AT_WORK: dict[str, dict[str, str]] = {
    "kim_worker": dict.fromkeys(
        (
            "institutions", "users", "memberships", "assignments", "idempotency_keys", "outbox", "clients",
            "duplicate_checks", "referrals", "referral_requests", "notifications", "releases", "ledger",
            "contact_drafts", "inquiries", "inquiry_contents", "documents", "client_merges",
            "client_merge_moves", "tombstones", "imports", "import_rows", "duties",
            "referral_recalls", "unplaced_withdrawals", "incoming_referrals", "received_data",
            "incoming_messages", "incoming_receipts", "webhooks", "webhook_secrets",
            "webhook_deliveries", "obstacles", "obstacle_measures", "obstacle_steps",
            "obstacle_effect_checks", "release_cells", "obstacle_hearings",
        ),
        ALL,
    ),
    "kim_reporting": {
        **dict.fromkeys(
            (
                "units", "assignments", "authority_figures", "positions", "obstacles", "obstacle_measures",
                "obstacle_decisions", "obstacle_steps", "populations",
            ),
            ALL,
        ),
        "barrier_figures": "NOT is_held",
    },
    # Sealed: of numbers the owner sees what is worth nothing without the keys, to seal it anew.
    "kim_owner": dict.fromkeys(
        ("audit_journal_rest", "official_numbers", "documents", "webhook_secrets", "consent_signatures",
         "state_export_files"), ALL
    ),
}  # fmt: skip
"""What the roles without a person see of the area they work in. The owner sees nothing, but may read."""
