"""Whoever writes a quarter in another way is told how it is written, wherever a request names one."""

import pytest
from pydantic import TypeAdapter, ValidationError

from app.access.roles import Role
from app.kit.quarters import QuarterCode
from tests.refusals import places
from tests.world import World

SENTENCE = "A quarter is written 2026Q3, of the years 2000 to 2199."
_ANY = TypeAdapter(QuarterCode)


@pytest.mark.parametrize(
    "written", ["2026-Q3", "Q3/2026", "2026Q5", "2026q3", "1999Q1", "2200Q1", "2026Q3\n", "２０２６Q3", ""]
)
def test_another_way_of_writing_it_is_answered_with_the_right_one(written: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _ANY.validate_python(written)
    assert [each["msg"] for each in refused.value.errors()] == [SENTENCE]


def test_what_is_no_text_is_refused_as_such_and_a_quarter_is_taken() -> None:
    with pytest.raises(ValidationError) as refused:
        _ANY.validate_python(20263)
    assert [each["type"] for each in refused.value.errors()] == ["string_type"]
    assert _ANY.validate_python("2026Q3") == "2026Q3"


@pytest.mark.parametrize("path", ["/v1/signals", "/v1/partner-barriers/figures"])
async def test_the_place_is_the_parameter(world: World, path: str) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    answer = await coordinator.get(path, quarter="2026-Q3")
    assert answer.status_code == 422
    assert places(answer) == [{"place": "query.quarter", "kind": "quarter_unreadable"}]
    assert answer.json()["errors"][0]["message"] == SENTENCE
