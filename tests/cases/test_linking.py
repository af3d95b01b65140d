"""A referral is evidence of linking, recorded by the package above."""

from uuid import UUID, uuid4

from app.access.context import Context
from app.access.guard import SessionOpening
from app.access.permissions import Permission
from app.cases.linking import record_linking
from app.kit.clock import utc_now
from app.kit.events import Wiring
from tests.cases.arrange import in_phase, step
from tests.world import Person, World


async def link(world: World, person: Person, case_id: str, referral_id: UUID) -> None:
    opening = SessionOpening(person.session_id, person.roles, "test")
    async with world.app.state.gate.database.transaction(opening) as db:
        assert opening.actor is not None
        ctx = Context(db, opening.actor, Permission.REFERRAL_SEND, utc_now(), Wiring())
        await record_linking(ctx, UUID(case_id), referral_id)


async def test_phase_linking_is_left_with_a_referral(world: World) -> None:
    amira = await world.case_manager()
    case_id = await in_phase(world, amira, "linking")
    await link(world, amira, case_id, uuid4())
    await step(amira, case_id, "monitoring")


async def test_same_referral_is_recorded_once(world: World) -> None:
    amira = await world.case_manager()
    case_id, referral_id = await in_phase(world, amira, "linking"), uuid4()
    for _ in range(2):
        await link(world, amira, case_id, referral_id)
    counted = "SELECT count(*) FROM case_linkings WHERE case_id = $1"
    assert await world.admin.fetchval(counted, UUID(case_id)) == 1
