"""Assessments, goals and measures."""

from typing import Any

import pytest

from tests.cases.arrange import a_case
from tests.refusals import places
from tests.world import Person, World

NEED = {"life_domain": "work", "state": "need", "scale": 2, "note": "Seit Januar ohne Arbeit"}
ASSESSMENT = {
    "assessed_on": "2026-03-03",
    "domains": [NEED, {"life_domain": "health", "state": "not_discussed"}],
}
GOAL = {"life_domain": "work", "wording": "Ich will als Pflegerin arbeiten.", "target_on": "2099-12-31"}
MEASURE = {"wording": "Zeugnisse übersetzen lassen", "responsible": "institution", "responsible_name": "BQ"}


async def a_goal(person: Person, case_id: str) -> tuple[str, str]:
    made = await person.post(f"/v1/cases/{case_id}/goals", GOAL)
    assert made.status_code == 201, made.text
    return str(made.json()["id"]), f"/v1/cases/{case_id}/goals/{made.json()['id']}"


async def test_assessment_keeps_its_domains_in_order(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/assessments"
    made = await amira.post(path, ASSESSMENT)
    silent = {"life_domain": "health", "state": "not_discussed", "scale": None, "note": None}
    assert (made.status_code, made.json()["domains"]) == (201, [NEED, silent])
    assert (await amira.get(path)).json()["items"] == [made.json()]
    assert (await amira.get(f"{path}/{made.json()['id']}")).json() == made.json()


async def test_newest_assessment_comes_first(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/assessments"
    for day in ("2026-03-03", "2026-05-05", "2026-04-04"):
        await amira.post(path, {**ASSESSMENT, "assessed_on": day})
    days = [each["assessed_on"] for each in (await amira.get(path)).json()["items"]]
    assert days == ["2026-05-05", "2026-04-04", "2026-03-03"]


@pytest.mark.parametrize(
    ("domains", "place", "kind"),
    [
        ([{"life_domain": "work", "state": "resource"}], "body.domains", "need_missing"),
        ([NEED, NEED], "body.domains", "repeated"),
        ([{**NEED, "life_domain": "space"}], "body.domains.0.life_domain", "unknown_code"),
        ([NEED, {"life_domain": "health", "state": "not_discussed", "scale": 1}], "body.domains.1.state",
         "said_something"),
        ([{**NEED, "scale": 6}], "body.domains.0.scale", "less_than_equal"),
    ],
)  # fmt: skip
async def test_unusable_assessments_are_refused_by_place(
    world: World, domains: list[dict[str, Any]], place: str, kind: str
) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/assessments"
    answer = await amira.post(path, {**ASSESSMENT, "domains": domains})
    assert (answer.status_code, places(answer)) == (422, [{"place": place, "kind": kind}])


async def test_assessment_is_not_made_in_the_future(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/assessments"
    answer = await amira.post(path, {**ASSESSMENT, "assessed_on": "2150-01-01"})
    assert answer.json()["errors"][0]["kind"] == "in_the_future"


async def test_assessment_is_not_made_before_the_client_is_born(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/assessments"
    early = await amira.post(path, {**ASSESSMENT, "assessed_on": "1990-03-31"})
    assert (early.status_code, places(early)) == (
        422,
        [{"place": "body.assessed_on", "kind": "before_birth"}],
    )
    assert (await amira.post(path, {**ASSESSMENT, "assessed_on": "1990-04-01"})).status_code == 201


async def test_goal_carries_its_measures(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    _, path = await a_goal(amira, case_id)
    measure = await amira.post(f"{path}/measures", MEASURE)
    assert (measure.status_code, measure.json()["state"]) == (201, "open")
    goal = (await amira.get(path)).json()
    assert (goal["wording"], goal["measures"]) == (GOAL["wording"], [measure.json()])
    assert (await amira.get(f"/v1/cases/{case_id}/goals")).json()["items"] == [goal]


async def test_goal_notes_progress_attainment_and_the_clients_word(world: World) -> None:
    amira = await world.case_manager()
    _, path = await a_goal(amira, await a_case(world, amira))
    body = {"progress": "Bescheid da", "attainment": "partly_reached", "client_feedback": "Endlich"}
    changed = await amira.patch(path, body, if_match='"1"')
    assert {key: changed.json()[key] for key in body} == body
    assert changed.headers["etag"] == '"2"'


async def test_goal_keeps_its_wording(world: World) -> None:
    amira = await world.case_manager()
    _, path = await a_goal(amira, await a_case(world, amira))
    answer = await amira.patch(path, {"wording": None}, if_match='"1"')
    assert places(answer) == [{"place": "body.wording", "kind": "missing"}]
    assert (await amira.patch(path, {}, if_match='"1"')).json()["code"] == "nothing_to_change"


async def test_measure_that_is_done_is_dated_and_can_be_taken_back(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    _, goal = await a_goal(amira, case_id)
    made = (await amira.post(f"{goal}/measures", MEASURE)).json()
    path = f"/v1/cases/{case_id}/measures/{made['id']}"
    done = await amira.patch(path, {"state": "done", "note": "Am Montag"}, if_match='"1"')
    opened_on = (await amira.get(f"/v1/cases/{case_id}")).json()["opened_on"]
    assert (done.json()["state"], done.json()["done_on"]) == ("done", opened_on)
    back = await amira.patch(path, {"state": "open"}, if_match='"2"')
    assert (back.json()["state"], back.json()["done_on"]) == ("open", None)


async def test_what_belongs_to_another_case_is_not_found_under_this_one(world: World) -> None:
    amira = await world.case_manager()
    one, other = await a_case(world, amira), await a_case(world, amira)
    goal_id, goal = await a_goal(amira, one)
    measure = (await amira.post(f"{goal}/measures", MEASURE)).json()["id"]
    wrong = f"/v1/cases/{other}"
    answers = [
        await amira.get(f"{wrong}/goals/{goal_id}"),
        await amira.patch(f"{wrong}/goals/{goal_id}", {"progress": "x"}, if_match='"1"'),
        await amira.post(f"{wrong}/goals/{goal_id}/measures", MEASURE),
        await amira.patch(f"{wrong}/measures/{measure}", {"note": "x"}, if_match='"1"'),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]


async def test_unknown_life_domain_is_refused(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/goals"
    answer = await amira.post(path, {**GOAL, "life_domain": "space"})
    assert places(answer) == [{"place": "body.life_domain", "kind": "unknown_code"}]
