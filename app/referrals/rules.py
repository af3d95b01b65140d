"""The two clocks of a referral as data, its deadline, and what never leaves. Pure.

The task follows the closed-loop referral pattern of HL7 (Task in FHIR workflow, 360X); the delivery is
what happens to the package itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.kit.machine import Machine, Transition, from_each

PLATFORM = "platform"
CHANNELS = (PLATFORM, "letter", "phone", "accompanied", "client")
URGENCIES = ("normal", "urgent")

ANSWER_DAYS = 14
REMINDER_DAYS = (3, 9)
"""What holds for a kind of institution for which the area has set nothing else (deadline_settings)."""

REVOKE_REASONS = ("consent_withdrawn", "consent_ended")
RECALL_DAYS = 14
"""So long a recipient has to say what became of the data; then the team gets a task."""

KEPT_REASONS = ("statutory_retention", "own_legal_basis", "legal_claims", "other")
"""Why a recipient may go on keeping the data: Art. 17 (3) b and e GDPR, or a basis of its own by now."""

HOUSEHOLD = "household"
"""The data category in which members of the household stand by name."""

SHELTER = "womens_shelter"
"""A category that tells of a women's shelter is left out as a whole."""

NOT_DISCLOSED = "not_disclosed"
"""Stands where the recipient told something that the client did not agree to."""

NOT_FROM_A_RECIPIENT = frozenset({"no_answer", NOT_DISCLOSED})
"""Outcomes that only the system writes."""

HOLD_REASONS = ("waiting_for_client", "waiting_for_documents", "waiting_for_third_party", "capacity", "other")
CANCEL_REASONS = (
    "no_longer_wanted",
    "solved_otherwise",
    "wrong_recipient",
    "duplicate",
    "could_not_contact",
    "other",
)
REASONS_OF_THE_INSTITUTION: Mapping[str, frozenset[str]] = {
    "reject": frozenset({"no_capacity", "not_responsible"}),
    "hold": frozenset({"capacity"}),
    "cancel": frozenset({"wrong_recipient"}),
}
"""By step, the reasons that speak of the institution alone. Any other (already known there, criteria not
met, could not be reached) tells something of the client: a disclosure that needs consent to feedback."""

SOURCES_OF_CLIENT = frozenset({"client", "accompanied"})
"""What the client tells, or what is said in their presence, is no disclosure by the institution."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Within how many days an answer is expected, and after how many the recipient is reminded."""

    answer_days: int
    reminder_days: tuple[int, ...]


class Task(StrEnum):
    """Where the work stands."""

    DRAFT = "draft"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    EXPIRED = "expired"
    ENTERED_IN_ERROR = "entered_in_error"


class Delivery(StrEnum):
    """Where the package is."""

    QUEUED = "queued"
    OFFERED = "offered"
    FETCHED = "fetched"
    EXPIRED = "expired"


class Account(StrEnum):
    """What became of the data at the recipient after the consent had ended."""

    DELETED = "deleted"
    KEPT = "kept"


