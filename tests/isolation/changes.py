"""Who may write which rows, table by table: conditions over the rows of one's own area, as in `sights.py`.

An insertion is a copy of a row of the scene under a new id and in one's own name. Who is not named is
refused, or reaches no row.
"""

from app.access.roles import Role
from tests.isolation.people import WITHDRAWN, holders
from tests.isolation.sights import ALL, SIGNED_IN, Sight, to

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
                *HISTORIES,
            ),
            OF_THE_CLIENT,
        ),
        "cases": OF_THE_CLIENT,
        **dict.fromkeys(
            (
                "case_contents", "case_phases", "case_linkings", "assessments", "assessment_domains", "goals",
                "measures", "contacts", "tasks", "task_series", "task_steps", "interpretings",
                "interpreting_steps", "referrals",
                "referral_packages", "disclosure_log", "barrier_reports", "barrier_persons",
                "barrier_figures", "observation_sources",
                "plan_changes",
                "measures", "contacts", "tasks", "referrals", "referral_packages", "disclosure_log",
                "barrier_reports", "barrier_persons", "barrier_figures", "observation_sources",
                "contact_drafts",
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
    "official_numbers": "recorded_by", "disputes": "recorded_by",
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
    "clients": ("no_post = false", at_work_on("id")),
    "household_members": ("changed_at = now()", at_work_on("client_id")),
    **dict.fromkeys(
        HISTORIES, ("superseded_at = now(), superseded_because = 'corrected'", at_work_on("client_id"))
    ),
    "consents": ("withdrawal_note = NULL", at_work_on("client_id")),
    "disputes": ("reason = NULL", at_work_on("client_id")),
    "cases": ("kind = 'counselling'", at_work_in("id")),
    "case_contents": ("changed_at = now()", at_work_in("id")),
    **dict.fromkeys(
        ("goals", "measures", "tasks", "interpretings", "barrier_reports", "barrier_proposals"),
        ("changed_at = now()", at_work_in("case_id")),
    ),
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
    "inquiries": "responsible_id = gen_random_uuid()",
    "inquiry_contents": "id = gen_random_uuid()",
    "contact_drafts": "author_id = gen_random_uuid()",
    "household_members": "client_id = gen_random_uuid()",
    "case_contents": "id = gen_random_uuid()",
    **dict.fromkeys(
        ("goals", "measures", "tasks", "interpretings", "barrier_reports", "barrier_proposals"),
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
    "barrier_persons": at_work_in("case_id"),
    "obstacle_links": to(COORDINATION),
    "contact_drafts": to(("lead",), "author_id = '{me}'"),
    "contact_templates": {**to(AT_THE_UNIT, "owner_id = '{me}'"), **to(TEAM_LEADS, OF_THE_UNIT)},
}

OWNER_CHANGES = {"official_numbers": ("mark = mark", ALL)}
WORKER_ADDS = {
    "audit_journal", "outbox", "barrier_proposals", "referral_events", "notifications", "release_cells",
    "release_tables", "ledger",
}  # fmt: skip
WORKER_CHANGES = {
    "outbox": ("done_at = now()", ALL),
    "inquiries": ("state = 'lapsed'", "state IN ('open', 'waiting')"),
    "inquiry_contents": ("forgotten_at = now(), name = NULL, reachable = NULL, note = NULL", ALL),
    "duplicate_checks": ("sought_forms = NULL", ALL),
    "referral_requests": ("reminded_day = 3", ALL),
    "releases": ("state = 'refused', refusal = 'proof_failed', computed_at = now()", "state = 'requested'"),
}
WORKER_REMOVES = {
    "clients",
    "idempotency_keys",
    "outbox",
    "notifications",
    "duplicate_checks",
    "contact_drafts",
    "tombstones",
}

assert WITHDRAWN in SIGNED_IN

AUTH = {
    "access_reviews": "read add change", "accounts": "read add change",
    "assignments": "read add change", "audit_journal": "read add",
    "barrier_figures": "read change remove", "barrier_reports": "read", "calendar_feeds": "read change",
    "case_contents": "read change",
    "case_phases": "read add", "cases": "read change", "clients": "read change",
    "consents": "read", "duplicate_checks": "read", "household_members": "read",
    "login_throttles": "read add change remove",
    "memberships": "read add", "notifications": "add", "outbox": "read change", "published_releases": "add",
    "published_tables": "add", "referral_events": "add", "referral_packages": "read change",
    "referral_requests": "read change", "referrals": "read", "refresh_tokens": "read add change remove",
    "release_tables": "read", "releases": "read change", "retentions": "read add change remove",
    "sessions": "read add change", "task_series": "read change", "task_steps": "add", "tasks": "read add",
    "tombstones": "add", "units": "read add", "users": "read add change",
}  # fmt: skip
"""What the owner of the definer functions may do, in every area; what is not named, nothing."""

AUTH_CHANGES = {
    "access_reviews": "is_restricted = false",
    "accounts": "disabled_at = NULL", "assignments": "is_restricted = false",
    "barrier_figures": "level = NULL", "calendar_feeds": "last_used_at = NULL",
    "case_contents": "closing_reason = NULL", "cases": "is_restricted = false",
    "clients": "is_restricted = false", "login_throttles": "failures = 2", "outbox": "failure = NULL",
    "referral_packages": "withheld_at = NULL", "referral_requests": "outcome = NULL",
    "refresh_tokens": "used_at = NULL", "releases": "state = state",
    "retentions": "reason = 'closed'", "sessions": "end_reason = NULL", "task_series": "ended_at = NULL",
    "users": "language = 'de'",
    "consents": "withdrawn_at = NULL",
}  # fmt: skip
"""It locks a consent, which takes the right to change it, and is refused every change."""

Extra = tuple[str, str, tuple[str, ...], str | dict[str, str | None], str]
SYSTEM = ("kim_worker", "kim_auth")
UNSENT = "UPDATE referral_requests SET requested_at = NULL"
UNITS_TEMPLATE = """INSERT INTO contact_templates (municipal_area_id, id, unit_id, name, contact_type, text)
VALUES (ctx_area(), gen_random_uuid(), '{unit}', 'Anruf', 'phone', 'Anruf')"""
LIMITS: tuple[Extra, ...] = (
    ("referral_events", "adds as the recipient", ADDRESSED, {"side": "recipient"}, "passed"),
    ("referral_events", "adds as the recipient", (*HANDS, "other_partner"), {"side": "recipient"}, "refused"),
    ("referral_events", "adds as the sender", (*ADDRESSED, *SYSTEM), {"side": "sender"}, "refused"),
    ("referral_events", "adds as the system", (*HANDS, *ADDRESSED), {"side": "system"}, "refused"),
    ("referral_requests", "adds one that is sent", HANDS, {"state": "requested"}, "refused"),
    ("referral_requests", "makes unsent", ADDRESSED, UNSENT, "refused"),
    ("consents", "adds one withdrawn", HANDS, {"withdrawn_at": "2026-01-01"}, "refused"),
    ("cases", "opens past intake", HANDS, {"phase": "monitoring"}, "refused"),
    ("cases", "opens elsewhere", HANDS, {"unit_id": "{other_unit}"}, "refused"),
    ("clients", "registers elsewhere", HANDS, {"unit_id": "{other_unit}"}, "refused"),
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
    ("household_members", "adds a stranger", HANDS, {"member_client_id": "{restricted_client}"}, "refused"),
)  # fmt: skip
"""Table, deed, who, a statement or what an insertion says, and what happens."""
