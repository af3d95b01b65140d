"""Phases: each is left with what it asks for, or with a reason."""

from tests.cases.arrange import a_case, etag, in_phase, journal, record_intake, step
from tests.refusals import places
from tests.world import Person, World

NEED = {"assessed_on": "2026-03-03", "domains": [{"life_domain": "work", "state": "need", "scale": 2}]}
GOAL = {"life_domain": "work", "wording": "Ich will als Pflegerin arbeiten."}
MEASURE = {"wording": "Zeugnisse übersetzen lassen", "responsible": "case_manager", "due_on": "2099-05-01"}


async def missing(person: Person, case_id: str, to: str, **fields: object) -> list[str]:
    answer = await person.post(f"/v1/cases/{case_id}/phase", {"to": to, **fields})
    assert (answer.status_code, answer.json()["code"]) == (409, "incomplete"), answer.text
    return list(answer.json()["missing"])


async def plan(person: Person, case_id: str) -> str:
    goal = (await person.post(f"/v1/cases/{case_id}/goals", GOAL)).json()["id"]
    await person.post(f"/v1/cases/{case_id}/goals/{goal}/measures", MEASURE)
    return str(goal)


async def opened_on(person: Person, case_id: str) -> str:
    return str((await person.get(f"/v1/cases/{case_id}")).json()["opened_on"])


async def test_whole_way_from_intake_to_evaluation(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    path = f"/v1/cases/{case_id}"
    await record_intake(amira, case_id)
    await step(amira, case_id, "assessment")
    assert await missing(amira, case_id, "service_planning") == ["need"]
    assert (await amira.post(f"{path}/assessments", NEED)).status_code == 201
    await step(amira, case_id, "service_planning")
    assert await missing(amira, case_id, "linking") == ["goal", "measure", "agreement"]
    await plan(amira, case_id)
    agreement = {"agreed_on": await opened_on(amira, case_id), "how": "unterschrieben"}
    await step(amira, case_id, "linking", agreement=agreement)
    assert await missing(amira, case_id, "monitoring") == ["linking"]
    await step(amira, case_id, "monitoring", linking_reason="Regelt die Familie selbst")
    assert await missing(amira, case_id, "evaluation") == ["review_date"]
    await amira.patch(path, {"next_review_on": "2030-01-01"}, if_match=await etag(amira, path))
    await step(amira, case_id, "evaluation")
    history = (await amira.get(f"{path}/phases")).json()["items"]
    assert [each["target"] for each in history] == [
        "intake",
        "assessment",
        "service_planning",
        "linking",
        "monitoring",
        "evaluation",
    ]
    assert all(each["passed_over"] == [] for each in history)


async def test_reassessment_asks_for_a_new_assessment_and_a_new_agreement(world: World) -> None:
    amira = await world.case_manager()
    case_id = await in_phase(world, amira, "assessment")
    await amira.post(f"/v1/cases/{case_id}/assessments", NEED)
    await step(amira, case_id, "monitoring", skip_reason="Plan steht schon")
    await step(amira, case_id, "reassessment", skip_reason="Neue Lage")
    assert await missing(amira, case_id, "service_planning") == ["new_assessment", "need"]
    await amira.post(f"/v1/cases/{case_id}/assessments", NEED)
    await step(amira, case_id, "service_planning")
    await plan(amira, case_id)
    old = {"agreed_on": "2026-01-01", "how": "mündlich"}
    assert await missing(amira, case_id, "linking", agreement=old) == ["agreement"]


async def test_skipping_needs_a_reason_and_is_written_down(world: World) -> None:
    amira = await world.case_manager()
    case_id = await in_phase(world, amira, "assessment")
    assert await missing(amira, case_id, "linking") == ["need"]
    await step(amira, case_id, "linking", skip_reason="Wohnungslos seit gestern")
    last = (await amira.get(f"/v1/cases/{case_id}/phases")).json()["items"][-1]
    assert last["reason"] == "Wohnungslos seit gestern"
    assert last["passed_over"] == ["assessment", "service_planning"]


async def test_jumping_over_a_phase_needs_a_reason_even_when_the_present_one_is_complete(
    world: World,
) -> None:
    amira = await world.case_manager()
    case_id = await in_phase(world, amira, "assessment")
    await amira.post(f"/v1/cases/{case_id}/assessments", NEED)
    assert await missing(amira, case_id, "linking") == ["skip_reason"]


async def test_impossible_way_names_the_possible_ones(world: World) -> None:
    amira = await world.case_manager()
    case_id = await in_phase(world, amira, "linking")
    answer = await amira.post(f"/v1/cases/{case_id}/phase", {"to": "assessment"})
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert answer.json()["state"] == "linking"
    assert answer.json()["allowed"] == ["evaluation", "monitoring", "reassessment"]


async def test_step_on_a_stale_version_is_refused(world: World) -> None:
    amira = await world.case_manager()
    case_id = await in_phase(world, amira, "linking")
    body = {"to": "monitoring", "linking_reason": "Nicht nötig"}
    path = f"/v1/cases/{case_id}"
    stale = await amira.post(f"{path}/phase", body, if_match='"1"')
    assert stale.status_code == 412
    fresh = await amira.post(f"{path}/phase", body, if_match=await etag(amira, path))
    assert fresh.status_code == 200


async def test_refused_step_writes_nothing_down(world: World) -> None:
    amira = await world.case_manager()
    case_id = await in_phase(world, amira, "service_planning")
    before = await opened_on(amira, case_id)
    agreement = {"agreed_on": before, "how": "unterschrieben"}
    await missing(amira, case_id, "linking", agreement=agreement)
    assert (await amira.get(f"/v1/cases/{case_id}")).json()["plan_agreed_on"] is None


async def test_agreement_does_not_lie_in_the_future(world: World) -> None:
    amira = await world.case_manager()
    case_id = await in_phase(world, amira, "service_planning")
    body = {"to": "linking", "agreement": {"agreed_on": "2150-01-01", "how": "unterschrieben"}}
    answer = await amira.post(f"/v1/cases/{case_id}/phase", body)
    assert places(answer) == [{"place": "body.agreement.agreed_on", "kind": "in_the_future"}]


async def test_double_submit_takes_one_step(world: World) -> None:
    amira = await world.case_manager()
    case_id = await in_phase(world, amira, "linking")
    body = {"to": "monitoring", "linking_reason": "Nicht nötig"}
    for _ in range(2):
        answer = await amira.post(f"/v1/cases/{case_id}/phase", body, idempotency_key="step-00001")
        assert (answer.status_code, answer.json()["phase"]) == (200, "monitoring")


async def test_each_step_is_in_the_journal(world: World) -> None:
    amira = await world.case_manager()
    await in_phase(world, amira, "assessment")
    (entry,) = await journal(world, "case.phase")
    assert (entry["changed"], len(entry["client_pseudonyms"])) == (["phase"], 1)
