"""How many statements a working day takes: one for the answer, one more where a case has to be one's own."""

from tests.cases.arrange import a_case
from tests.cases.test_statements import Watched, watched
from tests.work.test_timeline import timeline
from tests.work.test_working_list import work

__all__ = ["watched"]


async def test_working_list_takes_one_statement_however_much_is_due(watched: Watched) -> None:
    manager = await watched.world.case_manager()
    for number in range(3):
        case_id = await a_case(watched.world, manager)
        watched.take()
        assert len((await work(manager))["groups"]) == 12
        assert watched.take() == ["BEGIN", "SELECT", "WITH", "COMMIT"], number
        made = await manager.post(f"/v1/cases/{case_id}/tasks", {"title": "Neu", "due_on": "2199-01-01"})
        assert made.status_code == 201


async def test_timeline_takes_one_statement_and_the_question_whose_case_it_is(watched: Watched) -> None:
    manager = await watched.world.case_manager()
    case_id = await a_case(watched.world, manager)
    watched.take()
    assert (await timeline(manager, case_id))["items"]
    assert watched.take() == ["BEGIN", "SELECT", "SELECT", "WITH", "COMMIT"]
