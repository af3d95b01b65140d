"""The way of an incoming referral as data, what it may rest on, and what its sender may be told. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.consents.rules import NEVER_SPOKEN
from app.kit.machine import Machine, from_each
from app.kit.machine import Transition as Row
from app.transfers.rules import CATEGORY_OF_DOMAIN

URGENCIES = ("normal", "urgent")
WITHDRAW_REASONS = ("no_longer_wanted", "solved_otherwise", "referred_elsewhere", "wrong_unit", "other")
QUESTIONS = ("person", "reachability", "language", "concern", "urgency", "guardian", "consent", "other")

TO_REPLY = timedelta(days=14)
"""So long the institution has to answer a question before the unit is told that it has not."""
AGAIN = timedelta(days=7)
"""After its deadline, silence is told again so often, and for ever."""

PROTECTION = "protection"
"""The life domain of violence and threat: whoever is referred for it is registered as restricted."""


class State(StrEnum):
    """Where an incoming referral stands."""

    REQUESTED = "requested"
    ASKED = "asked"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    ENTERED_IN_ERROR = "entered_in_error"


class Side(StrEnum):
    """Who takes a step."""

    INSTITUTION = "institution"
    UNIT = "unit"


class Step(StrEnum):
    """The verbs, as they stand in the paths."""

    REFER = "refer"
    ASK = "ask"
    REPLY = "reply"
    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    WITHDRAW_CONSENT = "withdraw-consent"
    ENTER_IN_ERROR = "enter-in-error"


WAITING = (State.REQUESTED, State.ASKED)
"""Nobody at the unit has decided yet."""
IN_USE = (*WAITING, State.ACCEPTED)
"""What was received is used, or may come to be."""
STOPPED = frozenset({State.REJECTED, State.WITHDRAWN, State.REVOKED, State.ENTERED_IN_ERROR})
"""Here nobody reads what was received (`is_stopped_in` says the same in the database); later it is erased."""

WAY: Machine[Step, State] = Machine(
    Row(Step.REFER, None, State.REQUESTED, Side.INSTITUTION, "the person's consent, or another basis"),
    Row(Step.ASK, State.REQUESTED, State.ASKED, Side.UNIT, "a coded question"),
    Row(Step.REPLY, State.ASKED, State.REQUESTED, Side.INSTITUTION),
    *from_each(WAITING, Step.ACCEPT, State.ACCEPTED, Side.UNIT, "a client and a case"),
    *from_each(WAITING, Step.REJECT, State.REJECTED, Side.UNIT, "a coded reason"),
    *from_each(WAITING, Step.WITHDRAW, State.WITHDRAWN, Side.INSTITUTION, "a reason"),
    *from_each(IN_USE, Step.WITHDRAW_CONSENT, State.REVOKED, Side.INSTITUTION, "it rests on a consent"),
    *from_each(IN_USE, Step.ENTER_IN_ERROR, State.ENTERED_IN_ERROR, Side.INSTITUTION),
)

CONSENT = "consent"
BASES = (CONSENT, "sgbx_69", "vital_interest")
"""On what an institution may pass somebody on to a unit; § 69 SGB X only between two § 35 SGB I bodies."""

NOT_DISCLOSED = "not_disclosed"
REJECTIONS: Mapping[str, tuple[str, str]] = {
    "no_capacity": ("no_capacity", "no_capacity"),
    "not_responsible": ("not_responsible", "not_responsible"),
    "conflict_of_interest": ("not_responsible", "other"),
    "not_enough_information": ("not_enough_information", "other"),
    "no_legal_basis": ("no_legal_basis", "other"),
    "other_case_management": (NOT_DISCLOSED, "other_case_management"),
    "no_need": (NOT_DISCLOSED, "no_need"),
    "not_voluntary": (NOT_DISCLOSED, "not_voluntary"),
    "could_not_contact": (NOT_DISCLOSED, "other"),
    "other": (NOT_DISCLOSED, "other"),
}
"""By reason, what the institution is told and what the inquiry is counted under. What speaks of the person
(known there already, did not want, could not be reached) is no business of the sender's; that somebody of the
unit is concerned would tell of them too."""
TOLD = tuple(dict.fromkeys(told for told, _ in REJECTIONS.values()))

ACCESS_ROUTES: Mapping[str, str] = {
    "jobcenter": "jobcenter",
    "auslaenderbehoerde": "foreigners_authority",
    "zentrale_abh": "foreigners_authority",
    "einbuergerungsbehoerde": "foreigners_authority",
    "sozialamt": "social_welfare",
    "asylblg_stelle": "social_welfare",
    "jugendamt": "youth_welfare",
    "schule": "school",
    "schulamt": "school",
    "ki": "ki",
    "mbe": "mbe",
    "jmd": "jmd",
    "fluechtlingsberatung": "refugee_counselling",
    "ehrenamt": "volunteers",
    "mso": "mso",
    "gesundheitsamt": "health",
    "krankenhaus": "health",
    "arztpraxis": "health",
    "psz": "health",
}
"""The way by which somebody came, by the kind of institution; any other is `other`."""

CONSENTED = frozenset({"master_data", "contact"})
"""Every consent to a referral covers these: without them there is none."""

_NUMBER = re.compile(r"\d(?:[\s./-]?\d){4,}")
_ADDRESS = re.compile(r"(?<!\S)\S[^\s@]*+@\S+\.\S")
"""Looked for once in a word: not anew behind each of its signs."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_TITLES = frozenset({"frau", "herr", "dr", "prof", "von", "van", "der", "den", "und"})


