"""A conference from its plan to what was agreed."""

from typing import Any

import pytest

from app.access.roles import Role
from app.conferences.rules import WAY, State, Step
from tests.cases.arrange import etag
from tests.cases.test_plan import GOAL
from tests.conferences.arrange import PLAN, a_table
from tests.refusals import places
from tests.world import World


def test_every_state_is_reached_and_what_is_over_is_left_by_no_step() -> None:
    assert {each.target for each in WAY} == set(State)
    assert {each.source for each in WAY} == {None, State.PLANNED}
    assert WAY.steps_from(State.PLANNED) == ["hold", "cancel"]
    assert WAY.target_of(Step.HOLD, State.CANCELLED) is None


async def test_story_from_plan_to_what_was_agreed(world: World) -> None:
    table = await a_table(world)
    consent = await table.agreed()
    row = await table.planned_today()
    outside = await table.invited(row)
    await table.colleague(row, table.scene.manager.user_id)
    seen = await table.read(row)
    mine = seen["participants"][1]["id"]
    assert seen["participants"][0]["consent_id"] == consent
    held = (await table.step(row, "hold", attended=[outside], record="Wir suchen gemeinsam.")).json()
    assert (held["state"], held["record"]) == ("held", "Wir suchen gemeinsam.")
    assert {each["id"]: each["attended"] for each in held["participants"]} == {outside: True, mine: False}
    goal = (await table.scene.manager.post(f"/v1/cases/{table.scene.case_id}/goals", GOAL)).json()["id"]
    there = {"responsible": "institution", "institution_id": table.scene.institution_id}
    await table.agree(row, goal_id=goal, **there)
    agreed = (await table.agree(row)).json()["agreements"]
    assert [each["institution"] is not None for each in agreed] == [True, False]
    path = f"/v1/cases/{table.scene.case_id}"
    (measure,) = (await table.scene.manager.get(f"{path}/goals/{goal}")).json()["measures"]
    assert (measure["id"], measure["responsible_name"]) == (agreed[0]["measure_id"], "jobcenter")
    (task,) = (await table.scene.manager.get(f"{path}/tasks")).json()["items"]
    assert (task["id"], task["title"]) == (agreed[1]["task_id"], "Platz suchen")
    assert (await table.scene.manager.get(table.path)).json()["items"] == [await table.read(row)]


async def test_what_somebody_outside_learned_stands_in_the_disclosure_log(world: World) -> None:
    table = await a_table(world)
    await table.agreed()
    row = await table.planned_today()
    there, away = await table.invited(row), await table.invited(row, name="Frau Nowak")
    assert await table.logged() == []
    await table.step(row, "hold", attended=[there], record="Ergebnis")
    entry = {
        "institution_id": table.scene.institution_id, "legal_basis": "consent", "purpose": "case_conference",
        "data_categories": ["master_data"], "channel": "conference",
    }  # fmt: skip
    assert await table.logged() == [entry]
    assert (await table.hand_out(row, away)).status_code == 200
    assert await table.logged() == [entry, {**entry, "channel": "letter"}]


async def test_conference_at_which_nobody_was_is_not_held(world: World) -> None:
    table = await a_table(world)
    row = await table.planned_today()
    assert (await table.colleague(row, table.scene.manager.user_id)).status_code == 200
    answer = await table.step(row, "hold", attended=[], record="Ergebnis")
    assert places(answer) == [{"place": "body.attended", "kind": "nobody_there"}]
    assert (await table.read(row))["state"] == "planned"
    assert (await table.step(row, "cancel", reason="Niemand kam")).status_code == 200


async def test_conference_of_tomorrow_was_not_held(world: World) -> None:
    table = await a_table(world)
    answer = await table.step(await table.plan(), "hold")
    assert places(answer) == [{"place": "body.step", "kind": "in_the_future"}]


async def test_plan_is_changed_until_it_is_over_and_the_record_afterwards(world: World) -> None:
    table = await a_table(world)
    row = await table.planned_today()
    path = f"{table.path}/{row['id']}"
    early = await table.scene.manager.patch(path, {"record": "Ergebnis"}, if_match='"1"')
    assert (early.status_code, early.json()["code"]) == (409, "not_held")
    moved = await table.scene.manager.patch(path, {"mode": "online"}, if_match='"1"')
    assert (moved.status_code, moved.json()["mode"]) == (200, "online")
    stale = await table.scene.manager.patch(path, {"mode": "phone"}, if_match='"1"')
    assert stale.status_code == 412
    await table.held(row)
    version = await etag(table.scene.manager, path)
    late = await table.scene.manager.patch(path, {"mode": "phone"}, if_match=version)
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
    written = await table.scene.manager.patch(path, {"record": "Ergebnis"}, if_match=version)
    assert written.json()["record"] == "Ergebnis"


