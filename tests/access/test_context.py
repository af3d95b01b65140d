"""The context of a transaction."""

from app.access.roles import Role
from tests.world import World


async def test_context_names_the_person_and_their_roles(world: World) -> None:
    manager = await world.case_manager()
    async with world.sql(manager) as db:
        row = await (await db.driver()).fetchrow("SELECT ctx_user(), ctx_area(), ctx_roles()")
    assert tuple(row) == (manager.user_id, world.area, [Role.CASE_MANAGER])
