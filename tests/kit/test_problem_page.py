"""Every code that the application can answer with has an entry where the `type` of the problem points."""

from pathlib import Path

import pytest

from app.documentation.problem_codes import MEANINGS
from app.documentation.problem_page import problems_markdown
from app.kit.errors import Conflict
from app.kit.problems import respond
from tests.kit.problem_codes import codes_in_source, codes_of
from tests.world import World

APP = Path(__file__).parents[2] / "app"


def test_every_code_of_the_source_has_an_entry_and_every_entry_a_code() -> None:
    assert codes_in_source(APP) == set(MEANINGS)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('raise Conflict("No.", code="planted")', "planted"),
        ('raise Incomplete("No.", missing=[], code="planted")', "planted"),
        ('class Planted(Conflict):\n    code = "planted"', "planted"),
        ('problem_response(418, "planted", "No.")', "planted"),
        ('raise WeakPassword("planted", "No.")', "planted"),
        ("raise Conflict(words, code=computed)", "?computed"),
    ],
)
def test_planted_code_is_found(source: str, code: str) -> None:
    assert set(codes_of(source)) == {code}
    assert code not in MEANINGS


def test_code_of_something_else_is_no_code_of_a_problem() -> None:
    assert list(codes_of('Sheet("a.csv", code="ags8")')) == []


async def test_running_application_shows_each_code_where_its_type_points(world: World) -> None:
    async with world.http() as nobody:
        page = await nobody.get("/docs/problems")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    missing = [code for code in MEANINGS if f'<tr id="{code}">' not in page.text]
    assert missing == []


async def test_type_of_a_refusal_leads_to_its_entry(world: World) -> None:
    async with world.http() as nobody:
        refused = await nobody.get("/v1/units")
        address, _, anchor = refused.json()["type"].partition("#")
        page = await nobody.get(address)
    assert f'id="{anchor}"' in page.text


def test_entry_that_is_missing_would_be_seen() -> None:
    answer = bytes(respond(Conflict("No.", code="planted")).body)
    assert b"/docs/problems#planted" in answer
    assert "planted" not in problems_markdown()


def test_entries_are_sentences() -> None:
    unfinished = [one.code for one in MEANINGS.values() if not one.means[-1:] == one.do[-1:] == "."]
    assert unfinished == []
