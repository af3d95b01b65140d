"""What a partner sees at the database itself, in SQL: the same, and nothing that it could rewrite."""

from itertools import product
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.referrals.rules import TASK, Side, Task
from tests.referrals.arrange import a_scene, draft, sent, step
from tests.world import Person, World


async def rows(world: World, person: Person, sql: str) -> list[Any]:
    async with world.sql(person) as db:
        return list(await (await db.driver()).fetch(sql))


async def test_partner_cannot_select_case_or_client_at_the_database(world: World) -> None:
    scene = await a_scene(world)
    await sent(scene)
    for table in ("referrals", "cases", "clients", "consents", "disclosure_log", "referral_events",
                  "referral_answers", "assignments"):  # fmt: skip
        assert await rows(world, scene.partner, f"SELECT * FROM {table}") == [], table
    columns = await world.admin.fetch(
        """SELECT table_name, column_name FROM information_schema.columns
        WHERE table_name IN ('referral_requests', 'referral_packages')
            AND column_name IN ('case_id', 'client_id')"""
    )
    assert columns == []
    for table in ("referral_requests", "referral_packages"):
        assert len(await rows(world, scene.partner, f"SELECT id FROM {table}")) == 1, table


async def test_others_select_nothing_at_the_database(world: World) -> None:
    scene = await a_scene(world)
    await sent(scene)
    await draft(scene)
    neighbour = await world.neighbour()
    others = [
        await world.person(Role.PARTNER_USER, institution="sozialamt"),
        await world.person(Role.AUTHORITY_OFFICER, institution="auslaenderbehoerde"),
        await world.case_manager(),
        await world.person(Role.TEAM_LEAD),
        await world.person(Role.COORDINATOR),
        await world.person(Role.PRIVACY_OFFICER),
        await neighbour.person(Role.PARTNER_USER),
        await neighbour.case_manager(),
    ]
    tables = ("referrals", "referral_requests", "referral_packages", "referral_events", "referral_answers")
    for person in others:
        for table in tables:
            assert await rows(world, person, f"SELECT * FROM {table}") == [], (person.roles, table)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE referral_packages SET content = '{}'",
        "UPDATE referral_packages SET withheld_at = NULL",
        "DELETE FROM referral_packages",
        "DELETE FROM referral_requests",
        "UPDATE referral_requests SET institution_id = gen_random_uuid()",
        "UPDATE referral_requests SET channel = 'letter'",
        "UPDATE referral_events SET side = 'system'",
    ],
)
async def test_partner_cannot_rewrite_what_was_sent(world: World, sql: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    path = f"/v1/partner/referrals/{referral_id}"
    before = (await scene.partner.get(path)).json()
    try:
        done = None
        async with world.sql(scene.partner) as db:
            done = await (await db.driver()).execute(sql)
    except asyncpg.InsufficientPrivilegeError:
        pass
    assert done in (None, "UPDATE 0")
    assert (await scene.partner.get(path)).json() == before


async def test_partner_cannot_hang_a_row_on_a_foreign_referral(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    stranger = await world.person(Role.PARTNER_USER, institution="sozialamt")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(stranger) as db:
            await (await db.driver()).execute(
                """INSERT INTO referral_answers (municipal_area_id, id, referral_id, institution_id, at, step,
                text, user_id)
                VALUES (ctx_area(), gen_random_uuid(), $1, $2, now(), 'complete', 'x', ctx_user())""",
                UUID(referral_id),
                stranger.place_id,
            )


STEPS = "SELECT is_step_of_recipient($1, $2)"
REOPEN = "UPDATE referral_requests SET state = $2 WHERE id = $1"


async def test_database_knows_the_steps_of_a_recipient_as_the_rules_have_them(world: World) -> None:
    known = {(each.source, each.target) for each in TASK if each.by is Side.RECIPIENT}
    for source, target in product(Task, Task):
        assert await world.admin.fetchval(STEPS, source, target) is ((source, target) in known), (
            source,
            target,
        )


async def step_in_sql(world: World, referral_id: str, person: Person, state: str) -> str:
    async with world.sql(person) as db:
        return str(await (await db.driver()).execute(REOPEN, UUID(referral_id), state))


@pytest.mark.parametrize("state", ["requested", "accepted", "completed", "cancelled", "revoked"])
async def test_recipient_does_not_reopen_what_was_rejected(world: World, state: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await step(scene, referral_id, "reject", reason="no_capacity")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no step of the recipient"):
        await step_in_sql(world, referral_id, scene.partner, state)
    assert await rows(world, scene.partner, "SELECT id FROM referral_packages") == []


async def test_recipient_that_reopens_what_was_rejected_is_noticed(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await step(scene, referral_id, "reject", reason="no_capacity")
    trigger = "ALTER TABLE referral_requests {} TRIGGER keep_recipient_to_steps"
    await world.admin.execute(trigger.format("DISABLE"))
    try:
        assert await step_in_sql(world, referral_id, scene.partner, "requested") == "UPDATE 1"
    finally:
        await world.admin.execute(trigger.format("ENABLE"))
    assert len(await rows(world, scene.partner, "SELECT id FROM referral_packages")) == 1


async def test_recipient_takes_its_own_steps(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    assert await step_in_sql(world, referral_id, scene.partner, "accepted") == "UPDATE 1"
