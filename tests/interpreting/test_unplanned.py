"""Interpreting that nobody had planned is written down afterwards, with whoever interpreted."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.kit.clock import utc_now
from tests.cases.arrange import close
from tests.interpreting.arrange import NEED, Desk, a_desk
from tests.refusals import places
from tests.world import World


def _ago(days: int) -> str:
    return (utc_now() - timedelta(days=days)).isoformat()


async def _step(desk: Desk, row: dict[str, Any], step: str, **more: Any) -> httpx.Response:
    return await desk.lead.post(f"{desk.path}/{row['id']}/step", {"step": step, **more})


async def test_interpreting_of_yesterday_is_held_without_having_been_asked_for(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.need(starts_at=_ago(1))
    answer = await _step(desk, row, "hold", provider_id=desk.service)
    assert (answer.status_code, answer.json()["state"]) == (200, "held"), answer.text
    assert answer.json()["provider_id"] == desk.service


async def test_colleague_of_the_team_interprets_too(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.need(starts_at=_ago(1))
    answer = await _step(desk, row, "hold", colleague_id=str(desk.lead.user_id))
    assert (answer.status_code, answer.json()["state"]) == (200, "held"), answer.text


async def test_whoever_interpreted_is_named(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.need(starts_at=_ago(1))
    assert places(await _step(desk, row, "hold")) == [{"place": "body.provider_id", "kind": "one_of_two"}]


async def test_nobody_is_asked_for_what_has_passed(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.need(starts_at=_ago(1))
    answer = await _step(desk, row, "request", provider_id=desk.service)
    assert places(answer) == [{"place": "body.starts_at", "kind": "in_the_past"}]


@pytest.mark.parametrize(("days", "is_taken"), [(29, True), (32, False)])
async def test_it_is_written_down_within_thirty_days(world: World, *, days: int, is_taken: bool) -> None:
    desk = await a_desk(world)
    answer = await desk.lead.post(desk.path, {**NEED, "starts_at": _ago(days)})
    assert (answer.status_code == 201) is is_taken, answer.text


async def test_what_is_to_come_is_not_held(world: World) -> None:
    desk = await a_desk(world)
    answer = await _step(desk, await desk.need(), "hold", provider_id=desk.service)
    assert places(answer) == [{"place": "body.step", "kind": "in_the_future"}]


async def test_nothing_unplanned_is_added_to_a_closed_case(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.need(starts_at=_ago(1))
    await close(desk.lead, desk.case_id, "client_ended")
    answer = await _step(desk, row, "hold", provider_id=desk.service)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
