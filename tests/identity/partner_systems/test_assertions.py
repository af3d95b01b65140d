"""An assertion is good once, for us, from the key of its machine, and not for long."""

import asyncio
import hmac
import json
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jwt

from app.access.scopes import Scope
from app.identity.partner_systems.proofs import CLOCKS_APART, LONGEST_ASSERTION
from tests.conftest import Clock
from tests.identity.arrange import alarms, somewhere
from tests.identity.partner_systems.arrange import (
    ISSUER,
    Machine,
    a_machine,
    ask,
    basic,
    is_refused_client,
    new_key,
    public,
    seconds,
    secret_of,
)
from tests.identity.token_forgery import b64, sign
from tests.world import World

FEED = "/v1/partner/referrals"
NOBODY = "00000000-0000-7000-8000-000000000000"


async def test_of_two_with_the_same_assertion_one_gets_a_token(world: World) -> None:
    machine = await a_machine(world)
    assertion = machine.assertion()
    before = alarms(world, "assertion_replayed")
    async with somewhere(world, "192.0.2.201") as one, somewhere(world, "192.0.2.202") as two:
        answers = await asyncio.gather(ask(one, assertion), ask(two, assertion))
    assert sorted(answer.status_code for answer in answers) == [200, 401]
    assert alarms(world, "assertion_replayed") == before + 1


async def test_assertion_whose_scope_was_refused_is_used_up(world: World, http: Any) -> None:
    machine = await a_machine(world, Scope.REFERRALS_READ)
    assertion = machine.assertion()
    refused = await ask(http, assertion, scope="referrals:answer")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")
    assert is_refused_client(await ask(http, assertion))


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": f"{ISSUER}/v1/oauth/token"},
        {"aud": [ISSUER]},
        {"aud": [ISSUER, "https://elsewhere.example"]},
        {"aud": None},
        {"iss": "00000000-0000-7000-8000-000000000000"},
        {"sub": "00000000-0000-7000-8000-000000000000"},
        {"iss": None},
        {"exp": None},
        {"exp": "4102444800"},
        {"exp": 4102444800.0},
        {"exp": True},
        {"exp": -1},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 129},
        {"iat": "soon"},
        {"nbf": 4102444800},
        {"scope": "referrals:read"},
    ],
)
async def test_assertion_with_other_claims_is_refused(
    world: World, http: Any, changes: dict[str, Any]
) -> None:
    machine = await a_machine(world)
    # joserfc takes everything but claims of a wrong type, which are signed all the same.
    assertion = jwt.encode(
        {"alg": "ES256", "kid": machine.key.thumbprint()}, machine.claims(**changes), machine.key
    )
    assert is_refused_client(await ask(http, assertion))


async def test_edges_of_the_times_of_an_assertion(world: World, clock: Clock) -> None:
    machine = await a_machine(world)
    clock.set(2026, 11, 2, 8)
    now = seconds(clock())
    longest = int((LONGEST_ASSERTION + CLOCKS_APART).total_seconds())
    ahead = int(CLOCKS_APART.total_seconds())
    edges = [
        ({"exp": now}, 401), ({"exp": now + 1}, 200),
        ({"exp": now + longest}, 200), ({"exp": now + longest + 1}, 401),
        ({"exp": now + 60, "iat": now + ahead}, 200), ({"exp": now + 60, "iat": now + ahead + 1}, 401),
        ({"exp": now + 60, "nbf": now + ahead}, 200), ({"exp": now + 60, "nbf": now + ahead + 1}, 401),
    ]  # fmt: skip
    for number, (changes, status) in enumerate(edges):
        async with somewhere(world, f"192.0.2.{210 + number}") as http:
            assert (await ask(http, machine.assertion(**changes))).status_code == status, changes


def forged(kind: str, machine: Machine) -> str:
    """Return an assertion that only looks like one of this machine."""
    claims, kid, stranger = machine.claims(), machine.key.thumbprint(), new_key()
    segment = machine.assertion().split(".")[1]
    header: dict[str, Any] = {"alg": "ES256", "kid": kid}
    if kind == "none":
        return f"{b64(json.dumps({'alg': 'none', 'kid': kid}).encode())}.{segment}."
    if kind == "shared":
        begins = f"{b64(json.dumps({'alg': 'HS256', 'kid': kid}).encode())}.{segment}"
        return f"{begins}.{b64(hmac.digest(machine.key.as_pem(private=False), begins.encode(), 'sha256'))}"
    if kind == "foreign signature":
        return str(jwt.encode(header, claims, stranger))
    if kind == "foreign key":
        return str(jwt.encode({"alg": "ES256", "kid": stranger.thumbprint()}, claims, stranger))
    if kind == "padded":
        return machine.assertion() + "="
    more: dict[str, Any] = {
        "jwk": {"jwk": public(machine.key)},
        "type": {"typ": "at+jwt"},
        "strange kid": {"kid": "\ud800\0"},
        "empty kid": {"kid": ""},
    }
    if kind == "no kid":
        del header["kid"]
    return sign({**header, **more.get(kind, {})}, claims, key=machine.key.private_key)


FORGED = (
    "none",
    "shared",
    "foreign signature",
    "foreign key",
    "padded",
    "no kid",
    "jwk",
    "type",
    "strange kid",
    "empty kid",
)


@pytest.mark.parametrize("kind", FORGED)
async def test_forged_assertion_is_refused(world: World, http: Any, kind: str) -> None:
    assert is_refused_client(await ask(http, forged(kind, await a_machine(world))))


async def test_assertion_that_is_not_forged_is_accepted(world: World, http: Any) -> None:
    assert (await ask(http, forged("nothing", await a_machine(world)))).status_code == 200


@pytest.mark.parametrize("text", ["a.b.c", "é.é.é", "..", "x" * 4096, "a" * 5000])
async def test_text_that_is_no_assertion_is_refused(world: World, text: str) -> None:
    async with somewhere(world, f"192.0.2.{len(text) % 90 + 100}") as http:
        assert (await ask(http, text)).status_code == 401


async def test_oversize_assertion_is_refused(world: World, http: Any) -> None:
    machine = await a_machine(world)
    assert is_refused_client(await ask(http, machine.assertion(jti="x" * 4000)))


async def test_key_of_another_machine_opens_nothing(world: World, http: Any) -> None:
    machine, other = await a_machine(world), await a_machine(world)
    assert is_refused_client(await ask(http, machine.assertion(other.key)))


async def test_unknown_client_costs_the_same_work(world: World, http: Any, monkeypatch: Any) -> None:
    from app.identity import password_acceptance, tokens
    from app.identity.partner_systems import proofs

    machine = await a_machine(world)
    made = await secret_of(machine)
    compared: list[bool] = []
    verified: list[str] = []

    async def counted(password: str, stored: str | None) -> bool:
        compared.append(stored is not None)
        return await real_compare(password, stored)

    def noted(key: tokens.VerificationKey, token: str) -> dict[str, Any]:
        verified.append(key.kid)
        return real_verify(key, token)

    real_compare, real_verify = password_acceptance.verify_password, proofs.payload_signed_by
    monkeypatch.setattr(password_acceptance, "verify_password", counted)
    monkeypatch.setattr(proofs, "payload_signed_by", noted)
    await ask(http, None, headers=basic(machine.id, made["client_secret"] + "x"))
    await ask(http, None, headers=basic(str(uuid4()), made["client_secret"]))
    assert compared == [True, False]
    await ask(http, machine.assertion(new_key()))
    assert len(verified) == 1
