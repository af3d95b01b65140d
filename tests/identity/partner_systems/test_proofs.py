"""A token that is bound to a key is good with a fresh proof of that key, and with nothing else (RFC 9449)."""

import asyncio
import base64
import json
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from app.identity.partner_systems.proofs import CLOCKS_APART, PROOF_LASTS
from tests.conftest import Clock
from tests.identity.partner_systems.arrange import (
    ENDPOINT,
    ISSUER,
    Machine,
    a_machine,
    ask,
    bearer,
    new_key,
    proof,
    public,
    seconds,
    token,
)
from tests.world import World

FEED = "/v1/partner/referrals"


async def bound(http: httpx.AsyncClient, machine: Machine, key: ECKey, **changes: Any) -> str:
    """Return a token bound to a key."""
    answer = await ask(http, machine.assertion(), headers={"DPoP": proof(key, "POST", ENDPOINT, **changes)})
    assert (answer.status_code, answer.json()["token_type"]) == (200, "DPoP"), answer.text
    return str(answer.json()["access_token"])


def showing(access: str, *proofs: str, scheme: str = "DPoP") -> list[tuple[str, str]]:
    return [("Authorization", f"{scheme} {access}"), *(("DPoP", each) for each in proofs)]


def is_refused_proof(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json()["code"], answer.headers["www-authenticate"]) == (
        401,
        "proof_refused",
        'DPoP error="invalid_dpop_proof", algs="ES256"',
    )


async def test_bound_token_names_its_key_and_opens_with_a_proof(world: World, http: Any) -> None:
    machine, key = await a_machine(world), new_key()
    access = await bound(http, machine, key)
    payload = access.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["cnf"] == {"jkt": key.thumbprint()}
    answer = await http.get(FEED, headers=showing(access, proof(key, "GET", FEED, access)))
    assert answer.status_code == 200


async def test_bound_token_without_its_proof_is_refused(world: World, http: Any) -> None:
    machine, key = await a_machine(world), new_key()
    access = await bound(http, machine, key)
    good = proof(key, "GET", FEED, access)
    assert is_refused_proof(await http.get(FEED, headers=bearer(access)))
    assert is_refused_proof(await http.get(FEED, headers=showing(access)))
    assert is_refused_proof(await http.get(FEED, headers=showing(access, good, scheme="Bearer")))
    assert is_refused_proof(
        await http.get(FEED, headers=showing(access, good, proof(key, "GET", FEED, access)))
    )
    assert (await http.get(FEED, headers=showing(access, good))).status_code == 200


async def test_token_that_is_not_bound_is_no_dpop_token(world: World, http: Any) -> None:
    machine, key = await a_machine(world), new_key()
    access = await token(http, machine)
    assert is_refused_proof(await http.get(FEED, headers=showing(access, proof(key, "GET", FEED, access))))


async def test_session_of_a_person_is_no_dpop_token(world: World, http: Any) -> None:
    manager, key = await world.case_manager(), new_key()
    access = world.token(manager.account_id, manager.session_id)
    shown = showing(access, proof(key, "GET", "/v1/me", access))
    assert is_refused_proof(await http.get("/v1/me", headers=shown))


async def test_proof_is_good_for_one_request(world: World, http: Any) -> None:
    machine, key = await a_machine(world), new_key()
    access = await bound(http, machine, key)
    once = proof(key, "GET", FEED, access)
    answers = await asyncio.gather(*(http.get(FEED, headers=showing(access, once)) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_proof_of_a_request_that_failed_is_used_up(world: World, http: Any) -> None:
    machine, key = await a_machine(world), new_key()
    access = await bound(http, machine, key)
    path = f"{FEED}/00000000-0000-7000-8000-000000000000"
    once = proof(key, "GET", path, access)
    assert (await http.get(path, headers=showing(access, once))).status_code == 404
    assert is_refused_proof(await http.get(path, headers=showing(access, once)))


async def test_proof_for_a_token_is_good_for_one_token(world: World, http: Any) -> None:
    machine, key = await a_machine(world), new_key()
    once = {"DPoP": proof(key, "POST", ENDPOINT)}
    assert (await ask(http, machine.assertion(), headers=once)).status_code == 200
    again = await ask(http, machine.assertion(), headers=once)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_dpop_proof")


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "POST"},
        {"htm": "get"},
        {"htu": f"{ISSUER}/v1/partner"},
        {"htu": f"https://kim.test{FEED}"},
        {"htu": f"{ISSUER}{FEED}?limit=1"},
        {"htu": FEED},
        {"ath": None},
        {"ath": "AAAA"},
        {"jti": None},
        {"jti": ""},
        {"iat": None},
        {"iat": "now"},
        {"iat": 1.5},
        {"exp": 4102444800},
        {"htm": None},
        {"htu": None},
    ],
)
async def test_proof_of_something_else_is_refused(world: World, http: Any, changes: dict[str, Any]) -> None:
    machine, key = await a_machine(world), new_key()
    access = await bound(http, machine, key)
    shown = showing(access, proof(key, "GET", FEED, access, **changes))
    assert is_refused_proof(await http.get(FEED, headers=shown))


