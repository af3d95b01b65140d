"""Who sees which rows, table by table, as conditions over the rows of one's own area.

Written from the need-to-know of the programme. Who is not named sees nothing; a table that is not named
cannot be read by the application at all. `{me}` is the person, `{place}` the unit or institution they
belong to, the other names are things of the scene.
"""

from collections.abc import Iterable

from app.access.roles import Role
from tests.isolation.people import ANONYMOUS, IDENTITIES, ROLE_OF, holders

R = Role
Sight = dict[str, str]
ALL = "true"
SIGNED_IN = tuple(name for name in IDENTITIES if name != ANONYMOUS)


def to(who: Iterable[str], condition: str = ALL) -> Sight:
    """Show these people the rows that meet a condition."""
    return dict.fromkeys(who, condition)


def of_cases(column: str) -> Sight:
    """Show content to whoever is on the case: the lead has two, the guardian the restricted one."""
    ours = f"{column} = '{{case}}'"
    return {
        "lead": f"{column} IN ('{{case}}', '{{ended_case}}')",
        "deputy": ours,
        "glass": ours,
        "guardian": f"{column} = '{{restricted_case}}'",
        "far_lead": ALL,
    }


def of_clients(column: str) -> Sight:
    """Show a person to whoever works with them."""
    return {
        **to(("lead", "deputy", "registrar", "glass"), f"{column} = '{{client}}'"),
        "guardian": f"{column} = '{{restricted_client}}'",
        "far_lead": ALL,
    }


def of_seen_members(sight: Sight) -> Sight:
    """Hide what is for a member of the household whom only others see."""
    unseen = "member_client_id IS DISTINCT FROM '{restricted_client}'"
    return {who: f"({condition}) AND {unseen}" for who, condition in sight.items()}


def unless(column: str, hidden: str, sight: Sight) -> Sight:
    """Hide the rows that name a hidden thing of the scene, if they name any."""
    unseen = f"{column} IS DISTINCT FROM '{{{hidden}}}'"
    return {who: f"({condition}) AND {unseen}" for who, condition in sight.items()}


def besides(column: str, hidden: str, sight: Sight) -> Sight:
    """Hide what hangs on a thing of the scene that is hidden."""
    return {who: f"({condition}) AND {column} <> '{{{hidden}}}'" for who, condition in sight.items()}


def of_worked_cases(column: str) -> Sight:
    """Show what whoever breaks the glass does not see."""
    return {who: condition for who, condition in of_cases(column).items() if who != "glass"}


OWN = to(SIGNED_IN, "user_id = '{me}'")
KNOWN_SHELLS = "id IN ('{case}', '{ended_case}')"
TEAM = ("lead", "deputy", "glass")
ADDRESSED = ("partner", "machine")
COORDINATION = holders(R.COORDINATOR)
STEERING = COORDINATION | holders(R.STEERING_MEMBER)
READERS_OF_RELEASES = STEERING | holders(R.ASSISTANT)
COLLEAGUES = holders(R.CASE_MANAGER, R.TEAM_LEAD, R.COORDINATOR, R.ASSISTANT, R.PRIVACY_OFFICER, R.ADMIN)
OF_A_UNIT = holders(R.CASE_MANAGER, R.TEAM_LEAD)
SHELLS_OF_THE_UNIT = "case_id IN ('{case}', '{ended_case}') OR user_id = '{me}'"

OF_THE_SENDER = "user_id = '{me}' AND unit_id = '{place}'"
OF_A_SENT_SHEET = (
    "import_id IN (SELECT i.id FROM imports i WHERE i.user_id = '{me}' AND i.unit_id = '{place}')"
)

OF_AN_OBSTACLE = (
    "obstacle_links", "obstacle_measures", "obstacle_members", "obstacle_decisions", "obstacle_steps",
    "steering_meetings", "steering_agenda_items",
)  # fmt: skip
OF_BUNDLED_OBSTACLES: Sight = {
    **to(holders(R.STEERING_MEMBER), "obstacle_id <> '{unbundled}'"),
    **to(COORDINATION),
}
OF_REPORTED_OBSTACLES: Sight = {**OF_BUNDLED_OBSTACLES, "lead": "obstacle_id = '{obstacle}'"}

