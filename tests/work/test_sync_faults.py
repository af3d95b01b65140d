"""Each of these faults in the SQL of catching up would be noticed by one of its tests."""

from collections.abc import Awaitable, Callable

import pytest

from app.kit.catching_up import written_since
from app.work.sync import queries
from tests.work import test_sync as tests
from tests.work.test_sync_pages import test_page_that_is_just_full_hides_nothing_behind_it as _just_full
from tests.world import World

FAULTS: list[tuple[str, str, str, Callable[..., Awaitable[None]]]] = [
    ("RIGHTS", " OR a.active_until > $2::timestamptz AND a.active_until <= now()", "",
     tests.test_deputyship_that_runs_out_by_time_takes_the_case_away),
    ("RIGHTS", "OR a.active_from > $2::timestamptz AND a.active_from <= now()", "",
     tests.test_deputyship_that_begins_by_time_brings_the_case),
    ("RIGHTS", f"({written_since('a.changed_xid', '$1')} OR", "(a.created_at >= $2::timestamptz OR",
     tests.test_assignment_whose_end_commits_late_is_not_missed),
    ("RIGHTS", "SELECT DISTINCT client_id FROM asked))", "SELECT client_id FROM asked WHERE false))",
     tests.test_member_of_the_household_who_may_not_be_seen_any_more_leaves_the_page),
    ("CHANGED", f" OR ({written_since('s.changed_xid', '$5')})", " OR false",
     tests.test_content_of_a_case_moves_the_case),
    ("CHANGED", "FROM tombstones t WHERE", "FROM tombstones t WHERE false AND",
     tests.test_erased_person_is_gone_from_every_phone),
    ("CHANGED", "<> ALL ($8::uuid[])", "= ANY ($8::uuid[])",
     tests.test_content_of_a_case_moves_the_case),
    ("CHANGED", " <= $4::int", " < $4::int",
     _just_full),
    ("GAINED", ", m.id, t.id) > ($1::int", ", m.id, m.id) > ($1::int",
     tests.test_round_that_is_cut_off_goes_on_where_it_was),
    ("GAINED", ", m.id) >= ($1::int", ", m.id) > ($1::int",
     tests.test_round_that_is_cut_off_goes_on_where_it_was),
]  # fmt: skip


WITH_ANOTHER_CONNECTION = {tests.test_assignment_whose_end_commits_late_is_not_missed}


@pytest.mark.parametrize(
    ("statement", "right", "wrong", "test"), FAULTS, ids=[each[1][:30] for each in FAULTS]
)
async def test_fault_in_catching_up_is_noticed(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    statement: str,
    right: str,
    wrong: str,
    test: Callable[..., Awaitable[None]],
) -> None:
    whole = getattr(queries, statement)
    assert right in whole
    monkeypatch.setattr(queries, statement, whole.replace(right, wrong))
    with pytest.raises(AssertionError):
        await (test(world, database_url) if test in WITH_ANOTHER_CONNECTION else test(world))
