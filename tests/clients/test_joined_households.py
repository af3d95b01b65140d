"""Who lives together is one household, whoever was recorded first, and in what was filed before too."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from tests.barriers.arrange import file_barrier
from tests.cases.arrange import open_case
from tests.clients.arrange import a_case, assign, etag_of, new_client
from tests.clients.test_household import household_key, members
from tests.clients.test_merging_households import add
from tests.clients.test_restrictions import restrict
from tests.world import Person, World

JOINS = "SELECT join_households($1, $2)"


async def people(manager: Person, *names: str) -> list[str]:
    return [await new_client(manager, given_name=name) for name in names]


async def reported(manager: Person, *clients: str) -> None:
    """File a barrier of each of these."""
    for client in clients:
        await file_barrier(manager, await open_case(manager, client))


async def homes(world: World, *clients: str) -> int:
    """Return as how many households these count, as persons and in the figures of their barriers together."""
    found: int = await world.admin.fetchval(
        """SELECT count(DISTINCT k.key) FROM clients c
        CROSS JOIN LATERAL (SELECT c.household_key AS key UNION
            SELECT f.household_key FROM barrier_figures f WHERE f.person_key = c.pseudonym) k
        WHERE c.id = ANY ($1)""",
        [UUID(each) for each in clients],
    )
    return found


@asynccontextmanager
async def without(world: World, function: str, *parts: str) -> AsyncIterator[None]:
    """Let a function do nothing where one of these parts of it stands."""
    source = await world.admin.fetchval("SELECT pg_get_functiondef($1::regproc)", function)
    weak = source
    for part in parts:
        assert part in weak
        weak = weak.replace(part, part + " AND false")
    await world.admin.execute(weak)
    try:
        yield
    finally:
        await world.admin.execute(source)


async def joined_later(world: World) -> int:
    """Three are registered, each with a barrier, and then recorded as one family."""
    manager = await world.case_manager()
    mother, father, child = await people(manager, "Amal", "Omar", "Sami")
    await reported(manager, mother, father, child)
    assert await homes(world, mother, father, child) == 3
    await add(manager, mother, father, relation="spouse")
    await add(manager, mother, child, relation="child")
    return await homes(world, mother, father, child)


async def joined_from_the_other_side(world: World) -> int:
    """The mother adds the child, and then the father the mother."""
    manager = await world.case_manager()
    mother, father, child = await people(manager, "Amal", "Omar", "Sami")
    await reported(manager, child)
    await add(manager, mother, child, relation="child")
    await add(manager, father, mother, relation="spouse")
    return await homes(world, mother, father, child)


CLIENTS = "WHERE c.municipal_area_id = v_area AND c.household_key = p_old"
FIGURES = "WHERE f.municipal_area_id = v_area AND f.household_key = p_old"


@pytest.mark.parametrize("family", [joined_later, joined_from_the_other_side])
@pytest.mark.parametrize("parts", [(), (CLIENTS,), (FIGURES,)])
async def test_family_is_one_household_as_persons_and_in_its_figures(
    world: World, family: object, parts: tuple[str, ...]
) -> None:
    assert callable(family)
    async with without(world, "follow_household", *parts):
        assert (await family(world) == 1) is not bool(parts)


UNTOUCHED = "current_user <> 'kim_auth' OR NEW.household_key = OLD.household_key"
TOUCH = """DROP TRIGGER touch ON clients;
CREATE TRIGGER touch BEFORE UPDATE ON clients FOR EACH ROW WHEN ({}) EXECUTE FUNCTION touch_row()"""


@asynccontextmanager
async def pages_told(world: World, when: str) -> AsyncIterator[None]:
    """Let the version of a client move on this condition for a while."""
    await world.admin.execute(TOUCH.format(when))
    try:
        yield
    finally:
        await world.admin.execute(TOUCH.format(UNTOUCHED))


@pytest.mark.parametrize("told", [False, True])
async def test_whoever_lives_with_the_other_comes_along_unseen_and_untold(world: World, told: bool) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager("Caritas")
    mother, aunt = await people(manager, "Amal", "Lale")
    (hidden,) = await people(colleague, "Karim")
    await reported(colleague, hidden)
    await world.admin.execute(
        """WITH moved AS (UPDATE clients SET household_key = $1 WHERE id = $2 RETURNING pseudonym)
        UPDATE barrier_figures SET household_key = $1 WHERE person_key IN (SELECT pseudonym FROM moved)""",
        await household_key(world, aunt),
        UUID(hidden),
    )
    page = await etag_of(colleague, f"/v1/clients/{hidden}")
    async with pages_told(world, "true" if told else UNTOUCHED):
        await add(manager, mother, aunt, relation="sibling")
    assert await homes(world, mother, aunt, hidden) == 1
    assert (await etag_of(colleague, f"/v1/clients/{hidden}") == page) is not told
    assert [each["client_id"] for each in await members(manager, mother)] == [aunt]


async def test_pages_of_both_who_are_joined_are_others(world: World) -> None:
    manager = await world.case_manager()
    mother, child = await people(manager, "Amal", "Sami")
    pages = [await etag_of(manager, f"/v1/clients/{each}") for each in (mother, child)]
    await add(manager, mother, child, relation="child")
    for before, each in zip(pages, (mother, child), strict=True):
        assert await etag_of(manager, f"/v1/clients/{each}") != before


async def test_whoever_leaves_takes_no_figures_along(world: World) -> None:
    manager = await world.case_manager()
    husband, wife = await people(manager, "Karim", "Amal")
    entry = await add(manager, husband, wife, relation="spouse")
    await reported(manager, wife)
    left = await manager.delete(f"/v1/clients/{husband}/household/{entry}", if_match='"1"')
    assert left.status_code == 200, left.text
    figure = await world.admin.fetchval(
        "SELECT household_key FROM barrier_figures WHERE municipal_area_id = $1", world.area
    )
    assert figure == await household_key(world, husband) != await household_key(world, wife)


async def test_who_comes_back_is_of_the_household_again(world: World) -> None:
    manager = await world.case_manager()
    husband, wife = await people(manager, "Karim", "Amal")
    entry = await add(manager, husband, wife, relation="spouse")
    await reported(manager, husband, wife)
    await manager.delete(f"/v1/clients/{husband}/household/{entry}", if_match='"1"')
    await reported(manager, wife)
    await add(manager, wife, husband, relation="spouse")
    assert await homes(world, husband, wife) == 1


async def join_in_sql(world: World, person: Person, *pairs: tuple[str, str]) -> None:
    """Join as the application role, past every check of the application."""
    async with world.sql(person) as db:
        driver = await db.driver()
        await driver.execute(JOINS, [UUID(one) for one, _ in pairs], [UUID(other) for _, other in pairs])


SIGHT = "NOT v_ids <@ public.my_clients()"


@pytest.mark.parametrize("weak", [False, True])
@pytest.mark.parametrize("turned", [False, True])
async def test_only_who_sees_both_joins_them(world: World, turned: bool, weak: bool) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    (own,), (foreign,) = await people(manager, "Amal"), await people(colleague, "Lena")
    pair = (foreign, own) if turned else (own, foreign)
    async with without(world, "join_households", *([SIGHT] if weak else [])):
        if weak:
            await join_in_sql(world, manager, pair)
        else:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no right to join"):
                await join_in_sql(world, manager, pair)
    assert (await homes(world, own, foreign) == 1) is weak


async def test_who_has_broken_a_glass_joins_nobody(world: World) -> None:
    manager, lead = await world.case_manager(), await world.person(Role.TEAM_LEAD)
    mother, child = await people(manager, "Amal", "Sami")
    for each in (mother, child):
        await assign(world, each, await a_case(world, each, manager), lead, "break_glass")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await join_in_sql(world, lead, (mother, child))
    assert await homes(world, mother, child) == 2


@pytest.mark.parametrize("function", ["follow_household(uuid, uuid)"])
async def test_a_household_follows_another_by_the_functions_that_ask_alone(
    world: World, function: str
) -> None:
    for role in ("kim_app", "kim_worker", "kim_reporting"):
        assert not await world.admin.fetchval(
            "SELECT has_function_privilege($1, 'follow_household(uuid, uuid)', 'EXECUTE')", role
        )


async def test_whose_data_are_only_kept_is_not_joined_and_comes_along(world: World) -> None:
    manager = await world.case_manager()
    mother, aunt, child = await people(manager, "Amal", "Lale", "Sami")
    await add(manager, aunt, child, relation="child")
    await reported(manager, child)
    await restrict(manager, child)
    with pytest.raises(asyncpg.CheckViolationError):
        await join_in_sql(world, manager, (mother, child))
    assert await homes(world, mother, child) == 2
    await add(manager, mother, aunt, relation="sibling")
    assert await homes(world, mother, aunt, child) == 1
