"""The way of a duty as data, its norms, and the questions whose answers stop it. Pure.

Sources: §§ 86-88 AufenthG, §§ 71 and 76 SGB X, § 32 StAG, § 203 StGB.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.disclosures.rules import NATURALISATION_AUTHORITY, RESIDENCE_AUTHORITIES
from app.kit.machine import Machine, Transition, from_each

TO_DECIDE = timedelta(days=7)
"""A request that nobody has decided by then ends: its package has grown old."""
TO_SEND = timedelta(hours=72)
"""So long an approval holds."""

MOST_IN_A_DAY = 3
"""Of one unit to one institution within 24 hours, never in bulk (`guard_duty` says the same)."""
DAY = timedelta(hours=24)


class State(StrEnum):
    """Where a duty stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SENT = "sent"


class Side(StrEnum):
    """Who takes a step."""

    TEAM = "the case's team"
    SECOND = "a second person, who leads the unit's team"
    PREPARER = "who prepared it"
    SYSTEM = "the system"


class Step(StrEnum):
    """The verbs, as they stand in the paths."""

    REQUEST = "request"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    SEND = "send"


OPEN = (State.REQUESTED, State.APPROVED)

WAY: Machine[Step, State] = Machine(
    Transition(Step.REQUEST, None, State.REQUESTED, Side.TEAM, "a norm; every question answered"),
    Transition(Step.APPROVE, State.REQUESTED, State.APPROVED, Side.SECOND, "the digest of the package"),
    Transition(Step.REFUSE, State.REQUESTED, State.REFUSED, Side.SECOND, "a reason"),
    *from_each(OPEN, Step.WITHDRAW, State.WITHDRAWN, Side.TEAM),
    *from_each(OPEN, Step.WITHDRAW, State.WITHDRAWN, Side.SYSTEM, "the draft ended"),
    *from_each(OPEN, Step.EXPIRE, State.EXPIRED, Side.SYSTEM, "its time passed"),
    Transition(
        Step.SEND, State.APPROVED, State.SENT, Side.PREPARER, "the same package, no consent meanwhile"
    ),
)


@dataclass(frozen=True, slots=True)
class Norm:
    """An exact paragraph: which basis it belongs to, who receives, and whether only on request."""

    basis: str
    paragraph: str
    recipients: frozenset[str]
    on_request: bool


_AS_OF = date(2026, 8, 1)
"""The day of the law from whose text the norms were written."""
_NATIONALITY = frozenset({NATURALISATION_AUTHORITY})

NORMS: Mapping[str, Norm] = {
    "aufenthg_87_1": Norm("aufenthg_87", "§ 87 Abs. 1 AufenthG", RESIDENCE_AUTHORITIES, True),
    "aufenthg_87_2_1_1": Norm(
        "aufenthg_87", "§ 87 Abs. 2 Satz 1 Nr. 1 AufenthG", RESIDENCE_AUTHORITIES, False
    ),
    "aufenthg_87_2_1_2": Norm(
        "aufenthg_87", "§ 87 Abs. 2 Satz 1 Nr. 2 AufenthG", RESIDENCE_AUTHORITIES, False
    ),
    "aufenthg_87_2_1_3": Norm(
        "aufenthg_87", "§ 87 Abs. 2 Satz 1 Nr. 3 AufenthG", RESIDENCE_AUTHORITIES, False
    ),
    "sgbx_71_2_1_1": Norm("sgbx_71", "§ 71 Abs. 2 Satz 1 Nr. 1 SGB X", RESIDENCE_AUTHORITIES, True),
    "sgbx_71_2_1_2": Norm("sgbx_71", "§ 71 Abs. 2 Satz 1 Nr. 2 SGB X", RESIDENCE_AUTHORITIES, False),
    "stag_32_1_1": Norm("stag_32", "§ 32 Abs. 1 Satz 1 StAG", _NATIONALITY, True),
    "stag_32_1_2": Norm("stag_32", "§ 32 Abs. 1 Satz 2 StAG", _NATIONALITY, False),
}
"""By code of the vocabulary `duty_norm`."""


def law_as_of(norm: str) -> date:
    """Return of which day the law is that a norm was written from; KeyError for an unknown norm."""
    assert norm in NORMS
    return _AS_OF


CONCERNS: Mapping[bool, str] = {True: "information_on_request", False: "notification"}
"""What an authority is told in place of words, by whether it asked; only on a duty."""

_MUST_BE_YES = frozenset({"single_request", "own_tasks", "within_71", "grave_danger"})
_MUST_BE_NO = frozenset({"special_rule", "milder_way"})
EXPLAINED = frozenset({"grave_danger"})
"""A yes to these needs words."""


def questions(norm: str, *, entrusted: bool | None) -> tuple[str, ...]:
    """Return what is asked for a norm, in order; the answer to `entrusted` can add one."""
    rule = NORMS[norm]
    asked = ["single_request"] if rule.on_request else []
    asked += ["own_tasks", "special_rule", "entrusted"]
    if entrusted and rule.basis != "stag_32":
        asked.append("grave_danger")
    if rule.basis == "sgbx_71":
        asked.append("within_71")
    return (*asked, "milder_way", "client_told")


def stopped_by(norm: str, answers: Mapping[str, bool]) -> list[str]:
    """Return the questions whose answers stand against the disclosure; none: it may go on.

    What somebody bound by § 203 StGB entrusted leaves for § 88 (2) AufenthG alone, and the StAG has no such
    exception.
    """
    asked = questions(norm, entrusted=answers.get("entrusted"))
    against = [
        x for x in asked if (x in _MUST_BE_YES and not answers[x]) or (x in _MUST_BE_NO and answers[x])
    ]
    if answers["entrusted"] and NORMS[norm].basis == "stag_32":
        against.append("entrusted")
    return against