class Side(StrEnum):
    """Who takes a step."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    SYSTEM = "system"


class Step(StrEnum):
    """The verbs, as they stand in the paths."""

    DRAFT = "draft"
    SEND = "send"
    SEND_BACK = "send-back"
    ACCEPT = "accept"
    REJECT = "reject"
    START = "start"
    HOLD = "hold"
    RESUME = "resume"
    COMPLETE = "complete"
    FAIL = "fail"
    CANCEL = "cancel"
    ENTER_IN_ERROR = "enter-in-error"
    REVOKE = "revoke"
    EXPIRE = "expire"
    RECORD_DELIVERY = "record-delivery"
    FETCH = "fetched"
    ACKNOWLEDGE = "acknowledge-revocation"


_AT_WORK = (Task.ACCEPTED, Task.IN_PROGRESS, Task.ON_HOLD)
_WITH_RECIPIENT = (Task.REQUESTED, *_AT_WORK)
SENT_AND_OPEN = (*_WITH_RECIPIENT, Task.EXPIRED)
"""Expired is open: a late answer still moves it on. A draft rests on no consent yet, so it is not revoked:
sending it asks for the consent anew."""

CANCELLABLE = (Task.DRAFT, *_WITH_RECIPIENT)
"""From here the sender can cancel."""

REFERRED_ANEW = frozenset(
    {Task.REJECTED, Task.COMPLETED, Task.FAILED, Task.CANCELLED, Task.REVOKED, Task.EXPIRED}
)
"""From here the sender can refer to another institution, or to the same once more."""

TASK: Machine[Step, Task] = Machine(
    Transition(Step.DRAFT, None, Task.DRAFT, Side.SENDER),
    Transition(Step.SEND, Task.DRAFT, Task.REQUESTED, Side.SENDER, "a legal basis that holds now, locked"),
    Transition(
        Step.SEND_BACK, Task.REJECTED, Task.REQUESTED, Side.SENDER, "once; a legal basis that holds now"
    ),
    *from_each((Task.REQUESTED, Task.EXPIRED), Step.ACCEPT, Task.ACCEPTED, Side.RECIPIENT),
    *from_each((Task.REQUESTED, Task.EXPIRED), Step.REJECT, Task.REJECTED, Side.RECIPIENT, "a coded reason"),
    Transition(Step.START, Task.ACCEPTED, Task.IN_PROGRESS, Side.RECIPIENT),
    Transition(Step.RESUME, Task.ON_HOLD, Task.IN_PROGRESS, Side.RECIPIENT),
    Transition(Step.HOLD, Task.IN_PROGRESS, Task.ON_HOLD, Side.RECIPIENT, "a reason"),
    *from_each(_AT_WORK, Step.COMPLETE, Task.COMPLETED, Side.RECIPIENT, "an outcome"),
    *from_each(_AT_WORK, Step.FAIL, Task.FAILED, Side.RECIPIENT, "an outcome"),
    *from_each(CANCELLABLE, Step.CANCEL, Task.CANCELLED, Side.SENDER, "a reason"),
    *from_each(_WITH_RECIPIENT, Step.CANCEL, Task.CANCELLED, Side.RECIPIENT, "a reason"),
    *from_each((Task.DRAFT, *SENT_AND_OPEN), Step.ENTER_IN_ERROR, Task.ENTERED_IN_ERROR, Side.SENDER),
    *from_each(SENT_AND_OPEN, Step.REVOKE, Task.REVOKED, Side.SYSTEM, "the consent withdrawn, or run out"),
    Transition(
        Step.EXPIRE, Task.REQUESTED, Task.EXPIRED, Side.SYSTEM, "on the platform, the deadline passed"
    ),
)

DELIVERY: Machine[Step, Delivery] = Machine(
    Transition(Step.SEND, None, Delivery.OFFERED, Side.SENDER, "on the platform"),
    Transition(Step.SEND, None, Delivery.QUEUED, Side.SENDER, "off the platform"),
    Transition(Step.RECORD_DELIVERY, Delivery.QUEUED, Delivery.OFFERED, Side.SENDER, "a source"),
    Transition(Step.RECORD_DELIVERY, Delivery.QUEUED, Delivery.FETCHED, Side.SENDER, "a source"),
    Transition(Step.RECORD_DELIVERY, Delivery.OFFERED, Delivery.FETCHED, Side.SENDER, "a source"),
    Transition(Step.FETCH, Delivery.OFFERED, Delivery.FETCHED, Side.RECIPIENT),
    Transition(Step.EXPIRE, Delivery.OFFERED, Delivery.EXPIRED, Side.SYSTEM),
)

RECIPIENT_STEPS = (
    Step.ACCEPT, Step.REJECT, Step.START, Step.HOLD, Step.RESUME, Step.COMPLETE, Step.FAIL,
)  # fmt: skip
"""Off the platform the sender records these for the recipient."""

SHUT = frozenset({Task.REJECTED, Task.EXPIRED, Task.CANCELLED, Task.REVOKED, Task.ENTERED_IN_ERROR})
"""In these states the recipient sees the state and no package
(`is_shut_in` says the same in the database)."""

OUT_OF_SIGHT = frozenset({Task.REVOKED, Task.ENTERED_IN_ERROR})
"""What a recipient who catches up is told to forget, whatever it had come to; a cancelled one only when it
had not been answered. Of the others it is told the state."""


def allowed_steps(state: str, side: Side, *, on_platform: bool = True, sent_back: bool = False) -> list[str]:
    """Return the paths that are open to a side from here, for people who were refused one."""
    here = [each for each in TASK if each.source == state]
    paths = {str(each.step) for each in here if each.by is side}
    if side is Side.SENDER and not on_platform and any(each.step in RECIPIENT_STEPS for each in here):
        paths.add("record-answer")
    if sent_back:
        paths.discard(Step.SEND_BACK)
    if state == Task.REVOKED and side is Side.RECIPIENT:
        paths.add(Step.ACKNOWLEDGE)
    return sorted(paths)


def steps_before(step: Step, state: str) -> list[str]:
    """Return the steps of the recipient that lead from a state to one where it can take another step."""
    before = {each.source for each in TASK if each.step is step and each.by is Side.RECIPIENT}
    here = (each for each in TASK if each.source == state and each.by is Side.RECIPIENT)
    return sorted({str(each.step) for each in here if each.target in before} & set(RECIPIENT_STEPS))


def may_deliver(source: str, target: str, step: Step) -> bool:
    """Return whether the package can go from one place to another by this step."""
    return any((each.source, each.target, each.step) == (source, target, step) for each in DELIVERY)


def deadline(requested_at: datetime, answer_days: int | None) -> datetime | None:
    """Return until when an answer is expected; off the platform none is, and silence proves nothing."""
    return None if answer_days is None else requested_at + timedelta(days=answer_days)


def due_reminders(
    deadline_at: datetime, answer_days: int, reminder_days: Iterable[int], now: datetime
) -> tuple[int, ...]:
    """Return the days after the request whose reminder is due by now; none once the deadline has passed."""
    if now >= deadline_at:
        return ()
    requested_at = deadline_at - timedelta(days=answer_days)
    return tuple(sorted(day for day in reminder_days if now >= requested_at + timedelta(days=day)))


def tells_of_shelter(value: Any) -> bool:
    """Return whether the housing type `womens_shelter` stands anywhere in a value."""
    if isinstance(value, Mapping):
        return any(tells_of_shelter(part) for part in value.values())
    if isinstance(value, list | tuple):
        return any(tells_of_shelter(part) for part in value)
    return bool(value == SHELTER)


def stored_outcome(outcome: str, *, is_agreed: bool) -> str:
    """Return what the sender may keep of an outcome: nothing without a consent to feedback."""
    return outcome if is_agreed else NOT_DISCLOSED


def stored_reason(step: str, reason: str | None, *, is_agreed: bool) -> str | None:
    """Return what the sender may keep of a recipient's reason: without consent only the institution's own."""
    if reason is None or is_agreed or reason in REASONS_OF_THE_INSTITUTION.get(step, frozenset()):
        return reason
    return NOT_DISCLOSED
