"""Malformed requests against every operation, each as somebody who may use it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.kit.problems import problem_response
from app.main import create_app, serve_app
from app.settings import Settings
from tests.badinput import addresses, bodies
from tests.badinput.sending import MARKER, Bad, faults, send
from tests.badinput.targets import Target, targets
from tests.contract.stage import Stage
from tests.share import is_in_share, share_of

SIGNING = {"sign_in", "renew_session", "sign_out", "issue_token", "accept_invitation"}
"""Whoever signed out in the scene is gone; everywhere else 401 would mean that nothing was tried."""


@pytest.fixture(scope="session")
def every(played: Stage) -> list[Target]:
    return targets(played)


async def attack(stage: Stage, every: list[Target], make: Callable[[Target], Iterator[Bad]]) -> list[str]:
    """Send all of one kind to all operations and return what was wrong with the answers."""
    found, sent = [], 0
    for target in every:
        for number, bad in enumerate(make(target)):
            if not is_in_share(target.name, number, dear=True):
                continue
            answer = await send(stage.http(target.by), bad)
            found += faults(bad, answer)
            if answer.status_code == 401 and target.name not in SIGNING:
                found.append(f"{bad.kind}: nobody was signed in")
            sent += 1
    assert sent > share_of(len(every), dear=True) / 2
    return found


@pytest.mark.asvs("1.5.3")
async def test_bodies_that_are_wrong_as_a_whole(played: Stage, every: list[Target]) -> None:
    assert await attack(played, every, bodies.bodies) == []


async def test_bodies_with_the_same_wrong_value_in_every_field(played: Stage, every: list[Target]) -> None:
    assert await attack(played, every, bodies.everywhere) == []


async def test_bodies_with_one_wrong_field(played: Stage, every: list[Target]) -> None:
    assert await attack(played, every, bodies.fields) == []


async def test_ids_that_are_none(played: Stage, every: list[Target]) -> None:
    assert await attack(played, every, addresses.paths) == []


async def test_queries_and_cursors_that_are_wrong(played: Stage, every: list[Target]) -> None:
    foreign = [each.answer["next"] for each in played.exchanges if "next" in (each.answer or ())]
    cursors = sorted({each for each in foreign if each})
    assert len(cursors) > 5
    assert await attack(played, every, lambda target: addresses.queries(target, cursors)) == []


async def test_headers_that_are_wrong(played: Stage, every: list[Target]) -> None:
    assert await attack(played, every, addresses.headers) == []


async def test_methods_that_an_address_does_not_know(played: Stage, every: list[Target]) -> None:
    known: dict[str, set[str]] = {}
    for target in every:
        known.setdefault(target.template, set()).add(target.method)
    places = list({target.template: target for target in every}.values())
    wrong = await attack(played, places, lambda target: addresses.methods(target, known[target.template]))
    assert wrong == []


async def _echoes(request: Request) -> Response:
    return problem_response(422, "invalid", "Not accepted.", detail=(await request.body()).decode())


async def _names_a_value(request: Request) -> Response:
    errors = [{"place": "body", "kind": "bad", "message": "Not this.", "input": "x"}]
    return problem_response(422, "invalid", "Not accepted.", errors=errors)


async def _breaks(_: Request) -> Response:
    raise RuntimeError(MARKER)


async def _answers_in_words(_: Request) -> Response:
    return PlainTextResponse("No.", status_code=400)


async def _answers_another_shape(_: Request) -> Response:
    return JSONResponse({"detail": "No."}, 422, media_type="application/problem+json")


async def _may_be_stored(_: Request) -> Response:
    answer = problem_response(422, "invalid", "Not accepted.")
    answer.headers["Cache-Control"] = "public"
    return answer


async def _takes_everything(_: Request) -> Response:
    return JSONResponse({})


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (_echoes, "repeats what was sent"),
        (_names_a_value, "tells more than place, kind and what is expected"),
        (_breaks, "is a fault of the server"),
        (_answers_in_words, "is no problem"),
        (_answers_another_shape, "has not the shape of a problem"),
        (_may_be_stored, "may be stored"),
        (_takes_everything, "is accepted"),
    ],
)
async def test_planted_fault_is_caught(
    settings: Settings, fault: Callable[[Request], Response], word: str
) -> None:
    app: FastAPI = create_app(settings)
    app.add_api_route("/planted", fault, methods=["POST"])
    transport = httpx.ASGITransport(serve_app(app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://kim.test") as http:
        bad = Bad("planted", "POST", "/planted", content=MARKER.encode())
        found = faults(bad, await send(http, bad))
    await app.state.gate.database.close()
    assert len(found) == 1
    assert found[0].endswith(word)


async def test_invented_key_of_a_mapping_is_not_repeated(played: Stage) -> None:
    case = next(each for each in played.exchanges if each.operation == "close_case")
    body = {**case.body, "outcomes": {MARKER: 7}}
    answer = await played.send(replace(case, body=body))
    assert (answer.status_code, answer.json()["errors"][0]["place"]) == (422, "body.outcomes.key")
