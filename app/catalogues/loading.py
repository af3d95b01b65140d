"""Brings the shipped catalogues into the database; run by the owner with each migration, safe to repeat."""

from collections.abc import Iterable
from typing import Any

import asyncpg
import orjson

from app.catalogues.source import Entry, load_entries

STATE = ("NRW", "Land Nordrhein-Westfalen", "state", None)
"""The reserved area of the Land."""

_ENTRIES = """INSERT INTO catalogue_entries
(vocabulary, code, position, label_de, label_en, parent, note, attributes, valid_from, valid_to)
SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::jsonb[], $9::date[], $10::date[])
ON CONFLICT (vocabulary, code) DO UPDATE SET position = EXCLUDED.position, label_de = EXCLUDED.label_de,
    label_en = EXCLUDED.label_en, parent = EXCLUDED.parent, note = EXCLUDED.note,
    attributes = EXCLUDED.attributes, valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to
WHERE (catalogue_entries.*) IS DISTINCT FROM (EXCLUDED.*)"""

_END = """UPDATE catalogue_entries e SET valid_to = greatest(current_date - 1, e.valid_from)
WHERE e.valid_to IS NULL AND NOT EXISTS (
    SELECT FROM unnest($1::text[], $2::text[]) AS s(vocabulary, code)
    WHERE s.vocabulary = e.vocabulary AND s.code = e.code)"""

_AREAS = """INSERT INTO municipal_areas (id, name, kind, region)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, kind = EXCLUDED.kind, region = EXCLUDED.region
WHERE (municipal_areas.*) IS DISTINCT FROM (EXCLUDED.*)"""


async def load_catalogues(connection: asyncpg.Connection) -> None:
    """Add and renew every entry and municipal area; what the files no longer hold ends yesterday."""
    entries = load_entries()
    rows = _columns(_row(entry, position) for position, entry in enumerate(entries, 1))
    async with connection.transaction():
        await connection.execute(_ENTRIES, *rows)
        await connection.execute(_END, rows[0], rows[1])
        await connection.execute(_AREAS, *_columns([*_areas(entries), STATE]))


def _row(entry: Entry, position: int) -> tuple[Any, ...]:
    return (
        entry.vocabulary,
        entry.code,
        position,
        entry.label_de,
        entry.label_en,
        entry.parent,
        entry.note,
        orjson.dumps(dict(entry.attributes)).decode(),
        entry.valid_from,
        entry.valid_to,
    )


def _areas(entries: Iterable[Entry]) -> list[tuple[Any, ...]]:
    return [
        (entry.code, entry.label_de, entry.attributes["kind"], entry.attributes["administrative_district"])
        for entry in entries
        if entry.vocabulary == "municipal_area"
    ]


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
