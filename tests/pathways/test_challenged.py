"""A rejection is not the end: an objection or a court opens it again, and what follows decides."""

import pytest

from tests.pathways.arrange import Desk, a_desk
from tests.refusals import places
from tests.world import World


async def _rejected(desk: Desk) -> dict[str, str]:
    row = await desk.start()
    await desk.step(row, "apply", on="2026-01-07")
    answer = await desk.step(row, "reject", on="2026-02-03", reason="Lebensunterhalt")
    assert (answer.json()["state"], answer.json()["ended_on"]) == ("rejected", "2026-02-03")
    return row


async def test_challenged_rejection_is_open_again_and_can_be_granted(world: World) -> None:
    desk = await a_desk(world)
    row = await _rejected(desk)
    again = await desk.step(row, "challenge", on="2026-02-20")
    assert (again.status_code, again.json()["state"]) == (200, "applied")
    assert (again.json()["applied_on"], again.json()["ended_on"]) == ("2026-01-07", None)
    assert (await desk.say(row, "language", state="evidence_there")).status_code == 200
    granted = await desk.step(row, "grant", on="2026-05-04")
    assert (granted.json()["state"], granted.json()["ended_on"]) == ("granted", "2026-05-04")
    steps = (await desk.lead.get(f"{desk.path}/{row['id']}/steps")).json()["items"]
    names = [each["step"] for each in steps if each["step"] != "requirement"]
    assert names == ["grant", "challenge", "reject", "apply", "start"]


async def test_rejection_may_stand_after_all(world: World) -> None:
    desk = await a_desk(world)
    row = await _rejected(desk)
    await desk.step(row, "challenge", on="2026-02-20")
    answer = await desk.step(row, "reject", on="2026-06-01", reason="Klage abgewiesen")
    assert (answer.json()["state"], answer.json()["ended_on"]) == ("rejected", "2026-06-01")


async def test_nothing_is_challenged_before_it_was_rejected(world: World) -> None:
    desk = await a_desk(world)
    answer = await desk.step(await _rejected(desk), "challenge", on="2026-02-02")
    assert places(answer) == [{"place": "body.on", "kind": "before_rejection"}]


@pytest.mark.parametrize("steps", [(), ("apply",), ("apply", "grant")])
async def test_only_a_rejection_is_challenged(world: World, steps: tuple[str, ...]) -> None:
    desk = await a_desk(world)
    row = await desk.start()
    for step in steps:
        await desk.step(row, step)
    refused = await desk.step(row, "challenge")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


async def test_where_another_was_begun_since_that_one_goes_on(world: World) -> None:
    desk = await a_desk(world)
    row = await _rejected(desk)
    await desk.start()
    refused = await desk.step(row, "challenge")
    assert (refused.status_code, refused.json()["code"]) == (409, "pathway_runs")
