"""Where the open items of a case come from: one row of this table for each kind.

The SQL speaks of its row as `t`, of the case as `$1` and of today as `$2`.
"""

from dataclasses import dataclass, field
from typing import Literal, get_args

from app.access.permissions import Permission

OpenKind = Literal[
    "task",
    "appointment",
    "goal",
    "measure",
    "referral",
    "interpreting",
    "conference",
    "pathway",
    "school_entry",
    "contact_draft",
    "barrier_proposal",
    "consent",
]
KINDS: tuple[OpenKind, ...] = get_args(OpenKind)
MOST = 100
"""Items of each kind that are shown; all are counted."""

SHOWN: dict[str, str] = {
    "title": "text",
    "code": "text",
    "due_on": "date",
    "institution_id": "uuid",
    "responsible_id": "uuid",
}


@dataclass(frozen=True, slots=True)
class Source:
    """The open rows of one kind, and what is shown of each."""

    kind: OpenKind
    rows: str
    where: str
    state: str
    shows: dict[str, str] = field(default_factory=dict)
    permission: Permission = Permission.CASE_READ


def _local(moment: str) -> str:
    return f"({moment} AT TIME ZONE 'Europe/Berlin')::date"


def _member(table: str) -> str:
    """Return whose it is: a member of the household by name; null for the case's client."""
    return f"""coalesce({table}.member_name, (SELECT m.given_name || ' ' || m.family_name FROM clients m
        WHERE m.municipal_area_id = {table}.municipal_area_id AND m.id = {table}.member_client_id))"""


_TASK = {"title": "t.title", "due_on": "t.due_on", "responsible_id": "t.assignee_id"}
_OPEN_TASK = "t.case_id = $1 AND t.done_at IS NULL"

SOURCES: tuple[Source, ...] = (
    Source("task", "tasks t", f"{_OPEN_TASK} AND t.kind = 'task'", "t.state", _TASK),
    Source("appointment", "tasks t", f"{_OPEN_TASK} AND t.kind = 'appointment'", "t.state", _TASK),
    Source(
        "goal", "goals t", "t.case_id = $1 AND t.attainment IS NULL", "'open'",
        {"title": "t.wording", "code": "t.life_domain", "due_on": "t.target_on"},
    ),
    Source(
        "measure", "measures t", "t.case_id = $1 AND t.state = 'open'", "t.state",
        {"title": "t.wording", "code": "t.responsible", "due_on": "t.due_on"},
    ),
    Source(
        "referral",
        """referral_requests t JOIN referrals r
            ON r.municipal_area_id = t.municipal_area_id AND r.id = t.id""",
        """r.case_id = $1
            AND t.state IN ('draft', 'requested', 'accepted', 'in_progress', 'on_hold', 'expired')""",
        "t.state",
        {"code": "t.channel", "due_on": _local("t.deadline_at"), "institution_id": "t.institution_id"},
        Permission.REFERRAL_READ,
    ),
    Source(
        "interpreting", "interpretings t",
        "t.case_id = $1 AND t.state IN ('needed', 'requested', 'confirmed', 'declined')", "t.state",
        {"code": "t.language", "due_on": _local("t.starts_at"), "institution_id": "t.provider_id",
         "responsible_id": "t.colleague_id"},
    ),
    Source(
        "conference", "conferences t", "t.case_id = $1 AND t.state = 'planned'", "t.state",
        {"title": "t.occasion", "code": "t.form", "due_on": _local("t.starts_at"),
         "institution_id": "t.place_id"},
    ),
    Source(
        "pathway", "pathways t", "t.case_id = $1 AND t.state IN ('preparing', 'applied')", "t.state",
        {"title": _member("t"), "code": "t.pathway", "due_on": "t.next_on"},
    ),
    Source(
        "school_entry", "school_entries t",
        "t.case_id = $1 AND t.first_day IS NULL AND t.ended_on IS NULL", "t.state",
        {"title": _member("t"), "code": "t.stage"},
    ),
    Source(
        "contact_draft", "contact_drafts t", "t.case_id = $1", "'draft'",
        {"code": "t.contact_type", "due_on": _local("t.happened_at"), "institution_id": "t.institution_id",
         "responsible_id": "t.author_id"},
    ),
    Source(
        "barrier_proposal", "barrier_proposals t", "t.case_id = $1 AND t.state = 'open'", "t.state",
        {"code": "t.barrier_type", "due_on": _local("t.proposed_at"), "institution_id": "t.institution_id"},
        Permission.BARRIER_READ,
    ),
    Source(
        "consent", "consents t JOIN cases c ON c.municipal_area_id = t.municipal_area_id AND c.id = $1",
        """t.client_id = c.client_id AND (t.case_id IS NULL OR t.case_id = $1)
            AND t.withdrawn_at IS NULL AND t.valid_until >= $2::date""",
        "CASE WHEN t.case_id IS NULL THEN 'for_every_case' ELSE 'for_this_case' END",
        {"code": "t.purpose", "due_on": "t.valid_until", "institution_id": "t.institution_id"},
        Permission.CONSENT_READ,
    ),
)  # fmt: skip
