"""Behind the code the database holds restricted data by itself, and lets nobody lift quietly."""

from uuid import UUID

import asyncpg
import pytest

from tests.cases.arrange import open_case
from tests.clients.arrange import new_client
from tests.clients.test_restrictions import restrict, step, use
from tests.world import World

BEHIND_THE_CODE = (
    """INSERT INTO tasks (municipal_area_id, id, case_id, title, due_on, assignee_id, created_by)
    VALUES (ctx_area(), gen_random_uuid(), '{case}', 'x', '2030-01-01', ctx_user(), ctx_user())""",
    """INSERT INTO contacts (municipal_area_id, id, case_id, happened_at, contact_type, author_id)
    VALUES (ctx_area(), gen_random_uuid(), '{case}', now(), 'phone', ctx_user())""",
    """INSERT INTO goals (municipal_area_id, id, case_id, life_domain, wording, set_on)
    VALUES (ctx_area(), gen_random_uuid(), '{case}', 'work', 'x', '2026-01-01')""",
)


@pytest.mark.parametrize("sql", BEHIND_THE_CODE)
async def test_database_refuses_a_use_and_lets_it_pass_without_its_trigger(world: World, sql: str) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    await restrict(manager, client_id)
    statement = sql.format(case=case_id, client=client_id)
    table = sql.split()[2]
    with pytest.raises(asyncpg.CheckViolationError) as caught:
        async with world.sql(manager) as db:
            await (await db.driver()).execute(statement)
    assert caught.value.constraint_name == "ck_clients_processing_restricted"
    await world.admin.execute(f"ALTER TABLE {table} DISABLE TRIGGER hold_use")
    try:
        async with world.sql(manager) as db:
            await (await db.driver()).execute(statement)
    finally:
        await world.admin.execute(f"ALTER TABLE {table} ENABLE TRIGGER hold_use")


async def test_every_table_that_leaves_or_counts_holds_by_itself(world: World) -> None:
    rows = await world.admin.fetch(
        "SELECT tgrelid::regclass::text AS of FROM pg_trigger WHERE tgname = 'hold_use' AND tgenabled = 'O'"
    )
    assert {row["of"] for row in rows} >= {
        "referrals", "referral_packages", "barrier_reports", "barrier_persons", "contacts", "assessments",
        "goals", "measures", "tasks", "interpretings",
    }  # fmt: skip


async def test_application_cannot_lift_without_having_told(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    made = await restrict(manager, client_id)
    with pytest.raises(asyncpg.CheckViolationError):
        async with world.sql(manager) as db:
            await (await db.driver()).execute(
                "UPDATE processing_restrictions SET lifted_at = now(), lifted_by = ctx_user(),"
                " lift_reason = 'x' WHERE id = $1",
                UUID(made["id"]),
            )


async def test_restriction_of_somebody_else_is_unknown(world: World) -> None:
    manager, other = await world.case_manager(), await world.case_manager()
    client_id = await new_client(manager)
    made = await restrict(manager, client_id)
    assert (await other.get(f"/v1/clients/{client_id}/restrictions")).status_code == 404
    assert (await step(other, made, "announce", {"how": "Anruf"})).status_code == 404
    assert (await use(other, client_id)).status_code == 404
