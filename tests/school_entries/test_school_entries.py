"""A new pupil's way into school: steps, days, corrections, the schooling history, who waits how long."""

import asyncio
from typing import Any

import pytest

from app.access.context import SystemContext
from app.access.roles import Role
from app.barriers.actions.proposals import propose_after_waiting
from app.kit.database import Database, System
from app.kit.events import Wiring
from tests.cases.arrange import a_client, journal, travel
from tests.conftest import Clock
from tests.refusals import places
from tests.school_entries.arrange import a_desk, born
from tests.world import World


async def test_story_from_registration_to_the_regular_class(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.offered()
    assert row["school"] == {"id": desk.school, "name": "Gesamtschule Haspe"}
    await desk.step(row, "accept", on="2026-03-05")
    started = (await desk.step(row, "start_support", on="2026-03-09", support_form="first_support")).json()
    assert (started["state"], started["first_day"], started["support_form"]) == (
        "support_class", "2026-03-09", "first_support",
    )  # fmt: skip
    assert (started["waiting_since"], started["waiting_days"]) == ("2026-01-12", 56)
    assert started["norm"] == "§ 34 SchulG NRW"
    moved = (await desk.step(row, "transfer", on="2026-09-01")).json()
    assert [each["step"] for each in moved["steps"]] == [
        "register", "counsel", "wait", "offer", "accept", "start_support", "transfer",
    ]  # fmt: skip
    assert await desk.schooling() == [
        ("attending", "Gesamtschule Haspe", "2026-09-01", None),
        ("support_class", "Gesamtschule Haspe", "2026-03-09", "2026-08-31"),
    ]


async def test_first_day_ends_what_the_history_said_before_and_makes_no_double(world: World) -> None:
    desk = await a_desk(world)
    waiting = {"school_step": "waiting", "valid_from": "2026-01-12"}
    assert (await desk.lead.post(f"/v1/clients/{desk.client_id}/schooling", waiting)).status_code == 201
    row = await desk.offered()
    await desk.step(row, "accept", on="2026-03-05")
    here = {"school_step": "attending", "valid_from": "2026-03-09", "ends_previous": True}
    assert (await desk.lead.post(f"/v1/clients/{desk.client_id}/schooling", here)).status_code == 201
    assert (await desk.step(row, "start_regular", on="2026-03-09")).status_code == 200
    assert await desk.schooling() == [
        ("attending", None, "2026-03-09", None), ("waiting", None, "2026-01-12", "2026-03-08"),
    ]  # fmt: skip


async def test_end_of_an_entry_ends_the_schooling_too(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.offered()
    await desk.step(row, "accept", on="2026-03-05")
    await desk.step(row, "start_regular", on="2026-03-09")
    await desk.step(row, "end", on="2026-07-03", reason="Umgezogen nach Dortmund")
    assert await desk.schooling() == [("attending", "Gesamtschule Haspe", "2026-03-09", "2026-07-03")]


async def test_child_of_the_household_that_is_no_client_has_an_entry_and_no_history(world: World) -> None:
    desk = await a_desk(world)
    danylo = await desk.member(name="Danylo", birth_year=2017, relation="child")
    row = await desk.offered(member_id=danylo, stage="primary")
    await desk.step(row, "accept", on="2026-03-05")
    started = await desk.step(row, "start_regular", on="2026-03-09")
    assert started.json()["member"] == {"client_id": None, "name": "Danylo", "relation": "child"}
    assert await desk.schooling() == []


async def test_refused_place_leads_back_to_waiting_with_a_reason(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.offered()
    assert places(await desk.step(row, "refuse")) == [{"place": "body.refusal", "kind": "missing"}]
    refused = (await desk.step(row, "refuse", refusal="distance", reason="90 Minuten mit dem Bus")).json()
    assert (refused["state"], refused["school"], refused["listed_on"]) == ("waiting", None, "2026-01-21")
    last = refused["steps"][-1]
    assert (last["refusal"], last["school"]) == ("distance", "Gesamtschule Haspe")


@pytest.mark.parametrize(
    ("step", "more", "place", "kind"),
    [
        ("offer", {}, "body.school_id", "missing"),
        ("offer", {"school_name": "A", "school_id": "self"}, "body.school_name", "one_of_two"),
        ("counsel", {"school_name": "A"}, "body.school_id", "offer_only"),
        ("counsel", {"refusal": "distance"}, "body.refusal", "refuse_only"),
        ("counsel", {"support_form": "first_support"}, "body.support_form", "support_only"),
        ("counsel", {"on": "2199-01-01"}, "body.on", "in_the_future"),
        ("counsel", {"on": "2026-01-01"}, "body.on", "before_last_step"),
        ("end", {}, "body.reason", "missing"),
    ],
)
async def test_step_that_lacks_something_or_has_too_much_is_refused(
    world: World, step: str, more: dict[str, Any], place: str, kind: str
) -> None:
    desk = await a_desk(world)
    row = await desk.register(registered_on="2026-01-12")
    if step == "offer":
        await desk.step(row, "counsel", on="2026-01-12")
    sent = {name: desk.school if value == "self" else value for name, value in more.items()}
    assert places(await desk.step(row, step, **sent)) == [{"place": place, "kind": kind}]
    after = (await desk.lead.get(f"{desk.path}/{row['id']}")).json()
    assert len(after["steps"]) == (2 if step == "offer" else 1)


async def test_institution_that_is_no_school_offers_no_place(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.register()
    await desk.step(row, "counsel")
    jobcenter = str(await world.institution("jobcenter"))
    answer = await desk.step(row, "offer", school_id=jobcenter)
    assert places(answer) == [{"place": "body.school_id", "kind": "no_school"}]


async def test_step_from_a_wrong_state_names_those_that_lead_on(world: World) -> None:
    desk = await a_desk(world)
    answer = await desk.step(await desk.register(), "start_regular")
    assert (answer.status_code, answer.json()["allowed"]) == (409, ["allocate", "counsel", "end", "wait"])


async def test_wrong_day_is_corrected_with_what_follows_from_it_and_stays_readable(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.offered()
    await desk.step(row, "accept", on="2026-03-05")
    started = (await desk.step(row, "start_regular", on="2026-03-09")).json()
    path = f"{desk.path}/{row['id']}/steps"
    wait, first = started["steps"][2], started["steps"][-1]
    early = {"on": "2026-01-01", "reason": "Vertippt"}
    assert places(await desk.lead.post(f"{path}/{wait['id']}/correct", early)) == [
        {"place": "body.on", "kind": "out_of_order"}
    ]
    moved = await desk.lead.post(f"{path}/{first['id']}/correct", {"on": "2026-03-16", "reason": "Vertippt"})
    assert moved.status_code == 200, moved.text
    assert (moved.json()["first_day"], moved.json()["waiting_days"]) == ("2026-03-16", 63)
    wrong = next(each for each in moved.json()["steps"] if each["id"] == first["id"])
    right = next(each for each in moved.json()["steps"] if each["id"] == wrong["corrected_by_id"])
    assert (wrong["happened_on"], right["happened_on"], right["reason"]) == (
        "2026-03-09", "2026-03-16", "Vertippt",
    )  # fmt: skip
    assert await desk.schooling() == [("attending", "Gesamtschule Haspe", "2026-03-16", None)]
    again = await desk.lead.post(f"{path}/{first['id']}/correct", {"on": "2026-03-17", "reason": "x"})
    assert again.status_code == 404


async def test_details_keep_what_they_said_before(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.register(way_note="Bus 510")
    path = f"{desk.path}/{row['id']}"
    changed = await desk.lead.patch(
        path, {"way_note": "Bus 512", "school_type": "gesamtschule"}, if_match='"1"'
    )
    assert changed.json()["way_note"] == "Bus 512"
    assert [each["step"] for each in changed.json()["steps"]] == ["register", "change"]
    kept = await world.admin.fetchval(
        "SELECT before->>'way_note' FROM school_entry_steps WHERE step = 'change' AND municipal_area_id = $1",
        world.area,
    )
    assert kept == "Bus 510"
    assert (await desk.lead.patch(path, {"stage": None}, if_match='"2"')).status_code == 422


async def test_child_is_registered_once_however_often_it_is_sent(world: World) -> None:
    desk = await a_desk(world)
    both = await asyncio.gather(*(desk.lead.post(desk.path, {"stage": "primary"}) for _ in range(2)))
    assert sorted(each.status_code for each in both) == [201, 409]
    assert {each.json()["code"] for each in both if each.status_code == 409} == {"school_entry_runs"}


async def test_colleague_off_the_team_finds_nothing(world: World) -> None:
    desk, other = await a_desk(world), await a_desk(world)
    row = await desk.register()
    step_id = row["steps"][0]["id"]
    for path in (desk.path, f"{desk.path}/{row['id']}", f"{other.path}/{row['id']}"):
        assert (await other.lead.get(path)).status_code == 404
    for path in (f"{other.path}/{row['id']}/step", f"{other.path}/{row['id']}/steps/{step_id}/correct"):
        body = {"step": "counsel"} if path.endswith("step") else {"on": "2026-01-01", "reason": "x"}
        assert (await other.lead.post(path, body)).status_code == 404
    assert (await other.lead.get("/v1/me/school-waiting")).json()["items"] == []


async def test_who_waits_longest_comes_first_in_ones_own_list(world: World, clock: Clock) -> None:
    desk = await a_desk(world)
    travel(world, clock, desk.lead, 2026, 3, 23, 9)
    await desk.register(registered_on="2026-03-02")
    danylo = await desk.member(name="Danylo", relation="child")
    await desk.register(member_id=danylo, registered_on="2026-01-12", stage="primary")
    waiting = (await desk.lead.get("/v1/me/school-waiting")).json()["items"]
    assert [(each["waiting_days"], each["stage"]) for each in waiting] == [
        (70, "primary"),
        (21, "lower_secondary"),
    ]
    groups = (await desk.lead.get("/v1/me/work")).json()["groups"]
    due = next(each for each in groups if each["group"] == "school_waiting")
    assert [(each["reason"], each["since"]) for each in due["items"]] == [("waits_for_school", "2026-01-12")]
    lines = (await desk.lead.get(f"/v1/cases/{desk.case_id}/timeline", kinds="school")).json()["items"]
    assert [each["details"]["happened_on"] for each in lines] == ["2026-03-02", "2026-01-12"]


async def test_team_lead_reads_bands_from_three_children_on_and_no_restricted_child(
    world: World, clock: Clock
) -> None:
    team_lead, stranger = await world.person(Role.TEAM_LEAD), await world.person(Role.TEAM_LEAD, unit="Stadt")
    desks = [await a_desk(world) for _ in range(3)]
    hidden = await a_desk(world, restricted=True)
    travel(world, clock, team_lead, 2026, 3, 23, 9)
    for desk, day in zip(desks, ("2026-03-02", "2026-03-09", "2026-03-09"), strict=True):
        travel(world, clock, desk.lead, 2026, 3, 23, 9)
        await desk.register(registered_on=day)
    path = f"/v1/units/{team_lead.place_id}/school-waiting"

    async def told() -> dict[tuple[str, str], int | None]:
        answer = (await team_lead.get(path)).json()
        return {(each["stage"], each["band"]): each["children"] for each in answer["bands"]}

    assert len(await told()) == 15
    assert {key: n for key, n in (await told()).items() if n is not None} == {
        ("lower_secondary", "up_to_4"): 3
    }
    travel(world, clock, hidden.lead, 2026, 3, 23, 9)
    await hidden.register(registered_on="2026-03-09")
    assert (await told())["lower_secondary", "up_to_4"] == 3
    assert len(await journal(world, "school_waiting.read")) >= 2
    travel(world, clock, stranger, 2026, 3, 23, 9)
    assert (await stranger.get(path)).status_code == 404


async def test_long_wait_proposes_one_report_and_a_short_one_none(
    world: World, worker_database: Database, clock: Clock
) -> None:
    desk, other = await a_desk(world), await a_desk(world)
    for each in (desk, other):
        travel(world, clock, each.lead, 2026, 3, 23, 9)
    row = await desk.register(registered_on="2026-01-12")
    await other.register(registered_on="2026-03-02")
    for _ in range(2):
        async with worker_database.transaction(System(world.area)) as db:
            await propose_after_waiting(SystemContext(db, world.area, clock(), Wiring()), 8)
    found = (await desk.lead.get("/v1/barriers/proposals", case_id=desk.case_id)).json()["items"]
    assert [(each["barrier_type"], each["school_entry_id"], each["referral_id"]) for each in found] == [
        ("F2", row["id"], None)
    ]
    assert (await other.lead.get("/v1/barriers/proposals", case_id=other.case_id)).json()["items"] == []
    body = {"effect": "school_attendance_prevented", "since": "2026-01-12"}
    confirm = f"/v1/barriers/proposals/{found[0]['id']}/confirm"
    assert places(await desk.lead.post(confirm, body)) == [
        {"place": "body.institution_id", "kind": "missing"}
    ]
    filed = await desk.lead.post(confirm, {**body, "institution_id": desk.school})
    assert filed.status_code == 201, filed.text
    assert filed.json()["barrier_type"] == "F2"


async def test_child_of_a_closed_case_or_with_a_first_day_is_proposed_no_more(
    world: World, worker_database: Database, clock: Clock
) -> None:
    desk, other = await a_desk(world), await a_desk(world)
    row = await desk.offered()
    await desk.step(row, "accept", on="2026-03-05")
    await desk.step(row, "start_regular", on="2026-03-09")
    await other.register(registered_on="2026-01-12")
    await world.admin.execute(
        "UPDATE cases SET phase = 'closed', closed_on = '2026-03-01' WHERE id = $1::text::uuid", other.case_id
    )
    async with worker_database.transaction(System(world.area)) as db:
        await propose_after_waiting(SystemContext(db, world.area, clock(), Wiring()), 1)
    assert (
        await world.admin.fetchval(
            "SELECT count(*) FROM barrier_proposals WHERE municipal_area_id = $1", world.area
        )
        == 0
    )


async def test_proposal_answers_one_child_of_a_client(world: World) -> None:
    desk = await a_desk(world)
    child = await a_client(world, desk.lead)
    await born(world, child, "2014-04-01", "day")
    row = await desk.offered(member_id=await desk.member(client_id=child, relation="child"))
    await desk.step(row, "accept", on="2026-03-05")
    assert (await desk.step(row, "start_regular", on="2026-03-09")).status_code == 200
    # Who only registered the child writes no history of it under this case.
    assert await desk.schooling(child) == []
