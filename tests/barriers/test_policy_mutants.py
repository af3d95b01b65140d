"""Every policy that keeps a secret here is broken once on purpose, and the breach must show."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from tests.barriers.arrange import file_barrier
from tests.cases.arrange import a_client, open_case, register
from tests.obstacles.arrange import in_project_group, new_obstacle
from tests.world import Person, World

Breach = Callable[[World], Awaitable[int]]


@asynccontextmanager
async def altered(world: World, table: str, policy: str) -> AsyncIterator[None]:
    """Let a policy show or accept everything, for as long as the block runs."""
    kind = await world.admin.fetchrow(
        """SELECT pg_get_expr(polqual, polrelid) AS using, pg_get_expr(polwithcheck, polrelid) AS checked
        FROM pg_policy WHERE polrelid = $1::regclass AND polname = $2""",
        table,
        policy,
    )
    parts = {"USING": kind["using"], "WITH CHECK": kind["checked"]}
    alter = f"ALTER POLICY {policy} ON {table} "
    await world.admin.execute(alter + " ".join(f"{word} (true)" for word, old in parts.items() if old))
    try:
        yield
    finally:
        await world.admin.execute(alter + " ".join(f"{word} ({old})" for word, old in parts.items() if old))


async def rows(world: World, person: Person, table: str, column: str = "*") -> int:
    async with world.sql(person) as db:
        found: int = await (await db.driver()).fetchval(f"SELECT count({column}) FROM {table}")
        return found


async def _reported(world: World) -> tuple[Person, str]:
    manager = await world.case_manager()
    case = await open_case(manager, await a_client(world, manager))
    report = await file_barrier(manager, case)
    body = {"text": "Am Schalter spricht niemand Englisch.", "institution_type": "jobcenter"}
    written = await manager.post("/v1/observations", {**body, "barrier_report_id": report["id"]})
    assert written.status_code == 201, written.text
    return manager, str(report["id"])


async def colleague_reads_reports(world: World) -> int:
    await _reported(world)
    return await rows(world, await world.case_manager(), "barrier_reports")


async def colleague_reads_persons(world: World) -> int:
    """One who knows the person and is not on the case: to others the person is hidden by another policy."""
    await _reported(world)
    colleague = await world.case_manager()
    client = await world.admin.fetchval(
        "SELECT client_id FROM barrier_persons WHERE municipal_area_id = $1", world.area
    )
    await register(world, colleague, str(client), await world.unit())
    return await rows(world, colleague, "barrier_persons")


async def neighbour_reads_through_the_tenant(world: World) -> int:
    await _reported(world)
    stranger = await (await world.neighbour()).person(Role.COORDINATOR)
    await world.admin.execute("UPDATE observations SET visible_from = '2026-01-05'")
    return await rows(world, stranger, "observations", "id")


async def coordinator_reads_this_weeks_observation(world: World) -> int:
    await _reported(world)
    return await rows(world, await world.person(Role.COORDINATOR), "observations", "id")


async def coordinator_reads_who_wrote(world: World) -> int:
    await _reported(world)
    return await rows(world, await world.person(Role.COORDINATOR), "observation_sources")


async def colleague_adds_a_figure(world: World) -> int:
    manager, report = await _reported(world)
    colleague = await world.case_manager()
    try:
        async with world.sql(colleague) as db:
            await (await db.driver()).execute(
                """INSERT INTO barrier_figures (municipal_area_id, id, report_id, reported_on, quarter, year,
                person_key, household_key, contributor_id, unit_id, barrier_type, barrier_category,
                is_sensitive, effect, residence_group, nationality_group, sex)
                VALUES ($1, gen_random_uuid(), $2, '2026-01-01', '2026Q1', 2026, gen_random_uuid(),
                gen_random_uuid(), $3, $4, 'B1', 'B', false, 'none', 'duldung', 'syria', 'w')""",
                world.area, UUID(report), manager.user_id, await world.unit(),
            )  # fmt: skip
    except asyncpg.InsufficientPrivilegeError:
        return 0
    return 1


async def steering_member_reads_a_draft(world: World) -> int:
    await new_obstacle(await world.person(Role.COORDINATOR))
    return await rows(world, await world.person(Role.STEERING_MEMBER), "obstacles")


async def case_manager_reads_measures(world: World) -> int:
    await in_project_group(world, await world.person(Role.COORDINATOR))
    return await rows(world, await world.case_manager(), "obstacle_measures")


async def somebody_reads_anothers_inbox(world: World) -> int:
    reader, other = await world.case_manager(), await world.case_manager()
    await world.admin.execute(
        """INSERT INTO notifications
        (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
        VALUES ($1, gen_random_uuid(), $2, 'task_assigned', 'task', gen_random_uuid(), now())""",
        world.area,
        other.user_id,
    )
    return await rows(world, reader, "notifications")


@pytest.mark.parametrize(
    ("table", "policy", "breach"),
    [
        ("barrier_reports", "team", colleague_reads_reports),
        ("barrier_persons", "team", colleague_reads_persons),
        ("barrier_figures", "file", colleague_adds_a_figure),
        ("observations", "tenant", neighbour_reads_through_the_tenant),
        ("observations", "coordinate", coordinator_reads_this_weeks_observation),
        ("observation_sources", "team", coordinator_reads_who_wrote),
        ("obstacles", "steer", steering_member_reads_a_draft),
        ("obstacle_measures", "read", case_manager_reads_measures),
        ("notifications", "own", somebody_reads_anothers_inbox),
    ],
)
async def test_breach_shows_with_the_policy_broken_and_not_as_built(
    world: World, table: str, policy: str, breach: Breach
) -> None:
    assert await breach(world) == 0
    async with altered(world, table, policy):
        assert await breach(await world.neighbour()) > 0
    assert await breach(await world.neighbour()) == 0