@pytest.mark.parametrize(
    ("fields", "place", "kind"),
    [
        ({"starts_at": "2020-01-01T09:00:00Z"}, "body.starts_at", "in_the_past"),
        ({"minutes": 4}, "body.minutes", "greater_than_equal"),
    ],
)
async def test_plan_that_cannot_be_meant_is_refused(
    world: World, fields: dict[str, Any], place: str, kind: str
) -> None:
    table = await a_table(world)
    answer = await table.scene.manager.post(table.path, {**PLAN, **fields})
    assert places(answer) == [{"place": place, "kind": kind}]


async def test_womens_shelter_is_no_place_that_others_are_told(world: World) -> None:
    table = await a_table(world)
    shelter = str(await world.institution("frauenhaus", "Haus Sonne"))
    answer = await table.scene.manager.post(table.path, {**PLAN, "place_id": shelter})
    assert places(answer) == [{"place": "body.place_id", "kind": "no_place"}]


async def test_cancelling_needs_a_reason_and_happens_once(world: World) -> None:
    table = await a_table(world)
    row = await table.plan()
    assert places(await table.step(row, "cancel")) == [{"place": "body.reason", "kind": "missing"}]
    assert (await table.step(row, "cancel", reason="Krank")).json()["cancel_reason"] == "Krank"
    again = await table.step(row, "hold")
    assert (again.status_code, again.json()["allowed"]) == (409, [])


async def test_nothing_is_agreed_in_what_was_not_held_or_by_who_was_not_asked(world: World) -> None:
    table = await a_table(world)
    row = await table.planned_today()
    early = await table.agree(row)
    assert (early.status_code, early.json()["allowed"]) == (409, ["cancel", "hold"])
    await table.held(row)
    there = {"responsible": "institution", "institution_id": table.scene.institution_id}
    assert places(await table.agree(row, **there)) == [
        {"place": "body.institution_id", "kind": "no_participant"}
    ]
    assert places(await table.agree(row, responsible="institution")) == [
        {"place": "body.institution_id", "kind": "institution"}
    ]
    assert (await table.read(row))["agreements"] == []


async def test_double_submit_of_an_agreement_makes_one_task(world: World) -> None:
    table = await a_table(world)
    row = await table.planned_today()
    await table.held(row)
    body = {"wording": "Platz suchen", "responsible": "client", "due_on": "2030-04-01"}
    path = f"{table.path}/{row['id']}/agreements"
    for _ in range(2):
        answer = await table.scene.manager.post(path, body, idempotency_key="agreed-once")
        assert len(answer.json()["agreements"]) == 1
    tasks = (await table.scene.manager.get(f"/v1/cases/{table.scene.case_id}/tasks")).json()["items"]
    assert len(tasks) == 1


async def test_colleague_of_the_team_keeps_reading_and_the_record_is_theirs_without_being_given(
    world: World,
) -> None:
    table = await a_table(world)
    row = await table.planned_today()
    answer = (await table.colleague(row, table.scene.manager.user_id)).json()
    me = answer["participants"][0]["id"]
    await table.step(row, "hold", attended=[me], record="Ergebnis")
    assert places(await table.hand_out(row, me)) == [{"place": "body.participant_id", "kind": "colleague"}]


async def test_record_is_not_given_before_there_is_one(world: World) -> None:
    table = await a_table(world)
    await table.agreed()
    row = await table.planned_today()
    outside = await table.invited(row)
    early = await table.hand_out(row, outside)
    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    await table.step(row, "hold", attended=[outside])
    none = await table.hand_out(row, outside)
    assert (none.status_code, none.json()["code"]) == (409, "record_missing")


async def test_nobody_off_the_team_and_no_participant_from_outside_reads_any_of_it(world: World) -> None:
    table = await a_table(world)
    await table.agreed()
    row = await table.planned_today()
    await table.invited(row)
    for person in (await world.case_manager(), await world.person(Role.TEAM_LEAD)):
        assert (await person.get(f"{table.path}/{row['id']}")).status_code == 404
    assert (await table.scene.partner.get(f"{table.path}/{row['id']}")).status_code == 403
