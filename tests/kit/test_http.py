"""The outermost layer: limits, headers, and errors that repeat nothing."""

import asyncio

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.kit import http as outermost
from app.kit import server as http_server
from app.main import create_app, serve_app
from app.settings import Settings
from tests.hurry import NO_HURRY
from tests.serving import serving
from tests.world import World


async def exchange(address: str, *pieces: bytes) -> bytes:
    """Send pieces over one connection and return everything that comes back until it is closed."""
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    answer = await asyncio.wait_for(reader.read(), NO_HURRY)
    writer.close()
    return answer


async def test_every_answer_forbids_storing_and_guessing(world: World) -> None:
    async with world.http() as nobody:
        answer = await nobody.get("/v1/units")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers


async def test_answer_without_content_does_not_describe_any(world: World) -> None:
    manager = await world.case_manager()
    ended = await manager.delete("/v1/sessions/current")
    assert (ended.status_code, ended.content) == (204, b"")
    assert not {"content-type", "content-length"} & ended.headers.keys()
    assert ended.headers["x-content-type-options"] == "nosniff"
    async with world.http() as nobody:
        assert (await nobody.get("/v1/units")).headers["content-type"] == "application/problem+json"


async def test_request_id_is_kept_when_it_is_well_formed_and_replaced_otherwise(world: World) -> None:
    async with world.http() as nobody:
        kept = await nobody.get("/v1/units", headers={"X-Request-ID": "01a1fcf4-10a2-74f7-a8aa-2c74c48f4523"})
        made = await nobody.get("/v1/units", headers={"X-Request-ID": "<script>"})
    assert kept.headers["x-request-id"] == "01a1fcf4-10a2-74f7-a8aa-2c74c48f4523"
    assert made.headers["x-request-id"] != "<script>"


async def test_body_over_the_limit_is_cut_off_while_it_streams(world: World) -> None:
    admin = await world.person(Role.ADMIN)

    async def endless():
        for _ in range(2000):
            yield b" " * 4096

    headers = {"content-type": "application/json"}
    answer = await admin.http.post("/v1/units", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_query_key_given_twice_is_refused(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    answer = await admin.http.get("/v1/units?limit=1&limit=200")
    assert (answer.status_code, answer.json()["code"]) == (422, "duplicate_query_key")


@pytest.mark.parametrize("path", ["/v1/nothing", "/", "/docs/../etc/passwd", "/v1/units/"])
async def test_unknown_address_is_a_problem_like_any_other(world: World, path: str) -> None:
    async with world.http() as nobody:
        answer = await nobody.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_fault_of_our_own_says_nothing_about_it(settings: Settings, world: World) -> None:
    async def broken() -> None:
        raise RuntimeError("Amina Rahimi, born 1990-01-01")

    app = create_app(settings)
    app.add_api_route("/broken", broken)
    async with serving(app) as address:
        answer = await exchange(address, b"GET /broken HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    assert b"500" in answer.split(b"\r\n")[0]
    assert b"internal_error" in answer
    assert b"Amina" not in answer


async def test_log_of_a_fault_names_places_and_no_values(settings: Settings, capsys) -> None:
    async def broken() -> None:
        raise RuntimeError("Amina Rahimi, born 1990-01-01")

    app = create_app(settings)
    app.add_api_route("/broken", broken)
    async with serving(app) as address:
        await exchange(address, b"GET /broken HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    written = capsys.readouterr()
    assert "RuntimeError" in written.out + written.err
    assert "Amina" not in written.out + written.err


async def test_what_is_no_http_gets_a_problem(app: FastAPI) -> None:
    async with serving(app) as address:
        answer = await exchange(address, b"\x16\x03\x01 hello\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert b'"code":"not_http"' in answer


async def test_headers_that_never_end_are_cut_off(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "HEADER_SECONDS", 0.3)
    async with serving(app) as address:
        assert await exchange(address, b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ") == b""


async def test_body_that_never_ends_is_cut_off(app: FastAPI) -> None:
    impatient = outermost.Outermost(app, body_limit=1024, receive_seconds=0.2)
    head = b"POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{"
    running = http_server.server(impatient, host="127.0.0.1", port=0)
    task = asyncio.create_task(running.serve())
    await asyncio.wait_for(running.ready.wait(), NO_HURRY)
    answer = await exchange(f"http://127.0.0.1:{running.port}", head)
    running.should_exit = True
    await task
    assert answer.startswith(b"HTTP/1.1 408")


async def test_layer_leaves_other_protocols_alone(app: FastAPI) -> None:
    seen = []

    async def inner(scope, receive, send) -> None:
        seen.append(scope["type"])

    await outermost.Outermost(inner, body_limit=1, receive_seconds=1)({"type": "lifespan"}, None, None)
    assert seen == ["lifespan"]
    assert serve_app(app) is not app
