"""Who works on an obstacle: units and institutions in its working group and its project group."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.errors import Invalid, NotFound
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.obstacles.models import Obstacle, ObstacleMember
from app.obstacles.schemas import ObstacleMemberAdd, ObstacleMemberChange
from app.obstacles.writing import require_not_merged, require_one_place


async def add_member(ctx: Context, obstacle_id: UUID, body: ObstacleMemberAdd) -> UUID:
    """Add an office to one of the groups; 422 unless exactly one institution or unit is named."""
    require_not_merged(await locked(ctx.db, Obstacle, obstacle_id))
    require_one_place(body.institution_id, body.unit_id)
    values = body.model_dump()
    values["joined_on"] = body.joined_on or local_date(ctx.now)
    member = ObstacleMember(
        municipal_area_id=ctx.actor.municipal_area_id, id=new_id(), obstacle_id=obstacle_id, **values
    )
    ctx.db.add(member)
    await journal.record(ctx.db, "obstacle_member.add", "obstacle_member", member.id)
    return member.id


async def change_member(
    ctx: Context, obstacle_id: UUID, member_id: UUID, body: ObstacleMemberChange, expected: Expected
) -> None:
    """Change who answers for an office, or since when it takes part no more."""
    member = await locked(ctx.db, ObstacleMember, member_id, expected)
    if member.obstacle_id != obstacle_id:
        raise NotFound
    changed = apply(member, body.model_dump(exclude_unset=True), required=("responsible", "leads"))
    if member.left_on is not None and member.left_on < member.joined_on:
        raise Invalid.at("body.left_on", "before_begin", "Nobody leaves before joining.")
    await journal.record(ctx.db, "obstacle_member.change", "obstacle_member", member_id, changed=changed)
