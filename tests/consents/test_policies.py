"""Consents at the database: the second lock."""

from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.consents.queries import has_documentation_consent
from app.kit.ids import new_id
from tests.cases.arrange import open_case, register
from tests.clients.arrange import new_client
from tests.consents.arrange import give_consent, withdraw
from tests.referrals.arrange import assign
from tests.world import Person, World


async def test_others_select_nothing(world: World) -> None:
    manager = await world.case_manager()
    await give_consent(manager, await new_client(manager))
    others = [
        await world.case_manager(),
        await world.person(Role.TEAM_LEAD),
        await world.person(Role.PRIVACY_OFFICER),
        await world.person(Role.PARTNER_USER),
        await (await world.neighbour()).case_manager(),
    ]
    for person in others:
        async with world.sql(person) as db:
            assert await (await db.driver()).fetch("SELECT id FROM consents") == []
    async with world.sql(manager) as db:
        assert len(await (await db.driver()).fetch("SELECT id FROM consents")) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE consents SET data_categories = '{health}'",
        "UPDATE consents SET valid_until = '2199-01-01'",
        "UPDATE consents SET institution_id = gen_random_uuid()",
        "DELETE FROM consents",
    ],
)
async def test_team_itself_cannot_rewrite_what_was_agreed(world: World, sql: str) -> None:
    manager = await world.case_manager()
    await give_consent(manager, await new_client(manager))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(manager) as db:
            await (await db.driver()).execute(sql)


async def test_documentation_consent_covers_all_cases_or_its_own(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    first, second = await open_case(manager, client_id), await open_case(manager, client_id)

    async def covered(*cases: str) -> list[bool]:
        from app.access.context import Actor, Context
        from app.access.permissions import Permission
        from app.kit.clock import local_date, utc_now

        async with world.sql(manager) as db:
            actor = Actor(manager.user_id, manager.account_id, manager.session_id, world.area, ())
            ctx = Context(db, actor, Permission.CASE_WORK, utc_now(), world.app.state.gate.wiring)
            today = local_date(ctx.now)
            return [
                await has_documentation_consent(ctx, UUID(client_id), UUID(case), today) for case in cases
            ]

    assert await covered(first, second) == [False, False]
    await give_consent(manager, client_id, case_id=first)
    assert await covered(first, second) == [True, False]
    consent_id = await give_consent(manager, client_id)
    assert await covered(first, second) == [True, True]
    await withdraw(manager, consent_id)
    assert await covered(first, second) == [True, False]
    institution_id = await world.institution()
    await give_consent(manager, client_id, institution_id)
    assert await covered(second) == [False]


async def test_what_is_bound_to_a_case_is_shown_to_those_on_it_alone(world: World) -> None:
    anja, sabine, ben = [await world.case_manager() for _ in range(3)]
    client_id = await new_client(anja)
    mine, other = await open_case(anja, client_id), await open_case(anja, client_id)
    general = await give_consent(anja, client_id)
    bound = await give_consent(anja, client_id, case_id=mine)
    await assign(world, sabine, client_id, other)
    await register(world, ben, client_id, await world.unit())
    for person in (sabine, ben):
        listed = (await person.get("/v1/consents", client_id=client_id)).json()["items"]
        assert [each["id"] for each in listed] == [general]
        assert (await person.get(f"/v1/consents/{bound}")).status_code == 404
        gone = await person.post(f"/v1/consents/{bound}/withdraw", {"channel": "phone"})
        assert gone.status_code == 404
        async with world.sql(person) as db:
            found = await (await db.driver()).fetch("SELECT id FROM consents")
            assert [str(row["id"]) for row in found] == [general]
    seen = (await anja.get("/v1/consents", client_id=client_id)).json()["items"]
    assert {each["id"] for each in seen} == {general, bound}


FOLLOW = """INSERT INTO consents SELECT (jsonb_populate_record(c, jsonb_build_object('id', $2::uuid,
    'follows_id', $3::uuid))).* FROM consents c WHERE c.id = $1"""
LOCK = "SELECT lock_withdrawn($1, false, now())"
WITHDRAW = "SELECT consent_id FROM withdraw_consents($1, false, 'phone', NULL, now(), now())"


async def follow(world: World, person: Person, own: str, followed: str) -> UUID:
    """Record a consent like one's own, in SQL, that follows another; return its id."""
    made = new_id()
    async with world.sql(person) as db:
        await (await db.driver()).execute(FOLLOW, UUID(own), made, UUID(followed))
    return made


async def test_consent_follows_none_of_another_client(world: World) -> None:
    anja, ben = await world.case_manager(), await world.case_manager()
    client_id = await new_client(anja)
    own, older = await give_consent(anja, client_id), await give_consent(anja, client_id)
    foreign = await give_consent(ben, await new_client(ben))
    with pytest.raises(asyncpg.CheckViolationError, match="no such consent of this client"):
        await follow(world, anja, own, foreign)
    await follow(world, anja, own, older)


async def test_withdrawal_reaches_nobody_else_through_a_chain(world: World) -> None:
    anja, ben = await world.case_manager(), await world.case_manager()
    client_id = await new_client(anja)
    own, foreign = await give_consent(anja, client_id), await give_consent(ben, await new_client(ben))
    older = await give_consent(anja, client_id)
    await world.admin.execute("ALTER TABLE consents DISABLE TRIGGER follow_same_client")
    try:
        bait = await follow(world, anja, own, foreign)
        renewed = await follow(world, anja, own, older)
    finally:
        await world.admin.execute("ALTER TABLE consents ENABLE TRIGGER follow_same_client")
    for named, meant in ((bait, {bait}), (renewed, {renewed, UUID(older)})):
        async with world.sql(anja) as db:
            driver = await db.driver()
            assert await driver.fetchval(LOCK, named)
            assert {row[0] for row in await driver.fetch(WITHDRAW, named)} == meant
    assert (await ben.get(f"/v1/consents/{foreign}")).json()["withdrawn_at"] is None
