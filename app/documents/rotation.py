"""Sealing the keys of documents anew after a change of keys; their bytes stay as they are."""

from uuid import UUID

import asyncpg

from app.documents.envelope import seal_key, unseal_key
from app.kit.sealing import FieldKeys, Unsealable

BATCH = 500

_OLDER = "sealed_key IS NOT NULL AND split_part(sealed_key, '.', 2) <> $1"
_TAKE = f"""SELECT municipal_area_id, id, sealed_key FROM documents
WHERE {_OLDER} AND (municipal_area_id, id) > ($2, $3) ORDER BY municipal_area_id, id LIMIT $4 FOR UPDATE"""
_PUT = "UPDATE documents SET sealed_key = $3 WHERE municipal_area_id = $1 AND id = $2"
_LEFT = f"SELECT count(*) FROM documents WHERE {_OLDER}"


async def rotate_document_keys(url: str, keys: FieldKeys) -> tuple[int, list[UUID]]:
    """Seal anew what older keys sealed; return how many, and the ids of those that do not open.

    Can be interrupted and repeated, beside a running application; each batch is one transaction.
    """
    connection = await asyncpg.connect(url)
    done, unopened, after = 0, [], ("", UUID(int=0))
    try:
        while True:
            async with connection.transaction():
                await connection.execute("SET LOCAL ROLE kim_owner")
                rows = await connection.fetch(_TAKE, keys.sealing.current, *after, BATCH)
                for row in rows:
                    area, identity = row["municipal_area_id"], row["id"]
                    try:
                        key = unseal_key(keys, row["sealed_key"], area, str(identity))
                    except Unsealable:
                        unopened.append(identity)
                        continue
                    await connection.execute(_PUT, area, identity, seal_key(keys, key, area, str(identity)))
                    done += 1
            if not rows:
                return done, unopened
            after = (rows[-1]["municipal_area_id"], rows[-1]["id"])
    finally:
        await connection.close()


async def document_keys_left(url: str, keys: FieldKeys) -> int:
    """Return how many documents still need an older key."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL ROLE kim_owner")
            return int(await connection.fetchval(_LEFT, keys.sealing.current))
    finally:
        await connection.close()
