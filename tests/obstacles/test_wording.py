"""Texts of obstacles that point to a person are refused with the passage; deadlines lie ahead."""

from typing import Any

import pytest

from app.access.roles import Role
from app.kit.errors import Invalid
from app.obstacles.wording import require_impersonal
from tests.obstacles.arrange import MINUTE, OBSTACLE, bundled, new_obstacle
from tests.refusals import places
from tests.world import World

POINTING = [
    ("Frau Haddad bekommt keinen Termin", "Frau Haddad"),
    ("Es begann am 3.5.2026 am Schalter", "3.5.2026"),
    ("Rückruf unter 0203 5551234 blieb aus", "0203 5551234"),
    ("Bitte an amira.haddad@example.org wenden", "amira.haddad@example.org"),
    ("Wohnung in der Lindenstraße 12 gekündigt", "Lindenstraße 12"),
    ("Eine Mutter, 34 Jahre alt, wartet", "34 Jahre alt"),
]


@pytest.mark.parametrize(("text", "marked"), POINTING)
@pytest.mark.parametrize("field", ["title", "description"])
async def test_obstacle_that_points_to_somebody_is_refused_with_the_passage(
    world: World, text: str, marked: str, field: str
) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    answer = await coordinator.post("/v1/obstacles", {**OBSTACLE, field: text})
    assert (answer.status_code, answer.json()["code"]) == (422, "text_identifies")
    assert places(answer) == [{"place": f"body.{field}", "kind": "identifies"}]
    (passage,) = answer.json()["passages"]
    assert (passage["place"], text[passage["start"] : passage["end"]]) == (f"body.{field}", marked)
    assert marked not in answer.text


@pytest.mark.parametrize(
    ("method", "where", "body", "field"),
    [
        ("PATCH", "", {"description": "Frau Haddad wartet seit Wochen"}, "description"),
        ("POST", "/status", {"to": "rejected", "reason": "Herr Demir hat zugesagt"}, "reason"),
        ("POST", "/measures", {"title": "Gespräch mit Frau Haddad"}, "title"),
        ("POST", "/decisions", {**MINUTE, "text": "Herr Demir wird angehört"}, "text"),
    ],
)
async def test_every_text_of_an_obstacle_is_checked(
    world: World, method: str, where: str, body: dict[str, Any], field: str
) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    obstacle = await bundled(coordinator)
    if where == "/measures":
        body = {**body, "unit_id": str(await world.unit())}
    headers = {"If-Match": f'"{obstacle["version"]}"'}
    path = f"/v1/obstacles/{obstacle['id']}{where}"
    answer = await coordinator.http.request(method, path, json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "text_identifies")
    assert {each["place"] for each in answer.json()["errors"]} == {f"body.{field}"}


async def test_measure_is_not_renamed_after_somebody(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    path = f"/v1/obstacles/{(await bundled(coordinator))['id']}/measures"
    made = await coordinator.post(path, {"title": "Schalter", "unit_id": str(await world.unit())})
    measure = f"{path}/{made.json()['id']}"
    answer = await coordinator.patch(measure, {"title": "Frau Haddad am Schalter"}, if_match='"1"')
    assert answer.json()["code"] == "text_identifies"


async def test_decision_may_name_its_day_and_its_number(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    obstacle = await bundled(coordinator)
    body = {
        **MINUTE,
        "minute": "Protokoll vom 20.05.2026, Vorlage 202600123",
        "text": "Ab 1.9.2026 umsetzen.",
    }
    answer = await coordinator.post(f"/v1/obstacles/{obstacle['id']}/decisions", body)
    assert answer.status_code == 201, answer.text


def test_sentence_about_the_system_passes() -> None:
    require_impersonal({"title": "Am Schalter fehlt seit dem Frühjahr Sprachmittlung", "description": None})


def test_text_that_is_checked_as_a_decision_still_names_nobody() -> None:
    with pytest.raises(Invalid):
        require_impersonal({}, decisions={"text": "Frau Haddad"})
    require_impersonal({}, decisions={"text": "am 3.5.2026"})
    with pytest.raises(Invalid):
        require_impersonal({"text": "am 3.5.2026"})


async def test_deadlines_lie_ahead(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    obstacle = await new_obstacle(coordinator)
    path = f"/v1/obstacles/{obstacle['id']}"
    unit = {"unit_id": str(await world.unit())}
    past = [{"place": "body.due_on", "kind": "in_the_past"}]
    measure = await coordinator.post(
        f"{path}/measures", {"title": "Schalter", "due_on": "2020-01-01", **unit}
    )
    changed = await coordinator.patch(path, {"due_on": "2020-01-01"}, if_match='"1"')
    moved = await coordinator.post(f"{path}/status", {"to": "under_review", "due_on": "2020-01-01"})
    assert [places(each) for each in (measure, changed, moved)] == [past, past, past]
    ahead = {"title": "Schalter", "due_on": "2199-01-01", **unit}
    made = await coordinator.post(f"{path}/measures", ahead)
    assert made.status_code == 201, made.text
    again = f"{path}/measures/{made.json()['id']}"
    assert places(await coordinator.patch(again, {"due_on": "2020-01-01"}, if_match='"1"')) == past


def test_day_of_birth_is_no_day_of_a_decision() -> None:
    with pytest.raises(Invalid):
        require_impersonal({}, decisions={"text": "Eine Frau, geboren am 1. Februar 1990, wartet"})
    require_impersonal({}, decisions={"text": "Am 1. Februar 2026 beschlossen, Vorlage 12000/2026"})
