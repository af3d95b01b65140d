"""Interpreting on the list of what is due: nobody is coming yet, or what came of it is not written down."""

from uuid import UUID

import pytest

from tests.conftest import Clock
from tests.interpreting.arrange import a_desk
from tests.work.arrange import behind, group, on_the_day
from tests.world import World

REQUEST, CONFIRM, RECORD = "interpreter_to_request", "interpreter_to_confirm", "interpreting_to_record"


@pytest.mark.parametrize(
    ("state", "starts_at", "reason"),
    [
        ("needed", "2026-06-18T20:00Z", REQUEST),
        ("needed", "2026-06-19T08:00Z", None),
        ("declined", "2026-06-16T08:00Z", REQUEST),
        ("requested", "2026-06-18T08:00Z", CONFIRM),
        ("requested", "2026-06-19T08:00Z", None),
        ("requested", "2026-06-14T08:00Z", RECORD),
        ("confirmed", "2026-06-16T08:00Z", None),
        ("confirmed", "2026-06-15T09:30Z", None),
        ("confirmed", "2026-06-15T08:00Z", RECORD),
        ("held", "2026-06-14T08:00Z", None),
        ("no_show", "2026-06-14T08:00Z", None),
        ("cancelled", "2026-06-16T08:00Z", None),
    ],
)
async def test_interpreting_is_due_when_somebody_has_to_act(
    world: World, clock: Clock, state: str, starts_at: str, reason: str | None
) -> None:
    desk = await a_desk(world)
    row = await desk.requested(minutes=60)
    sql = "UPDATE interpretings SET state = $2, starts_at = $3::text::timestamptz WHERE id = $1"
    await behind(world, sql, row["id"], state, starts_at)
    on_the_day(world, clock, desk.lead)
    items = await group(desk.lead, "interpreting_due")
    assert [(each["due_on"], each["reason"]) for each in items] == (
        [(starts_at[:10], reason)] if reason else []
    )
    for each in items:
        assert (each["target"], each["code"]) == ({"type": "interpreting", "id": row["id"]}, "ara")
        assert each["institution"]["id"] == desk.service


async def test_colleague_who_is_not_on_the_case_has_none_on_the_list(world: World, clock: Clock) -> None:
    desk, other = await a_desk(world), await world.case_manager()
    row = await desk.need()
    await world.admin.execute(
        "UPDATE interpretings SET starts_at = '2026-06-16T08:00Z' WHERE id = $1", UUID(row["id"])
    )
    on_the_day(world, clock, desk.lead, other)
    assert len(await group(desk.lead, "interpreting_due")) == 1
    assert await group(other, "interpreting_due") == []
