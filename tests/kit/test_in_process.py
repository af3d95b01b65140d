"""The short way into the application sends and brings what the long way through httpx does."""

from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.in_process import BASE_URL, InProcess

REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "query": ("GET", "/echo?b=ü&b=2", {}),
    "parameters": ("GET", "/echo?lost=1", {"params": {"a": ["1", "ä/?"], "n": None}}),
    "path": ("GET", "/echo/a%2Fb%20c", {}),
    "JSON": ("POST", "/echo", {"json": {"name": "Özlem", "n": 1}}),
    "nothing as JSON": ("POST", "/echo", {"json": None}),
    "form": ("POST", "/echo", {"data": {"grant_type": "client_credentials", "x": "ä b"}}),
    "bytes": ("PUT", "/echo", {"content": b"\x00\xff", "headers": {"Content-Type": "application/pdf"}}),
    "text": ("POST", "/echo", {"content": "a;b\n", "headers": [(b"x-a", b"1"), (b"x-a", b"2")]}),
    "header instead": ("DELETE", "/echo", {"headers": {"authorization": "Bearer other"}}),
    "head": ("HEAD", "/echo", {}),
    "empty": ("GET", "/empty", {}),
}


async def _echo(request: Request) -> Response:
    scope = {key: value for key, value in request.scope.items() if isinstance(value, str | bytes | tuple)}
    said = {**scope, "headers": request.headers.raw, "body": await request.body()}
    return JSONResponse(repr(sorted(said.items())), headers={"x-said": "1"})


async def _empty(_: Request) -> Response:
    return Response(status_code=204)


async def _breaks(_: Request) -> Response:
    raise ZeroDivisionError


def _routes() -> Starlette:
    methods = ["GET", "HEAD", "POST", "PUT", "DELETE"]
    return Starlette(
        routes=[
            Route("/echo", _echo, methods=methods),
            Route("/echo/{more:path}", _echo, methods=methods),
            Route("/empty", _empty),
            Route("/breaks", _breaks),
        ]
    )


@pytest.mark.parametrize("name", REQUESTS)
async def test_both_ways_send_and_bring_the_same(name: str) -> None:
    method, url, said = REQUESTS[name]
    app, headers = _routes(), {"Authorization": "Bearer own"}
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 4711))
    async with (
        httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=headers) as there,
        InProcess(app, headers=headers) as here,
    ):
        expected, seen = (
            await there.request(method, url, **said),
            await here.request(method, url, **said),
        )
    assert (seen.status_code, seen.headers.raw) == (expected.status_code, expected.headers.raw)
    assert seen.content == expected.content
    assert (str(seen.url), seen.request.method) == (str(expected.url), expected.request.method)


async def test_what_breaks_in_the_application_comes_out() -> None:
    async with InProcess(_routes()) as http:
        with pytest.raises(ZeroDivisionError):
            await http.get("/breaks")


async def test_what_is_streamed_goes_the_long_way() -> None:
    async def parts() -> Any:
        yield b"one"
        yield b"two"

    async with InProcess(_routes()) as http:
        answer = await http.post("/echo", content=parts())
    assert "onetwo" in answer.json()
    assert "transfer-encoding" in answer.json()


async def test_what_a_client_does_with_every_answer_is_done() -> None:
    heard = []

    async def hear(answer: httpx.Response) -> None:
        heard.append(answer.status_code)

    async with InProcess(_routes()) as http:
        http.event_hooks["response"].append(hear)
        await http.get("/empty")
    async with InProcess(_routes()) as http:
        http.params = http.params.set("own", "1")
        said = (await http.get("/echo")).text
    assert (heard, "own=1" in said) == ([204], True)
