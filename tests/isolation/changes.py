"""Who may write which rows, table by table: conditions over the rows of one's own area, as in `sights.py`.

An insertion is a copy of a row of the scene under a new id and in one's own name. Who is not named is
refused, or reaches no row.
"""

from app.access.roles import Role
from tests.isolation.people import WITHDRAWN, holders
from tests.isolation.sights import ALL, SIGNED_IN, Sight, besides, of_seen_members, to

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
        "clients": AT_THE_UNIT,
        **dict.fromkeys(
            (
                "client_nationalities", "household_members", "consents", "official_numbers", "disputes",
                "processing_restrictions", "processing_uses", "guardians", *HISTORIES,
            ),
            OF_THE_CLIENT,
        ),
        **dict.fromkeys(("client_merges", "distinct_clients"), ("lead",)),
        "cases": OF_THE_CLIENT,
        **dict.fromkeys(
            (
                "case_contents", "case_phases", "case_linkings", "assessments", "assessment_domains", "goals",
                "measures", "contacts", "tasks", "task_series", "task_steps", "interpretings",
                "interpreting_steps", "referrals",
                "conferences", "conference_participants", "conference_agreements",
                "referral_packages", "disclosure_log", "barrier_reports", "barrier_persons",
                "barrier_figures", "observation_sources",
                "plan_changes", "pathways", "pathway_requirements", "pathway_steps", "school_entries",
                "school_entry_steps",
                "measures", "contacts", "tasks", "referrals", "referral_packages", "disclosure_log",
                "barrier_reports", "barrier_persons", "barrier_figures", "observation_sources",
                "contact_drafts", "documents",
            ),
            HANDS,
        ),
        # A draft goes before its referral, which is refused to others.
        "referral_requests": MANAGERS,
        "referral_events": HANDS,
        "referral_answers": (*HANDS, *ADDRESSED),
        "observations": MANAGERS,
        **dict.fromkeys(
            (
                "obstacles", "obstacle_links", "obstacle_measures", "obstacle_decisions", "obstacle_steps",
                "releases",
            ),
            COORDINATION,
        ),
        **dict.fromkeys(("units", "users", "memberships"), ADMINS),
        "positions": ASSISTANTS,
        "authority_figures": ("officer",),
        "institutions": KEEPERS,
        **dict.fromkeys(("duplicate_checks", "calendar_feeds"), MANAGERS),
        **dict.fromkeys(("contact_templates", "inquiries", "inquiry_figures"), AT_THE_UNIT),
        "inquiry_contents": ("lead",),
        **dict.fromkeys(("idempotency_keys", "outbox"), SIGNED_IN),
        "audit_journal": (*SIGNED_IN, "anonymous"),
    }.items()
}  # fmt: skip

