"""Derived tables as cells and renderings of a release, made of its rendered public tables alone."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import orjson

from app.reporting.classes import Label
from app.reporting.derived.every import DERIVED_TABLES
from app.reporting.derived.shape import Derived, Published, whole_grid
from app.reporting.ledger import Placed, written
from app.reporting.open_tables.rendering import Unprotected
from app.reporting.rendering import render
from app.reporting.stated import LANGUAGES, Release, Rendered
from app.reporting.words import Words


def derived_tables(release: Release, rendered: Iterable[Rendered]) -> list[Unprotected]:
    """Return each derived table of which the release publishes both sources, as the catalogue has them."""
    needed = {name for one in DERIVED_TABLES for name in one.sources}
    public = [each for each in rendered if each.is_public and each.name in needed]
    by_language = {
        language: {each.name: orjson.loads(getattr(each, f"json_{language}")) for each in public}
        for language in LANGUAGES
    }
    return list(_each(release, by_language["de"], by_language["en"]))


def _each(release: Release, german: Published, english: Published) -> Iterator[Unprotected]:
    for one in DERIVED_TABLES:
        if not german.keys() >= {*one.sources}:
            continue
        every = one.classes()
        shown, parts = whole_grid(one, german, every, release.quarter)
        cells: tuple[Placed, ...] = tuple(
            (one.table.name, place, written(cell), cell) for place, cell in enumerate(shown.cells)
        )
        words = _from(one, german, english)
        stated = replace(release, words=words, rules=None, hidden_share=0.0)
        yield Unprotected(one.table, cells, render(stated, one.table, shown, every, parts))


def _from(one: Derived, german: Published, english: Published) -> Words:
    """Return the words of a table with the sources of what it is made of, as these state them."""
    de, en = ([of[name]["source"] for name in one.sources] for of in (german, english))
    source = Label(f"{de[0]}; geteilt durch: {de[1]}", f"{en[0]}; divided by: {en[1]}")
    return replace(one.words, source=source)
