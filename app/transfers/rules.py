"""The way of a transfer as data, what a package may carry, and until when an answer is waited for. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.documents.rules import CATEGORIES_OF_DOCUMENT
from app.kit.machine import Machine, Transition, from_each

PURPOSE = "transfer"
CHANNEL = "transfer"
REASONS = ("moved", "responsibility", "client_wish", "conflict_of_interest", "specialisation", "other")
URGENCIES = ("normal", "urgent")
TARGET_GROUPS = ("eu_citizens", "ukraine", "refugees", "other")
"""Coarse on purpose: an offer is read before anybody there has agreed to take the person."""
DECLINE_REASONS = ("no_capacity", "not_responsible", "conflict_of_interest", "could_not_contact", "other")
CASE_CLOSED = "case_closed"
WITHDRAW_REASONS = ("no_longer_wanted", "wrong_recipient", "entered_in_error", CASE_CLOSED, "other")
TRANSFERRED = "transferred"
"""The reason with which the sender's case is closed."""

TO_ANSWER = timedelta(days=14)
TO_RECEIVE = timedelta(days=28)

MASTER_DATA = "master_data"
CASE_RECORD = "case_record"
DOCUMENTS = "documents"
CARRIED = frozenset(
    {
        MASTER_DATA, "contact", "residence", "benefits", "household", "education_language", "work", "housing",
        "health", "finances", CASE_RECORD, DOCUMENTS,
    }
)  # fmt: skip
"""What a package can carry if the client agreed. As with referrals, never protection from violence."""

CATEGORY_OF_DOMAIN: Mapping[str, str] = {
    "residence": "residence",
    "naturalisation": "residence",
    "language": "education_language",
    "school": "education_language",
    "recognition": "education_language",
    "training": "work",
    "work": "work",
    "child_care": "household",
    "family": "household",
    "housing": "housing",
    "benefits": "benefits",
    "debts": "finances",
    "health": "health",
    "protection": "protection_from_violence",
}
"""What is said about a life domain leaves only with the category it is about; others need none beside
`case_record`."""


MOST_DOCUMENTS = 20
MOST_BYTES = 100 * 1024 * 1024
"""Of all documents of one transfer: they are sealed anew within one request."""


class State(StrEnum):
    """Where a transfer stands."""

    DRAFTED = "drafted"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    RECEIVED = "received"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Side(StrEnum):
    """Who takes a step."""

    SENDER = "sender"
    RECEIVER = "receiver"
    SYSTEM = "system"


class Step(StrEnum):
    """The verbs, as they stand in the paths."""

    DRAFT = "draft"
    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    RECEIVE = "receive"
    WITHDRAW = "withdraw"
    REVOKE = "revoke"
    EXPIRE = "expire"


UNDER_WAY = (State.DRAFTED, State.OFFERED, State.ACCEPTED)
CROSSED = (State.OFFERED, State.ACCEPTED)
"""In these states the receiving unit has something to do."""

_HOLDS = "the client's consent, locked"

WAY: Machine[Step, State] = Machine(
    Transition(Step.DRAFT, None, State.DRAFTED, Side.SENDER),
    Transition(Step.OFFER, State.DRAFTED, State.OFFERED, Side.SENDER, _HOLDS),
    Transition(Step.ACCEPT, State.OFFERED, State.ACCEPTED, Side.RECEIVER, f"{_HOLDS}; a case manager named"),
    Transition(Step.RECEIVE, State.ACCEPTED, State.RECEIVED, Side.RECEIVER, f"{_HOLDS}; the one named"),
    *from_each(CROSSED, Step.DECLINE, State.DECLINED, Side.RECEIVER, "a coded reason"),
    *from_each(UNDER_WAY, Step.WITHDRAW, State.WITHDRAWN, Side.SENDER, "a reason"),
    *from_each(CROSSED, Step.REVOKE, State.REVOKED, Side.SYSTEM, "the consent withdrawn"),
    *from_each(CROSSED, Step.EXPIRE, State.EXPIRED, Side.SYSTEM, "the deadline passed"),
)


def deadline(state: State, now: datetime) -> datetime:
    """Return until when the receiving unit has to move on from here."""
    return now + (TO_ANSWER if state is State.OFFERED else TO_RECEIVE)


def not_carried(categories: Iterable[str]) -> list[str]:
    """Return the categories that no package can carry."""
    return sorted(set(categories) - CARRIED)


def leaves(life_domain: str, categories: Collection[str]) -> bool:
    """Return whether what is said about a life domain leaves with these categories."""
    needed = CATEGORY_OF_DOMAIN.get(life_domain)
    return CASE_RECORD in categories and (needed is None or needed in categories)


def needed_for_document(category: str) -> tuple[str, ...]:
    """Return the data categories that a document of a category needs to go along; none: it stays."""
    about = CATEGORIES_OF_DOCUMENT.get(category)
    return (DOCUMENTS, *about) if about else ()
