"""Whoever is not signed in sends little: what is read before anybody is known is read for anybody."""

import pytest

from app.identity.router import OPEN_TO_ALL
from app.kit import http as outermost
from app.main import SMALL_BODY_BYTES
from tests.identity.arrange import somewhere
from tests.world import World

TOO_MUCH = b'{"' + b"x" * SMALL_BODY_BYTES + b'":1}'


def _posts(world: World) -> dict[str, str]:
    paths = world.app.openapi()["paths"]
    return {path: of["post"]["x-permission"] for path, of in paths.items() if "post" in of}


def test_the_small_ones_are_those_that_are_open_to_all(world: World) -> None:
    posts = _posts(world)
    assert {path for path in posts if OPEN_TO_ALL.fullmatch(path)} == {
        path for path, permission in posts.items() if permission == "public"
    }


@pytest.mark.asvs("4.1.4")
async def test_a_long_body_from_anybody_is_cut_off(world: World) -> None:
    public = [path for path, permission in _posts(world).items() if permission == "public"]
    async with somewhere(world) as http:
        answers = [await http.post(path, content=TOO_MUCH) for path in public]
    assert [answer.status_code for answer in answers] == [413] * len(answers)
    assert len(answers) > 3


async def test_with_the_limit_of_all_it_would_be_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outermost.Outermost, "_limits_for", lambda layer, _: layer._limits)
    async with somewhere(world) as http:
        answer = await http.post("/v1/sessions", content=TOO_MUCH)
    assert answer.status_code == 422