def led_to(step: Step, state: str, side: Side) -> State | None:
    """Return where a step leads from a state; None where it cannot be taken by this side."""
    return WAY.target_of(step, state, side)


def needed_categories(concerns: Iterable[str]) -> list[tuple[int, str]]:
    """Return the data categories that concerns tell about, each with the place of its concern."""
    named = ((place, CATEGORY_OF_DOMAIN.get(concern)) for place, concern in enumerate(concerns))
    return [(place, category) for place, category in named if category is not None]


def not_spoken(categories: Iterable[str]) -> bool:
    """Return whether one of these needs a written or electronic consent."""
    return not NEVER_SPOKEN.isdisjoint(categories)


def access_route(institution_type: str) -> str:
    """Return by which way somebody comes whom such an institution refers."""
    return ACCESS_ROUTES.get(institution_type, "other")


def deadline(urgency: str, days: int, urgent_days: int, now: datetime) -> datetime:
    """Return until when the unit has to decide, by its own two settings."""
    return now + timedelta(days=urgent_days if urgency == "urgent" else days)


def due_level(waits_since: datetime, deadline_at: datetime, now: datetime) -> int:
    """Return how often silence is to be told by now: 0 not yet, 1 when a third of the time is left.

    2 when the deadline has passed, and once more for every week after it: nothing ends unseen.
    """
    if now >= deadline_at:
        return 2 + (now - deadline_at) // AGAIN
    return int(now >= deadline_at - (deadline_at - waits_since) / 3)


def tells_too_much(text: str, colleagues: Iterable[str]) -> str | None:
    """Return what a sentence for the institution must not carry, or None.

    `number` (of a case, a file, a telephone), `address` of e-mail, or `colleague`: who is in charge.
    """
    if _NUMBER.search(text):
        return "number"
    if _ADDRESS.search(text):
        return "address"
    words = {word.casefold() for word in _WORD.findall(text)} - _TITLES
    names = {word.casefold() for name in colleagues for word in _WORD.findall(name)} - _TITLES
    return "colleague" if words & names else None


def is_under_age(birth_date: date | None, birth_year: int | None, on: date) -> bool:
    """Return whether somebody is, or by the year alone may be, under age."""
    if birth_date is not None:
        return (birth_date.year + 18, birth_date.month, birth_date.day) > (on.year, on.month, on.day)
    return birth_year is not None and birth_year + 18 >= on.year


def was_under_age(birth_date: date | None, birth_year: int | None, on: date) -> bool:
    """Return whether somebody was surely under age: by the year alone, not in that of coming of age."""
    if birth_date is not None:
        return is_under_age(birth_date, None, on)
    return birth_year is not None and birth_year + 18 > on.year
