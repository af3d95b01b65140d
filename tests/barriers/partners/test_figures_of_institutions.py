"""How many institutions reported what: once a quarter has ended, from three on, never changed."""

from typing import Any

import pytest

from app.access.roles import Role
from tests.barriers.partners.arrange import FILED, a_partner, report, reported
from tests.referrals.arrange import a_scene, sent
from tests.world import World

FIGURES = "/v1/partner-barriers/figures"


async def move(world: World, quarter: str, day: str, **withdrawn: str) -> None:
    """Let all reports of this world be of an ended quarter, and those withdrawn of a day."""
    await world.admin.execute(
        """UPDATE partner_barriers SET quarter = $2, since = $3::text::date, reported_on = $3::text::date,
            withdrawn_on = CASE WHEN state = 'withdrawn' THEN $4::text::date END
        WHERE municipal_area_id = $1""",
        world.area, quarter, day, withdrawn.get("on"),
    )  # fmt: skip


async def figures(world: World, **query: Any) -> list[dict[str, Any]]:
    listed = await (await world.person(Role.COORDINATOR)).get(FIGURES, **query)
    assert listed.status_code == 200, listed.text
    return list(listed.json()["items"])


async def by(world: World, *kinds: str) -> None:
    for kind in kinds:
        await reported(await a_partner(world, kind))


async def test_running_quarter_is_told_to_nobody(world: World) -> None:
    await by(world, "jobcenter", "schule", "mbe")
    assert await figures(world) == []


@pytest.mark.parametrize(("kinds", "told"), [
    (("jobcenter",), ("signal", None)), (("jobcenter", "schule"), ("signal", None)),
    (("jobcenter", "schule", "mbe"), ("count", 3)),
])  # fmt: skip
async def test_number_of_institutions_is_told_from_three_on(
    world: World, kinds: tuple[str, ...], told: tuple[str, int | None]
) -> None:
    await by(world, *kinds)
    await move(world, "2025Q4", "2025-11-03")
    (line,) = await figures(world)
    assert (line["status"], line["institutions"]) == told
    assert set(line) == {"quarter", "barrier_type", "institution_group", "status", "institutions"}


async def test_institution_that_reports_often_is_one_contributor(world: World) -> None:
    partner = await a_partner(world)
    for _ in range(5):
        await reported(partner)
    await by(world, "schule")
    await move(world, "2025Q4", "2025-11-03")
    assert [each["status"] for each in await figures(world)] == ["signal"]


@pytest.mark.parametrize(("day", "lines"), [("2025-12-31", []), ("2026-01-01", ["signal"])])
async def test_what_is_withdrawn_after_the_quarter_changes_no_number(
    world: World, day: str, lines: list[str]
) -> None:
    partner = await a_partner(world)
    made = await reported(partner)
    assert (await partner.post(f"{FILED}/{made['id']}/withdraw")).status_code == 200
    await move(world, "2025Q4", "2025-11-03", on=day)
    assert [each["status"] for each in await figures(world)] == lines


async def test_what_is_about_a_referral_is_not_counted(world: World) -> None:
    scene = await a_scene(world)
    referral = await sent(scene, consent={"direction": "mutual"})
    assert (await report(scene.partner, referral_id=referral)).status_code == 201
    await move(world, "2025Q4", "2025-11-03")
    assert await figures(world) == []


async def test_one_quarter_is_asked_for_and_an_interface_has_no_group(world: World) -> None:
    interface = {"from_legal_domain": "ASYLBLG", "to_legal_domain": "SGB_II"}
    await reported(await a_partner(world), institution_type=None, interface=interface)
    await move(world, "2025Q4", "2025-11-03")
    assert await figures(world, quarter="2025Q3") == []
    assert [each["institution_group"] for each in await figures(world, quarter="2025Q4")] == [None]


async def test_only_the_coordination_of_the_area_reads_them(world: World) -> None:
    await by(world, "jobcenter", "schule", "mbe")
    await move(world, "2025Q4", "2025-11-03")
    assert await figures(await world.neighbour()) == []
    partner = await a_partner(world)
    assert (await partner.get(FIGURES)).status_code == 403
    for person in (partner, await world.case_manager(), await world.person(Role.STEERING_MEMBER)):
        async with world.sql(person) as db:
            found = await (await db.driver()).fetch("SELECT * FROM partner_barrier_figures(NULL)")
            assert found == []
