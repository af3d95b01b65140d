"""Who may write which rows, table by table: conditions over the rows of one's own area, as in `sights.py`.

An insertion is a copy of a row of the scene under a new id and in one's own name. Who is not named is
refused, or reaches no row.
"""

from app.access.roles import Role
from tests.isolation.people import WITHDRAWN, holders
from tests.isolation.sights import (
    ALL,
    OF_A_SENT_SHEET,
    OF_AN_OBSTACLE,
    OF_THE_SENDER,
    SIGNED_IN,
    Sight,
    besides,
    of_seen_members,
    to,
    unless,
)  # fmt: skip

R = Role
HANDS = ("lead", "deputy")
"""Who works on the case. Who looks by break-glass only reads."""

OF_THE_CLIENT = (*HANDS, "registrar")
AT_THE_UNIT = ("lead", "deputy", "past_deputy", "registrar", "colleague", "guardian")
MANAGERS = holders(R.CASE_MANAGER)
COORDINATION = holders(R.COORDINATOR)
ADMINS = holders(R.ADMIN)
ASSISTANTS = holders(R.ASSISTANT)
KEEPERS = COORDINATION | ASSISTANTS
ADDRESSED = ("partner", "machine")
HISTORIES = (
    "residence_documents", "legal_domain_periods", "addresses", "language_levels", "schooling_periods",
)  # fmt: skip
ADDS: dict[str, frozenset[str]] = {
    name: frozenset(who)
    for name, who in {
        "clients": AT_THE_UNIT, **dict.fromkeys(
            (
                "client_nationalities", "household_members", "consents", "consent_guardians",
                "official_numbers", "disputes", "processing_restrictions", "processing_uses", "guardians",
                "consent_signatures", *HISTORIES,
            ),
            OF_THE_CLIENT,
        ),
        **dict.fromkeys(("client_merges", "distinct_clients"), ("lead",)),
        "cases": OF_THE_CLIENT,
        **dict.fromkeys(
            (
                "case_contents", "case_phases", "case_linkings", "assessments", "assessment_domains", "goals",
                "measures", "contacts", "tasks", "task_series", "task_steps", "interpretings",
                "interpreting_steps", "referrals", "conferences", "conference_participants",
                "conference_agreements", "referral_packages", "disclosure_log", "barrier_reports",
                "barrier_persons", "barrier_figures", "observation_sources", "case_transfers",
                "transfer_packages", "duties", "duty_packages", "child_protections", "child_protection_steps",
                "plan_changes", "pathways", "pathway_requirements", "pathway_steps", "school_entries",
                "school_entry_steps", "contact_drafts", "documents",
            ),
            HANDS,
        ),
        # A draft goes before its referral, which is refused to others.
        "referral_requests": MANAGERS,
        **dict.fromkeys(("referral_events", "referral_messages", "referral_attachments"), HANDS),
        **dict.fromkeys(("incoming_referrals", "received_data", "partner_barriers"), ADDRESSED),
        **dict.fromkeys(("incoming_messages", "incoming_receipts"), ("lead",)),
        "referral_answers": (*HANDS, *ADDRESSED),
        **dict.fromkeys(("webhooks", "webhook_secrets", "webhook_deliveries"), ("partner",)),
        **dict.fromkeys(("referral_charges", "partner_deputyships"), ("partner",)),
        "observations": MANAGERS | holders(R.PARTNER_USER, R.PARTNER_SYSTEM),
        "partner_barriers": ADDRESSED,
        **dict.fromkeys(
            ("obstacles", *OF_AN_OBSTACLE, "obstacle_effect_checks", "releases", "council_questions"),
            COORDINATION,
        ),
        "council_citations": ("coordinator",),
        **dict.fromkeys(
            ("units", "users", "memberships", "referral_deadlines", "partner_systems", "partner_credentials",
             "membership_sites", "invitations"),
            ADMINS,
        ),
        **dict.fromkeys(("positions", "cooperation_contracts"), ASSISTANTS),
        "authority_figures": ("officer",), "state_exports": ADMINS,
        **dict.fromkeys(("institutions", "institution_sites", "offers", "populations"), KEEPERS),
        "offer_capacities": ("coordinator",),
        **dict.fromkeys(("duplicate_checks", "calendar_feeds"), MANAGERS),
        **dict.fromkeys(("contact_templates", "inquiries", "inquiry_figures"), AT_THE_UNIT),
        "inquiry_contents": ("lead",), "imports": AT_THE_UNIT,
        **dict.fromkeys(("import_rows", "import_effects"), ("lead",)),
        **dict.fromkeys(("idempotency_keys", "outbox"), SIGNED_IN),
        "audit_journal": (*SIGNED_IN, "anonymous"),
    }.items()
}  # fmt: skip


