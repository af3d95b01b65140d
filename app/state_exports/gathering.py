"""What is behind an export, read by the worker: whose consent holds now, held until the transaction ends, and
figures.

The lock is what makes a withdrawal final. Either the file is stored first, and the withdrawal empties it
before it is handed out, or the withdrawal comes first and the person is in no line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from app.access.context import SystemContext
from app.catalogues.source import allowed_categories
from app.consents.rules import Direction, Scope, lacking
from app.kit.clock import local_date
from app.kit.sealing import FieldKeys
from app.reporting.handlers import Desk
from app.reporting.rules import Quarter
from app.state_exports.lines import Covered, Line, person_lines
from app.state_exports.published import allowed_persons, hold_what_it_rests_on
from app.state_exports.rules import NEEDED, State

HOLD = "SELECT * FROM hold_state_export($1, $2)"
CONSENTS = "SELECT * FROM hold_state_consents($1, $2, $3)"
FIGURES = "SELECT * FROM state_case_figures($1, $2, $3)"
OUTSIDE = "SELECT pseudonym, is_withdrawal, is_acknowledged FROM state_pseudonyms_outside($1, $2)"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An export in work, held."""

    export_id: UUID
    area: str
    unit_id: UUID
    institution_id: UUID
    institution_type: str
    quarter: Quarter
    has_had_one: bool
    """Whether the recipient has fetched a file of this unit before."""
    has_quarter: bool
    """Whether it has fetched one of this quarter: then withdrawals follow, and no line again."""
    figures: Mapping[str, Any] | None
    """What its dry run told: none before there was one."""

    @property
    def place(self) -> tuple[str, str, str]:
        """Where its pseudonyms hold: at this recipient, from this unit of this area, and nowhere else."""
        return self.area, str(self.unit_id), str(self.institution_id)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Whom consents cover now, the lines about them, and the last day of the first consent to end."""

    lines: list[Line]
    covered: Mapping[UUID, Covered]
    """By case: those in the lines."""
    held_back: int
    """Persons whom consents cover, and who stay back so that nobody is read from what was published."""
    holding: frozenset[str]
    """The pseudonyms, by every key, of all who are covered: whoever else the recipient has is withdrawn."""
    ends_on: date | None


async def take(ctx: SystemContext, export_id: UUID, state: State) -> Wanted | None:
    """Return the export, held; none when it is no longer in this state."""
    driver = await ctx.db.driver()
    row = await driver.fetchrow(HOLD, export_id, state)
    if row is None:
        return None
    return Wanted(
        export_id=export_id,
        area=ctx.municipal_area_id,
        unit_id=row["unit_id"],
        institution_id=row["institution_id"],
        institution_type=row["institution_type"],
        quarter=Quarter.parse(row["quarter"]),
        has_had_one=row["has_had_one"],
        has_quarter=row["has_quarter"],
        figures=_parsed_figures(row["figures"]),
    )


async def gather(ctx: SystemContext, wanted: Wanted, keys: FieldKeys, desk: Desk) -> Gathered:
    """Hold the consents and return what they let leave now.

    They are read again once they are held: one that was given while holding waited is not missed.
    """
    driver = await ctx.db.driver()
    last = wanted.quarter.last_day
    today = local_date(ctx.now)
    told_of = await _persons_to_tell_of(ctx, wanted, desk)
    of = (wanted.unit_id, wanted.institution_id, last)
    held = {each["client_id"] for each in await driver.fetch(CONSENTS, *of)}
    consents = [each for each in await driver.fetch(CONSENTS, *of) if each["client_id"] in held]
    clients = {each["client_id"]: each["client_pseudonym"] for each in consents}
    rows = [_parsed(row) for row in await driver.fetch(FIGURES, wanted.unit_id, last, list(clients))]
    agreed = {
        case: consent
        for case, consent in _by_case(rows, [each for each in consents if each["given_on"] <= today]).items()
        if _covers(consent, today)
    }
    decided = {case: each for case, each in agreed.items() if str(each["client_pseudonym"]) in told_of}
    covered = _covered(decided, frozenset(allowed_categories(wanted.institution_type)))
    named = {
        each["client_id"]: keys.pseudonyms(str(each["client_pseudonym"]), *wanted.place)
        for each in agreed.values()
    }
    outside = {row["pseudonym"] for row in await driver.fetch(OUTSIDE, wanted.unit_id, wanted.institution_id)}
    called = {
        client: next((each for each in names if each in outside), names[0]) for client, names in named.items()
    }
    return Gathered(
        lines=[]
        if wanted.has_quarter
        else person_lines(rows, covered, called, period=str(wanted.quarter), area=wanted.area),
        covered=covered,
        held_back=len(
            {each["client_id"] for each in agreed.values()} - {each["client_id"] for each in decided.values()}
        ),
        holding=frozenset(name for names in named.values() for name in names),
        ends_on=min((each["valid_until"] for each in decided.values()), default=None),
    )


async def _persons_to_tell_of(ctx: SystemContext, wanted: Wanted, desk: Desk) -> frozenset[str]:
    """Return of whom lines may leave; of a file of withdrawals alone nobody is asked."""
    if wanted.has_quarter:
        return frozenset()
    allowed = await allowed_persons(ctx, desk, wanted.unit_id, wanted.institution_id, wanted.quarter)
    await hold_what_it_rests_on(ctx, allowed)
    return allowed.persons


async def withdrawn(ctx: SystemContext, wanted: Wanted, holding: frozenset[str]) -> list[str]:
    """Return whom the recipient must delete: it has them, and nobody's consent stands behind them any more.

    A withdrawal is told again until the recipient has acknowledged a file with it.
    """
    driver = await ctx.db.driver()
    rows = await driver.fetch(OUTSIDE, wanted.unit_id, wanted.institution_id)
    return [
        row["pseudonym"]
        for row in rows
        if row["pseudonym"] not in holding and not (row["is_withdrawal"] and row["is_acknowledged"])
    ]


def _covers(consent: Mapping[str, Any], today: date) -> bool:
    scope = Scope(
        categories=frozenset(consent["data_categories"]),
        direction=consent["direction"],
        given_on=consent["given_on"],
        valid_until=consent["valid_until"],
        is_withdrawn=consent["is_withdrawn"],
    )
    return not lacking(scope, categories=[NEEDED], direction=Direction.TO, on=today)


def _by_case(
    rows: Iterable[Mapping[str, Any]], consents: Iterable[Mapping[str, Any]]
) -> dict[UUID, Mapping[str, Any]]:
    """Return, for each case, the consent given last, whatever it covers: it decides."""
    by_age = sorted(consents, key=lambda each: (each["given_on"], each["given_at"]))
    return {
        row["case_id"]: each
        for row in rows
        for each in by_age
        if each["client_id"] == row["client_id"] and each["case_id"] in (None, row["case_id"])
    }


def _covered(decided: Mapping[UUID, Mapping[str, Any]], allowed: frozenset[str]) -> dict[UUID, Covered]:
    return {
        case: Covered(
            each["client_id"], each["client_pseudonym"], case, allowed & frozenset(each["data_categories"])
        )
        for case, each in decided.items()
    }


def _parsed_figures(figures: Any) -> Any:
    return orjson.loads(figures) if isinstance(figures, str) else figures


def _parsed(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its JSON read, whatever the driver left as text."""
    told = dict(row)
    for name in ("life_domains", "domain_changes"):
        if isinstance(told[name], str):
            told[name] = orjson.loads(told[name])
    return told
