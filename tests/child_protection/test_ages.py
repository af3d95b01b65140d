"""For whom child protection is: nobody who is surely of full age, whose parents or siblings it may be."""

from uuid import UUID

import asyncpg
import pytest

from app.kit.ids import new_id
from tests.cases.arrange import travel
from tests.child_protection.arrange import INDICATIONS, a_draft, a_family, noted, read, take, try_step
from tests.conftest import Clock
from tests.refusals import places
from tests.school_entries.arrange import born
from tests.world import World


@pytest.mark.parametrize(
    ("day", "precision", "is_taken"),
    [
        ("1985-03-15", "day", False),
        ("2008-03-15", "day", False),
        ("2008-03-16", "day", True),
        ("2008-02-01", "month", False),
        ("2008-03-01", "month", True),
        ("2007-01-01", "year", False),
        ("2008-01-01", "year", True),
    ],
)
async def test_nothing_is_noted_for_somebody_of_full_age(
    world: World, clock: Clock, *, day: str, precision: str, is_taken: bool
) -> None:
    scene = await a_family(world)
    await born(world, scene.client_id, day, precision)
    travel(world, clock, scene.manager, 2026, 3, 15, 9)
    path = f"/v1/cases/{scene.case_id}/child-protections"
    answer = await scene.manager.post(path, {"indications": INDICATIONS, "look_again_on": "2026-03-20"})
    assert (answer.status_code == 201) is is_taken, answer.text
    if not is_taken:
        assert places(answer) == [{"place": "body.member_id", "kind": "of_full_age"}]
        assert "under 18" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(("birth_year", "is_taken"), [(1985, False), (2015, True), (None, True)])
async def test_of_a_member_their_own_year_counts(
    world: World, *, birth_year: int | None, is_taken: bool
) -> None:
    scene = await a_family(world, birth_date="1985-04-01")
    entry = {"name": "Yusuf", "relation": "child", "birth_year": birth_year}
    household = (await scene.manager.post(f"/v1/clients/{scene.client_id}/household", entry)).json()
    body = {
        "indications": INDICATIONS, "look_again_on": "2030-01-01", "member_id": household["items"][-1]["id"],
    }  # fmt: skip
    answer = await scene.manager.post(f"/v1/cases/{scene.case_id}/child-protections", body)
    assert (answer.status_code == 201) is is_taken, answer.text


async def test_of_whom_nothing_is_known_it_is_noted(world: World) -> None:
    scene = await a_family(world, birth_date=None)
    assert (await noted(scene))["state"] == "noted"


async def test_nobody_is_informed_about_somebody_who_has_come_of_age(world: World, clock: Clock) -> None:
    scene = await a_family(world)
    await born(world, scene.client_id, "2008-03-16", "day")
    travel(world, clock, scene.manager, 2026, 3, 15, 9)
    undecided = await noted(scene)
    decided = await take(scene, await noted(scene), "decide_at_once")
    other = await a_draft(scene)
    travel(world, clock, scene.manager, 2026, 3, 16, 9)
    answer = await try_step(scene, undecided, "decide_at_once", referral_id=other)
    assert (answer.status_code, answer.json()["code"]) == (409, "of_full_age")
    sent = await scene.manager.post(f"/v1/referrals/{decided['referral_id']}/send")
    assert (sent.status_code, sent.json()["code"]) == (409, "of_full_age")
    assert (await read(scene, decided))["state"] == "to_inform"
    assert (await take(scene, undecided, "end"))["state"] == "ended"


async def test_day_to_look_again_has_not_passed(world: World, clock: Clock) -> None:
    scene = await a_family(world)
    travel(world, clock, scene.manager, 2026, 3, 15, 9)
    path = f"/v1/cases/{scene.case_id}/child-protections"
    refused = await scene.manager.post(path, {"indications": INDICATIONS, "look_again_on": "2026-03-14"})
    assert places(refused) == [{"place": "body.look_again_on", "kind": "in_the_past"}]
    course = await noted(scene, look_again_on="2026-03-15")
    late = await try_step(scene, course, "counsel", look_again_on="2026-03-14")
    assert places(late) == [{"place": "body.look_again_on", "kind": "in_the_past"}]
    travel(world, clock, scene.manager, 2026, 3, 16, 9)
    same = await try_step(scene, course, "counsel", look_again_on="2026-03-15")
    assert same.status_code == 200, same.text


@pytest.mark.parametrize(("birth_date", "is_taken"), [("1985-03-15", False), ("2015-03-15", True)])
async def test_database_takes_no_course_for_somebody_of_full_age(
    world: World, *, birth_date: str, is_taken: bool
) -> None:
    scene = await a_family(world, birth_date=birth_date)

    async def write() -> None:
        async with world.sql(scene.manager) as db:
            await (await db.driver()).execute(
                """INSERT INTO child_protections
                (municipal_area_id, id, case_id, state, indications, noticed_on, look_again_on, created_by)
                VALUES (ctx_area(), $1, $2, 'noted', 'x', current_date, current_date, ctx_user())""",
                new_id(), UUID(scene.case_id),
            )  # fmt: skip

    if is_taken:
        await write()
        return
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await write()
    assert refused.value.constraint_name == "ck_child_protections_is_child"
