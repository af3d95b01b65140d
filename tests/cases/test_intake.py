"""Intake: what it is left with, and what cannot be passed over."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cases.arrange import INTAKE, a_case, etag, record_intake, step
from tests.refusals import places
from tests.world import Person, World


async def recorded(person: Person, case_id: str, body: object) -> tuple[int, dict[str, object]]:
    path = f"/v1/cases/{case_id}"
    answer = await person.patch(f"{path}/intake", body, if_match=await etag(person, path))
    return answer.status_code, answer.json()


async def test_bare_intake_cannot_be_left_and_the_answer_names_what_is_missing(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    answer = await amira.post(f"/v1/cases/{case_id}/phase", {"to": "assessment"})
    assert (answer.status_code, answer.json()["code"]) == (409, "incomplete")
    assert answer.json()["missing"] == [
        "privacy_notice",
        "intake_criteria",
        "voluntary_participation",
        "intake_outcome",
        "documentation_basis",
    ]


async def test_intake_is_never_skipped_whatever_the_reason(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    answer = await amira.post(
        f"/v1/cases/{case_id}/phase", {"to": "linking", "skip_reason": "Notlage, sofort weiter"}
    )
    assert (answer.status_code, "privacy_notice" in answer.json()["missing"]) == (409, True)


async def test_complete_intake_leads_to_assessment(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    await record_intake(amira, case_id)
    await step(amira, case_id, "assessment")
    seen = (await amira.get(f"/v1/cases/{case_id}")).json()
    assert (seen["phase"], seen["intake"]["criteria"]["C7"]) == ("assessment", True)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"criteria": {**INTAKE["criteria"], "C6": False}}, ["voluntary_participation"]),  # type: ignore[dict-item]
        ({"outcome": "declined"}, ["intake_outcome"]),
        ({"documentation_basis": "consent"}, ["documentation_consent"]),
        ({"criteria": {"C1": True, "C6": True}}, ["intake_criteria"]),
    ],
)
async def test_each_part_of_intake_is_asked_for(
    world: World, changes: dict[str, object], missing: list[str]
) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    await record_intake(amira, case_id, **changes)
    answer = await amira.post(f"/v1/cases/{case_id}/phase", {"to": "assessment"})
    assert answer.json()["missing"] == missing


async def test_criteria_answered_before_stay_answered(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    await recorded(amira, case_id, {"criteria": {"C1": True, "C2": True}})
    _, seen = await recorded(amira, case_id, {"criteria": {"C2": False}})
    assert seen["intake"]["criteria"] == {"C1": True, "C2": False}  # type: ignore[index]


async def test_outcome_counselling_makes_it_a_counselling_case_without_c6(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    criteria = {**INTAKE["criteria"], "C6": False}  # type: ignore[dict-item]
    await record_intake(amira, case_id, outcome="counselling", criteria=criteria)
    await step(amira, case_id, "assessment")
    assert (await amira.get(f"/v1/cases/{case_id}")).json()["kind"] == "counselling"


async def test_outcome_stands_once_intake_is_over_but_the_notice_can_be_renewed(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    await record_intake(amira, case_id)
    await step(amira, case_id, "assessment")
    status, refused = await recorded(amira, case_id, {"outcome": "declined"})
    assert (status, refused["code"]) == (409, "wrong_state")
    status, _ = await recorded(amira, case_id, {"outcome": None})
    assert status == 409
    notice = {key: value for key, value in INTAKE.items() if key.startswith("privacy_notice")}
    assert (await recorded(amira, case_id, {**notice, "privacy_notice_version": "2026-2"}))[0] == 200


@pytest.mark.parametrize(
    ("body", "place", "kind"),
    [
        ({"outcome": "perhaps"}, "body.outcome", "unknown_code"),
        ({"privacy_notice_version": "1"}, "body.privacy_notice_version", "missing"),
        ({"documentation_basis": None}, "body.documentation_basis", "missing"),
        ({"privacy_notice_on": None}, "body.privacy_notice_on", "missing"),
        ({"documentation_basis": "gut_feeling"}, "body.documentation_basis", "unknown_code"),
        ({"criteria": {"C8": True}}, "body.criteria.key.key", "literal_error"),
    ],
)
async def test_unusable_answers_are_refused_by_place(
    world: World, body: dict[str, object], place: str, kind: str
) -> None:
    amira = await world.case_manager()
    status, answer = await recorded(amira, await a_case(world, amira), body)
    assert (status, places(answer)) == (422, [{"place": place, "kind": kind}])


async def test_notice_is_not_given_in_the_future(world: World) -> None:
    amira = await world.case_manager()
    later = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    status, answer = await recorded(amira, await a_case(world, amira), {**INTAKE, "privacy_notice_on": later})
    assert (status, answer["errors"][0]["kind"]) == (422, "in_the_future")  # type: ignore[index]
