"""From weighty indications to the answer of the youth welfare office, over HTTP."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from app.access.roles import Role
from app.kit.clock import local_date
from app.kit.ids import new_id
from tests.cases.arrange import close
from tests.child_protection.arrange import (
    INDICATIONS,
    SAYS,
    a_draft,
    a_family,
    noted,
    read,
    take,
    try_step,
)
from tests.duties.arrange import places
from tests.referrals.arrange import Scene, assign
from tests.world import World


async def _send(scene: Scene, referral_id: str) -> httpx.Response:
    return await scene.manager.post(f"/v1/referrals/{referral_id}/send")


async def test_course_goes_step_by_step_to_the_youth_welfare_office(world: World) -> None:
    scene = await a_family(world)
    officer = await world.person(Role.PRIVACY_OFFICER)
    course = await take(scene, await noted(scene), "counsel", "discuss", "offer_help", "decide_to_inform")
    answer = await _send(scene, course["referral_id"])
    assert answer.status_code == 200, answer.text
    assert (await read(scene, course))["state"] == "informed"
    course = await take(scene, course, "answer", "end")
    assert [each["step"] for each in course["steps"]] == [
        "note", "counsel", "discuss", "offer_help", "decide_to_inform", "inform", "answer", "end",
    ]  # fmt: skip
    assert {each["user"]["id"] for each in course["steps"]} == {str(scene.manager.user_id)}
    assert (course["outcome"], course["allowed"]) == ("taken_over", [])
    entry = (await officer.get("/v1/disclosures")).json()["items"][0]
    assert (entry["legal_basis"], entry["institution_id"], entry["data_categories"]) == (
        "kkg_4", scene.institution_id, ["contact", "master_data"],
    )  # fmt: skip
    seen = (await scene.partner.get(f"/v1/partner/referrals/{course['referral_id']}")).json()
    assert "master_data" in seen["package"]["data"]
    assert INDICATIONS not in str(seen)


async def test_youth_welfare_office_is_not_informed_before_the_steps(world: World) -> None:
    scene = await a_family(world)
    referral_id = await a_draft(scene)
    course = await noted(scene)
    for steps in ((), ("counsel",), ("discuss",), ("offer_help",)):
        course = await take(scene, course, *steps)
        refused = await _send(scene, referral_id)
        assert (refused.status_code, refused.json()["code"]) == (409, "child_protection_required")


async def test_decision_lets_out_the_draft_it_names_and_no_other(world: World) -> None:
    scene = await a_family(world)
    other = await a_draft(scene)
    course = await take(scene, await noted(scene), "decide_at_once")
    assert (await _send(scene, other)).json()["code"] == "child_protection_required"
    assert (await _send(scene, course["referral_id"])).status_code == 200
    assert (await _send(scene, course["referral_id"])).status_code == 409


async def test_danger_that_cannot_wait_skips_the_steps_with_the_reason(world: World) -> None:
    scene = await a_family(world)
    course = await noted(scene)
    unexcused = await try_step(scene, course, "decide_at_once", why_not=None)
    assert (unexcused.status_code, places(unexcused)) == (422, ["body.why_not"])
    unexplained = await try_step(scene, course, "decide_at_once", note=None)
    assert places(unexplained) == ["body.note"]
    taken = await take(scene, course, "decide_at_once")
    assert (taken["state"], taken["steps"][-1]["why_not"]) == ("to_inform", "Es würde das Kind gefährden")


STATES: dict[str, tuple[str, ...]] = {
    "noted": (),
    "counselled": ("counsel",),
    "discussed": ("counsel", "discuss"),
    "helping": ("counsel", "discuss", "offer_help"),
    "to_inform": ("decide_at_once",),
    "informed": ("decide_at_once", "send"),
    "answered": ("decide_at_once", "send", "answer"),
    "ended": ("end",),
}
GOES: dict[str, dict[str, str]] = {
    "noted": {"counsel": "counselled", "decide_at_once": "to_inform"},
    "counselled": {"counsel": "counselled", "discuss": "discussed", "decide_at_once": "to_inform"},
    "discussed": {"counsel": "discussed", "discuss": "discussed", "offer_help": "helping",
                  "decide_to_inform": "to_inform"},
    "helping": {"counsel": "helping", "discuss": "discussed", "offer_help": "helping",
                "decide_to_inform": "to_inform"},
    "to_inform": {},
    "informed": {"decide_to_inform": "to_inform", "answer": "answered"},
    "answered": {"decide_to_inform": "to_inform", "answer": "answered"},
    "ended": {},
}  # fmt: skip


@pytest.mark.parametrize("state", list(STATES))
@pytest.mark.parametrize("step", list(SAYS))
async def test_every_step_from_every_state(world: World, step: str, state: str) -> None:
    scene = await a_family(world)
    course = await noted(scene)
    for each in STATES[state]:
        if each == "send":
            assert (await _send(scene, course["referral_id"])).status_code == 200
        else:
            course = await take(scene, course, each)
    course = await read(scene, course)
    goes = GOES[state] | ({} if state == "ended" else {"end": "ended"})
    assert (course["state"], sorted(course["allowed"])) == (state, sorted(goes))
    answer = await try_step(scene, course, step)
    if step in goes:
        assert (answer.status_code, answer.json()["state"]) == (200, goes[step])
    else:
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
        assert answer.json()["allowed"] == sorted(goes)


WRONG: list[tuple[tuple[str, ...], str, dict[str, Any], str]] = [
    ((), "counsel", {"is_pseudonymised": None}, "body.is_pseudonymised"),
    ((), "counsel", {"is_pseudonymised": False}, "body.is_pseudonymised"),
    ((), "counsel", {"counsellor": None}, "body.counsellor"),
    ((), "counsel", {"outcome": "no_danger"}, "body.outcome"),
    ((), "counsel", {"why_not": "x"}, "body.why_not"),
    ((), "counsel", {"on": "2126-01-01"}, "body.on"),
    (("counsel",), "discuss", {"with_child": False}, "body.why_not"),
    (("counsel",), "discuss", {"with_guardians": None}, "body.with_guardians"),
    (("counsel", "discuss"), "offer_help", {"is_accepted": None}, "body.is_accepted"),
    (("counsel", "discuss"), "decide_to_inform", {"referral_id": None}, "body.referral_id"),
    (("counsel", "discuss"), "decide_to_inform", {"family_told": False}, "body.why_not"),
    ((), "decide_at_once", {"referral_id": str(new_id())}, "body.referral_id"),
    ((), "end", {"outcome": None}, "body.outcome"),
]


@pytest.mark.parametrize(("before", "step", "fields", "place"), WRONG)
async def test_step_says_what_it_must_and_nothing_else(
    world: World, before: tuple[str, ...], step: str, fields: dict[str, Any], place: str
) -> None:
    scene = await a_family(world)
    course = await take(scene, await noted(scene), *before)
    refused = await try_step(scene, course, step, **fields)
    assert (refused.status_code, places(refused)) == (422, [place]), refused.text
    assert (await read(scene, course))["state"] == course["state"]


async def test_talk_that_would_endanger_the_child_is_left_out_with_the_reason(world: World) -> None:
    scene = await a_family(world)
    course = await take(scene, await noted(scene), "counsel")
    course = await take(
        scene, course, "discuss", with_guardians=False, with_child=False, why_not="Gewalt durch den Vater"
    )
    step = course["steps"][-1]
    assert (step["with_guardians"], step["why_not"]) == (False, "Gewalt durch den Vater")


async def test_draft_of_another_case_informs_nobody(world: World) -> None:
    scene, other = await a_family(world), await a_family(world)
    foreign = await a_draft(other)
    refused = await try_step(scene, await noted(scene), "decide_at_once", referral_id=foreign)
    assert places(refused) == ["body.referral_id"]


async def test_basis_of_child_protection_is_for_the_youth_welfare_office_only(world: World) -> None:
    scene = await a_family(world)
    body = {"case_id": scene.case_id, "institution_id": str(await world.institution("schule")),
            "channel": "platform", "data_categories": ["master_data"], "concern_text": "x",
            "legal_basis": "kkg_4"}  # fmt: skip
    refused = await scene.manager.post("/v1/referrals", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "legal_basis_not_applicable")


async def test_only_the_case_managers_of_the_case_see_it(world: World) -> None:
    scene = await a_family(world)
    course = await noted(scene)
    path = f"/v1/cases/{scene.case_id}/child-protections"
    lead, stranger, member = (
        await world.person(Role.TEAM_LEAD),
        await world.case_manager(),
        await world.case_manager(),
    )
    await assign(world, member, scene.client_id, scene.case_id)
    await assign(world, lead, scene.client_id, scene.case_id, "break_glass")
    assert (await lead.get(f"/v1/cases/{scene.case_id}")).status_code == 200
    assert (await lead.get(path)).status_code == 403
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.get(f"{path}/{course['id']}")).status_code == 404
    assert (await member.get(f"{path}/{course['id']}")).status_code == 200
    async with world.sql(lead) as db:
        for table in ("child_protections", "child_protection_steps"):
            assert await (await db.driver()).fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_course_of_another_case_is_not_found_under_this_one(world: World) -> None:
    scene = await a_family(world)
    course = await noted(scene)
    other = await a_family(world)
    await assign(world, scene.manager, other.client_id, other.case_id)
    path = f"/v1/cases/{other.case_id}/child-protections/{course['id']}"
    assert (await scene.manager.get(path)).status_code == 404
    answer = await scene.manager.post(f"{path}/step", {"step": "answer", "note": "x"})
    assert answer.status_code == 404


async def test_child_of_the_household_is_named_as_its_entry_says(world: World) -> None:
    scene = await a_family(world)
    made = await scene.manager.post(
        f"/v1/clients/{scene.client_id}/household", {"name": "Sami", "relation": "child"}
    )
    assert made.status_code == 201, made.text
    course = await noted(scene, member_id=made.json()["items"][-1]["id"])
    assert course["child"] == {"client_id": None, "name": "Sami", "relation": "child"}


async def test_answer_and_end_are_written_into_a_closed_case_too(world: World) -> None:
    scene = await a_family(world)
    course = await take(scene, await noted(scene), "decide_at_once")
    await _send(scene, course["referral_id"])
    await close(scene.manager, scene.case_id)
    refused = await try_step(scene, course, "decide_to_inform", referral_id=course["referral_id"])
    assert refused.json()["code"] == "wrong_state"
    assert (await take(scene, course, "answer", "end"))["state"] == "ended"


async def test_restricted_data_take_no_steps(world: World) -> None:
    scene = await a_family(world)
    course = await noted(scene)
    await world.admin.execute(
        "UPDATE clients SET processing_restricted_at = now() WHERE id = $1", UUID(scene.client_id)
    )
    refused = await try_step(scene, course, "counsel")
    assert (refused.status_code, refused.json()["code"]) == (409, "processing_restricted")


async def test_what_happened_is_not_rewritten(world: World) -> None:
    scene = await a_family(world)
    await noted(scene)
    for sql in (
        "UPDATE child_protection_steps SET step = 'end'",
        "DELETE FROM child_protection_steps",
        "UPDATE child_protections SET indications = 'x'",
        "DELETE FROM child_protections",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.sql(scene.manager) as db:
                await (await db.driver()).execute(sql)


async def test_database_lets_no_information_out_without_a_decision(world: World) -> None:
    scene = await a_family(world)
    referral_id = await a_draft(scene)
    await noted(scene)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        async with world.sql(scene.manager) as db:
            await (await db.driver()).execute(
                """INSERT INTO referral_packages
                (municipal_area_id, id, institution_id, is_on_platform, content, sha256, frozen_at)
                VALUES (ctx_area(), $1, $2, true, '{}', repeat('0', 64), now())""",
                UUID(referral_id), UUID(scene.institution_id),
            )  # fmt: skip
    assert refused.value.constraint_name == "ck_referral_packages_let_through"


async def test_course_stands_in_the_working_list_when_it_is_to_be_looked_at(world: World) -> None:
    scene = await a_family(world)
    course = await noted(scene, look_again_on=local_date(datetime.now(UTC)).isoformat())
    groups = {each["group"]: each for each in (await scene.manager.get("/v1/me/work")).json()["groups"]}
    (item,) = groups["child_protection_due"]["items"]
    assert (item["reason"], item["target"]["id"], item["code"]) == ("look_again", course["id"], "noted")
