"""A member of a client's household, as something else writes down for whom it is: a client, or a name."""

from typing import TypedDict
from uuid import UUID

from app.access.context import Context
from app.clients.restrictions.gate import require_processing
from app.kit.errors import Invalid

_MEMBER = """SELECT member_client_id, name AS member_name, relation, is_kept_apart,
    member_client_id IS NULL OR EXISTS (SELECT FROM clients c WHERE c.id = member_client_id) AS is_seen
FROM household_members WHERE id = $1 AND client_id = $2"""


class Member(TypedDict):
    """The columns that say for whom; all empty for the client in person."""

    member_client_id: UUID | None
    member_name: str | None
    relation: str | None


NOBODY_ELSE: Member = {"member_client_id": None, "member_name": None, "relation": None}


async def member_of(ctx: Context, client_id: UUID, member_id: UUID | None, place: str) -> Member:
    """Return for whom something is; 422 at this place for somebody unknown, unseen or kept apart.

    Raises 409 for a member who is a client whose own data are only kept.
    """
    if member_id is None:
        return NOBODY_ELSE
    found = await (await ctx.db.driver()).fetchrow(_MEMBER, member_id, client_id)
    if found is None or not found["is_seen"]:
        raise Invalid.at(place, "unknown_member", "This is nobody of the household whom you can see.")
    if found["is_kept_apart"]:
        raise Invalid.at(place, "kept_apart", "This member is kept apart from the client.")
    await require_member_processing(ctx, found["member_client_id"])
    return {name: found[name] for name in NOBODY_ELSE}  # type: ignore[return-value]


async def require_member_processing(ctx: Context, member_client_id: UUID | None) -> None:
    """Raise 409 where something is for another client of the household whose data are only kept."""
    if member_client_id is not None:
        await require_processing(ctx, member_client_id)
