"""A person's page changes when any part of it does: locks the client and moves its version."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.kit.errors import Conflict, NotFound

_RESTRICT = "UPDATE clients SET is_restricted = true WHERE id = $1 AND NOT is_restricted RETURNING pseudonym"
_TOUCH = """UPDATE clients SET version = version WHERE id = $1 AND processing_restricted_at IS NULL
RETURNING pseudonym"""
_LOCK_KEPT = "SELECT pseudonym FROM clients WHERE id = $1 FOR UPDATE"
_KEPT_ENTRY = """SELECT EXISTS (SELECT FROM processing_restrictions
WHERE entry_id = $1 AND lifted_at IS NULL)"""
_SEEN = "SELECT EXISTS (SELECT FROM clients WHERE id = $1)"


async def touch_client(ctx: Context, client_id: UUID) -> UUID:
    """Lock a client, move its version and return the pseudonym for the journal.

    Raises 404 where none is seen and 409 for somebody whose data may only be kept.
    """
    driver = await ctx.db.driver()
    pseudonym: UUID | None = await driver.fetchval(_TOUCH, client_id)
    if pseudonym is None:
        if await driver.fetchval(_SEEN, client_id):
            raise processing_restricted()
        raise NotFound
    return pseudonym


async def touch_kept_client(ctx: Context, client_id: UUID) -> UUID:
    """Do the same for what stays possible while the data are only kept; then the version stays too."""
    driver = await ctx.db.driver()
    pseudonym: UUID | None = await driver.fetchval(_TOUCH, client_id)
    if pseudonym is None:
        pseudonym = await driver.fetchval(_LOCK_KEPT, client_id)
    if pseudonym is None:
        raise NotFound
    return pseudonym


async def is_restricted_entry(ctx: Context, entry_id: UUID) -> bool:
    """Return whether one period is only kept (Art. 18 GDPR)."""
    driver = await ctx.db.driver()
    return bool(await driver.fetchval(_KEPT_ENTRY, entry_id))


def processing_restricted() -> Conflict:
    """Return the error for a use of data that are only kept (Art. 18 GDPR)."""
    return Conflict(
        "The data of this person are only kept (Art. 18 GDPR): on request, or after a consent was withdrawn.",
        code="processing_restricted",
    )


async def restrict_client(ctx: Context, client_id: UUID) -> None:
    """Make a person invisible outside the assigned team; their cases and assignments follow by trigger."""
    driver = await ctx.db.driver()
    pseudonym = await driver.fetchval(_RESTRICT, client_id)
    if pseudonym is not None:
        await journal.record(
            ctx.db, "client.restrict", "client", client_id, clients=[pseudonym], changed=["is_restricted"]
        )