SEES: dict[str, Sight] = {
    # Persons
    "clients": {**of_clients("id"), "lead": "id IN ('{client}', '{twin}')"},
    **dict.fromkeys(
        ("client_merges", "processing_restrictions", "processing_uses"), of_clients("client_id")
    ),
    "guardians": unless("member_id", "hidden_member", of_clients("client_id")),
    **dict.fromkeys(("household_members", "disputes"), of_seen_members(of_clients("client_id"))),
    "distinct_clients": {"lead": ALL, "far_lead": ALL},
    **dict.fromkeys(
        (
            "client_nationalities", "residence_documents", "legal_domain_periods",
            "addresses", "language_levels", "schooling_periods", "official_numbers",
        ),
        of_clients("client_id"),
    ),
    # What is bound to a case is for those on it.
    "consents": {**of_clients("client_id"), "registrar": "client_id = '{client}' AND case_id IS NULL"},
    "consent_guardians": to((*TEAM, "registrar"), "id = '{named_guardian}'"),
    "consent_signatures": to((*TEAM, "registrar"), "id = '{signature}'"),
    # Cases: the shell also to the unit's team lead
    "cases": {
        **of_cases("id"),
        **to(("team_lead", "glass"), KNOWN_SHELLS),
        "far_team_lead": ALL,
    },
    "case_contents": of_cases("id"),
    **dict.fromkeys(
        (
            "case_phases", "case_linkings", "case_handovers", "assessments", "assessment_domains", "goals",
            "measures", "conferences", "conference_participants", "conference_agreements",
            "contacts", "tasks", "task_series", "task_steps", "interpretings",
            "interpreting_steps", "barrier_reports",
            "domain_changes", "domain_change_items", "plan_changes", "case_transfers", "transfer_packages",
        ),
        of_cases("case_id"),
    ),
    "referrals": {**of_cases("case_id"), "glass": "case_id = '{case}' AND id <> '{child_referral}'"},
    "barrier_persons": unless("client_id", "restricted_client", of_cases("case_id")),
    "barrier_proposals": unless("school_entry_id", "member_entry", of_cases("case_id")),
    # Of a case for its team, of a client alone for whoever works with them
    "documents": {
        **to(TEAM),
        "registrar": "case_id IS NULL",
    },
    **dict.fromkeys(("pathways", "school_entries"), of_seen_members(of_cases("case_id"))),
    **dict.fromkeys(
        ("pathway_requirements", "pathway_steps"),
        besides("pathway_id", "member_pathway", of_cases("case_id")),
    ),
    "school_entry_steps": besides("school_entry_id", "member_entry", of_cases("case_id")),
    "authority_figures": to(("officer",)),
    "contact_drafts": to(("lead",), "author_id = '{me}'"),
    "contact_templates": to(
        OF_A_UNIT, "unit_id = '{place}' AND (owner_id IS NULL OR owner_id = '{me}')"
    ),
    # Inquiries: the unit sees that somebody waits, the responsible what was said
    "inquiries": {
        **to(
            holders(R.CASE_MANAGER),
            "responsible_id = '{me}' OR (state = 'waiting' AND unit_id = '{place}')",
        ),
        # That an institution waits for an answer.
        **to(holders(R.TEAM_LEAD), "referral = 'unanswered' AND unit_id = '{place}'"),
    },
    "inquiry_contents": to(
        holders(R.CASE_MANAGER), "id IN (SELECT i.id FROM inquiries i WHERE i.responsible_id = '{me}')"
    ),
    "assignments": {
        **OWN,
        **to(("team_lead", "glass"), SHELLS_OF_THE_UNIT),
        "far_team_lead": "case_id IS NOT NULL",
    },
    # Referrals: both sides
    "referral_requests": {
        **to(TEAM), "glass": "id <> '{child_referral}'", **to(ADDRESSED, "id = '{referral}'"),
    },
    "referral_packages": {**to(TEAM), **to(ADDRESSED, "id = '{referral}'")},
    "referral_recalls": {**to(TEAM), **to(ADDRESSED, "id = '{referral}'")},
    **{
        table: {**to(TEAM), **to(ADDRESSED, "referral_id = '{referral}'")}
        for table in ("referral_receipts", "referral_messages", "referral_attachments")
    },
    "referral_events": to(TEAM),
    **dict.fromkeys(("referral_charges", "partner_deputyships"), to(("partner",))),
    "membership_sites": {**to(("partner",)), **to(holders(R.ADMIN))},
    "invitations": to(holders(R.ADMIN)),
    **dict.fromkeys(
        ("webhooks", "webhook_secrets", "webhook_deliveries", "webhook_attempts"), to(("partner",))
    ),
    "referral_answers": to(TEAM),
    # Without consent: the team; the unit's team lead decides, and sees what would leave until then
    "duties": {
        **of_cases("case_id"), "team_lead": "id IN ('{duty}', '{decided_duty}')", "far_team_lead": ALL,
    },
    "duty_packages": {**of_cases("case_id"), "team_lead": "id = '{duty}'"},
    "child_protections": of_seen_members(of_worked_cases("case_id")),
    "child_protection_steps": besides(
        "child_protection_id", "member_protection", of_worked_cases("case_id")
    ),
    # What was offered to the unit; what was given to somebody, and then of the case made of it
    "transfer_offers": {
        **to(("team_lead", "glass"), "unit_id = '{unit}'"),
        **to(("lead", "colleague"), "case_manager_id = '{me}'"),
        "far_team_lead": ALL,
    },
    "received_packages": {"lead": ALL, **to(("deputy", "glass"), "case_id = '{case}'")},
    # Incoming: the institution its own, the responsible, then whoever works with the client
    "incoming_referrals": {
        **to(ADDRESSED), "lead": ALL, **to(("deputy", "registrar", "glass"), "id = '{received}'"),
    },
    "received_data": {
        **to(ADDRESSED, "id = '{referred}'"), "lead": "stopped_at IS NULL",
        **to(("deputy", "registrar", "glass"), "id = '{received}'"),
    },
    "incoming_messages": to((*ADDRESSED, "lead"), "incoming_id = '{referred}'"),
    "incoming_receipts": of_clients("client_id"),
    # Barriers and what becomes of them
    "observations": {
        **to(("lead", "deputy"), "id = '{observation}'"), **to(COORDINATION),
        **to(ADDRESSED, "id = '{partner_observation}'"),
    },
    "partner_barriers": to(ADDRESSED),
    "observation_sources": to(("lead", "deputy")),
    # The steering group reads what was ever bundled; the lead, what rests on their own observation.
    "obstacles": {
        **to(holders(R.STEERING_MEMBER), "id <> '{unbundled}'"), **to(COORDINATION),
        "lead": "id = '{obstacle}'",
    },
    **dict.fromkeys(("obstacle_measures", "obstacle_decisions", "obstacle_steps"), OF_REPORTED_OBSTACLES),
    **dict.fromkeys(("obstacle_members", "obstacle_effect_checks"), OF_BUNDLED_OBSTACLES),
    "obstacle_hearings": to((*STEERING, "partner")),
    **dict.fromkeys(("steering_meetings", "steering_agenda_items"), to(STEERING)),
    "obstacle_links": to(COORDINATION),
    **dict.fromkeys(("releases", "release_cells", "release_tables"), to(COORDINATION)),
    **dict.fromkeys(("published_releases", "published_tables", "populations"), to(READERS_OF_RELEASES)),
    "cooperation_contracts": to(COORDINATION | holders(R.ASSISTANT)),
    "council_questions": {**to(holders(R.STEERING_MEMBER), "state = 'answered'"), **to(COORDINATION)},
    "council_citations": {
        **to(holders(R.STEERING_MEMBER), "question_id = '{council_question}'"), **to(COORDINATION),
    },
    # One's own
    **dict.fromkeys(("notifications", "duplicate_checks", "idempotency_keys", "calendar_feeds"), OWN),
    # What is gone: one's own, and that of the cases and clients that one works with
    "tombstones": {
        # Of what was a member whom they do not see they are told nothing.
        **to(
            ("lead", "deputy", "glass"),
            "case_id = '{case}' OR client_id = '{client}' AND member_client_id IS NULL OR user_id = '{me}'",
        ),
        "registrar": "client_id = '{client}' AND member_client_id IS NULL",
        "guardian": "case_id = '{restricted_case}' OR client_id = '{restricted_client}'",
    },
    # Whoever sent a sheet for their unit, as long as they work there
    "imports": to(holders(R.CASE_MANAGER), OF_THE_SENDER),
    **dict.fromkeys(("import_rows", "import_effects"), to(holders(R.CASE_MANAGER), OF_A_SENT_SHEET)),
    # Exports to a state-wide database: bands for the area's people, the file for its recipient alone
    "state_exports": {
        **to(holders(R.ADMIN, R.PRIVACY_OFFICER)), **to(("team_lead", "glass"), "unit_id = '{unit}'"),
    },
    "state_export_files": to(ADDRESSED),
    # Oversight
    **dict.fromkeys(
        ("disclosure_log", "retentions", "audit_journal", "unplaced_withdrawals"),
        to(holders(R.PRIVACY_OFFICER)),
    ),
    "access_reviews": {
        **to(holders(R.PRIVACY_OFFICER)),
        **to(("team_lead", "glass"), "id = '{access_review}'"),
    },
    **dict.fromkeys(
        ("partner_systems", "partner_credentials", "partner_allowances"), to(holders(R.ADMIN))
    ),
    # No personal data
    **dict.fromkeys(
        ("units", "positions", "institutions", "institution_sites", "offers", "offer_capacities"),
        to(SIGNED_IN),
    ),
    **dict.fromkeys(("units", "positions", "institutions", "referral_deadlines"), to(SIGNED_IN)),
    # Colleagues
    "users": {**to(SIGNED_IN, "id = '{me}'"), **to(COLLEAGUES)},
    "memberships": {
        **OWN,
        **to(OF_A_UNIT, "user_id = '{me}' OR unit_id = '{place}'"),
        **to(holders(R.ADMIN)),
    },
}  # fmt: skip

EVERYWHERE = {("published_releases", "land"), ("published_tables", "land")}
"""Those who see beyond their area: the Land sees what was published, in every area."""

assert set(ROLE_OF) <= set(IDENTITIES)
