"""The latest assessment, and two days set beside each other."""

from typing import Any

import pytest

from app.cases.queries import comparing
from tests.cases.arrange import a_case, journal, pseudonym, team_lead
from tests.refusals import places
from tests.world import Person, World

SPAN = {"from": "2026-02-01", "to": "2026-04-01"}


async def assess(person: Person, case_id: str, day: str, *domains: tuple[str, str, int | None]) -> str:
    """Record an assessment of these life domains: name, state, scale."""
    said = [{"life_domain": name, "state": state, "scale": scale} for name, state, scale in domains]
    made = await person.post(f"/v1/cases/{case_id}/assessments", {"assessed_on": day, "domains": said})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def compared(person: Person, case_id: str, **span: str) -> dict[str, Any]:
    answer = await person.get(f"/v1/cases/{case_id}/assessments/compare", **{**SPAN, **span})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_each_life_domain_says_how_it_stood_and_what_changed(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    before = await assess(
        amira, case_id, "2026-01-15", ("work", "need", 2), ("housing", "need", 1), ("language", "need", 3),
        ("family", "resource", 4), ("school", "need", 2), ("debts", "not_discussed", None),
    )  # fmt: skip
    after = await assess(
        amira, case_id, "2026-03-15", ("work", "need", 4), ("housing", "none", 4), ("language", "need", 2),
        ("family", "resource", 4), ("debts", "need", 1),
    )  # fmt: skip
    answer = await compared(amira, case_id)
    assert (answer["before"]["id"], answer["after"]["id"], answer["id"]) == (before, after, after)
    assert {each["life_domain"]: (each["difference"], each["change"]) for each in answer["domains"]} == {
        "work": (2, "improved"),
        "housing": (3, "resolved"),
        "language": (-1, "worse"),
        "family": (0, "unchanged"),
        "school": (None, "not_comparable"),
        "debts": (None, "new_need"),
    }
    school = next(each for each in answer["domains"] if each["life_domain"] == "school")
    assert (school["before"], school["after"]) == ({"state": "need", "scale": 2, "note": None}, None)


async def test_each_day_takes_the_last_assessment_up_to_it(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    found = [
        await assess(amira, case_id, day, ("work", "need", scale))
        for day, scale in (("2026-01-01", 1), ("2026-02-01", 2), ("2026-03-01", 3), ("2026-05-01", 5))
    ]
    answer = await compared(amira, case_id)
    assert [answer["before"]["id"], answer["after"]["id"]] == found[1:3]
    same = await compared(amira, case_id, to="2026-02-15")
    assert [each["change"] for each in same["domains"]] == ["unchanged"]


async def test_first_day_before_the_first_assessment_finds_nothing(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    path = f"/v1/cases/{case_id}/assessments"
    assert (await amira.get(f"{path}/latest")).status_code == 404
    await assess(amira, case_id, "2026-03-15", ("work", "need", 1))
    assert (await amira.get(f"{path}/compare", **SPAN)).status_code == 404


async def test_days_the_wrong_way_round_are_refused(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/assessments/compare"
    answer = await amira.get(path, **{"from": "2026-04-01", "to": "2026-02-01"})
    assert places(answer) == [{"place": "query.from", "kind": "after_to"}]


async def test_latest_is_the_one_made_last_not_the_one_written_last(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    newer = await assess(amira, case_id, "2026-03-15", ("work", "need", 4))
    await assess(amira, case_id, "2026-01-15", ("work", "need", 1))
    assert (await amira.get(f"/v1/cases/{case_id}/assessments/latest")).json()["id"] == newer


async def test_comparison_is_for_the_team_and_in_the_journal(world: World) -> None:
    amira, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    await assess(amira, case_id, "2026-01-15", ("work", "need", 1))
    await compared(amira, case_id)
    path = f"/v1/cases/{case_id}/assessments/compare"
    assert [(await each.get(path, **SPAN)).status_code for each in (ben, lead)] == [404, 404]
    client = (await amira.get(f"/v1/cases/{case_id}")).json()["client"]["id"]
    (entry,) = await journal(world, "assessment.compare")
    assert [str(each) for each in entry["client_pseudonyms"]] == [await pseudonym(world, client)]


async def test_comparing_a_day_with_itself_would_hide_every_change(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    await assess(amira, case_id, "2026-01-15", ("work", "need", 1))
    await assess(amira, case_id, "2026-03-15", ("work", "need", 4))
    compiled = comparing.COMPARISON._compiled
    names = tuple("last_day" if name == "first_day" else name for name in compiled.names)
    monkeypatch.setitem(
        comparing.COMPARISON.__dict__, "_compiled", type(compiled)(compiled.sql, names, compiled.fixed)
    )
    assert [each["change"] for each in (await compared(amira, case_id))["domains"]] == ["unchanged"]
