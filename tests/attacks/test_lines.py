"""Whoever has the lines of those who consented learns nothing of those who did not, in whatever order.

Figures first and lines later, lines first and figures later, two units, three quarters with people who come
and go and change their minds, corrections; and each part of the mending is needed.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from app.protection import Known, ProtectedTable, Unit, protect
from app.reporting.rules import Quarter, Scale, Scope
from app.reporting.subjects.active_clients import ACTIVE_CLIENTS
from app.state_exports import subtraction
from app.state_exports.subtraction import Counted, counted, held_back
from tests.attacks.lines import QUARTERS, RULES, Place, as_known, dimensions, subtracts

SEEDS = range(6)


class Recipient:
    """A place, all that was published of it, all lines that left it."""

    def __init__(self, seed: int, *, holding: bool = True, proving: bool = True) -> None:
        self.place, self.holding, self.proving = Place(seed), holding, proving
        self.lines: set[str] = set()
        self.released: dict[Quarter, tuple[Sequence[ProtectedTable], Sequence[Unit]]] = {}
        self.held = self.asked = 0

    def release(self, quarter: Quarter) -> None:
        further = self.place.further(quarter)
        specs = [each.spec(quarter, Scope.QUARTER) for each in ACTIVE_CLIENTS.offered(further, Scale.LARGE)]
        known = further.told_to(self.lines).disclosed if self.proving else None
        tables = protect(further.units, dimensions(quarter), specs, RULES, (), known).tables
        self.released[quarter] = (tables, list(further.units))

    def export(self, unit: int, quarter: Quarter) -> None:
        """Give the lines of a unit; whoever was counted in an earlier quarter is in it with them."""
        asking = frozenset(self.place.unit(unit))
        let = asking
        for each in sorted({*self.released, quarter}):
            tables, _ = self.released.get(each, ((), ()))
            given = counted(ACTIVE_CLIENTS, each, self._now(each), as_known(tables))
            if self.holding:
                let -= held_back(given, frozenset(self.lines), let, RULES)
        self.held += len(asking - let - self.lines)
        self.asked += len(asking)
        self.lines |= let

    def _now(self, quarter: Quarter) -> Any:
        """Return whom a quarter counts by what is known today: the corrected ones, and who has gone since."""
        if quarter not in self.released:
            return self.place.further(quarter)
        _, units = self.released[quarter]
        today = [
            replace(each, codes={**each.codes, **self.place.people.get(each.person, {})}) for each in units
        ]
        return replace(self.place.further(quarter), units=today)

    def learnt(self) -> list[Any]:
        return [
            key
            for quarter, (tables, units) in self.released.items()
            for key in subtracts(tables, units, self.lines, quarter)
        ]


def released_first(recipient: Recipient) -> None:
    recipient.release(QUARTERS[0])
    for unit in (0, 1):
        recipient.export(unit, QUARTERS[0])


def exported_first(recipient: Recipient) -> None:
    for unit in (0, 1):
        recipient.export(unit, QUARTERS[0])
    recipient.release(QUARTERS[0])


def a_year(recipient: Recipient) -> None:
    """Three quarters: figures, lines of one unit, figures of the next quarter before lines of the other."""
    for quarter in QUARTERS:
        recipient.export(0, quarter)
        recipient.release(quarter)
        recipient.export(1, quarter)
        recipient.place.a_quarter_later()
        recipient.place.correct()
    recipient.export(0, QUARTERS[-1])


ORDERS = (released_first, exported_first, a_year)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("order", ORDERS)
def test_nothing_is_learnt_of_those_without_a_line(seed: int, order: Any) -> None:
    recipient = Recipient(seed)
    order(recipient)
    assert recipient.learnt() == []
    assert len(recipient.lines) > 10
    assert any(
        cell.units.value for tables, _ in recipient.released.values() for t in tables for cell in t.cells
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("order", ORDERS)
def test_without_the_mending_it_is(seed: int, order: Any) -> None:
    recipient = Recipient(seed, holding=False, proving=False)
    order(recipient)
    assert recipient.learnt()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("order", [released_first, a_year])
def test_lines_are_needed_to_stay_back(seed: int, order: Any) -> None:
    recipient = Recipient(seed, holding=False)
    order(recipient)
    assert recipient.learnt()


def test_lines_that_stay_back_do_not_suffice_when_people_come_and_go() -> None:
    recipients = [Recipient(seed, proving=False) for seed in SEEDS]
    for each in recipients:
        a_year(each)
    assert any(each.learnt() for each in recipients)


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_that_left_before_are_held_off_by_the_figures_alone(seed: int) -> None:
    recipient = Recipient(seed, holding=False)
    exported_first(recipient)
    assert recipient.learnt() == []


def _two_hidden_sexes() -> tuple[Counted, frozenset[str]]:
    """Return a published total and sex, two hidden ones of five, and all of these but one who consent."""
    place = Place(0, size=30)
    for at, codes in enumerate(place.people.values()):
        codes["sex"] = "w" if at < 20 else "m" if at < 25 else "other"
    names = list(place.people)
    keys = {sex: (("clients", "active"), ("quarter", "2026Q1"), ("sex", sex)) for sex in ("w", "m", "other")}
    told = [
        Known(keys["w"][:2], 30),
        Known(keys["w"], 20),
        Known(keys["m"], None),
        Known(keys["other"], None),
    ]
    return counted(ACTIVE_CLIENTS, QUARTERS[0], place.further(QUARTERS[0]), told), frozenset(names[20:29])


def test_more_stay_back_where_something_hidden_would_be_confined() -> None:
    given, asking = _two_hidden_sexes()
    assert len(held_back(given, frozenset(), asking, RULES)) >= 2


def test_otherwise_none_would_and_the_hidden_one_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given, asking = _two_hidden_sexes()
    monkeypatch.setattr(subtraction, "_confines", lambda *_: False)
    assert held_back(given, frozenset(), asking, RULES) == frozenset()
