"""Row-level security of cases as the second lock: asked in SQL as the application role."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.ids import new_id
from tests.cases.arrange import a_case, in_phase, team_lead
from tests.world import Person, World

CONTENT = (
    "case_contents",
    "case_phases",
    "case_linkings",
    "assessments",
    "assessment_domains",
    "goals",
    "measures",
    "plan_changes",
    "contacts",
    "tasks",
    "task_steps",
)
REASON = {"reason": "Kollegin ist verunglückt"}
CONTACT = {"contact_type": "phone", "happened_at": "2026-03-02T09:00:00Z"}


async def full_case(world: World, person: Person) -> str:
    """Return a case with at least one row in every table of content."""
    case_id = await in_phase(world, person, "linking")
    path = f"/v1/cases/{case_id}"
    domains = [{"life_domain": "work", "state": "need"}]
    goal = await person.post(f"{path}/goals", {"life_domain": "work", "wording": "Arbeit"})
    made = [
        await person.post(f"{path}/assessments", {"assessed_on": "2026-03-01", "domains": domains}),
        await person.post(
            f"{path}/goals/{goal.json()['id']}/measures", {"wording": "Bewerbung", "responsible": "client"}
        ),
        await person.post(f"{path}/contacts", CONTACT),
        await person.post(f"{path}/tasks", {"title": "Anrufen", "due_on": "2030-01-01"}),
        await person.post(f"{path}/phase", {"to": "monitoring", "linking_reason": "Nicht nötig"}),
        await person.patch(f"{path}/goals/{goal.json()['id']}", {"progress": "Geht voran"}, if_match='"1"'),
    ]
    assert [answer.status_code for answer in made] == [201, 201, 201, 201, 200, 200]
    return case_id


async def seen(world: World, person: Person, *tables: str) -> set[str]:
    """Return the tables in which a person sees any row."""
    async with world.sql(person) as db:
        driver = await db.driver()
        return {table for table in tables if await driver.fetchval(f"SELECT EXISTS (SELECT FROM {table})")}


async def execute(world: World, person: Person, statement: str, *arguments: object) -> str:
    """Run a statement in a person's name and return what PostgreSQL says it did."""
    async with world.sql(person) as db:
        return str(await (await db.driver()).execute(statement, *arguments))


@asynccontextmanager
async def weakened(world: World, table: str, policy: str, clause: str) -> AsyncIterator[None]:
    """Let a policy hold nothing back for a while."""
    found = await world.admin.fetchrow(
        "SELECT qual, with_check FROM pg_policies WHERE tablename = $1 AND policyname = $2", table, policy
    )
    assert found is not None
    original = found["qual"] if clause == "USING" else found["with_check"]
    await world.admin.execute(f"ALTER POLICY {policy} ON {table} {clause} (true)")
    try:
        yield
    finally:
        await world.admin.execute(f"ALTER POLICY {policy} ON {table} {clause} ({original})")


async def test_the_case_s_team_sees_its_content(world: World) -> None:
    amira = await world.case_manager()
    await full_case(world, amira)
    assert await seen(world, amira, "cases", *CONTENT) == {"cases", *CONTENT}


@pytest.mark.parametrize(
    ("role", "unit", "shells"),
    [
        (Role.CASE_MANAGER, "KI", set()),
        (Role.TEAM_LEAD, "KI", {"cases"}),
        (Role.TEAM_LEAD, "Caritas", set()),
        (Role.COORDINATOR, "KI", set()),
        (Role.PRIVACY_OFFICER, "KI", set()),
        (Role.ADMIN, "KI", set()),
        (Role.ASSISTANT, "KI", set()),
        (Role.STEERING_MEMBER, "KI", set()),
        (Role.STATE_VIEWER, "KI", set()),
        (Role.PARTNER_USER, "KI", set()),
        (Role.AUTHORITY_OFFICER, "KI", set()),
    ],
)
async def test_others_see_no_content_and_only_the_units_team_lead_shells(
    world: World, role: Role, unit: str, shells: set[str]
) -> None:
    await full_case(world, await world.case_manager())
    other = await world.person(role, unit=unit)
    assert await seen(world, other, "cases", *CONTENT) == shells


async def test_other_area_sees_nothing(world: World) -> None:
    await full_case(world, await world.case_manager())
    neighbour = await world.neighbour()
    for role in (Role.CASE_MANAGER, Role.TEAM_LEAD):
        stranger = await neighbour.person(role)
        assert await seen(world, stranger, "cases", *CONTENT) == set()


@pytest.mark.parametrize("table", CONTENT)
async def test_weakened_policy_is_noticed(world: World, table: str) -> None:
    await full_case(world, await world.case_manager())
    colleague = await world.case_manager()
    async with weakened(world, table, "team", "USING"):
        assert await seen(world, colleague, *CONTENT) == {table}
    assert await seen(world, colleague, *CONTENT) == set()


INSERT = """INSERT INTO contacts (municipal_area_id, id, case_id, contact_type, happened_at, author_id)
VALUES (ctx_area(), gen_random_uuid(), $1, 'phone', now(), ctx_user())"""


async def test_colleague_writes_nothing_into_the_case(world: World) -> None:
    case_id = UUID(await full_case(world, await world.case_manager()))
    colleague = await world.case_manager()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(world, colleague, INSERT, case_id)
    for table in ("case_contents", "goals", "measures", "tasks"):
        assert await execute(world, colleague, f"UPDATE {table} SET version = version") == "UPDATE 0"
    assert await execute(world, colleague, "UPDATE cases SET phase = 'assessment'") == "UPDATE 0"
    async with weakened(world, "contacts", "add", "WITH CHECK"):
        assert await execute(world, colleague, INSERT, case_id) == "INSERT 0 1"