async def test_proof_names_the_address_without_its_query(world: World, http: Any) -> None:
    machine, key = await a_machine(world), new_key()
    access = await bound(http, machine, key)
    shown = showing(access, proof(key, "GET", FEED, access))
    assert (await http.get(f"{FEED}?limit=1", headers=shown)).status_code == 200


async def test_proof_of_another_key_is_refused(world: World, http: Any) -> None:
    machine = await a_machine(world)
    access = await bound(http, machine, new_key())
    assert is_refused_proof(
        await http.get(FEED, headers=showing(access, proof(new_key(), "GET", FEED, access)))
    )


async def test_edges_of_the_time_of_a_proof(world: World, http: Any, clock: Clock) -> None:
    machine, key = await a_machine(world), new_key()
    clock.set(2026, 11, 2, 8)
    at = seconds(clock())
    answer = await ask(
        http, machine.assertion(now=clock()), headers={"DPoP": proof(key, "POST", ENDPOINT, iat=at)}
    )
    access = answer.json()["access_token"]
    ahead, lasts = (int(each.total_seconds()) for each in (CLOCKS_APART, PROOF_LASTS))
    for iat, status in ((at - lasts + 1, 200), (at - lasts, 401), (at + ahead, 200), (at + ahead + 1, 401)):
        shown = showing(access, proof(key, "GET", FEED, access, iat=iat))
        assert (await http.get(FEED, headers=shown)).status_code == status, iat - at


@pytest.mark.parametrize("fault", ["private", "kid", "no jwk", "type", "alg", "curve", "claims"])
async def test_header_of_a_proof_has_one_form(world: World, http: Any, fault: str) -> None:
    machine, key = await a_machine(world), new_key()
    jwk: Any = public(key)
    header: dict[str, Any] = {"alg": "ES256", "typ": "dpop+jwt", "jwk": jwk}
    if fault == "private":
        header["jwk"] = key.as_dict(private=True)
    elif fault == "kid":
        header["kid"] = key.thumbprint()
    elif fault == "no jwk":
        del header["jwk"]
    elif fault == "type":
        header["typ"] = "JWT"
    elif fault == "curve":
        header["jwk"] = {**jwk, "crv": "P-384"}
    claims: Any = {"jti": "a" * 8, "htm": "POST", "htu": ISSUER + ENDPOINT, "iat": seconds()}
    signed = jwt.encode(header, claims, key)
    if fault in ("alg", "claims"):
        first, second, third = signed.split(".")
        raw = json.dumps({**header, "alg": "none"} if fault == "alg" else ["x"]).encode()
        changed = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        signed = f"{changed}.{second}." if fault == "alg" else f"{first}.{changed}.{third}"
    answer = await ask(http, machine.assertion(), headers={"DPoP": signed})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


async def test_used_proofs_are_forgotten_when_they_are_too_old(world: World, http: Any) -> None:
    machine = await a_machine(world)
    assert (await ask(http, machine.assertion())).status_code == 200
    assert await world.admin.fetchval("SELECT count(*) FROM used_proofs WHERE expires_at > now()") > 0
    await world.admin.execute(
        "INSERT INTO used_proofs VALUES ($1, now() - interval '1 second')", world.area.encode()
    )
    await world.admin.execute("SELECT forget_old_sign_ins()")
    assert await world.admin.fetchval("SELECT count(*) FROM used_proofs WHERE expires_at < now()") == 0
