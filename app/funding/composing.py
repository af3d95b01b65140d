"""The figures of a year from its rows. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.funding.rules import amount, component_of, months_filled, rate_of, workplace_cents
from app.reporting.open_tables.activities import ACTIVITIES, DONE

Row = Mapping[str, Any]
_MONEY = ("forwarded_cents", "own_share_cents", "deficit_cents")


def funding_report(rows: Mapping[str, Any], year: int, now: datetime, today: date) -> dict[str, Any]:
    """Return the report as `FundingReportRead` has it; months are counted until yesterday."""
    positions = [_position(row, year, today) for row in rows["positions"]]
    contracts = rows["contracts"]
    return {
        "area": rows["area"],
        "year": year,
        "written_at": now,
        "complete": today.year > year,
        "positions": positions,
        "components": _components(positions),
        "contracts": contracts,
        "contract_sums": {name: sum(each[name] for each in contracts) for name in _MONEY},
        "figures": _figures(rows["tables"]),
        "activities": _activities(rows["tables"]),
    }


def _position(row: Row, year: int, today: date) -> dict[str, Any]:
    share: Decimal = row["full_time_equivalents"]
    component = component_of(row["component"], is_assistant=row["is_assistant"])
    until = date.fromordinal(today.toordinal() - 1)
    months = months_filled(year, row["filled_from"], row["filled_until"], until)
    rate = rate_of(component, year)
    return {
        "component": component,
        "employer": row["employer"],
        "place_of_work": row["place_of_work"],
        "full_time_equivalents": float(share),
        "filled_from": row["filled_from"],
        "filled_until": row["filled_until"],
        "months_filled": months,
        "rate_cents": rate,
        "funded_cents": None if rate is None else amount(rate, share, months),
        "workplace_cents": None if rate is None else workplace_cents(share, months),
    }


def _components(positions: Sequence[Row]) -> list[dict[str, Any]]:
    found = []
    for component in dict.fromkeys(each["component"] for each in positions):
        own = [each for each in positions if each["component"] == component]
        shares = [Decimal(str(each["full_time_equivalents"])) for each in own]
        months = (share * each["months_filled"] for share, each in zip(shares, own, strict=True))
        found.append(
            {
                "component": component,
                "full_time_equivalents": float(sum(shares)),
                "full_time_months": float(sum(months)),
                "funded_cents": _sum(each["funded_cents"] for each in own),
                "workplace_cents": _sum(each["workplace_cents"] for each in own),
            }
        )
    return found


def _sum(amounts: Iterable[int | None]) -> int | None:
    """Return the cents together; none where there is no rate for a component."""
    known = [amount_ for amount_ in amounts if amount_ is not None]
    return sum(known) if known else None


def _figures(tables: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the total of each table about persons, as the last release of the year published it."""
    last = max((table["quarter"] for table in tables), default=None)
    return [
        {
            **{name: table[name] for name in ("release_id", "quarter", "sha256", "title", "unit")},
            "table": table["name"],
            "value": cell["value"],
        }
        for table in tables
        if table["quarter"] == last and table["thresholds"] and (cell := _total(table)) is not None
    ]


def _activities(tables: Sequence[Row]) -> list[dict[str, Any]]:
    """Return what the coordination did in the quarters of the year that were released."""
    sums = Counter(dict.fromkeys(ACTIVITIES, 0))
    for table in tables:
        if table["name"] == DONE.table.name:
            sums.update(
                {cell["codes"][0]: cell["value"] for cell in table["cells"] if cell["codes"][0] in sums}
            )
    quarters = [table["quarter"] for table in tables if table["name"] == DONE.table.name]
    return [{"activity": name, "number": number, "quarters": quarters} for name, number in sums.items()]


def _total(table: Row) -> Row | None:
    """Return the cell of all: of the year when it is collected, otherwise of the release's quarter."""
    tops = [
        {code["code"] for code in each["codes"] if code["parent"] is None} for each in table["dimensions"]
    ]
    whole = _first(table, tops)
    if whole is not None and whole["status"] != "not_collected":
        return whole
    return _first(table, [*tops[:-1], {table["quarter"]}])


def _first(table: Row, codes: Sequence[set[str]]) -> Row | None:
    return next(
        (
            cell
            for cell in table["cells"]
            if all(code in wanted for code, wanted in zip(cell["codes"], codes, strict=True))
        ),
        None,
    )
