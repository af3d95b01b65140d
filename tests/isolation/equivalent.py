"""Mutants that change nothing that anybody can do, each with the reason.

One that is noticed all the same, or no longer exists, fails the test: the reason has ceased to hold.
"""

Key = tuple[str, str, str]
CHECKS = "checks nothing"

NO_GRANT = "nobody is granted UPDATE, so the policy is never asked"
OWNER_WRITES = "only the definer functions write here, and they are not bound to an area by this policy"
DEFINERS_ONLY = "the definer functions alone are granted anything here, and ask for the area themselves"
INSERT_ONLY = "nobody is granted anything but INSERT, so no row is ever asked for"
NAMED = "the columns that the check reads are not granted, so a change cannot touch them"
ABOUT_THE_PERSON = "the check asks the same about the person as USING, and nothing about the row"
BY_DEFAULT = "the area is not granted and comes from the context by default"
HELD_TWICE = "the restrictive policy beside it asks for the pathway or entry, which the same team sees"

_REASONS: dict[str, tuple[Key, ...]] = {
    NO_GRANT: tuple(
        (table, "work", how)
        for table in (
            "assessment_domains",
            "assessments",
            "case_linkings",
            "case_phases",
            "conference_agreements",
            "interpreting_steps",
            "pathway_steps",
            "plan_changes",
            "task_steps",
        )
        for how in ("dropped", "shows everything", CHECKS)
    ),
    OWNER_WRITES: tuple(
        (table, "tenant", CHECKS)
        for table in (
            "access_reviews",
            "assignments",
            "client_merge_moves",
            "domain_changes",
            "partner_allowances",
            "received_packages",
            "referral_receipts",
            "retentions",
            "state_export_files",
            "tombstones",
            "transfer_offers",
            "unplaced_withdrawals",
        )
    ),
    NAMED: (
        ("authority_figures", "correct", CHECKS),
        ("barrier_proposals", "answer", CHECKS),
        ("barrier_reports", "correct", CHECKS),
        ("calendar_feeds", "revoke", CHECKS),
        ("case_transfers", "step", CHECKS),
        ("child_protections", "work", CHECKS),
        ("case_handovers", "tenant", CHECKS),
        ("cases", "work", CHECKS),
        ("clients", "change", CHECKS),
        ("conference_participants", "work", CHECKS),
        ("conferences", "work", CHECKS),
        ("consents", "lay_evidence", CHECKS),
        ("contacts", "work", CHECKS),
        ("disputes", "resolve", CHECKS),
        ("guardians", "change", CHECKS),
        ("household_members", "change", CHECKS),
        ("domain_change_items", "tenant", CHECKS),
        ("domain_change_items", "work", CHECKS),
        ("import_effects", "mind", CHECKS),
        ("import_rows", "go_on", CHECKS),
        ("imports", "go_on", CHECKS),
        ("notifications", "tick", CHECKS),
        ("obstacle_hearings", "tenant", CHECKS),
        ("referral_messages", "addressed_mark", CHECKS),
        ("referral_messages", "team_mark", CHECKS),
        ("referral_packages", "withhold", CHECKS),
        ("referrals", "send", CHECKS),
        ("incoming_receipts", "acknowledge", CHECKS),
        ("incoming_referrals", "remind", CHECKS),
        ("incoming_referrals", "received_step", CHECKS),
        ("incoming_referrals", "referring_step", CHECKS),
        ("partner_credentials", "change", CHECKS),
        ("school_entry_steps", "work", CHECKS),
        ("task_series", "work", CHECKS),
        ("tasks", "work", CHECKS),
        ("school_entries", "work", CHECKS),
        ("pathways", "work", CHECKS),
        ("pathway_requirements", "work", CHECKS),
        ("memberships", "change", CHECKS),
        ("measures", "work", CHECKS),
        ("interpretings", "work", CHECKS),
        ("goals", "work", CHECKS),
        ("case_contents", "work", CHECKS),
    ),
    ABOUT_THE_PERSON: tuple(
        (table, "change", CHECKS)
        for table in (
            "cooperation_contracts",
            "institution_sites",
            "institutions",
            "invitations",
            "obstacle_measures",
            "obstacle_members",
            "obstacles",
            "offers",
            "partner_systems",
            "positions",
            "steering_meetings",
            "units",
            "users",
        )
    ),
    DEFINERS_ONLY: tuple(
        (table, "tenant", how)
        for table in ("named_members", "state_export_persons", "state_export_pseudonyms", "told_withdrawals")
        for how in ("dropped", "permissive", "shows everything", CHECKS)
    ),
    INSERT_ONLY: (("inquiry_figures", "tenant", "shows everything"),),
    HELD_TWICE: (
        ("child_protection_steps", "add", CHECKS),
        *(
            (table, "team", "shows everything")
            for table in (
                "child_protection_steps",
                "pathway_requirements",
                "pathway_steps",
                "school_entry_steps",
            )
        ),
    ),
    BY_DEFAULT: (("audit_journal", "write", CHECKS),),
}

EQUIVALENT: dict[Key, str] = {key: reason for reason, keys in _REASONS.items() for key in keys}
