"""The plan keeps what it said before, goals are measurable, and the client has the last word on them."""

import pytest

from app.cases.actions import plan
from tests.cases.arrange import a_case, etag, journal
from tests.refusals import places
from tests.world import Person, World

GOAL = {"life_domain": "work", "wording": "Ich will arbeiten", "indicator": "Ein Vertrag liegt vor"}


async def a_goal(person: Person, case_id: str) -> str:
    """Return the path of a new goal."""
    made = await person.post(f"/v1/cases/{case_id}/goals", GOAL)
    assert made.status_code == 201, made.text
    assert made.json()["indicator"] == GOAL["indicator"]
    return f"/v1/cases/{case_id}/goals/{made.json()['id']}"


async def change(person: Person, path: str, **fields: object) -> None:
    answer = await person.patch(path, fields, if_match=await etag(person, path))
    assert answer.status_code == 200, answer.text


async def test_every_word_that_stood_there_is_kept_with_who_changed_it(world: World) -> None:
    amira = await world.case_manager()
    goal = await a_goal(amira, await a_case(world, amira))
    await change(amira, goal, progress="Zwei Bewerbungen")
    await change(amira, goal, progress="Ein Gespräch", wording="Ich will pflegen")
    history = (await amira.get(f"{goal}/history")).json()["items"]
    assert [each["before"] for each in history] == [
        {"progress": None},
        {"progress": "Zwei Bewerbungen", "wording": "Ich will arbeiten"},
    ]
    assert {each["user"]["id"] for each in history} == {str(amira.user_id)}
    assert [each["measure_id"] for each in history] == [None, None]
    (entry,) = await journal(world, "goal.history")
    assert len(entry["client_pseudonyms"]) == 1


async def test_measures_keep_their_history_beside_the_goal(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    goal = await a_goal(amira, case_id)
    body = {"wording": "Bewerbung", "responsible": "client", "due_on": "2199-01-01"}
    measure = (await amira.post(f"{goal}/measures", body)).json()["id"]
    changes = {"state": "done", "due_on": "2199-02-01"}
    done = await amira.patch(f"/v1/cases/{case_id}/measures/{measure}", changes, if_match='"1"')
    assert done.status_code == 200, done.text
    (one,) = (await amira.get(f"{goal}/history")).json()["items"]
    assert one["measure_id"] == measure
    assert one["before"] == {"state": "open", "due_on": "2199-01-01", "done_on": None}


async def test_goal_is_dated_when_it_is_evaluated(world: World) -> None:
    amira = await world.case_manager()
    goal = await a_goal(amira, await a_case(world, amira))
    assert (await amira.get(goal)).json()["evaluated_on"] is None
    await change(amira, goal, attainment="partly_reached", client_feedback="Es geht voran")
    assert (await amira.get(goal)).json()["evaluated_on"] is not None
    await change(amira, goal, attainment=None)
    assert (await amira.get(goal)).json()["evaluated_on"] is None


async def test_same_words_again_make_no_history(world: World) -> None:
    amira = await world.case_manager()
    goal = await a_goal(amira, await a_case(world, amira))
    await change(amira, goal, wording=GOAL["wording"])
    assert (await amira.get(f"{goal}/history")).json()["items"] == []


async def test_without_keeping_the_old_words_would_be_gone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    amira = await world.case_manager()
    goal = await a_goal(amira, await a_case(world, amira))
    monkeypatch.setattr(plan, "keep_before", lambda *_: None)
    await change(amira, goal, wording="Ich will pflegen")
    assert (await amira.get(f"{goal}/history")).json()["items"] == []


async def test_history_is_for_the_team(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    goal = await a_goal(amira, await a_case(world, amira))
    assert (await ben.get(f"{goal}/history")).status_code == 404


async def test_what_the_client_says_has_a_code_words_and_a_language(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}"
    said = {"client_feedback": "شكرا", "client_feedback_code": "helped", "client_feedback_language": "ara"}
    await change(amira, path, **said)
    read = (await amira.get(path)).json()
    assert {name: read[name] for name in said} == said
    wrong = await amira.patch(path, {"client_feedback_language": "xx"}, if_match=await etag(amira, path))
    assert places(wrong) == [{"place": "body.client_feedback_language", "kind": "unknown_code"}]
