"""Sealing a column of a table anew after a change of keys, by the operator in the migration role.

Can be interrupted and repeated, beside a running application; each batch is one transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from app.kit.sealing import FieldKeys, Unsealable

BATCH = 500


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A sealed column, the columns that say where its values belong, and how one is sealed anew."""

    table: str
    column: str
    place: Sequence[str]
    again: Callable[[FieldKeys, str, tuple[str, ...]], str]

    @property
    def _older(self) -> str:
        return f"{self.column} IS NOT NULL AND split_part({self.column}, '.', 2) <> $1"

    async def rotate(self, url: str, keys: FieldKeys) -> tuple[int, list[UUID]]:
        """Seal anew what older keys sealed; return how many, and the ids of those that do not open."""
        place = ", ".join(self.place)
        take = f"""SELECT municipal_area_id, id, {self.column} AS sealed, ARRAY[{place}]::text[] AS place
        FROM {self.table} WHERE {self._older} AND (municipal_area_id, id) > ($2, $3)
        ORDER BY municipal_area_id, id LIMIT $4 FOR UPDATE"""
        put = f"UPDATE {self.table} SET {self.column} = $3 WHERE municipal_area_id = $1 AND id = $2"
        connection = await asyncpg.connect(url)
        done, unopened, after = 0, [], ("", UUID(int=0))
        try:
            while True:
                async with connection.transaction():
                    await connection.execute("SET LOCAL ROLE kim_owner")
                    rows = await connection.fetch(take, keys.sealing.current, *after, BATCH)
                    for row in rows:
                        try:
                            sealed = self.again(keys, row["sealed"], tuple(row["place"]))
                        except Unsealable:
                            unopened.append(row["id"])
                            continue
                        await connection.execute(put, row["municipal_area_id"], row["id"], sealed)
                        done += 1
                if not rows:
                    return done, unopened
                after = (rows[-1]["municipal_area_id"], rows[-1]["id"])
        finally:
            await connection.close()

    async def left(self, url: str, keys: FieldKeys) -> int:
        """Return how many values still need an older key."""
        connection = await asyncpg.connect(url)
        try:
            async with connection.transaction():
                await connection.execute("SET LOCAL ROLE kim_owner")
                count = f"SELECT count(*) FROM {self.table} WHERE {self._older}"
                return int(await connection.fetchval(count, keys.sealing.current))
        finally:
            await connection.close()
