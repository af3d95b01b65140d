"""Writing many rows in one statement: with its policies asked once, and its journal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from app.kit.database import Db

_JOURNAL = """INSERT INTO audit_journal (action, object_type, object_id, client_pseudonyms)
SELECT $1, $2, n.id, ARRAY[n.pseudonym] FROM unnest($3::uuid[], $4::uuid[]) AS n(id, pseudonym)"""


async def insert_set(db: Db, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the columns of the first; table and columns are our own names."""
    if not rows:
        return
    columns = ", ".join(rows[0])
    sql = (
        f"INSERT INTO {table} ({columns})"
        f" SELECT {columns} FROM json_populate_recordset(NULL::{table}, $1::text::json)"
    )
    driver = await db.driver()
    await driver.execute(sql, orjson.dumps(list(rows), default=str).decode())


async def record_set(db: Db, action: str, object_type: str, objects: Iterable[tuple[UUID, UUID]]) -> None:
    """Write one entry of the journal for each object and the pseudonym of its client."""
    pairs = list(objects)
    driver = await db.driver()
    await driver.execute(
        _JOURNAL, action, object_type, [one for one, _ in pairs], [each for _, each in pairs]
    )
