"""From figures of cases to the lines of a file: pure, so that every field can be held against every rule."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

import orjson

from app.catalogues.check import vocabulary
from app.clients.rules import NOT_STATED as RESIDENCE_NOT_STATED
from app.clients.rules import band_of_age, reporting_nationality
from app.reporting.classes import OTHER_SEX, SEXES
from app.state_exports.profile import (
    LISTS,
    NOT_STATED,
    QUASI_IDENTIFIERS,
    Part,
    access_route,
    benefit,
    closing_reason,
    days_without,
    fields_of,
)

Figures = Mapping[str, Any]
"""One row of `state_case_figures`: a case with what it says of its person."""

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Covered:
    """What the consent for one case covers."""

    client_id: UUID
    client_pseudonym: UUID
    case_id: UUID
    categories: frozenset[str]


def person_lines(
    rows: Iterable[Figures],
    covered: Mapping[UUID, Covered],
    pseudonyms: Mapping[UUID, str],
    *,
    period: str,
    area: str,
) -> list[Line]:
    """Return a line for each person with a case that a consent covers, by pseudonym.

    `covered` is by case, `pseudonyms` by client. What is told of the person needs a consent to it for every
    case in the line: the narrowest decides.
    """
    wanted = [row for row in rows if row["case_id"] in covered]
    lines = []
    for client_id, cases in groupby(wanted, key=lambda row: row["client_id"]):
        told = list(cases)
        allowed = frozenset.intersection(*(covered[row["case_id"]].categories for row in told))
        values = {
            "pseudonym": pseudonyms[client_id],
            "period": period,
            "municipal_area": area,
            **_person(told[-1]),
        }
        line = _part("person", values, allowed, told[-1]["disputed"])
        line["cases"] = [_case(row, covered[row["case_id"]].categories) for row in told]
        line["disputed"] += [
            name for name in LISTS if any(case.get(name, ()) is None for case in line["cases"])
        ]
        lines.append(line)
    return sorted(lines, key=lambda line: str(line["pseudonym"]))


def withdrawal_lines(pseudonyms: Iterable[str]) -> list[Line]:
    """Return a line for each pseudonym that the recipient must delete."""
    return [{"pseudonym": each, "withdrawn": True} for each in sorted(pseudonyms)]


def as_file(lines: Iterable[Line]) -> bytes:
    """Return lines as JSON Lines in UTF-8, each ended by a line feed."""
    return b"".join(orjson.dumps(line) + b"\n" for line in lines)


def told_apart_by(line: Line) -> tuple[str, ...]:
    """Return what could tell this person from others, as it stands in the line."""
    return tuple(str(line.get(name)) for name in QUASI_IDENTIFIERS)


def _person(row: Figures) -> dict[str, Any]:
    nationality = vocabulary("nationality")
    status = row["residence_status"]
    return {
        "age_band": NOT_STATED if row["age"] is None else band_of_age(row["age"]),
        "sex": row["sex"] if row["sex"] in SEXES else OTHER_SEX,
        "nationality_group": reporting_nationality(
            [nationality[code].parent or "" for code in row["nationalities"]]
        ),
        "residence_group": RESIDENCE_NOT_STATED
        if status is None
        else vocabulary("residence_status")[status].parent or "",
        "german_first": row["german_first"],
        "german_last": row["german_last"],
        "livelihoods": sorted({benefit(code) for code in row["livelihoods"]}),
        "disputed": [],
    }


def _case(row: Figures, allowed: Collection[str]) -> Line:
    coded = {
        "access_route": access_route(row["access_route"]),
        "closing_reason": closing_reason(row["closing_reason"]),
    }
    line = _part("case", {**row, **coded}, allowed)
    line["life_domains"] = _list("life_domains", _life_domains(row, allowed), row["disputed"])
    if "benefits" in allowed:
        line["domain_changes"] = _list("domain_changes", _domain_changes(row, allowed), row["disputed"])
    return line


def _life_domains(row: Figures, allowed: Collection[str]) -> list[Line]:
    return [_part("life_domain", each, allowed) for each in row["life_domains"]]


def _domain_changes(row: Figures, allowed: Collection[str]) -> list[Line]:
    """Return changes as they leave: between two benefits that leave as one there is none."""
    return [
        _part("domain_change", {**each, "from": before, "to": after, "days_without": days}, allowed)
        for each in row["domain_changes"]
        for before, after in [(benefit(each["from"]), benefit(each["to"]))]
        for days in [days_without(each["days_without"])]
        if before != after
    ]


def _list(name: str, parts: list[Line], disputed: Collection[str]) -> list[Line] | None:
    """Return a list of a case; none while an entry that it is made of is disputed."""
    return None if _is_disputed(LISTS[name], disputed) else parts


def _part(
    part: Part, values: Mapping[str, Any], allowed: Collection[str], disputed: Collection[str] = ()
) -> Line:
    """Return the fields that the consent covers; a disputed one is named and has no value."""
    found = {}
    names = []
    for field in fields_of(part):
        if field.category is not None and field.category not in allowed:
            continue
        is_disputed = _is_disputed(field.disputes, disputed)
        found[field.name] = None if is_disputed else values[field.name]
        if is_disputed:
            names.append(field.name)
    if part == "person":
        found["disputed"] = names
    return found


def _is_disputed(entries: Collection[str], disputed: Collection[str]) -> bool:
    """Tell whether a dispute is about one of these: about one field, or the whole entry it is taken from."""
    return any(
        mark in (each, f"{each.partition(':')[0]}:") or (each.endswith(":") and mark.startswith(each))
        for each in entries
        for mark in disputed
    )
