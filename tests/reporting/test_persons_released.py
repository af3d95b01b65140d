"""Subjects about persons in a whole release, through the worker and over HTTP."""

from datetime import date
from typing import Any

from app.access.roles import Role
from app.catalogues.check import vocabulary
from app.protection import Rules
from app.reporting.handlers import Desk
from tests.reporting.arrange import Office, figures, request
from tests.reporting.effects import check, implemented
from tests.reporting.laid import Laid, add, assess, contact, goal, lay_clients
from tests.reporting.test_worker import deliver

NATIONS = ["475", "475", "166", "163", "423", "438", "439"]
LANGUAGES = ["ara", "ukr", "prs", "tur", "kmr"]
DOMAINS = ["housing", "work", "language", "health"]


async def persons(office: Office, number: int) -> list[Laid]:
    """Lay clients with everything that the subjects count, in unequal classes."""
    world = office.world
    laid = await lay_clients(world, number, staff=6)
    each = list(enumerate(laid))
    await add(
        world,
        "client_nationalities",
        [
            {"client_id": one.client, "nationality": NATIONS[place % len(NATIONS)], "position": 0}
            for place, one in each
        ],
    )
    await add(
        world,
        "contacts",
        [contact(one, "2025-08-04", LANGUAGES[place % 13 % 5]) for place, one in each if place % 2],
    )
    await add(
        world,
        "goals",
        [
            goal(one, DOMAINS[place % 11 % 4], "reached" if place % 3 else "not_reached", "2025-08-04")
            for place, one in each
        ],
    )
    await assess(world, laid, "2025-02-03", {"housing": 1, "work": 3})
    await assess(world, laid[: number * 2 // 3], "2025-08-04", {"housing": 3, "work": 2})
    return laid


def cells(table: dict[str, Any]) -> dict[str, tuple[str, int | None]]:
    return {",".join(each["codes"]): (each["status"], each["value"]) for each in table["cells"]}


async def test_release_tells_of_persons_protected(office: Office) -> None:
    world = office.world
    await figures(world, reports=120)
    await persons(office, 120)
    release_id = await request(office.first)
    await deliver(office, Desk(office.reporting, Rules(effort=50)))
    published = await office.second.post(f"/v1/releases/{release_id}/publish")
    assert published.status_code == 200, published.text
    reader = await world.person(Role.STEERING_MEMBER)
    sexes = cells(await office.table(release_id, "clients_sex", reader))
    assert sexes["total"] == ("published", 120)
    assert sexes["m"] == ("suppressed", None), "that nobody is of a class is told of nobody"
    nations = cells(await office.table(release_id, "clients_nationality", reader))
    assert nations["total"] == ("published", 120)
    languages = cells(await office.table(release_id, "interpreting_languages", reader))
    assert languages["total"] == ("published", 60)
    goals = cells(await office.table(release_id, "goals_life_domains", reader))
    assert goals["total"] == ("published", 120)
    change = cells(await office.table(release_id, "courses_change", reader))
    assert change["total"] == ("published", 160)
    assert change["same"] == ("suppressed", None), "nobody's life domain stayed the same"
    named = {each["name"] for each in published.json()["content"]["tables"]}
    assert {"clients_german", "goals_attainment", "courses_life_domains"} <= named
    assert published.json()["content"]["proof"]["holds"]
    text = await office.second.get(f"/v1/releases/{release_id}/tables/clients_age")
    assert "Minderjährige" in text.json()["method"]


async def test_restricted_client_changes_no_released_figure(office: Office) -> None:
    world = office.world
    await figures(world, reports=60)
    laid = await persons(office, 60)
    async with world.admin.transaction():
        await world.admin.execute("SET LOCAL session_replication_role = replica")
        await world.admin.execute(
            "UPDATE clients SET is_restricted = true WHERE id = ANY ($1)", [one.client for one in laid[:10]]
        )
    release_id = await office.published()
    sexes = cells(await office.table(release_id, "clients_sex"))
    assert sexes["total"] == ("published", 50)


async def test_published_release_has_the_worker_look_at_checked_obstacles(office: Office) -> None:
    await figures(office.world, reports=60)
    await office.published()
    waiting = await office.world.admin.fetch(
        """SELECT handler FROM outbox
        WHERE municipal_area_id = $1 AND event = 'release.published' AND done_at IS NULL""",
        office.world.area,
    )
    assert [row["handler"] for row in waiting] == ["watch_effects"]
    await deliver(office, None)
    left = await office.world.admin.fetchval(
        """SELECT count(*) FROM outbox
        WHERE municipal_area_id = $1 AND event = 'release.published' AND done_at IS NULL""",
        office.world.area,
    )
    assert left == 0


async def test_effect_is_read_from_what_releases_really_published(office: Office) -> None:
    """The cells that the check asks for are there under the names by which it asks."""
    world = office.world
    await lay_clients(world, 120, opened_on=date(2024, 1, 8))
    reports = {"2024Q2": 200, "2024Q3": 200, "2025Q2": 70, "2025Q3": 70}
    people = None
    for quarter, number in reports.items():
        people = await figures(world, quarter, reports=number, population=people)
        await office.published(quarter, detail="small")
    everything = {"barrier_types": sorted(vocabulary("barrier_type")), "institution_types": []}
    obstacle_id = await implemented(world, office.first, (date(2025, 2, 10), date(2025, 3, 20)), everything)
    found = await check(office.first, obstacle_id)
    before, after = found["before"], found["after"]
    assert (before["quarters"], after["quarters"]) == (["2024Q2", "2024Q3"], ["2025Q2", "2025Q3"])
    assert before["active_clients"] == after["active_clients"] == 240
    counted = await world.admin.fetchval(
        """SELECT count(DISTINCT (person_key, barrier_type, institution_type, interface_from, interface_to))
        FROM barrier_figures WHERE municipal_area_id = $1 AND year = 2025""",
        world.area,
    )
    assert after["cases_least"] <= counted <= after["cases_most"]
    assert found["conclusion"] == "fell" or found["no_conclusion_reason"] == "coverage_changed"