async def test_whoever_broke_the_glass_reads_and_writes_nothing(world: World) -> None:
    case_id = await full_case(world, await world.case_manager())
    lead = await team_lead(world)
    await lead.post(f"/v1/cases/{case_id}/break-glass", REASON)
    assert await seen(world, lead, "cases", *CONTENT) == {"cases", *CONTENT}
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(world, lead, INSERT, UUID(case_id))
    assert await execute(world, lead, "UPDATE tasks SET note = 'x'") == "UPDATE 0"
    assert await execute(world, lead, "UPDATE cases SET phase = 'assessment'") == "UPDATE 0"


OPEN = """INSERT INTO cases (municipal_area_id, id, number, client_id, unit_id, lead_user_id, kind, phase,
    opened_on, is_restricted)
VALUES (ctx_area(), gen_random_uuid(), 'x', $1, $2, $3, 'counselling', $4, current_date, false)"""


async def test_case_is_opened_by_its_lead_at_their_unit_for_their_client_in_intake(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    hers = UUID(await client_of(world, await a_case(world, amira)))
    his = UUID(await client_of(world, await a_case(world, ben)))
    here, elsewhere = await world.unit(), await world.unit("Caritas")
    refused = [
        (his, here, amira.user_id, "intake"),
        (hers, elsewhere, amira.user_id, "intake"),
        (hers, here, ben.user_id, "intake"),
        (hers, here, amira.user_id, "monitoring"),
    ]
    for arguments in refused:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute(world, amira, OPEN, *arguments)
    assert await execute(world, amira, OPEN, hers, here, amira.user_id, "intake") == "INSERT 0 1"


async def test_case_is_at_the_unit_of_its_client_whoever_writes_it(world: World) -> None:
    amira = await world.case_manager()
    case_id = UUID(await a_case(world, amira))
    hers, elsewhere = UUID(await client_of(world, str(case_id))), await world.unit("Caritas")
    await world.also_at(amira, "Caritas")
    with pytest.raises(asyncpg.CheckViolationError, match="another unit"):
        await execute(world, amira, OPEN, hers, elsewhere, amira.user_id, "intake")
    with pytest.raises(asyncpg.CheckViolationError, match="another unit"):
        await world.admin.execute("UPDATE cases SET unit_id = $2 WHERE id = $1", case_id, elsewhere)
    assert (
        await execute(world, amira, OPEN, hers, await world.unit(), amira.user_id, "intake") == "INSERT 0 1"
    )


async def test_new_case_of_a_restricted_client_is_restricted_whatever_is_claimed(world: World) -> None:
    amira = await world.case_manager()
    client_id = UUID(await client_of(world, await a_case(world, amira, restricted=True)))
    await execute(world, amira, OPEN, client_id, await world.unit(), amira.user_id, "intake")
    flags = await world.admin.fetch("SELECT is_restricted FROM cases WHERE client_id = $1", client_id)
    assert [row[0] for row in flags] == [True, True]


@pytest.mark.parametrize("column", ["lead_user_id", "unit_id", "client_id", "is_restricted", "number"])
async def test_shell_keeps_what_only_functions_change(world: World, column: str) -> None:
    amira = await world.case_manager()
    await a_case(world, amira)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(world, amira, f"UPDATE cases SET {column} = {column}")


async def test_statistics_read_no_case(world: World) -> None:
    granted = "SELECT has_any_column_privilege('kim_reporting', $1, 'SELECT')"
    assert await world.admin.fetchval(granted, "barrier_figures")
    assert not await world.admin.fetchval(granted, "cases")


CLOSE = "SELECT close_cases_on_withdrawal($1, NULL, current_date, now())"


async def test_function_closes_nothing_without_a_withdrawn_consent(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    client_id = await client_of(world, case_id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(world, amira, CLOSE, UUID(client_id))


async def client_of(world: World, case_id: str) -> str:
    return str(await world.admin.fetchval("SELECT client_id FROM cases WHERE id = $1", UUID(case_id)))


async def test_lead_who_has_left_the_unit_assigns_and_removes_nobody_and_sees_no_team(world: World) -> None:
    amira, ben, cem = [await world.case_manager() for _ in range(3)]
    case_id = UUID(await a_case(world, amira))
    lead = await team_lead(world)
    added = await lead.post(f"/v1/cases/{case_id}/assign", {"user_id": str(ben.user_id), "kind": "member"})
    await world.admin.execute(
        "UPDATE memberships SET unit_id = $1 WHERE user_id = $2", await world.unit("Caritas"), amira.user_id
    )
    assign = "SELECT assign_case($1, $2, $3, 'member', NULL, NULL, NULL)"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(world, amira, assign, new_id(), case_id, cem.user_id)
    async with world.sql(amira) as db:
        driver = await db.driver()
        assert not await driver.fetchval("SELECT end_assignment($1)", UUID(added.json()["id"]))
        assert await driver.fetch("SELECT * FROM case_team($1)", case_id) == []


HIDE = "UPDATE contacts SET corrected_by_id = $2 WHERE id = $1"


async def test_entry_is_not_hidden_behind_itself_or_another_that_was_there(world: World) -> None:
    amira = await world.case_manager()
    case_id, other_case = await a_case(world, amira), await a_case(world, amira)
    first, second, elsewhere = [
        UUID((await amira.post(f"/v1/cases/{each}/contacts", CONTACT)).json()["id"])
        for each in (case_id, case_id, other_case)
    ]
    for behind in (first, second, elsewhere):
        with pytest.raises(asyncpg.CheckViolationError, match="further one of its case"):
            await execute(world, amira, HIDE, first, behind)
    listed = (await amira.get(f"/v1/cases/{case_id}/contacts")).json()["items"]
    assert {UUID(each["id"]) for each in listed} == {first, second}
