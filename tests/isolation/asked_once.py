"""What each operation answers everybody about the scene: asked once in a run, judged by several tests.

Every transaction is undone, so who asks again hears the same; a test asks a share of them twice.
"""

import json
from dataclasses import dataclass
from typing import Any

import httpx

from app.access.guard import Gate
from tests.isolation.calls import body_of, path_of
from tests.isolation.dry import Dry
from tests.isolation.scene import FILE, Scene
from tests.world import fresh_key

UPLOADS = {"add_case_document", "add_client_document", "send_partner_file"}
_heard: dict[tuple[str, str, str], "Answer"] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the tests look at of an answer: thousands are kept."""

    method: str
    status_code: int
    media_type: str
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


async def call(
    scene: Scene, identity: str, name: str, method: str, template: str, *, unknown: bool = False
) -> Answer:
    """Call one operation in somebody's name, about the scene or about something that exists nowhere."""
    headers = {"If-Match": '"1"'} if method in {"PATCH", "PUT", "DELETE"} else fresh_key(method, template)
    path = path_of(scene, name, template, unknown=unknown)
    async with scene.signed_in(identity) as http:
        answer = await _sent(http, scene, name, method, path, headers)
    return Answer(method, answer.status_code, answer.headers.get("content-type", ""), answer.text)


async def _sent(
    http: httpx.AsyncClient, scene: Scene, name: str, method: str, path: str, headers: dict[str, str]
) -> httpx.Response:
    if name == "import_institutions":
        return await http.request(method, path, content=b"name;art\n", headers={"Content-Type": "text/csv"})
    if name == "issue_token":
        return await http.request(method, path, data={"grant_type": "client_credentials"})
    if name in UPLOADS:
        file = {"Content-Type": "application/octet-stream"}
        return await http.request(method, path, content=FILE, headers={**file, **headers})
    return await http.request(method, path, json=body_of(scene, name), headers=headers)


async def heard(scene: Scene, identity: str, name: str, method: str, template: str) -> Answer:
    """Return what an operation answers somebody about the scene, while everything is undone."""
    gate: Gate = scene.world.app.state.gate
    assert isinstance(gate.database, Dry)
    key = (scene.world.area, identity, name)
    if key not in _heard:
        _heard[key] = await call(scene, identity, name, method, template)
    return _heard[key]
