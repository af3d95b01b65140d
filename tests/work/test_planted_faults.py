"""Each of these faults in the SQL of a working list would be noticed by one of its tests."""

from collections.abc import Awaitable, Callable

import pytest

from app.work.working_list import queries
from tests.conftest import Clock
from tests.work import test_without_contact
from tests.work import test_working_list as tests
from tests.world import World


async def last_second_of_the_day(world: World, clock: Clock) -> None:
    """Meet somebody in the last second of the day before the weeks that count."""
    await test_without_contact.test_weeks_without_contact_are_counted_in_days_of_the_office(
        world, clock, "2026-05-04T21:59:59Z", [("2026-06-15", "no_contact")]
    )


FAULTS: list[tuple[str, str, Callable[[World, Clock], Awaitable[None]]]] = [
    (" AND c.closed_on IS NULL", "", tests.test_closed_case_is_off_the_list),
    ("t.done_at IS NULL", "true", tests.test_task_that_is_done_is_off_the_list),
    ("m.relation <> 'member'", "true",
     tests.test_deputy_sees_what_is_due_for_the_colleague_and_a_member_only_their_own),
    ("x.contact_type <> 'third_party'", "true",
     test_without_contact.test_case_without_contact_comes_up_after_so_many_weeks),
    ("x.happened_at >= ($1::date - 7 * $3::int + 1)", "x.happened_at >= ($1::date - 7 * $3::int)",
     last_second_of_the_day),
    ("n <= $8::int", "n <= $8::int + 1", tests.test_group_is_read_page_by_page_and_counted_whole),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "test"), FAULTS, ids=[each[0] for each in FAULTS])
async def test_fault_in_the_working_list_is_noticed(
    world: World,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    right: str,
    wrong: str,
    test: Callable[[World, Clock], Awaitable[None]],
) -> None:
    assert right in queries.STATEMENT
    monkeypatch.setattr(queries, "STATEMENT", queries.STATEMENT.replace(right, wrong))
    with pytest.raises(AssertionError):
        await test(world, clock)


async def test_lapsed_assignment_is_held_twice(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its own condition the statement still shows nothing: row-level security is the second lock."""
    own = "AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now())"
    assert own in queries.STATEMENT
    monkeypatch.setattr(queries, "STATEMENT", queries.STATEMENT.replace(own, ""))
    await tests.test_past_deputy_and_colleague_see_nothing(world, clock)
