"""The catalogues as shipped: every CSV file of `data/` as typed, frozen, checked records.

Pure parsing: nothing here knows the database. Any fault raises CatalogueError with file and line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from app.catalogues.checklists import check_checklists
from app.catalogues.relations import WITHHELD, Allowed, Proposals, read_allowed, read_proposals
from app.catalogues.rows import CatalogueError, Row, read_rows
from app.catalogues.sheets import (
    PARENT_VOCABULARY,
    SHEETS,
    SMALL_COLUMNS,
    SMALL_VOCABULARIES,
    Attribute,
    Sheet,
)

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Entry",
    "allowed_categories",
    "load_entries",
    "proposed_barrier",
    "read_catalogue",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of a vocabulary; `parent` is a code of the vocabulary that PARENT_VOCABULARY names.

    `valid_to` is the last day on which the entry can be chosen; none means without limit.
    """

    vocabulary: str
    code: str
    label_de: str
    label_en: str
    valid_from: date | None
    valid_to: date | None
    note: str | None
    parent: str | None
    attributes: Mapping[str, Attribute]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries in the order of their files, and the two relations between vocabularies."""

    entries: tuple[Entry, ...]
    allowed: Allowed
    proposals: Proposals
    groups: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Found:
    entry: Entry
    row: Row


_Index = Mapping[tuple[str, str], _Found]


def load_entries() -> tuple[Entry, ...]:
    """Return every entry of every vocabulary, in order of display within each."""
    return _shipped().entries


def allowed_categories(institution_type: str) -> Mapping[str, tuple[str, ...] | None]:
    """Return the data categories that this kind of institution may receive at the most.

    The value is none when the whole category is allowed, otherwise exactly these fields. A category that is
    missing is denied; so is everything to a kind that is not listed or not known.
    """
    return _shipped().allowed.get(institution_type, MappingProxyType({}))


def proposed_barrier(outcome: str, institution_type: str) -> str | None:
    """Return the barrier type that this outcome of a referral proposes, or none.

    A rule for the institution type takes precedence over the rule for its group.
    """
    catalogue = _shipped()
    by_type = catalogue.proposals.by_type.get((outcome, institution_type))
    group = catalogue.groups.get(institution_type, "")
    return by_type or catalogue.proposals.by_group.get((outcome, group))


@cache
def _shipped() -> Catalogue:
    return read_catalogue(files("app.catalogues") / "data")


def read_catalogue(directory: Traversable) -> Catalogue:
    """Read and check all catalogue files of a directory; a single fault and nothing is returned."""
    found = tuple(_found(directory))
    index = _indexed(found)
    _check_parents(found, index)
    _check_legal_domains(found, index)
    _check_told(found, index)
    check_checklists(one.row for one in found)
    entries = tuple(_inherited(one.entry, index) for one in found)
    codes = frozenset(index)
    groups = {key: one.entry.parent or "" for (name, key), one in index.items() if name == "institution_type"}
    recipients = {
        key
        for (name, key), one in index.items()
        if name == "institution_type" and one.entry.attributes["aufenthg_87_scope"] == "recipient"
    }
    allowed = read_allowed(directory, codes, recipients)
    return Catalogue(
        entries=tuple(_with_categories(one, allowed) for one in entries),
        allowed=allowed,
        proposals=read_proposals(directory, codes, groups),
        groups=MappingProxyType(groups),
    )


def _with_categories(entry: Entry, allowed: Allowed) -> Entry:
    """Let a kind of institution say which data categories it may receive at the most."""
    if entry.vocabulary != "institution_type":
        return entry
    categories = tuple(code for code in allowed.get(entry.code, ()) if code not in WITHHELD)
    return replace(entry, attributes=MappingProxyType({**entry.attributes, "data_categories": categories}))


def _found(directory: Traversable) -> Iterator[_Found]:
    areas: list[_Found] = []
    for sheet in SHEETS:
        for row in read_rows(directory, sheet.file, sheet.columns):
            one = _Found(_entry(sheet, row), row)
            if sheet.vocabulary == "municipality":
                one = replace(one, entry=replace(one.entry, parent=_area_of(row, areas)))
            if sheet.vocabulary == "municipal_area":
                areas.append(one)
            yield one
    for row in read_rows(directory, SMALL_VOCABULARIES, SMALL_COLUMNS):
        name = row.text("vocabulary")
        if any(name == sheet.vocabulary for sheet in SHEETS):
            raise row.fault(f"the vocabulary {name} has a file of its own")
        yield _Found(_entry(Sheet(SMALL_VOCABULARIES, name, SMALL_COLUMNS), row), row)


def _entry(sheet: Sheet, row: Row) -> Entry:
    valid_from, valid_to = row.day("valid_from"), row.day("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        raise row.fault(f"valid_to {valid_to} lies before valid_from {valid_from}")
    label_de = row.text(sheet.label_de)
    return Entry(
        vocabulary=sheet.vocabulary,
        code=row.text(sheet.code),
        label_de=label_de,
        label_en=row.optional("label_en") or label_de,
        valid_from=valid_from,
        valid_to=valid_to,
        note=row.optional("note"),
        parent=row.text(sheet.parent) if sheet.parent else None,
        attributes=MappingProxyType({name: read(row) for name, read in sheet.attributes.items()}),
    )


def _area_of(row: Row, areas: list[_Found]) -> str:
    """Find the area by the 8-digit key, else the one district with the first five digits (05334 has two)."""
    ags8 = row.text("ags8")
    cities = [area for area in areas if area.entry.attributes["ags8"] == ags8]
    districts = [
        area
        for area in areas
        if area.entry.attributes["ags8"] is None and area.entry.attributes["ags5"] == ags8[:5]
    ]
    fitting = cities or districts
    if len(fitting) != 1:
        raise row.fault(f"{len(fitting)} municipal areas fit the key {ags8}")
    return fitting[0].entry.code


def _indexed(found: tuple[_Found, ...]) -> _Index:
    index: dict[tuple[str, str], _Found] = {}
    for one in found:
        key = (one.entry.vocabulary, one.entry.code)
        if key in index:
            first = index[key].row
            raise one.row.fault(f"{' '.join(key)} stands already in {first.file}, line {first.line}")
        index[key] = one
    return index


def _check_parents(found: tuple[_Found, ...], index: _Index) -> None:
    for one in found:
        vocabulary = PARENT_VOCABULARY.get(one.entry.vocabulary)
        if vocabulary and (vocabulary, one.entry.parent) not in index:
            raise one.row.fault(f"unknown {vocabulary} {one.entry.parent!r}")


def _check_legal_domains(found: tuple[_Found, ...], index: _Index) -> None:
    for one in found:
        if one.entry.vocabulary == "institution_type":
            for code in one.row.words("legal_domains"):
                if ("legal_domain", code) not in index:
                    raise one.row.fault(f"unknown legal_domain {code!r}")


def _check_told(found: tuple[_Found, ...], index: _Index) -> None:
    """Refuse a document category that tells of what is no data category: nobody could consent to it."""
    for one in found:
        if one.entry.vocabulary == "document_category":
            for code in one.row.words("tells_of"):
                if ("data_category", code) not in index:
                    raise one.row.fault(f"unknown data_category {code!r}")


def _inherited(entry: Entry, index: _Index) -> Entry:
    """Give a barrier type the sensitivity of its category, which raises the threshold of its statistics."""
    if entry.vocabulary != "barrier_type":
        return entry
    category = index["barrier_category", entry.parent or ""].entry
    return replace(entry, attributes=MappingProxyType({"sensitive": category.attributes["sensitive"]}))
