"""Referring a person to KIM: where to, what is asked back, where it stands, taking it back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from kim_partner.connection import Connection
from kim_partner.incoming_shapes import Refer, Sent, SentSummary, Unit, WithdrawReason

_PATH = "/v1/partner/incoming-referrals"


@dataclass(frozen=True, slots=True)
class SentChanges:
    """One page of the feed. Store `cursor` when the page has been worked off, not before."""

    changed: list[SentSummary]
    cursor: str
    more: bool


class Incoming:
    """Referrals of the institution to units of KIM."""

    def __init__(self, connection: Connection) -> None:
        self._kim = connection

    def units(self, *, municipality: str | None = None) -> Iterator[Unit]:
        """Yield the units that take referrals, all or those for a municipality."""
        return self._kim.pages("/v1/partner/units", municipality=municipality)

    def refer(self, referral: Refer, *, key: str | None = None) -> Sent:
        """Refer a person. Whether the person is known there is never told."""
        return cast("Sent", self._kim.post(_PATH, referral, key=key))

    def listed(self, *, state: str | None = None) -> Iterator[SentSummary]:
        """Yield what one has referred, newest first."""
        return self._kim.pages(_PATH, state=state)

    def changes(self, since: str = "", *, limit: int = 100) -> Iterator[SentChanges]:
        """Yield what was sent or has moved since a cursor, page by page, until there is no more at once.

        An empty cursor begins with everything that was sent. Nothing is left out; what moves between two
        pages may come twice. Raises `Gone` for a cursor that is too old: begin anew, nothing is lost by it.
        """
        more = True
        while more:
            page = self._kim.get(_PATH, since=since, limit=limit)
            since, more = page["next"], page["more"]
            yield SentChanges(page["items"], since, more)

    def read(self, incoming_id: str) -> Sent:
        """Read where it stands."""
        return cast("Sent", self._kim.get(f"{_PATH}/{incoming_id}"))

    def reply(
        self, incoming_id: str, text: str, *, version: int | None = None, key: str | None = None
    ) -> Sent:
        """Answer the unit's question."""
        path = f"{_PATH}/{incoming_id}/reply"
        return cast("Sent", self._kim.post(path, {"text": text}, version=version, key=key))

    def withdraw(
        self, incoming_id: str, reason: WithdrawReason, *, version: int | None = None, key: str | None = None
    ) -> Sent:
        """Take it back before the unit has decided."""
        path = f"{_PATH}/{incoming_id}/withdraw"
        return cast("Sent", self._kim.post(path, {"reason": reason}, version=version, key=key))

    def withdraw_consent(
        self, incoming_id: str, *, version: int | None = None, key: str | None = None
    ) -> Sent:
        """Tell that the person took the consent back, at any time."""
        path = f"{_PATH}/{incoming_id}/withdraw-consent"
        return cast("Sent", self._kim.post(path, version=version, key=key))

    def enter_in_error(self, incoming_id: str, *, version: int | None = None, key: str | None = None) -> Sent:
        """Say that it should never have been sent."""
        path = f"{_PATH}/{incoming_id}/enter-in-error"
        return cast("Sent", self._kim.post(path, version=version, key=key))
