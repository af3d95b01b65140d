"""Compares the quarters of an obstacle by what was published of them, for who asks and for the worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isinf
from typing import Any
from uuid import UUID

import asyncpg

from app.kit.database import Db
from app.reporting.catalogue import SIGNALS
from app.reporting.effects.bounds import Bounds, Grid, bounds, groups_of
from app.reporting.effects.rules import UNKNOWN, Change, Pair, Side, Verdict, conclude, interval
from app.reporting.ledger import in_writing
from app.reporting.rules import Quarter
from app.reporting.subjects.active_clients import CLIENTS_BY_SEX, active_total

PUBLISHED = "SELECT quarter FROM releases WHERE state = 'published' ORDER BY quarter"
# Where nothing was carried out as a measure here (the Land did it): the day it counts as implemented.
CHANGED = """SELECT coalesce(m.since, s.on_day) AS since, coalesce(m.until, s.on_day) AS until
FROM (SELECT min(done_on) AS since, max(done_on) AS until FROM obstacle_measures
    WHERE obstacle_id = $1 AND state = 'done') m
LEFT JOIN (SELECT taken_on AS on_day FROM obstacle_steps
    WHERE obstacle_id = $1 AND to_status = 'implemented' ORDER BY id DESC LIMIT 1) s ON true"""
FIGURES = """SELECT r.quarter, r.content_de ->> 'coverage' AS coverage, c.table_name, c.key, c.codes, c.value
FROM releases r JOIN release_cells c ON c.municipal_area_id = r.municipal_area_id AND c.release_id = r.id
WHERE r.state = 'published' AND r.quarter = ANY ($1) AND c.table_name = ANY ($2)"""


@dataclass(frozen=True, slots=True)
class About:
    """What an obstacle is about."""

    obstacle_id: UUID
    barrier_types: Sequence[str]
    institution_types: Sequence[str]


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides and what follows."""

    before: Side
    after: Side
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class _Told:
    """What was published of one quarter."""

    coverage: str
    clients: int | None
    cases: Bounds


async def published_quarters(db: Db) -> list[Quarter]:
    """Return the quarters with a published release, earliest first."""
    driver = await db.driver()
    return [Quarter.parse(row["quarter"]) for row in await driver.fetch(PUBLISHED)]


async def change_of(db: Db, obstacle_id: UUID) -> Change | None:
    """Return from when to when an obstacle was changed; None while it never was."""
    driver = await db.driver()
    row = await driver.fetchrow(CHANGED, obstacle_id)
    return None if row is None or row["since"] is None else Change(row["since"], row["until"])


async def compare(db: Db, about: About, pairs: Sequence[Pair]) -> Compared:
    """Compare the earlier with the later quarters of some pairs."""
    asked = sorted({quarter for pair in pairs for quarter in pair})
    driver = await db.driver()
    rows = await driver.fetch(FIGURES, [str(each) for each in asked], [SIGNALS, CLIENTS_BY_SEX])
    told = {quarter: _told(quarter, rows, about) for quarter in asked}
    before = _side([each for each, _ in pairs], told)
    after = _side([each for _, each in pairs], told)
    return Compared(before, after, conclude(before, after))


def _told(quarter: Quarter, rows: Sequence[asyncpg.Record], about: About) -> _Told:
    own = [row for row in rows if row["quarter"] == str(quarter)]
    total = in_writing(active_total(quarter))
    grid: Grid = {
        (row["codes"][0], row["codes"][1]): row["value"] for row in own if row["table_name"] == SIGNALS
    }
    return _Told(
        coverage=next((row["coverage"] for row in own), UNKNOWN),
        clients=next((row["value"] for row in own if row["key"] == total), None),
        cases=bounds(grid, about.barrier_types, groups_of(about.institution_types)),
    )


def _side(quarters: Sequence[Quarter], told: Mapping[Quarter, _Told]) -> Side:
    of = [told[each] for each in quarters]
    most = [each.cases[1] for each in of]
    clients = [each.clients for each in of]
    return Side(
        quarters=tuple(str(each) for each in sorted(quarters)),
        least=sum(each.cases[0] for each in of),
        most=sum(each for each in most if each is not None) if None not in most else None,
        clients=sum(each for each in clients if each is not None) if None not in clients else None,
        coverages=frozenset(each.coverage for each in of),
    )


def as_json(side: Side) -> dict[str, Any]:
    """Return a side as it is stored and read: rates per 100 active clients and quarter."""
    low, high = interval(side)
    clients = side.clients or None
    return {
        "quarters": list(side.quarters),
        "cases_least": side.least,
        "cases_most": side.most,
        "active_clients": clients,
        "rate_least": _rate(side.least, clients),
        "rate_most": _rate(side.most, clients),
        "interval_low": round(low, 2),
        "interval_high": None if isinf(high) else round(high, 2),
        "coverage": sorted(side.coverages),
    }


def _rate(cases: int | None, clients: int | None) -> float | None:
    return None if cases is None or clients is None else round(100 * cases / clients, 2)