def at_work_on(column: str) -> Sight:
    """Let whoever works with the person change what is theirs."""
    return {
        **to(OF_THE_CLIENT, f"{column} = '{{client}}'"),
        "guardian": f"{column} = '{{restricted_client}}'",
        "far_lead": ALL,
    }


def at_work_in(column: str) -> Sight:
    """Let the case's team change its content."""
    return {
        "lead": f"{column} IN ('{{case}}', '{{ended_case}}')",
        "deputy": f"{column} = '{{case}}'",
        "guardian": f"{column} = '{{restricted_case}}'",
        "far_lead": ALL,
    }


TEAM_LEADS = ("team_lead", "glass")
OF_THE_UNIT = "owner_id IS NULL AND unit_id = '{place}'"
DELETED = "account = 'deleted', deleted_on = '2026-04-06', acknowledged_at = now(), answered_at = now()"
SETTLED = """outcome = 'nobody_found', settled_at = now(), given_name = NULL, family_name = NULL,
    birth_date = NULL"""
COMMENTED = "comment = 'x', commented_on = now(), commented_by = ctx_user()"
OWN = to(SIGNED_IN, "user_id = '{me}'")
CHANGES: dict[str, tuple[str, Sight]] = {
    "clients": ("no_post = false", {**at_work_on("id"), "lead": "id IN ('{client}', '{twin}')"}),
    "household_members": ("changed_at = now()", of_seen_members(at_work_on("client_id"))),
    **dict.fromkeys(
        HISTORIES, ("superseded_at = now(), superseded_because = 'corrected'", at_work_on("client_id"))
    ),
    "consents": (
        "evidence_document_id = evidence_document_id",
        {**at_work_on("client_id"), "registrar": "client_id = '{client}' AND case_id IS NULL"},
    ),
    "disputes": ("reason = NULL", of_seen_members(at_work_on("client_id"))),
    "guardians": ("reachable = NULL", unless("member_id", "hidden_member", at_work_on("client_id"))),
    "processing_restrictions": (
        "announced_at = now(), announced_by = ctx_user(), announced_how = 'x'",
        {
            **to(OF_THE_CLIENT, "client_id = '{client}' AND ground <> 'consent_withdrawn'"),
            "far_lead": "ground <> 'consent_withdrawn'",
        },
    ),
    "case_transfers": ("settled_at = NULL", at_work_in("case_id")),
    "duties": (
        """state = CASE WHEN ctx_is('team_lead') THEN 'refused' ELSE 'withdrawn' END, ended_at = now(),
        reason = CASE WHEN ctx_is('team_lead') THEN 'x' END,
        decided_at = CASE WHEN ctx_is('team_lead') THEN now() END,
        decided_by = CASE WHEN ctx_is('team_lead') THEN ctx_user() END""",
        {
            **at_work_in("case_id"),
            **to(TEAM_LEADS, "id IN ('{duty}', '{decided_duty}')"),
            "far_team_lead": ALL,
        },
    ),
    "child_protections": ("look_again_on = '2030-01-01'", of_seen_members(at_work_in("case_id"))),
    "transfer_offers": (
        "withdrawal_acknowledged_at = NULL",
        {
            **to(TEAM_LEADS, "unit_id = '{unit}'"),
            **to(("lead", "colleague"), "case_manager_id = '{me}'"),
            "far_team_lead": ALL,
        },
    ),
    "received_packages": ("case_id = '{case}'", to(("lead",), "case_id IS NULL")),
    "incoming_referrals": (
        "reminded = 3",
        {**to(ADDRESSED), "lead": ALL, **to(("deputy", "registrar"), "id = '{received}'")},
    ),
    "incoming_receipts": ("end_acknowledged_at = now()", to(OF_THE_CLIENT)),
    "cases": ("kind = 'counselling'", at_work_in("id")),
    "case_contents": ("changed_at = now()", at_work_in("id")),
    **dict.fromkeys(
        ("goals", "measures", "tasks", "interpretings", "barrier_reports"),
        ("changed_at = now()", at_work_in("case_id")),
    ),
    "barrier_proposals": (
        "changed_at = now()",
        unless("school_entry_id", "member_entry", at_work_in("case_id")),
    ),
    "partner_barriers": (
        "state = 'withdrawn', withdrawn_on = current_date, observation_id = NULL",
        to(ADDRESSED),
    ),
    "documents": ("dated_on = '2026-01-01'", {**to(HANDS), "registrar": "case_id IS NULL"}),
    "case_handovers": ("note = NULL", to(("lead",), "to_user_id = '{me}'")),
    "conferences": ("ended_by = NULL", at_work_in("case_id")),
    "conference_participants": ("handed_out_at = NULL", at_work_in("case_id")),
    **dict.fromkeys(
        ("pathways", "school_entries"), ("changed_at = now()", of_seen_members(at_work_in("case_id")))
    ),
    "pathway_requirements": ("note = NULL", besides("pathway_id", "member_pathway", at_work_in("case_id"))),
    "school_entry_steps": (
        "corrected_by_id = NULL",
        besides("school_entry_id", "member_entry", at_work_in("case_id")),
    ),
    "authority_figures": ("correction_reason = NULL", to(("officer",))),
    "domain_change_items": ("task_id = NULL", at_work_in("case_id")),
    "contact_drafts": ("changed_at = now()", to(("lead",), "author_id = '{me}'")),
    "inquiries": (
        "responsible_id = ctx_user()",
        to(AT_THE_UNIT, "responsible_id = '{me}' OR (state = 'waiting' AND unit_id = '{place}')"),
    ),
    "inquiry_contents": (
        "changed_at = now()",
        to(("lead",), "id IN (SELECT i.id FROM inquiries i WHERE i.responsible_id = '{me}')"),
    ),
    "contact_templates": (
        "name = 'Anruf'",
        {**to(AT_THE_UNIT, "owner_id = '{me}'"), **to(TEAM_LEADS, OF_THE_UNIT)},
    ),
    "imports": ("read_at = NULL", to(MANAGERS, OF_THE_SENDER)),
    "import_rows": ("object_id = NULL", to(MANAGERS, OF_A_SENT_SHEET)),
    "import_effects": ("stays_because = NULL", to(MANAGERS, OF_A_SENT_SHEET)),
    "contacts": ("corrected_by_id = NULL", at_work_in("case_id")),
    "task_series": ("ended_at = NULL", at_work_in("case_id")),
    "referrals": (f"consent_id = '{'0' * 32}'", at_work_in("case_id")),
    "referral_requests": ("reminded_day = 3", {**to(HANDS), **to(ADDRESSED, "id = '{referral}'")}),
    "referral_packages": ("withheld_at = NULL", to(HANDS)),
    "referral_messages": ("read_at = now()", {**to(HANDS), **to(ADDRESSED, "referral_id = '{referral}'")}),
    "referral_recalls": (
        f"{DELETED}, answered_by = ctx_user()",
        {**to(HANDS, "NOT is_on_platform"), **to(ADDRESSED, "id = '{referral}'")},
    ),
    "referral_deadlines": ("answer_days = 11, changed_by = ctx_user()", to(ADMINS)),
    "unplaced_withdrawals": (f"{SETTLED}, settled_by = ctx_user()", to(holders(R.PRIVACY_OFFICER))),
    "webhooks": ("label = 'y'", to(("partner",))),
    "referral_charges": ("since = now()", to(("partner",))),
    "partner_deputyships": ("ended_at = now()", to(("partner",))),
    "webhook_secrets": ("expires_at = now()", to(("partner",))),
    "webhook_deliveries": ("state = 'pending', ended_at = NULL", to(("partner",), "state = 'parked'")),
    "notifications": ("read_at = now()", OWN),
    "calendar_feeds": ("revoked_at = now()", OWN),
    **dict.fromkeys(("obstacles", *OF_AN_OBSTACLE[1:3]), ("changed_at = now()", to(COORDINATION))),
    "steering_meetings": ("changed_at = now()", to(COORDINATION, "state = 'planned'")),
    "obstacle_hearings": (COMMENTED, to(("partner",), "id = '{hearing}'")),
    "access_reviews": (
        "reviewed_by = ctx_user(), reviewed_at = now(), outcome = 'justified'",
        {**to(holders(R.PRIVACY_OFFICER)), **to(("team_lead", "glass"), "id = '{access_review}'")},
    ),
    **dict.fromkeys(("units", "partner_systems"), ("changed_at = now()", to(ADMINS))),
    "users": ("display_name = 'y'", to(ADMINS)),
    **dict.fromkeys(("partner_credentials", "invitations"), ("revoked_at = now()", to(ADMINS))),
    "memberships": ("ended_at = now()", to(ADMINS, "user_id <> '{me}'")),
    "positions": ("changed_at = now()", to(ASSISTANTS)),
    "cooperation_contracts": ("deficit_cents = 1", to(ASSISTANTS)),
    "populations": ("residents = 1, imported_by = ctx_user()", to(KEEPERS)),
    "council_questions": ("answer = NULL", to(COORDINATION, "state = 'draft'")),
    **dict.fromkeys(("institutions", "institution_sites", "offers"), ("changed_at = now()", to(KEEPERS))),
}
"""A harmless change of every row in reach, which reads nothing; and who reaches which rows."""

