"""Figures of component 3 over HTTP: entered, corrected and read by their authority alone."""

import asyncio
from typing import Any

import pytest

from app.access.roles import Role
from tests.cases.arrange import journal
from tests.refusals import places
from tests.world import Person, World

PATH = "/v1/authority-figures"
SYRIA_AND_UKRAINE = {"syria": 12, "ukraine": 9}


async def an_officer(world: World, name: str = "Einbürgerungsbehörde") -> Person:
    return await world.person(Role.AUTHORITY_OFFICER, institution="auslaenderbehoerde", institution_name=name)


def figure(**fields: Any) -> dict[str, Any]:
    """Return a figure that adds up."""
    groups = fields.pop("groups", None) or dict(zip(GROUPS, (12, 9), strict=False))
    return {
        "quarter": "2026Q1", "figure": "naturalisation_granted", "total": sum(groups.values()),
        "groups": groups, **fields,
    }  # fmt: skip


GROUPS = ("ukraine", "syria")


async def test_figure_is_entered_once_and_read_by_its_authority(world: World) -> None:
    officer = await an_officer(world)
    made = await officer.post(PATH, figure())
    assert made.status_code == 201, made.text
    assert (made.json()["total"], made.json()["institution_id"]) == (21, str(officer.place_id))
    again = await officer.post(PATH, figure())
    assert (again.status_code, again.json()["code"]) == (409, "figure_entered")
    assert (await officer.get(PATH)).json()["items"] == [made.json()]
    assert len(await journal(world, "authority_figure.enter")) == 1


async def test_double_submit_enters_one_figure(world: World) -> None:
    officer = await an_officer(world)
    both = await asyncio.gather(*(officer.post(PATH, figure()) for _ in range(2)))
    assert sorted(each.status_code for each in both) == [201, 409]


@pytest.mark.parametrize(
    ("fields", "place", "kind"),
    [
        ({"total": 20}, "body", "does_not_add_up"),
        ({"groups": {"german": 3}}, "body.groups", "unknown_code"),
        ({"groups": {"atlantis": 3}}, "body.groups", "unknown_code"),
        ({"groups": {"syria": -3}, "total": -3}, "body.groups", None),
        ({"quarter": "2199Q1"}, "body.quarter", "quarter_not_ended"),
        ({"quarter": "2019Q4"}, "body.quarter", "before_programme"),
        ({"figure": "asylum"}, "body.figure", None),
    ],
)
async def test_figure_that_cannot_be_is_refused(
    world: World, fields: dict[str, Any], place: str, kind: str | None
) -> None:
    officer = await an_officer(world)
    answer = await officer.post(PATH, figure(**fields))
    assert answer.status_code == 422
    found = [each for each in places(answer) or [] if each["place"].startswith(place)]
    assert found
    assert kind is None or found[0]["kind"] == kind
    assert (await officer.get(PATH)).json()["items"] == []


async def test_correction_keeps_what_was_said(world: World) -> None:
    officer = await an_officer(world)
    first = (await officer.post(PATH, figure())).json()
    body = {"total": 13, "groups": {"syria": 13}, "reason": "Doppelt gezählt"}
    second = await officer.post(f"{PATH}/{first['id']}/correct", body)
    assert second.status_code == 200, second.text
    old = (await officer.get(f"{PATH}/{first['id']}")).json()
    assert (old["total"], old["superseded_by"], old["correction_reason"]) == (
        21, second.json()["id"], "Doppelt gezählt",
    )  # fmt: skip
    again = await officer.post(f"{PATH}/{first['id']}/correct", body)
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert [each["total"] for each in (await officer.get(PATH)).json()["items"]] == [13, 21]


async def test_another_authority_and_everybody_else_reads_nothing(world: World) -> None:
    officer, other = await an_officer(world), await an_officer(world, "Ausländerbehörde der Stadt")
    made = (await officer.post(PATH, figure())).json()
    assert (await other.get(PATH)).json()["items"] == []
    assert (await other.get(f"{PATH}/{made['id']}")).status_code == 404
    for role in (Role.COORDINATOR, Role.ASSISTANT, Role.CASE_MANAGER, Role.ADMIN, Role.STEERING_MEMBER):
        person = await world.person(role)
        assert (await person.get(PATH)).status_code == 403


async def test_figure_of_an_authority_that_is_not_ones_own_is_refused(world: World) -> None:
    officer, other = await an_officer(world), await an_officer(world, "Ausländerbehörde der Stadt")
    answer = await officer.post(PATH, figure(institution_id=str(other.place_id)))
    assert places(answer) == [{"place": "body.institution_id", "kind": "not_yours"}]
