"""Referrals to authorities of residence law, which officers of component 3 read: coded, hardly any data."""

from collections import Counter
from datetime import date
from random import Random
from uuid import UUID

from app.demo.casework import DemoCase
from app.demo.picking import pick
from app.demo.referring import Referring
from app.demo.rows import Ids, Rows
from app.demo.staff import Area
from app.demo.standing import PROTECTED, UKRAINE, is_tolerated

_EACH = 2
"""Of each case manager."""
_ADULT = 18  # years
_USUAL = ("extension", "appointment")
_OF_STATUS = {
    "GEST": ("work_permission", "conditions"),
    UKRAINE: ("appointment", "card_handover"),
    "DU-60B": ("appointment",),
    "AE-25.2A": ("travel_document", "family_reunification", "extension"),
}
_TOLERATED = ("work_permission", "right_to_stay", "conditions")
_AT_WORK = frozenset({"DU-60C", "DU-60D"})
_TITLES = PROTECTED | {"AE-25B1", "AE-25B4", "AE-30", "AE-4.2"}


def concerns_of(status: str) -> tuple[str, ...]:
    """Return what somebody with this status asks of the authority; nothing for who need not."""
    if status in _OF_STATUS:
        return _OF_STATUS[status]
    if status in _AT_WORK:
        return _USUAL
    if is_tolerated(status):
        return _TOLERATED
    return _USUAL if status in _TITLES else ()


class Notifying:
    """Writes them for the cases of one area; draws from a chance of its own."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._random = random
        self._referring = Referring(area, rows, ids, random, today=today)
        self._made: Counter[UUID] = Counter()

    def notify(self, case: DemoCase) -> None:
        """Write one for the first open cases of each case manager in which the authority has a part."""
        client, manager = case.client, case.client.manager
        concerns = concerns_of(client.person.status)
        if self._made[manager.user_id] >= _EACH or not concerns or not case.is_open:
            return
        if client.is_restricted or client.age(case.opened_on) < _ADULT:
            return
        authority = self._area.institution("auslaenderbehoerde", client.dwelling.municipality, _ADULT)
        if authority:
            self._made[manager.user_id] += 1
            self._referring.to_authority(case, authority, pick(self._random, concerns))
