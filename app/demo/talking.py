"""What both sides said on referrals that are with the recipient, and what of it was a disclosure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.demo.rows import Ids
from app.demo.staff import Area
from app.referrals.messages.rules import ANSWER_WITHIN

if TYPE_CHECKING:
    from app.demo.referring import DemoReferral

Row = tuple[str, dict[str, Any]]
_AT_WORK = frozenset({"accepted", "in_progress", "on_hold"})
_ASKED, _ANSWERED, _READ = timedelta(minutes=5), timedelta(minutes=50), timedelta(minutes=9)
_TOLD = "Die Handynummer stimmt wieder; am besten vormittags anrufen."


def said_last(referral: "DemoReferral") -> datetime | None:
    """Return when something was last said on a referral; None where nothing was."""
    if not _speaks(referral):
        return None
    is_open = referral.state == "on_hold" and referral.concern is None
    return _began(referral) + (_ASKED if is_open else _ANSWERED)


def thread_of(referral: "DemoReferral", area: Area) -> Iterator[Row]:
    """Yield the rows of a thread: a request that waits or was answered, or coded words; none for most.

    Nothing is drawn from the common chance: everything after it would come out otherwise.
    """
    if not _speaks(referral):
        return
    ids, began = Ids(Random(referral.id.int)), _began(referral)
    asked_at, answered_at = began + _ASKED, began + _ANSWERED
    if referral.concern is not None or referral.state == "accepted":
        yield _message(referral, area, ids.at(asked_at), asked_at, "recipient", code="takes_longer")
        yield _message(referral, area, ids.at(answered_at), answered_at, "sender", code="taken_note")
        return
    is_open, request_id = referral.state == "on_hold", ids.at(asked_at)
    yield _message(
        referral, area, request_id, asked_at, "recipient",
        kind="information_request", data_categories=["contact"], state="open" if is_open else "answered",
        due_at=asked_at + ANSWER_WITHIN["normal"], closed_at=None if is_open else answered_at,
    )  # fmt: skip
    if not is_open:
        yield _message(
            referral, area, ids.at(answered_at), answered_at, "sender",
            text=_TOLD, data_categories=["contact"], answers_id=request_id, result="answered",
        )  # fmt: skip
        yield disclosed(referral, area, ids.at(answered_at), answered_at, ["contact"])


def disclosed(referral: "DemoReferral", area: Area, id_: UUID, at: datetime, categories: list[str]) -> Row:
    """Return the line of the log that something of a referral left the house."""
    client = referral.case.client
    return "disclosure_log", {
        "municipal_area_id": area.key,
        "id": id_,
        "at": at,
        "case_id": referral.case.id,
        "client_pseudonym": client.pseudonym,
        "unit_id": client.manager.unit_id,
        "institution_id": referral.institution.id,
        "legal_basis": "consent",
        "purpose": "referral",
        "data_categories": categories,
        "channel": "platform",
        "referral_id": referral.id,
        "disclosed_by": client.manager.user_id,
    }


def _speaks(referral: "DemoReferral") -> bool:
    return referral.state in _AT_WORK and referral.id.int % 2 == 0


def _began(referral: "DemoReferral") -> datetime:
    return referral.steps[-1]


def _message(referral: "DemoReferral", area: Area, id_: UUID, at: datetime, side: str, **fields: Any) -> Row:
    return "referral_messages", {
        "municipal_area_id": area.key,
        "id": id_,
        "referral_id": referral.id,
        "institution_id": referral.institution.id,
        "at": at,
        "side": side,
        "kind": "message",
        "read_at": at + _READ,
        **fields,
    }
