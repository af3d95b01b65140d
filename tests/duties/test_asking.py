"""What a request must say, and the answers that stop it."""

from typing import Any

import pytest

from app.access.roles import Role
from tests.duties.arrange import (
    Office,
    an_office,
    approved,
    places,
    request,
    send,
)
from tests.referrals.arrange import a_scene, draft
from tests.world import World

STOPS: list[tuple[dict[str, bool | None], list[str]]] = [
    ({"own_tasks": False}, ["own_tasks"]),
    ({"special_rule": True}, ["special_rule"]),
    ({"milder_way": True}, ["milder_way"]),
    ({"entrusted": True, "grave_danger": False}, ["grave_danger"]),
    ({"own_tasks": False, "milder_way": True}, ["own_tasks", "milder_way"]),
]


@pytest.mark.parametrize(("answers", "against"), STOPS)
async def test_answer_that_stands_against_it_stops_it(
    world: World, answers: dict[str, bool | None], against: list[str]
) -> None:
    office = await an_office(world)
    refused = await request(office, answers=answers)
    assert (refused.status_code, refused.json()["code"]) == (409, "duty_not_permitted")
    assert refused.json()["stopped_by"] == against
    assert (await office.manager.get("/v1/duties")).json()["items"] == []


async def test_what_was_entrusted_leaves_against_grave_danger_only_and_explained(world: World) -> None:
    office = await an_office(world)
    danger = {"entrusted": True, "grave_danger": True}
    unexplained = await request(office, answers=danger)
    assert (unexplained.status_code, places(unexplained)) == (422, ["body.answers.5.note"])
    explained = await request(office, answers=danger, notes={"grave_danger": "Drohung gegen Dritte"})
    assert explained.status_code == 201, explained.text


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"answers": {"client_told": None}}, "body.answers"),
    ({"answers": {"within_71": True}}, "body.answers"),
    ({"answers": {"entrusted": True}}, "body.answers"),
    ({"norm": "aufenthg_88"}, "body.norm"),
    ({"norm": "stag_32_1_2"}, "body.norm"),
    ({"norm": "aufenthg_87_1"}, "body.norm"),
    ({"asked_by": "ABH", "asked_on": "2026-03-01"}, "body.asked_by"),
    ({"necessity": [{"data_category": "contact", "why": "x"}]}, "body.necessity"),
    ({"necessity": [{"data_category": "master_data", "why": "x"}] * 2}, "body.necessity"),
]


@pytest.mark.parametrize(("fields", "place"), WRONG)
async def test_request_that_does_not_fit_is_refused(world: World, fields: dict[str, Any], place: str) -> None:
    refused = await request(await an_office(world), **fields)
    assert (refused.status_code, places(refused)) == (422, [place]), refused.text


async def test_norm_on_request_says_who_asked_and_when(world: World) -> None:
    office = await an_office(world, concern="information_on_request")
    fields: dict[str, Any] = {"norm": "aufenthg_87_1", "answers": {"single_request": True}}
    assert places(await request(office, **fields)) == ["body.asked_by"]
    asked = {"asked_by": "ABH, Az. 33-12", "asked_on": "2126-03-01"}
    assert places(await request(office, **fields, **asked)) == ["body.asked_on"]
    stopped = await request(office, norm="aufenthg_87_1", answers={"single_request": False},
                            asked_by="ABH, Az. 33-12", asked_on="2026-03-01")  # fmt: skip
    assert stopped.json()["stopped_by"] == ["single_request"]
    assert (await request(office, **fields, asked_by="ABH", asked_on="2026-03-01")).status_code == 201


async def test_social_data_leave_by_paragraph_71_only(world: World) -> None:
    await world.unit("KI", is_sgb_body=True)
    scene = await a_scene(world, "auslaenderbehoerde")
    body = {"case_id": scene.case_id, "institution_id": scene.institution_id, "channel": "platform",
            "data_categories": ["master_data"], "concern_code": "notification"}  # fmt: skip
    refused = await scene.manager.post("/v1/referrals", {**body, "legal_basis": "aufenthg_87"})
    assert refused.json()["code"] == "legal_basis_not_applicable"
    referral_id = await draft(scene, legal_basis="sgbx_71", concern_code="notification")
    office = Office(scene, await world.person(Role.TEAM_LEAD), referral_id)
    duty = await approved(office, norm="sgbx_71_2_1_2", answers={"within_71": True})
    assert duty["legal_basis"] == "sgbx_71"
    assert (await send(office)).status_code == 200


async def test_naturalisation_authority_is_told_by_the_nationality_act_only(world: World) -> None:
    office = await an_office(world, "einbuergerungsbehoerde", "stag_32")
    entrusted = await request(office, norm="stag_32_1_2", answers={"entrusted": True})
    assert entrusted.json()["stopped_by"] == ["entrusted"]
    assert (await request(office, norm="stag_32_1_2")).status_code == 201


async def test_concern_of_a_duty_goes_with_a_duty_only(world: World) -> None:
    scene = await a_scene(world, "auslaenderbehoerde")
    body = {"case_id": scene.case_id, "institution_id": scene.institution_id, "channel": "platform",
            "data_categories": ["master_data"]}  # fmt: skip
    for basis, concern in (("consent", "notification"), ("aufenthg_87", "extension")):
        refused = await scene.manager.post(
            "/v1/referrals", {**body, "legal_basis": basis, "concern_code": concern}
        )
        assert (refused.status_code, places(refused)) == (422, ["body.concern_code"])
