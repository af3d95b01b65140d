"""Who may say what on a referral, and the way of a request for more information. Pure.

A text of the sender tells of the client, so it names the categories that it tells of. A text of the recipient
does so too, and needs the consent to feedback that an outcome needs. Coded words tell of nobody.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from enum import StrEnum

from app.catalogues.relations import WITHHELD
from app.documents.rules import CATEGORIES_OF_DOCUMENT
from app.kit.machine import Machine, Transition
from app.referrals.rules import Side, Task

WRITABLE = (Task.REQUESTED, Task.ACCEPTED, Task.IN_PROGRESS, Task.ON_HOLD)
"""While there is something to do with the package. After completion it can still be read, and the thread with
it; then there is no purpose left for which more could be told."""

WORDS: Mapping[Side, tuple[str, ...]] = {
    Side.SENDER: ("taken_note", "please_call", "how_does_it_stand", "new_referral_follows"),
    Side.RECIPIENT: ("taken_note", "please_call", "takes_longer"),
}
"""What each side can say without telling of anybody."""
ALL_WORDS = tuple(dict.fromkeys(word for words in WORDS.values() for word in words))

DECLINE_REASONS = ("not_covered", "not_known", "not_necessary", "ask_the_client")
"""Why the sender does not tell it; none of them tells of the client."""

ANSWERED, CANNOT, NOT_ALLOWED = RESULTS = ("answered", "cannot_be_answered", "not_allowed")
"""What an answer to a request for information says of it."""


def result_of(said: str | None, *, is_text: bool) -> str:
    """Return what an answer says of the request: unless it is said, a text answers and a word does not."""
    return said or (ANSWERED if is_text else CANNOT)


DOCUMENTS = "documents"
MOST_MESSAGES = 500
MOST_OPEN_REQUESTS = 5
MOST_FILES = 10
"""Files of the recipient on one referral."""
MOST_FILE_BYTES = 10 * 1024 * 1024
ANSWER_WITHIN: Mapping[str, timedelta] = {"normal": timedelta(days=7), "urgent": timedelta(days=2)}
"""By the urgency of the referral; the working list reminds of it."""


class Kind(StrEnum):
    """What a message is."""

    MESSAGE = "message"
    INFORMATION_REQUEST = "information_request"
    FILE = "file"
    """Of the recipient alone: a file that it brings, such as a confirmation."""


class State(StrEnum):
    """Where an information request stands."""

    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """The verbs of an information request."""

    ASK = "ask"
    ANSWER = "answer"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


WRITE = "write"
"""Saying something that is no step of a request."""

WAY: Machine[Step, State] = Machine(
    Transition(Step.ASK, None, State.OPEN, Side.RECIPIENT, "categories that it may receive"),
    Transition(Step.ANSWER, State.OPEN, State.ANSWERED, Side.SENDER, "a basis that covers what is told"),
    Transition(Step.DECLINE, State.OPEN, State.DECLINED, Side.SENDER, "a coded reason"),
    Transition(Step.WITHDRAW, State.OPEN, State.WITHDRAWN, Side.RECIPIENT),
)


def never_there(categories: Iterable[str], widest: Collection[str]) -> list[str]:
    """Return the categories that never go to this kind of institution."""
    return sorted(code for code in set(categories) if code not in widest or code in WITHHELD)


def told_by_document(category: str) -> frozenset[str] | None:
    """Return what a document of a category tells of; None: nobody has said what it is, so it stays."""
    about = CATEGORIES_OF_DOCUMENT.get(category)
    return None if about is None else frozenset({DOCUMENTS, *about})