SLIPS = {
    "referral_recalls": f"{DELETED}, answered_by = gen_random_uuid()",
    "referral_deadlines": "changed_by = gen_random_uuid()",
    "unplaced_withdrawals": f"{SETTLED}, settled_by = gen_random_uuid()",
    "transfer_offers": "case_manager_id = gen_random_uuid()",
    "received_packages": "case_id = gen_random_uuid()",
    "duties": "state = 'approved'",
    "partner_barriers": "state = 'received', withdrawn_on = NULL",
    "documents": "removed_by = gen_random_uuid()",
    "webhook_deliveries": "failures = 0",
    "processing_restrictions": "announced_by = gen_random_uuid()",
    "inquiries": "responsible_id = gen_random_uuid()",
    "partner_deputyships": "ended_at = NULL",
    "populations": "imported_by = gen_random_uuid()",
    "council_questions": "answered_by = gen_random_uuid()",
    "access_reviews": "reviewed_by = '{lead}', reviewed_at = now(), outcome = 'justified'",
    **dict.fromkeys(HISTORIES, "superseded_at = NULL"),
}  # fmt: skip
"""Changes by which a row would slip out of the hands that may change it."""

REMOVES: dict[str, Sight] = {
    **dict.fromkeys(("client_nationalities", "official_numbers"), at_work_on("client_id")),
    "household_members": of_seen_members(at_work_on("client_id")),
    "distinct_clients": {"lead": ALL, "far_lead": ALL},
    "barrier_persons": unless("client_id", "restricted_client", at_work_in("case_id")),
    **dict.fromkeys(("obstacle_links", "steering_agenda_items"), to(COORDINATION)),
    "council_citations": to(COORDINATION, "question_id = '{council_draft}'"),
    **dict.fromkeys(("webhooks", "referral_charges"), to(("partner",))),
    "membership_sites": to(ADMINS),
    "import_effects": to(MANAGERS, OF_A_SENT_SHEET),
    "contact_drafts": to(("lead",), "author_id = '{me}'"),
    "contact_templates": {**to(AT_THE_UNIT, "owner_id = '{me}'"), **to(TEAM_LEADS, OF_THE_UNIT)},
}

assert WITHDRAWN in SIGNED_IN
