"""A restriction hides somebody who may be in danger: who lifts it, and who hears of that."""

from uuid import UUID

import asyncpg
import pytest

from tests.cases.arrange import close, open_case, register
from tests.clients.arrange import etag_of, new_client
from tests.referrals.arrange import assign
from tests.world import Person, World

LIFT = "UPDATE clients SET is_restricted = false WHERE id = $1"


async def lift(person: Person, client_id: str) -> int:
    path = f"/v1/clients/{client_id}"
    answer = await person.patch(path, {"is_restricted": False}, if_match=await etag_of(person, path))
    return answer.status_code


async def told(person: Person) -> list[tuple[str, str]]:
    inbox = (await person.get("/v1/me/notifications")).json()["items"]
    return [
        (each["object_type"], each["object_id"]) for each in inbox if each["kind"] == "restriction_lifted"
    ]


async def is_hidden(world: World, client_id: str) -> bool:
    hidden: bool = await world.admin.fetchval(
        "SELECT is_restricted FROM clients WHERE id = $1", UUID(client_id)
    )
    return hidden


@pytest.mark.parametrize("kind", ["member", "deputy", "registrar"])
async def test_only_the_lead_lifts_and_everybody_else_is_told(world: World, kind: str) -> None:
    lead, other, past = [await world.case_manager() for _ in range(3)]
    client_id = await new_client(lead, is_restricted=True)
    case_id = await open_case(lead, client_id)
    if kind == "registrar":
        await register(world, other, client_id, await world.unit())
    else:
        await assign(world, other, client_id, case_id, kind)
    await assign(world, past, client_id, case_id)
    await world.admin.execute("UPDATE assignments SET active_until = now() WHERE user_id = $1", past.user_id)
    assert await lift(other, client_id) == 403
    assert (await is_hidden(world, client_id), await told(lead)) == (True, [])
    assert await lift(lead, client_id) == 200
    assert not await is_hidden(world, client_id)
    assert await told(other) == [("client", client_id)]
    assert await told(lead) == await told(past) == []


async def test_registrar_lifts_as_long_as_nobody_leads(world: World) -> None:
    registrar, lead = await world.case_manager(), await world.case_manager()
    client_id = await new_client(registrar, is_restricted=True)
    await assign(world, lead, client_id, await open_case(registrar, client_id), "lead")
    await world.admin.execute(
        "UPDATE assignments SET active_until = now() WHERE user_id = $1 AND kind = 'lead'", registrar.user_id
    )
    assert await lift(registrar, client_id) == 403
    await world.admin.execute("UPDATE memberships SET ended_at = now() WHERE user_id = $1", lead.user_id)
    assert await lift(registrar, client_id) == 200


async def test_lead_of_a_closed_case_lifts_nothing_while_another_one_runs(world: World) -> None:
    past, lead = await world.case_manager(), await world.case_manager()
    client_id = await new_client(past, is_restricted=True)
    closed = await open_case(past, client_id)
    await assign(world, lead, client_id, closed)
    running = await open_case(past, client_id, kind="counselling")
    await world.admin.execute(
        "UPDATE assignments SET user_id = $2 WHERE case_id = $1 AND kind = 'lead'",
        UUID(running),
        lead.user_id,
    )
    await close(past, closed)
    assert await lift(past, client_id) == 403
    await close(lead, running)
    assert await lift(lead, client_id) == 200


async def test_deputy_hides_somebody_and_lifts_nothing_past_the_api(world: World) -> None:
    lead, deputy = await world.case_manager(), await world.case_manager()
    client_id = await new_client(lead)
    await assign(world, deputy, client_id, await open_case(lead, client_id), "deputy")
    path = f"/v1/clients/{client_id}"
    hidden = await deputy.patch(path, {"is_restricted": True}, if_match=await etag_of(deputy, path))
    assert hidden.status_code == 200, hidden.text
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only the lead"):
        async with world.sql(deputy) as db:
            await (await db.driver()).execute(LIFT, UUID(client_id))
    async with world.sql(lead) as db:  # the opposite
        await (await db.driver()).execute(LIFT, UUID(client_id))
    assert await told(deputy) == [("client", client_id)]


async def test_without_the_trigger_a_deputy_lifts_and_it_is_noticed(world: World) -> None:
    lead, deputy = await world.case_manager(), await world.case_manager()
    client_id = await new_client(lead, is_restricted=True)
    await assign(world, deputy, client_id, await open_case(lead, client_id), "deputy")
    await world.admin.execute("ALTER TABLE clients DISABLE TRIGGER refuse_lifting")
    try:
        async with world.sql(deputy) as db:
            await (await db.driver()).execute(LIFT, UUID(client_id))
    finally:
        await world.admin.execute("ALTER TABLE clients ENABLE TRIGGER refuse_lifting")
    assert not await is_hidden(world, client_id)
    assert await told(lead) == [("client", client_id)]
