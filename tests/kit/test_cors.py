"""Front ends of other origins, over real HTTP: those that are named, with what they need, and no others."""

import ast
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from app.kit.cors import SHOWN, open_to
from app.kit.http import Outermost
from app.main import create_app, serve_app
from app.settings import Settings
from tests.serving import serving

FRONT = "https://kim.example.org"
DEVELOPER = "http://localhost:5173"
STRANGER = "https://kim.example.org.evil.example"


def with_origins(settings: Settings, origins: str) -> Settings:
    return Settings(**settings.model_dump() | {"cors_origins": origins})


@pytest.fixture(scope="module")
def opened(settings: Settings, app: FastAPI) -> FastAPI:
    made = create_app(with_origins(settings, f"{FRONT}, {DEVELOPER}"))
    made.openapi_schema = app.openapi()  # the same, and takes seconds to make
    return made


@pytest.fixture(scope="module")
def closed(settings: Settings) -> FastAPI:
    return create_app(settings)


async def ask(app: FastAPI, method: str, path: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with serving(app) as address, httpx.AsyncClient(base_url=address) as http:
        return await http.request(method, path, headers=named)


def wish(origin: str, method: str = "PATCH", names: str = "authorization, if-match") -> dict[str, str]:
    return {
        "origin": origin,
        "access_control_request_method": method,
        "access_control_request_headers": names,
    }


@pytest.mark.parametrize("origin", [FRONT, DEVELOPER])
async def test_named_origin_may_send_what_the_api_needs(opened: FastAPI, origin: str) -> None:
    names = (
        "authorization, content-type, if-match, if-none-match, idempotency-key, accept-language, x-request-id"
    )
    answer = await ask(opened, "OPTIONS", "/v1/units", **wish(origin, names=names))
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, origin)
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", [STRANGER, "null", "https://KIM.example.org", f"{FRONT}:8443", "*"])
async def test_other_origin_is_not_let_in(opened: FastAPI, origin: str) -> None:
    before = await ask(opened, "OPTIONS", "/v1/units", **wish(origin))
    answer = await ask(opened, "GET", "/openapi.json", origin=origin)
    assert before.status_code == 400
    assert "access-control-allow-origin" not in before.headers
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(("method", "names"), [("TRACE", "authorization"), ("GET", "cookie")])
async def test_what_the_api_does_not_use_is_not_let_in(opened: FastAPI, method: str, names: str) -> None:
    answer = await ask(opened, "OPTIONS", "/v1/units", **wish(FRONT, method, names))
    assert answer.status_code == 400


async def test_named_origin_reads_refusals_and_their_headers(opened: FastAPI) -> None:
    answer = await ask(opened, "GET", "/v1/units", origin=FRONT)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.headers["access-control-allow-origin"] == FRONT
    assert answer.headers["vary"].lower() == "origin"
    shown = {name.strip() for name in answer.headers["access-control-expose-headers"].split(",")}
    assert shown == set(SHOWN)


async def test_named_origin_reads_what_the_outermost_layer_refuses(opened: FastAPI) -> None:
    answer = await ask(opened, "GET", "/v1/units?limit=1&limit=2", origin=FRONT)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (422, FRONT)


async def test_nobody_is_let_in_without_the_setting(closed: FastAPI) -> None:
    before = await ask(closed, "OPTIONS", "/v1/units", **wish(FRONT))
    answer = await ask(closed, "GET", "/v1/units", origin=FRONT)
    assert before.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


def test_without_the_setting_no_layer_is_added(closed: FastAPI, opened: FastAPI) -> None:
    assert isinstance(serve_app(closed), Outermost)
    assert not isinstance(serve_app(opened), Outermost)


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.example.org",
        "http://kim.example.org",
        "https://kim.example.org/",
        "https://kim.example.org/app",
        "https://kim.example.org:443",
        "http://localhost:80",
        "http://localhost.example.org",
        "https://user@kim.example.org",
        "https://Kim.example.org",
        "kim.example.org",
        "null",
        f"{FRONT}\n",
        f"{FRONT},*",
    ],
)
def test_what_is_no_exact_origin_is_no_setting(settings: Settings, origin: str) -> None:
    if origin.endswith("\n"):
        origin = f"{FRONT}\n{FRONT}"
    with pytest.raises(ValidationError, match="exact origin"):
        with_origins(settings, origin)


@pytest.mark.parametrize(
    ("text", "origins"),
    [("", ()), (FRONT, (FRONT,)), (f" {FRONT} ,{DEVELOPER},", (FRONT, DEVELOPER))],
)
def test_origins_are_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, text: str, origins: tuple[str, ...]
) -> None:
    monkeypatch.setenv("KIM_CORS_ORIGINS", text)
    given = settings.model_dump(exclude={"cors_origins"})
    assert Settings(**given).cors_origins == origins


def test_layer_itself_knows_no_wildcard(settings: Settings) -> None:
    with pytest.raises(ValueError, match="one by one"):
        open_to(["*"], create_app(settings))


def headers_set(source: str) -> set[str]:
    """Return the names of headers that a module writes into an answer, as far as they are constants."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            target = node.targets[0]
            if ast.unparse(target.value).endswith("headers") and isinstance(target.slice, ast.Constant):
                found.add(str(target.slice.value))
        if isinstance(node, ast.Dict):
            names = [each.value for each in node.keys if isinstance(each, ast.Constant)]
            found |= {str(name) for name in names if str(name) in SHOWN}
    return found


def test_headers_of_errors_are_shown_to_the_front_end() -> None:
    kit = Path(__file__).parents[2] / "app" / "kit"
    assert headers_set((kit / "errors.py").read_text("utf-8")) == {
        "WWW-Authenticate",
        "Retry-After",
        "ETag",
    }
    assert headers_set((kit / "errors.py").read_text("utf-8")) <= set(SHOWN)


def test_planted_header_is_found() -> None:
    assert headers_set('self.headers["X-Planted"] = "1"') == {"X-Planted"}
