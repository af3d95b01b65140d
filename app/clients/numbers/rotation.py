"""Sealing all official numbers anew after a change of keys, by the operator in the migration role."""

from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from app.kit.sealing import FieldKeys, Unsealable

BATCH = 500

_OLDER = "(split_part(sealed, '.', 2) <> $1 OR split_part(mark, '.', 1) <> $2)"
_TAKE = f"""SELECT municipal_area_id, id, client_id, kind, sealed FROM official_numbers
WHERE {_OLDER} AND (municipal_area_id, id) > ($3, $4) ORDER BY municipal_area_id, id LIMIT $5 FOR UPDATE"""
_PUT = "UPDATE official_numbers SET sealed = $3, mark = $4 WHERE municipal_area_id = $1 AND id = $2"
_LEFT = f"SELECT count(*) FROM official_numbers WHERE {_OLDER}"


@dataclass
class Rotation:
    """How many were sealed anew, and the ids of those that do not open: they stay as they are."""

    done: int = 0
    unopened: list[UUID] = field(default_factory=list)


async def rotate_numbers(url: str, keys: FieldKeys) -> Rotation:
    """Seal and mark anew what was made with older keys.

    Can be interrupted and repeated, beside a running application; each batch is one transaction.
    """
    connection = await asyncpg.connect(url)
    rotation, after = Rotation(), ("", UUID(int=0))
    try:
        while (last := await _rotate_batch(connection, keys, after, rotation)) is not None:
            after = last
        return rotation
    finally:
        await connection.close()


async def numbers_left(url: str, keys: FieldKeys) -> int:
    """Return how many numbers still need an older key; at 0 the older keys can be dropped from the file."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL ROLE kim_owner")
            return int(await connection.fetchval(_LEFT, keys.sealing.current, keys.marking.current))
    finally:
        await connection.close()


async def _rotate_batch(
    connection: asyncpg.Connection, keys: FieldKeys, after: tuple[str, UUID], rotation: Rotation
) -> tuple[str, UUID] | None:
    """Rotate the next rows in the order of their keys and return the last key; none when all are done."""
    done, unopened = 0, []
    async with connection.transaction():
        await connection.execute("SET LOCAL ROLE kim_owner")
        rows = await connection.fetch(_TAKE, keys.sealing.current, keys.marking.current, *after, BATCH)
        for row in rows:
            area, kind = row["municipal_area_id"], row["kind"]
            place = (area, str(row["client_id"]), kind)
            try:
                number = keys.unseal(row["sealed"], *place)
            except Unsealable:
                unopened.append(row["id"])
                continue
            sealed, mark = keys.seal(number, *place), keys.mark(number, area, kind)
            await connection.execute(_PUT, area, row["id"], sealed, mark)
            done += 1
    rotation.done += done
    rotation.unopened += unopened
    return (rows[-1]["municipal_area_id"], rows[-1]["id"]) if rows else None