IN_OWN_NAME = {
    "clients": "created_by", **dict.fromkeys(HISTORIES, "recorded_by"), "cases": "lead_user_id",
    "referral_events": "user_id", "referral_answers": "user_id", "barrier_reports": "reported_by",
    "observation_sources": "author_id", "obstacles": "created_by", "obstacle_decisions": "recorded_by",
    "obstacle_steps": "taken_by", "releases": "requested_by", "idempotency_keys": "user_id",
    "duplicate_checks": "user_id", "calendar_feeds": "user_id", "contact_drafts": "author_id",
    "contact_templates": "owner_id", "inquiries": "responsible_id", "inquiry_figures": "contributor_id",
    "official_numbers": "recorded_by", "disputes": "recorded_by", "documents": "created_by",
    "authority_figures": "entered_by",
    "client_merges": "merged_by", "distinct_clients": "decided_by",
    "processing_restrictions": "recorded_by", "processing_uses": "used_by",
}  # fmt: skip
"""Nobody writes these in another's name."""


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
OWN = to(SIGNED_IN, "user_id = '{me}'")
CHANGES: dict[str, tuple[str, Sight]] = {
    "clients": ("no_post = false", {**at_work_on("id"), "lead": "id IN ('{client}', '{twin}')"}),
    "household_members": ("changed_at = now()", at_work_on("client_id")),
    **dict.fromkeys(
        HISTORIES, ("superseded_at = now(), superseded_because = 'corrected'", at_work_on("client_id"))
    ),
    "consents": (
        "withdrawal_note = NULL",
        {**at_work_on("client_id"), "registrar": "client_id = '{client}' AND case_id IS NULL"},
    ),
    "disputes": ("reason = NULL", at_work_on("client_id")),
    "guardians": ("reachable = NULL", at_work_on("client_id")),
    "processing_restrictions": (
        "announced_at = now(), announced_by = ctx_user(), announced_how = 'x'",
        {
            **to(OF_THE_CLIENT, "client_id = '{client}' AND ground <> 'consent_withdrawn'"),
            "far_lead": "ground <> 'consent_withdrawn'",
        },
    ),
    "cases": ("kind = 'counselling'", at_work_in("id")),
    "case_contents": ("changed_at = now()", at_work_in("id")),
    **dict.fromkeys(
        ("goals", "measures", "tasks", "interpretings", "barrier_reports", "barrier_proposals"),
        ("changed_at = now()", at_work_in("case_id")),
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
    "contacts": ("corrected_by_id = NULL", at_work_in("case_id")),
    "task_series": ("ended_at = NULL", at_work_in("case_id")),
    "referrals": (f"consent_id = '{'0' * 32}'", at_work_in("case_id")),
    "referral_requests": ("reminded_day = 3", {**to(HANDS), **to(ADDRESSED, "id = '{referral}'")}),
    "referral_packages": ("withheld_at = NULL", to(HANDS)),
    "notifications": ("read_at = now()", OWN),
    "calendar_feeds": ("revoked_at = now()", OWN),
    **dict.fromkeys(("obstacles", "obstacle_measures"), ("changed_at = now()", to(COORDINATION))),
    "access_reviews": (
        "reviewed_by = ctx_user(), reviewed_at = now(), outcome = 'justified'",
        {**to(holders(R.PRIVACY_OFFICER)), **to(("team_lead", "glass"), "id = '{access_review}'")},
    ),
    **dict.fromkeys(("units", "users"), ("changed_at = now()", to(ADMINS))),
    "memberships": ("changed_at = now()", to(ADMINS, "user_id <> '{me}'")),
    "positions": ("changed_at = now()", to(ASSISTANTS)),
    "institutions": ("changed_at = now()", to(KEEPERS)),
}
"""A harmless change of every row in reach, which reads nothing; and who reaches which rows."""

SLIPS = {
    "documents": "removed_by = gen_random_uuid()",
    "processing_restrictions": "announced_by = gen_random_uuid()",
    "inquiries": "responsible_id = gen_random_uuid()",
    "inquiry_contents": "id = gen_random_uuid()",
    "contact_drafts": "author_id = gen_random_uuid()",
    "household_members": "client_id = gen_random_uuid()",
    "case_contents": "id = gen_random_uuid()",
    **dict.fromkeys(
        (
            "goals",
            "measures",
            "tasks",
            "interpretings",
            "barrier_reports",
            "barrier_proposals",
            "pathways",
            "pathway_requirements",
            "school_entries",
        ),
        "case_id = gen_random_uuid()",
    ),
    "memberships": "user_id = '{me}'",
    "access_reviews": "reviewed_by = '{lead}', reviewed_at = now(), outcome = 'justified'",
    **dict.fromkeys(HISTORIES, "superseded_at = NULL"),
}
"""Changes by which a row would slip out of the hands that may change it."""

REMOVES: dict[str, Sight] = {
    **dict.fromkeys(
        ("client_nationalities", "household_members", "official_numbers"), at_work_on("client_id")
    ),
    "distinct_clients": {"lead": ALL, "far_lead": ALL},
    "barrier_persons": at_work_in("case_id"),
    "obstacle_links": to(COORDINATION),
    "contact_drafts": to(("lead",), "author_id = '{me}'"),
    "contact_templates": {**to(AT_THE_UNIT, "owner_id = '{me}'"), **to(TEAM_LEADS, OF_THE_UNIT)},
}

assert WITHDRAWN in SIGNED_IN

Extra = tuple[str, str, tuple[str, ...], str | dict[str, str | None], str]
SYSTEM = ("kim_worker", "kim_auth")
UNSENT = "UPDATE referral_requests SET requested_at = NULL"
UNITS_TEMPLATE = """INSERT INTO contact_templates (municipal_area_id, id, unit_id, name, contact_type, text)
VALUES (ctx_area(), gen_random_uuid(), '{unit}', 'Anruf', 'phone', 'Anruf')"""
REMOVES_AS = "UPDATE documents SET removed_at = now(), title = NULL, removal_reason = '{}' {}"
LIMITS: tuple[Extra, ...] = (
    ("referral_events", "adds as the recipient", ADDRESSED, {"side": "recipient"}, "passed"),
    ("referral_events", "adds as the recipient", (*HANDS, "other_partner"), {"side": "recipient"}, "refused"),
    ("referral_events", "adds as the sender", (*ADDRESSED, *SYSTEM), {"side": "sender"}, "refused"),
    ("referral_events", "adds as the system", (*HANDS, *ADDRESSED), {"side": "system"}, "refused"),
    ("referral_requests", "adds one that is sent", HANDS, {"state": "requested"}, "refused"),
    ("referral_requests", "makes unsent", ADDRESSED, UNSENT, "refused"),
    ("documents", "adds one as evidence", HANDS, {"is_evidence": "true"}, "refused"),
    ("documents", "adds one removed", HANDS, {"removed_at": "2026-01-01"}, "refused"),
    ("documents", "adds one of a stranger", HANDS, {"client_id": "{restricted_client}"}, "refused"),
    ("documents", "adds one of the client", (*HANDS, "registrar"), {"case_id": None}, "passed"),
    ("documents", "adds one of the client", ("colleague", "glass"), {"case_id": None}, "refused"),
    ("documents", "adds one to another case", HANDS, {"case_id": "{restricted_case}"}, "refused"),
    ("documents", "removes like a person", ("kim_worker",), REMOVES_AS.format("duplicate", ""), "refused"),
    ("documents", "removes evidence", ("kim_worker",),
     REMOVES_AS.format("retention", "WHERE is_evidence OR removed_at IS NOT NULL"), "0"),
    ("consents", "adds one withdrawn", HANDS, {"withdrawn_at": "2026-01-01"}, "refused"),
    ("cases", "opens past intake", HANDS, {"phase": "monitoring"}, "refused"),
    ("cases", "opens elsewhere", HANDS, {"unit_id": "{other_unit}"}, "refused"),
    ("clients", "registers elsewhere", HANDS, {"unit_id": "{other_unit}"}, "refused"),
    ("processing_restrictions", "restricts as if a consent were withdrawn", HANDS,
     {"ground": "consent_withdrawn"}, "refused"),
    ("consents", "takes back", ("kim_auth",), "UPDATE consents SET withdrawn_at = now()", "refused"),
    ("client_merges", "finishes too early", ("kim_worker",),
     "UPDATE client_merges SET final_at = '2000-01-01', changes = NULL", "refused"),
    ("client_merges", "merges a stranger", HANDS,
     {"merged_client_id": "{restricted_client}", "undone_at": None, "undone_by": None}, "refused"),
    ("releases", "adds one computed", ("coordinator",), {"state": "computed"}, "refused"),
    ("releases", "publishes", ("kim_worker",), "UPDATE releases SET state = 'published'", "refused"),
    ("duplicate_checks", "keeps what was sought", ("kim_worker",),
     "UPDATE duplicate_checks SET found_elsewhere = '{{}}'", "refused"),
    ("contact_templates", "adds the unit's", TEAM_LEADS, UNITS_TEMPLATE, "passed"),
    ("contact_templates", "adds the unit's", (*HANDS, "other_team_lead"), UNITS_TEMPLATE, "refused"),
    ("inquiries", "opens again", ("kim_worker",), "UPDATE inquiries SET state = 'open'", "refused"),
    ("inquiry_contents", "forgets without a mark", ("kim_worker",),
     "UPDATE inquiry_contents SET name = NULL", "refused"),
    ("memberships", "adds for themselves", ("admin",), {"user_id": "{me}"}, "refused"),
    ("barrier_persons", "names a stranger", HANDS, {"client_id": "{restricted_client}"}, "refused"),
    ("pathways", "names a stranger", HANDS,
     {"member_client_id": "{restricted_client}", "relation": "child"}, "refused"),
    ("school_entries", "names a stranger", HANDS,
     {"member_client_id": "{restricted_client}", "relation": "child"}, "refused"),
    ("pathway_requirements", "adds to a stranger's", HANDS, {"pathway_id": "{member_pathway}"}, "refused"),
    ("pathway_steps", "adds to a stranger's", HANDS, {"pathway_id": "{member_pathway}"}, "refused"),
    ("school_entry_steps", "adds to a stranger's", HANDS, {"school_entry_id": "{member_entry}"}, "refused"),
    ("authority_figures", "enters for another authority", ("officer",),
     {"institution_id": "{institution}"}, "refused"),
    ("household_members", "adds a stranger", HANDS, {"member_client_id": "{restricted_client}"}, "refused"),
)  # fmt: skip
"""Table, deed, who, a statement or what an insertion says, and what happens."""
