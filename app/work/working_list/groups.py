"""The groups of a working list in order of urgency, when their things come up, and what a line shows."""

from dataclasses import dataclass, field
from typing import Literal, get_args

Group = Literal[
    "decisions_due",
    "cases_without_lead",
    "handovers",
    "tasks_overdue",
    "tasks_today",
    "referrals_unanswered",
    "information_requested",
    "residence_ending",
    "consents_ending",
    "consents_without_evidence",
    "guardianships_ending",
    "referrals_rejected",
    "conferences_due",
    "interpreting_due",
    "reviews_due",
    "domain_changes_open",
    "plan_overdue",
    "cases_without_contact",
    "barrier_proposals",
    "pathways_due",
    "school_waiting",
    "child_protection_due",
    "transfers_due",
    "transfers_offered",
    "referrals_incoming",
]
GROUPS: tuple[Group, ...] = get_args(Group)

OF_TEAM_LEADS: tuple[Group, ...] = (
    "decisions_due", "cases_without_lead", "transfers_offered", "referrals_incoming",
)  # fmt: skip
"""The groups that concern whoever leads a team and works on no case."""

DAYS_BEFORE_DEADLINE = 5
"""Reminders go to the institution on the third and ninth of fourteen days; after that the sender looks."""
DAYS_TO_ASK = 14
"""Off the platform there is no deadline: so many days after sending the sender asks."""
DAYS_SHOWN_AFTER = 30
"""What has ended without need to act is shown so long."""
BANDS = (7, 30, 90)
"""Days before the end of a consent or a document."""
DAYS_BEFORE_REVIEW = 14
DAYS_BEFORE_CONFERENCE = 3
DAYS_BEFORE_INTERPRETING = 3
DAYS_BEFORE_NEXT = 7
"""The next date of a pathway or of one of its requirements comes up so early."""


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of one group: from where, which of them, why and until when, and what else a line shows."""

    group: Group
    rows: str
    where: str
    due: str
    reason: str
    target: str
    target_id: str = "t.id"
    shows: dict[str, str] = field(default_factory=dict)


SHOWN: dict[str, str] = {
    "title": "text",
    "code": "text",
    "institution_id": "uuid",
    "responsible_id": "uuid",
    "since": "date",
    "printed_end": "date",
    "continued_effect": "text",
    "continued_until": "date",
    "hint": "text",
}
"""What a line can show beside case, client and due date, with its type; null where it does not apply."""
