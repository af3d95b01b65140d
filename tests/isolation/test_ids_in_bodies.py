"""An id in a body that names somebody hidden, or something elsewhere, is answered like one of nothing."""

import copy
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from app.contract import operations
from tests.isolation.answers import OK
from tests.isolation.asked_once import Answer
from tests.isolation.calls import body_of, path_of
from tests.isolation.dry import undone
from tests.isolation.expected import EXPECTED
from tests.isolation.people import IDENTITIES
from tests.isolation.scene import Scene
from tests.isolation.test_http_matrix import without_traces
from tests.world import fresh_key

HIDDEN = {
    **dict.fromkeys(
        ("client_id", "merged_client_id", "other_client_id", "not_duplicate_of", "persons"),
        "restricted_client",
    ),
    **dict.fromkeys(("case_id", "from_case_id"), "restricted_case"),
    **dict.fromkeys(
        ("user_id", "assignee_id", "colleague_id", "case_manager_id", "participants"), "far_lead"
    ),
    "member_id": "hidden_member",
    "guardian_ids": "hidden_guardian",
    "unit_id": "far_unit",
}
"""What is tried for a field: people of the scene by identity, other things by what they are called there."""

Path = tuple[str | int, ...]


@pytest.fixture(autouse=True)
def _nothing_stays(scene: Scene) -> Iterator[None]:
    with undone(scene.world.app):
        yield


def ids_in(schema: Any, known: dict[str, Any], path: Path = (), seen: tuple[str, ...] = ()) -> Iterator[Path]:
    """Yield where a body says an id; 0 stands for the first of a list."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name:
        if name not in seen:
            yield from ids_in(known[name], known, path, (*seen, name))
        return
    if schema.get("format") == "uuid":
        yield path
    for shape in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from ids_in(shape, known, path, seen)
    if isinstance(schema.get("items"), dict):
        yield from ids_in(schema["items"], known, (*path, 0), seen)
    for key, inner in schema.get("properties", {}).items():
        yield from ids_in(inner, known, (*path, key), seen)


def saying(body: Any, path: Path, value: str) -> Any:
    """Return the body with a value at a place."""
    if not path:
        return value
    first, *rest = path
    if first == 0:
        return [saying(body[0] if body else None, tuple(rest), value)]
    return {**(body or {}), first: saying((body or {}).get(first), tuple(rest), value)}


def _places(app: FastAPI) -> list[tuple[str, str, str, Path]]:
    contract, found = app.openapi(), []
    for method, path, route, _ in operations(app):
        content = contract["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        places = set(ids_in(schema, contract["components"]["schemas"])) if schema else set()
        named = [each for each in places if _name(each) in HIDDEN]
        found += [(route.name, method, path, each) for each in sorted(named, key=str)]
    return found


def _name(path: Path) -> str:
    return next(str(part) for part in reversed(path) if part != 0)


def _value(scene: Scene, thing: str) -> str:
    return str(scene.people[thing].user_id) if thing in scene.people else scene.ids[thing]


async def _heard(scene: Scene, place: tuple[str, str, str, Path], who: str, value: str) -> tuple[int, Any]:
    name, method, template, path = place
    headers = {"If-Match": '"1"'} if method in {"PATCH", "PUT"} else fresh_key(method, template)
    body = saying(copy.deepcopy(body_of(scene, name)), path, value)
    async with scene.signed_in(who) as http:
        answer = await http.request(method, path_of(scene, name, template), json=body, headers=headers)
    said = Answer(method, answer.status_code, answer.headers.get("content-type", ""), answer.text)
    return answer.status_code, without_traces(said) if answer.status_code >= 400 else None


async def _telling(scene: Scene, app: FastAPI) -> list[tuple[str, str, str]]:
    """Return where something is told, of what, and to whom."""
    found = []
    for place in _places(app):
        who = next((each for each in IDENTITIES if EXPECTED[place[0]].of(each) == OK), None)
        if who is None:
            continue
        nothing = await _heard(scene, place, who, str(uuid4()))
        thing = HIDDEN[_name(place[3])]
        if await _heard(scene, place, who, _value(scene, thing)) != nothing:
            found.append((f"{place[0]} {_name(place[3])}", thing, who))
    return found


async def test_hidden_and_foreign_ids_are_answered_like_ids_of_nothing(scene: Scene, app: FastAPI) -> None:
    assert len(_places(app)) > 30
    assert await _telling(scene, app) == []


async def test_id_that_is_answered_otherwise_is_noticed(
    scene: Scene, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, thing in (("client_id", "twin"), ("case_id", "ended_case"), ("user_id", "colleague")):
        monkeypatch.setitem(HIDDEN, name, thing)
    told = {field for field, _, _ in await _telling(scene, app)}
    assert {"open_case client_id", "record_consent client_id"} <= told
    assert {"draft_referral case_id", "file_barrier case_id", "record_consent case_id"} <= told
    assert {"assign_case user_id", "fill_vacancy user_id"} <= told
