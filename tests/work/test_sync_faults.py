"""Each of these faults in the SQL of catching up would be noticed by one of its tests."""

from collections.abc import Awaitable, Callable

import pytest

from app.work.sync import queries
from tests.work import test_sync as tests
from tests.world import World

FAULTS: list[tuple[str, str, Callable[..., Awaitable[None]]]] = [
    (" OR a.active_until > $2::timestamptz AND a.active_until <= now()", "",
     tests.test_deputyship_that_runs_out_by_time_takes_the_case_away),
    ("OR a.active_from > $2::timestamptz AND a.active_from <= now()", "",
     tests.test_deputyship_that_begins_by_time_brings_the_case),
    ("(a.changed_xid >= $1::text::xid8 OR", "(a.created_at >= $2::timestamptz OR",
     tests.test_assignment_whose_end_commits_late_is_not_missed),
    ("SELECT DISTINCT client_id FROM asked))", "SELECT client_id FROM asked WHERE false))",
     tests.test_member_of_the_household_who_may_not_be_seen_any_more_leaves_the_page),
    (" OR s.changed_xid >= $1::text::xid8", "", tests.test_content_of_a_case_moves_the_case),
    ("NOT $3::bool AND t.changed_xid", "false AND t.changed_xid",
     tests.test_erased_person_is_gone_from_every_phone),
]  # fmt: skip


WITH_ANOTHER_CONNECTION = {tests.test_assignment_whose_end_commits_late_is_not_missed}


@pytest.mark.parametrize(("right", "wrong", "test"), FAULTS, ids=[each[0][:30] for each in FAULTS])
async def test_fault_in_catching_up_is_noticed(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    right: str,
    wrong: str,
    test: Callable[..., Awaitable[None]],
) -> None:
    assert right in queries.STATEMENT
    monkeypatch.setattr(queries, "STATEMENT", queries.STATEMENT.replace(right, wrong))
    with pytest.raises(AssertionError):
        await (test(world, database_url) if test in WITH_ANOTHER_CONNECTION else test(world))
