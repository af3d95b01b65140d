"""Bad tokens against every operation that asks for one: always 401, never a fault of the server."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.access.guard import PUBLIC
from app.access.roles import Role
from app.contract import operations
from app.identity.tokens import issue
from app.kit.clock import utc_now
from app.kit.problems import problem_response
from app.main import create_app, serve_app
from app.settings import Settings
from tests.badinput.sending import MARKER, Bad, faults, send
from tests.badinput.targets import Target, targets
from tests.contract.stage import Stage
from tests.identity import token_forgery as forge
from tests.share import is_in_share
from tests.world import Person, World

pytestmark = pytest.mark.asvs("9.2.1")


def a_token(world: World, person: Person, **changes: Any) -> str:
    """Return a token as sign-in issues it, with these changes."""
    settings: Settings = world.app.state.settings
    usual = {
        "subject": person.account_id, "session_id": person.session_id, "issuer": settings.public_url,
        "audience": settings.public_url, "now": utc_now(), "lifetime": timedelta(minutes=10),
    }  # fmt: skip
    return issue(world.app.state.key_ring, **{**usual, **changes})


async def bad_credentials(world: World) -> dict[str, str | None]:
    """Return what an attacker sends as `Authorization`."""
    person = await world.person(Role.CASE_MANAGER)
    gone, disabled = await world.person(Role.CASE_MANAGER), await world.person(Role.CASE_MANAGER)
    await world.admin.execute("UPDATE sessions SET ended_at = now() WHERE id = $1", gone.session_id)
    await world.admin.execute("UPDATE users SET disabled_at = now() WHERE id = $1", disabled.user_id)
    good = a_token(world, person)
    head, claims, signature = good.split(".")
    unsigned = forge.b64(forge.as_json({"alg": "none", "typ": "at+jwt"}))
    hmac_header = {"alg": "HS256", "kid": "a", "typ": "at+jwt"}
    return {
        "none": None,
        "another scheme": f"Basic {MARKER}",
        "no token": "Bearer ",
        "two tokens": f"Bearer {good} {good}",
        "garbage": f"Bearer {MARKER}",
        "10 kB of garbage": f"Bearer {MARKER * 900}",
        "10 kB of dots": f"Bearer {'.' * 10_000}",
        "no signature": f"Bearer {head}.{claims}.",
        "alg none": f"Bearer {unsigned}.{claims}.",
        "HS256": f"Bearer {forge.mac(hmac_header, forge.unb64(claims), forge.public_pem().encode())}",
        "another key": f"Bearer {forge.sign()}",
        "one bit less": f"Bearer {head}.{claims}.{signature[:-2]}AA",
        "expired": f"Bearer {a_token(world, person, now=utc_now() - timedelta(minutes=11))}",
        "not yet": f"Bearer {a_token(world, person, now=utc_now() + timedelta(minutes=5))}",
        "another audience": f"Bearer {a_token(world, person, audience='https://other.example')}",
        "another issuer": f"Bearer {a_token(world, person, issuer='https://other.example')}",
        "unknown session": f"Bearer {a_token(world, person, session_id=uuid4())}",
        "ended session": f"Bearer {a_token(world, gone)}",
        "disabled user": f"Bearer {a_token(world, disabled)}",
    }


async def wrong_answers(http: httpx.AsyncClient, asked: list[Bad]) -> list[str]:
    """Return what is wrong with the answers to requests that carry a bad token."""
    found = []
    for bad in asked:
        answer = await send(http, bad)
        found += faults(bad, answer)
        if answer.status_code != 401 or "www-authenticate" not in answer.headers:
            found.append(f"{bad.kind}: {answer.status_code} without asking to sign in")
    return found


def with_token(target: Target, kind: str, value: str | None) -> Bad:
    """Return the request that succeeded in the scene with what somebody sends as `Authorization`."""
    content = target.exchange.content()
    typed = {"content-type": target.exchange.media_type} if content else {}
    sent = {} if value is None else {"Authorization": value}
    headers = {**target.headers(**typed), **sent}
    return Bad(f"{target.name}, {kind}", target.method, target.url(), headers, content)


async def test_every_operation_refuses_every_bad_token(played: Stage, world: World) -> None:
    permissions = {route.name: named for _, _, route, named in operations(world.app)}
    asked = [target for target in targets(played) if permissions[target.name] != PUBLIC]
    assert len(asked) > 100
    credentials = (await bad_credentials(world)).items()
    async with world.http() as http:
        for target in asked:
            bad = [
                with_token(target, kind, value)
                for kind, value in credentials
                if is_in_share(target.name, kind, dear=True)
            ]
            assert await wrong_answers(http, bad) == []


async def _lets_everybody_in(_: Request) -> Response:
    return JSONResponse({}, headers={"Cache-Control": "no-store"})


async def _stumbles(_: Request) -> Response:
    raise RuntimeError


async def _asks_without_a_word(_: Request) -> Response:
    return problem_response(401, "not_signed_in", "Sign in first.")


async def _says_forbidden(_: Request) -> Response:
    return problem_response(403, "forbidden", "Not allowed.")


@pytest.mark.parametrize("fault", [_lets_everybody_in, _stumbles, _asks_without_a_word, _says_forbidden])
async def test_planted_door_is_noticed(settings: Settings, fault: Callable[[Request], Response]) -> None:
    app: FastAPI = create_app(settings)
    app.add_api_route("/planted", fault, methods=["POST"])
    transport = httpx.ASGITransport(serve_app(app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://kim.test") as http:
        bad = Bad("planted", "POST", "/planted", {"Authorization": f"Bearer {MARKER}"})
        found = await wrong_answers(http, [bad])
    await app.state.gate.database.close()
    assert found != []
    assert found[-1].endswith("without asking to sign in")


async def test_the_good_token_beside_them_is_accepted(world: World) -> None:
    person = await world.person(Role.CASE_MANAGER)
    async with world.http(a_token(world, person)) as http:
        assert (await http.get("/v1/me")).status_code == 200
