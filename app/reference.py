"""Reference data that a database needs besides its schema: catalogues, areas, the texts of consents."""

import asyncpg

from app.catalogues.loading import load_catalogues
from app.consents.texts import store_texts


async def load_reference(url: str) -> None:
    """Load or renew all of it, as the owner; nothing that is in use is deleted."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET ROLE kim_owner")
        await load_catalogues(connection)
        await store_texts(connection)
    finally:
        await connection.close()
