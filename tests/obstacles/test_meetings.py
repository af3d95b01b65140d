"""Meetings of the steering group, and who works on an obstacle between them."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.access.roles import Role
from app.kit.diagram import mermaid
from app.obstacles.meetings.rules import CLOSED, STATES, WAY, following
from tests.barriers.arrange import at
from tests.conftest import Clock
from tests.obstacles.arrange import MINUTE, bundled, in_project_group, new_obstacle
from tests.refusals import places
from tests.world import Person, World

PATH = "/v1/steering-meetings"
MAY, HELD_ON = (2026, 5, 4, 8), "2026-05-20"
PLAN = {"meets_on": HELD_ON, "place": "Rathaus, Raum 301"}
MINUTES = {"minute": "LG 2/2026", "minutes": "TOP 1 am 20.05.2026: einstimmig."}


async def planned(coordinator: Person, **more: Any) -> dict[str, Any]:
    made = await coordinator.post(PATH, {**PLAN, **more})
    assert made.status_code == 201, made.text
    return dict(made.json())


async def held(world: World, clock: Clock, coordinator: Person, **more: Any) -> dict[str, Any]:
    """Plan a meeting in May and close it on its day."""
    at(world, clock, MAY, coordinator)
    meeting = await planned(coordinator, **more)
    at(world, clock, (2026, 5, 20, 16), coordinator)
    closed = await coordinator.post(f"{PATH}/{meeting['id']}/hold", MINUTES)
    assert closed.status_code == 200, closed.text
    return dict(closed.json())


async def test_meeting_is_planned_with_its_agenda_and_read_by_the_group(world: World, clock: Clock) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    at(world, clock, MAY, coordinator, member)
    obstacle = await bundled(coordinator)
    agenda = [{"obstacle_id": obstacle["id"], "asked": "Zwei Schalter ohne Termin"}, {"asked": "Bericht"}]
    meeting = await planned(coordinator, agenda=agenda)
    read = (await member.get(f"{PATH}/{meeting['id']}")).json()
    assert read == meeting
    assert (read["state"], read["decisions"], read["minutes"]) == ("planned", [], None)
    assert [(each["position"], each["title"], each["asked"]) for each in read["agenda"]] == [
        (1, obstacle["title"], "Zwei Schalter ohne Termin"),
        (2, None, "Bericht"),
    ]
    assert [each["id"] for each in (await member.get(PATH)).json()["items"]] == [meeting["id"]]


async def test_plan_changes_as_long_as_it_is_one(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, MAY, coordinator)
    meeting = await planned(coordinator, agenda=[{"asked": "Bericht"}])
    path = f"{PATH}/{meeting['id']}"
    changed = await coordinator.patch(path, {"meets_on": "2026-05-27"}, if_match='"1"')
    assert (changed.json()["meets_on"], len(changed.json()["agenda"])) == ("2026-05-27", 1)
    emptied = await coordinator.patch(path, {"agenda": []}, if_match='"2"')
    assert (emptied.json()["agenda"], emptied.json()["version"]) == ([], 3)
    for body in ({}, {"agenda": None}, {"place": None}, {"meets_on": "2026-05-03"}):
        assert (await coordinator.patch(path, body, if_match='"3"')).status_code == 422
    assert (await coordinator.patch(path, {"place": "Kreishaus"}, if_match='"1"')).status_code == 412


async def test_agenda_holds_what_the_group_can_read(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, MAY, coordinator)
    draft = await new_obstacle(coordinator)
    stranger = await (await world.neighbour()).person(Role.COORDINATOR)
    at(world, clock, MAY, stranger)
    foreign = await bundled(stranger)
    early = await coordinator.post(PATH, {**PLAN, "agenda": [{"obstacle_id": draft["id"], "asked": "x"}]})
    assert (early.status_code, early.json()["code"]) == (409, "not_bundled")
    for unknown in (foreign["id"], str(uuid4())):
        answer = await coordinator.post(PATH, {**PLAN, "agenda": [{"obstacle_id": unknown, "asked": "x"}]})
        assert places(answer) == [{"place": "body.agenda.0.obstacle_id", "kind": "unknown_reference"}]


@pytest.mark.parametrize(
    ("step", "body"),
    [("hold", {**MINUTES, "minutes": "Herr Demir sagt zu"}), ("cancel", {"reason": "Frau Haddad ist krank"})],
)
async def test_texts_of_a_meeting_name_nobody(
    world: World, clock: Clock, step: str, body: dict[str, str]
) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, MAY, coordinator)
    named = await coordinator.post(PATH, {**PLAN, "agenda": [{"asked": "Fall von Frau Haddad"}]})
    assert (named.status_code, named.json()["code"]) == (422, "text_identifies")
    meeting = await planned(coordinator)
    at(world, clock, (2026, 5, 20, 16), coordinator)
    answer = await coordinator.post(f"{PATH}/{meeting['id']}/{step}", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "text_identifies")


async def test_meeting_is_not_held_before_its_day(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, MAY, coordinator)
    meeting = await planned(coordinator)
    answer = await coordinator.post(f"{PATH}/{meeting['id']}/hold", MINUTES)
    assert (answer.status_code, answer.json()["code"]) == (409, "meeting_to_come")


async def test_what_was_held_or_cancelled_stays_so(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    done = await held(world, clock, coordinator)
    off = await planned(coordinator, meets_on="2026-06-01")
    cancelled = await coordinator.post(f"{PATH}/{off['id']}/cancel", {"reason": "Zu wenige Themen"})
    assert (cancelled.json()["state"], cancelled.json()["reason"]) == ("cancelled", "Zu wenige Themen")
    for meeting, state in ((done, "held"), (off, "cancelled")):
        path = f"{PATH}/{meeting['id']}"
        for answer in (
            await coordinator.patch(path, {"place": "Kreishaus"}, if_match='"2"'),
            await coordinator.post(f"{path}/hold", MINUTES),
            await coordinator.post(f"{path}/cancel", {"reason": "Doch nicht"}),
        ):
            assert (answer.status_code, answer.json()["state"], answer.json()["allowed"]) == (409, state, [])


async def test_second_lock_keeps_what_was_held(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    meeting = await held(world, clock, coordinator)
    async with world.sql(coordinator) as db:
        driver = await db.driver()
        assert await driver.execute("UPDATE steering_meetings SET minutes = 'anders'") == "UPDATE 0"
    minutes = "SELECT minutes FROM steering_meetings WHERE id = $1"
    assert await world.admin.fetchval(minutes, UUID(meeting["id"])) == MINUTES["minutes"]


async def test_decision_is_linked_to_the_meeting_that_took_it(world: World, clock: Clock) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    at(world, clock, MAY, coordinator)
    obstacle = await in_project_group(world, coordinator)
    agenda = [{"obstacle_id": obstacle["id"], "asked": "Zwei Schalter"}]
    meeting = await held(world, clock, coordinator, agenda=agenda)
    path = f"/v1/obstacles/{obstacle['id']}"
    linked = {**MINUTE, "meeting_id": meeting["id"]}
    recorded = await coordinator.post(f"{path}/decisions", {**linked, "text": "Zwei Schalter"})
    assert recorded.status_code == 201, recorded.text
    decided = await coordinator.post(f"{path}/status", {"to": "decided", **linked, "decision": "Ab Juli"})
    assert [each["meeting_id"] for each in decided.json()["decisions"]] == [meeting["id"]] * 2
    at(world, clock, (2026, 5, 20, 17), member)
    read = (await member.get(f"{PATH}/{meeting['id']}")).json()
    assert [each["text"] for each in read["decisions"]] == ["Zwei Schalter", "Ab Juli"]
    assert read["minutes"] == MINUTES["minutes"]


async def test_decision_of_a_meeting_fits_it(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, MAY, coordinator)
    obstacle = await bundled(coordinator)
    agenda = [{"obstacle_id": obstacle["id"], "asked": "Zwei Schalter"}]
    meeting = await held(world, clock, coordinator, agenda=agenda)
    other = await planned(coordinator, meets_on="2026-05-21", agenda=agenda)
    without = await held(world, clock, coordinator)
    body = {**MINUTE, "text": "Zwei Schalter"}

    async def answer(**more: str) -> Any:
        return await coordinator.post(f"/v1/obstacles/{obstacle['id']}/decisions", {**body, **more})

    early = await answer(meeting_id=other["id"])
    assert (early.status_code, early.json()["state"], early.json()["allowed"]) == (
        409,
        "planned",
        ["cancelled", "held"],
    )
    wrong_day = await answer(meeting_id=meeting["id"], decided_on="2026-05-19")
    assert places(wrong_day) == [{"place": "body.decided_on", "kind": "not_its_day"}]
    not_there = await answer(meeting_id=without["id"])
    assert places(not_there) == [{"place": "body.meeting_id", "kind": "not_on_agenda"}]
    unknown = await answer(meeting_id=str(uuid4()))
    assert places(unknown) == [{"place": "body.meeting_id", "kind": "unknown_reference"}]


async def test_paper_of_a_meeting_is_a_published_release(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, MAY, coordinator)
    answer = await coordinator.post(PATH, {**PLAN, "release_id": str(uuid4())})
    assert answer.status_code == 422
    release = uuid4()
    await world.admin.execute(
        """INSERT INTO published_releases (municipal_area_id, id, quarter, published_at, content_de,
            content_en, sha256, version)
        VALUES ($1, $2, '2026Q1', now(), '{}', '{}', 'x', 1)""",
        world.area,
        release,
    )
    assert (await planned(coordinator, release_id=str(release)))["release_id"] == str(release)


async def test_only_the_coordination_keeps_meetings_and_only_the_area_reads_them(
    world: World, clock: Clock
) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    stranger = await (await world.neighbour()).person(Role.STEERING_MEMBER)
    at(world, clock, MAY, coordinator, member, stranger)
    meeting = (await coordinator.post(PATH, PLAN, idempotency_key="meeting-0001")).json()
    assert (await coordinator.post(PATH, PLAN, idempotency_key="meeting-0001")).json() == meeting
    assert (await member.post(PATH, PLAN)).status_code == 403
    assert (await member.post(f"{PATH}/{meeting['id']}/cancel", {"reason": "x"})).status_code == 403
    assert (await stranger.get(f"{PATH}/{meeting['id']}")).status_code == 404
    manager = await world.case_manager()
    at(world, clock, MAY, manager)
    assert (await manager.get(PATH)).status_code == 403


def test_way_of_a_meeting_ends_and_is_drawn() -> None:
    assert set(STATES) == {"planned"} | CLOSED
    assert [following(state) for state in ("planned", *sorted(CLOSED))] == [["held", "cancelled"], [], []]
    assert mermaid(WAY).count(" --> ") == len(WAY)


async def test_offices_work_on_an_obstacle_in_groups(world: World, clock: Clock) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    at(world, clock, MAY, coordinator, member)
    obstacle = await bundled(coordinator)
    path = f"/v1/obstacles/{obstacle['id']}"
    office = {"institution_id": str(await world.institution()), "responsible": "Bereichsleitung"}
    made = await coordinator.post(f"{path}/members", {"body": "working", **office})
    assert made.status_code == 201, made.text
    assert (made.json()["joined_on"], made.json()["leads"], made.json()["left_on"]) == (
        "2026-05-04",
        False,
        None,
    )
    one = f"{path}/members/{made.json()['id']}"
    left = await coordinator.patch(one, {"left_on": "2026-06-30"}, if_match='"1"')
    assert (await member.get(path)).json()["members"] == [left.json()]
    early = await coordinator.patch(one, {"left_on": "2026-05-01"}, if_match='"2"')
    assert places(early) == [{"place": "body.left_on", "kind": "before_begin"}]
    both = {**office, "unit_id": str(await world.unit())}
    for who in ({"responsible": "Leitung"}, both):
        answer = await coordinator.post(f"{path}/members", {"body": "project", **who})
        assert places(answer) == [{"place": "body.institution_id", "kind": "one_responsible"}]
    other = await bundled(coordinator)
    wrong = f"/v1/obstacles/{other['id']}/members/{made.json()['id']}"
    assert (await coordinator.patch(wrong, {"leads": True}, if_match='"2"')).status_code == 404
    assert (await member.post(f"{path}/members", {"body": "working", **office})).status_code == 403


@pytest.mark.parametrize(("meets_on", "is_taken"), [("2026-04-04", True), ("2026-04-03", False)])
async def test_meeting_that_came_about_unplanned_is_written_down_within_thirty_days(
    world: World, clock: Clock, *, meets_on: str, is_taken: bool
) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, MAY, coordinator)
    answer = await coordinator.post(PATH, {**PLAN, "meets_on": meets_on})
    assert (answer.status_code == 201) is is_taken, answer.text
    if not is_taken:
        assert places(answer) == [{"place": "body.meets_on", "kind": "in_the_past"}]
        return
    closed = await coordinator.post(f"{PATH}/{answer.json()['id']}/hold", MINUTES)
    assert (closed.status_code, closed.json()["state"]) == (200, "held")
