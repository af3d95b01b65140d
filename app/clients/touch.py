"""A person's page changes when any part of it does: locks the client and moves its version."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.kit.errors import NotFound

_RESTRICT = "UPDATE clients SET is_restricted = true WHERE id = $1 AND NOT is_restricted RETURNING pseudonym"
_TOUCH = "UPDATE clients SET version = version WHERE id = $1 RETURNING pseudonym"


async def touch_client(ctx: Context, client_id: UUID) -> UUID:
    """Lock a client, move its version and return the pseudonym for the journal; 404 where none is seen."""
    driver = await ctx.db.driver()
    pseudonym: UUID | None = await driver.fetchval(_TOUCH, client_id)
    if pseudonym is None:
        raise NotFound
    return pseudonym


async def restrict_client(ctx: Context, client_id: UUID) -> None:
    """Make a person invisible outside the assigned team; their cases and assignments follow by trigger."""
    driver = await ctx.db.driver()
    pseudonym = await driver.fetchval(_RESTRICT, client_id)
    if pseudonym is not None:
        await journal.record(
            ctx.db, "client.restrict", "client", client_id, clients=[pseudonym], changed=["is_restricted"]
        )
