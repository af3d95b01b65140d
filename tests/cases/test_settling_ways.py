"""Pathways and ways into school when a case ends: listed, counted, ended or kept, and never frozen."""

from typing import Any

import pytest

from tests.cases.arrange import close
from tests.school_entries.arrange import Desk, a_desk
from tests.world import World

WHY = "Fall abgeschlossen"


async def _underway(world: World, state: str = "preparing") -> tuple[Desk, dict[str, Any], dict[str, Any]]:
    """Return a case with a child who waits for a school and a naturalisation that runs."""
    desk = await a_desk(world)
    child = await desk.register(registered_on="2026-01-10")
    path = f"/v1/cases/{desk.case_id}/pathways"
    made = await desk.lead.post(path, {"pathway": "naturalisation", "next_on": "2030-01-07"})
    assert made.status_code == 201, made.text
    if state == "applied":
        assert (await _step(desk, "pathways", made.json()["id"], "apply")).status_code == 200
    return desk, child, made.json()


async def _step(desk: Desk, kind: str, row_id: str, step: str, **more: Any) -> Any:
    return await desk.lead.post(f"/v1/cases/{desk.case_id}/{kind}/{row_id}/step", {"step": step, **more})


async def _seen(desk: Desk, kind: str, row: dict[str, Any]) -> dict[str, Any]:
    answer = await desk.lead.get(f"/v1/cases/{desk.case_id}/{kind}/{row['id']}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def _open(desk: Desk) -> dict[str, Any]:
    seen = (await desk.lead.get(f"/v1/cases/{desk.case_id}/open-items")).json()
    return {each["kind"]: each["items"] for each in seen["kinds"]}


async def _unfinished(desk: Desk) -> tuple[int, int]:
    left = (await desk.lead.get(f"/v1/cases/{desk.case_id}")).json()["closing"]["unfinished"]
    return left["pathways"], left["school_entries"]


async def test_what_runs_is_listed_before_the_closing(world: World) -> None:
    desk, child, pathway = await _underway(world)
    listed = await _open(desk)
    (way,), (line,) = listed["pathway"], listed["school_entry"]
    assert (way["id"], way["code"], way["state"], way["due_on"], way["title"]) == (
        pathway["id"], "naturalisation", "preparing", "2030-01-07", None,
    )  # fmt: skip
    assert (line["id"], line["code"], line["state"]) == (child["id"], "lower_secondary", "registered")


async def test_line_names_the_member_of_the_household(world: World) -> None:
    desk = await a_desk(world)
    member = await desk.member(name="Yusuf", relation="child", birth_year=2015)
    await desk.register(member_id=member)
    assert [each["title"] for each in (await _open(desk))["school_entry"]] == ["Yusuf"]


async def test_child_at_school_is_nothing_open(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.offered()
    await desk.step(row, "accept", on="2026-03-03")
    await desk.step(row, "start_regular", on="2026-03-04")
    assert (await _open(desk))["school_entry"] == []
    await close(desk.lead, desk.case_id, "client_ended", settle={"school_entries": "end"})
    assert (await _seen(desk, "school-entries", row))["state"] == "regular_class"


async def test_closing_counts_what_it_leaves(world: World) -> None:
    desk, child, pathway = await _underway(world)
    await close(desk.lead, desk.case_id, "client_ended")
    assert await _unfinished(desk) == (1, 1)
    assert (await _seen(desk, "school-entries", child))["state"] == "registered"
    assert (await _seen(desk, "pathways", pathway))["state"] == "preparing"


async def test_closing_ends_what_it_is_told_to_end(world: World) -> None:
    desk, child, pathway = await _underway(world)
    settle = {"pathways": "withdraw", "school_entries": "end"}
    await close(desk.lead, desk.case_id, "client_ended", settle=settle)
    assert await _unfinished(desk) == (0, 0)
    for kind, row, state in (("school-entries", child, "ended"), ("pathways", pathway, "withdrawn")):
        seen = await _seen(desk, kind, row)
        assert seen["state"] == state
        assert seen["ended_on"]
    steps = (await desk.lead.get(f"/v1/cases/{desk.case_id}/pathways/{pathway['id']}/steps")).json()["items"]
    ended = (await _seen(desk, "school-entries", child))["steps"][-1]
    withdrawn = next(each for each in steps if each["target"] == "withdrawn")
    assert {ended["reason"], withdrawn["reason"]} == {WHY}


async def test_reopened_case_counts_nothing(world: World) -> None:
    desk, child, _ = await _underway(world)
    await close(desk.lead, desk.case_id, "client_ended")
    path = f"/v1/cases/{desk.case_id}"
    assert (await desk.lead.post(f"{path}/reopen", {"reason": "Neue Kündigung"})).status_code == 200
    assert (await _step(desk, "school-entries", child["id"], "counsel")).status_code == 200
    await close(desk.lead, desk.case_id, "client_ended", settle={"pathways": "withdraw"})
    assert await _unfinished(desk) == (0, 1)


@pytest.mark.parametrize(
    ("step", "state"), [("grant", "granted"), ("reject", "rejected"), ("withdraw", "withdrawn")]
)
async def test_how_a_pathway_ended_is_told_of_a_closed_case(world: World, *, step: str, state: str) -> None:
    desk, _, pathway = await _underway(world, "applied")
    await close(desk.lead, desk.case_id, "client_ended")
    answer = await _step(desk, "pathways", pathway["id"], step, reason="Bescheid ist da")
    assert (answer.status_code, answer.json().get("state")) == (200, state), answer.text


async def test_how_a_way_into_school_ended_is_told_of_a_closed_case(world: World) -> None:
    desk, child, _ = await _underway(world)
    await close(desk.lead, desk.case_id, "client_ended")
    answer = await _step(desk, "school-entries", child["id"], "end", reason="Seit Mai an einer Realschule")
    assert (answer.status_code, answer.json().get("state")) == (200, "ended"), answer.text


async def test_nothing_else_goes_on_in_a_closed_case(world: World) -> None:
    desk, child, pathway = await _underway(world)
    await close(desk.lead, desk.case_id, "client_ended")
    for kind, row_id, step in (
        ("school-entries", child["id"], "counsel"),
        ("pathways", pathway["id"], "apply"),
    ):
        answer = await _step(desk, kind, row_id, step)
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state"), answer.text
