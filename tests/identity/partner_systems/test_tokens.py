"""A machine gets a token for what it proves itself with, and nobody else does."""

from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from app.access.scopes import OF_STATE_DATABASES, Scope
from tests.conftest import Clock
from tests.identity.arrange import journal_of, somewhere
from tests.identity.partner_systems.arrange import (
    Machine,
    a_machine,
    ask,
    basic,
    bearer,
    is_refused_client,
    new_key,
    register,
    secret_of,
    token,
)
from tests.world import World

FEED = "/v1/partner/referrals"
NOBODY = "00000000-0000-7000-8000-000000000000"


async def test_machine_gets_a_token_for_its_key_and_reads_with_it(world: World, http: Any) -> None:
    machine = await a_machine(world)
    answer = await ask(http, machine.assertion())
    given = answer.json()
    assert (answer.status_code, given["token_type"], given["expires_in"]) == (200, "Bearer", 600)
    assert given["scope"] == " ".join(sorted(set(Scope) - OF_STATE_DATABASES))
    assert answer.headers["cache-control"] == "no-store"
    feed = await http.get(FEED, headers=bearer(given["access_token"]))
    assert (feed.status_code, feed.json()) == (200, {"items": [], "next": None})


async def test_client_id_beside_an_assertion_is_its_own(world: World, http: Any) -> None:
    machine = await a_machine(world)
    assert (await ask(http, machine.assertion(), client_id=machine.id)).status_code == 200
    assert is_refused_client(await ask(http, machine.assertion(), client_id=str(uuid4())))


async def test_secret_is_shown_once_and_opens_as_basic_or_in_the_form(world: World, http: Any) -> None:
    machine = await a_machine(world)
    made = await secret_of(machine)
    headers = basic(machine.id, made["client_secret"])
    assert (await ask(http, None, headers=headers)).status_code == 200
    listed = await machine.admin.get(f"{machine.path}/credentials")
    assert made["client_secret"] not in listed.text
    in_the_form = {"client_id": machine.id, "client_secret": made["client_secret"]}
    assert (await ask(http, None, **in_the_form)).status_code == 200
    twice = await ask(http, None, headers=headers, **in_the_form)
    assert (twice.status_code, twice.json()["error"]) == (400, "invalid_request")


async def test_secret_is_stored_as_a_hash(world: World) -> None:
    machine = await a_machine(world)
    made = await secret_of(machine)
    stored = await world.admin.fetchval(
        "SELECT secret_hash FROM partner_credentials WHERE id = $1::text::uuid", made["id"]
    )
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert made["client_secret"] not in stored


async def test_wrong_secret_of_a_living_credential_opens_nothing(world: World, http: Any) -> None:
    machine = await a_machine(world)
    made = await secret_of(machine)
    wrong = made["client_secret"][:-1] + ("A" if made["client_secret"][-1] != "A" else "B")
    for secret in (wrong, made["id"], machine.key.thumbprint()):
        assert is_refused_client(await ask(http, None, headers=basic(machine.id, secret)))


async def test_secret_of_another_machine_opens_nothing(world: World, http: Any) -> None:
    machine, other = await a_machine(world), await a_machine(world)
    made = await secret_of(other)
    assert is_refused_client(await ask(http, None, headers=basic(machine.id, made["client_secret"])))


async def test_expired_secret_opens_nothing(world: World, http: Any) -> None:
    machine = await a_machine(world)
    made = await secret_of(machine)
    await world.admin.execute(
        """UPDATE partner_credentials SET created_at = now() - interval '2 days',
        expires_at = now() - interval '1 day' WHERE id = $1::text::uuid""",
        made["id"],
    )
    assert is_refused_client(await ask(http, None, headers=basic(machine.id, made["client_secret"])))


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ("grant_type=password", 400, "unsupported_grant_type"),
        ("scope=x", 400, "invalid_request"),
        ("grant_type=", 400, "invalid_request"),
        ("grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request"),
        ("grant_type=client_credentials&client_assertion=x", 400, "invalid_request"),
        (
            "grant_type=client_credentials&client_assertion=x&client_assertion_type=saml",
            400,
            "invalid_request",
        ),
        ("grant_type=client_credentials&client_secret=x", 401, "invalid_client"),
        (
            f"grant_type=client_credentials&client_id={NOBODY}&client_secret={'x' * 201}",
            401,
            "invalid_client",
        ),
        (f"grant_type=client_credentials&client_id={NOBODY}&client_secret=%00", 401, "invalid_client"),
        ("grant_type=client_credentials", 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=x", 401, "invalid_client"),
        ("%ff=%ff", 400, "invalid_request"),
        ("", 400, "invalid_request"),
        ("&".join(f"a{number}=1" for number in range(30)), 400, "invalid_request"),
    ],
)
async def test_form_that_cannot_be_answered(http: Any, form: str, status: int, error: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await http.post("/v1/oauth/token", content=form, headers=headers)
    found = answer.json()
    assert (answer.status_code, found["error"], found["code"]) == (status, error, error)
    assert found["error_description"] == found["detail"]


@pytest.mark.parametrize(
    "value",
    ["Bearer x", "Basic", "Basic !!!", "Basic eA==", "Basic eDp5", "Basic " + "eA" * 4000, "Basic w6k6w6k="],
)
async def test_bad_basic_header_is_refused(http: Any, value: str) -> None:
    assert is_refused_client(await ask(http, None, headers={"Authorization": value}))


async def test_json_is_not_the_kind_of_body(http: Any) -> None:
    answer = await http.post("/v1/oauth/token", json={"grant_type": "client_credentials"})
    assert (answer.status_code, answer.headers["content-type"]) == (415, "application/problem+json")


async def test_assertion_and_secret_together_are_refused(world: World, http: Any) -> None:
    machine = await a_machine(world)
    answer = await ask(http, machine.assertion(), headers=basic(machine.id, "x"))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_token_has_no_scope_that_its_machine_does_not_have(world: World, http: Any) -> None:
    machine = await a_machine(world, Scope.REFERRALS_READ, Scope.DIRECTORY_READ)
    for scope in ("referrals:answer", "referrals:read referrals:answer", "admin", "referrals:read ", "*"):
        answer = await ask(http, machine.assertion(), scope=scope)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope"), scope
    fewer = await ask(http, machine.assertion(), scope="directory:read")
    assert fewer.json()["scope"] == "directory:read"
    refused = await http.get(FEED, headers=bearer(fewer.json()["access_token"]))
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert refused.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="referrals:read"'


@pytest.mark.asvs("6.3.1")
async def test_guesses_slow_down_the_guesser_and_not_the_machine(world: World, clock: Clock) -> None:
    machine = await a_machine(world)
    made = await secret_of(machine)
    clock.set(2026, 11, 2, 8)
    async with somewhere(world, "192.0.2.241") as office, somewhere(world, "192.0.2.242") as stranger:
        assert (await ask(office, machine.assertion(now=clock()))).status_code == 200
        statuses = []
        for _ in range(4):
            guess = basic(machine.id, f"{made['id']}.guessed")
            statuses.append((await ask(stranger, None, headers=guess)).status_code)
        assert statuses == [401, 401, 401, 429]
        assert (await ask(stranger, machine.assertion(now=clock()))).status_code == 429
        assert (await ask(office, machine.assertion(now=clock()))).status_code == 200


async def test_unknown_client_waits_like_a_known_one(world: World, clock: Clock) -> None:
    unknown = Machine(str(uuid4()), await world.case_manager(), new_key())
    clock.set(2026, 11, 2, 8)
    async with somewhere(world, "192.0.2.243") as http:
        statuses = [(await ask(http, unknown.assertion(now=clock()))).status_code for _ in range(4)]
    assert statuses == [401, 401, 401, 429]


async def test_use_is_seen_and_stands_in_the_journal_as_the_machines(world: World, http: Any) -> None:
    machine = await a_machine(world)
    (before,) = (await machine.admin.get(f"{machine.path}/credentials")).json()["items"]
    assert before["last_used_at"] is None
    access = await token(http, machine)
    await ask(http, machine.assertion(aud="https://elsewhere.example"))
    await http.get(FEED, headers=bearer(access))
    (after,) = (await machine.admin.get(f"{machine.path}/credentials")).json()["items"]
    assert after["last_used_at"] is not None
    assert (await machine.admin.get(machine.path)).json()["last_used_at"] is not None
    entries = await journal_of(world, "partner_system.token")
    assert [(str(user or ""), str(what), outcome, why) for user, what, outcome, why in entries] == [
        (machine.id, machine.id, "done", None),
        ("", machine.id, "refused", "invalid_client"),
    ]
    row = await world.admin.fetchrow(
        """SELECT user_id, session_id, roles FROM audit_journal
        WHERE municipal_area_id = $1 AND action = 'partner_referral.read'""",
        world.area,
    )
    assert (str(row["user_id"]), str(row["session_id"]), row["roles"]) == (
        machine.id,
        machine.credential_id,
        ["partner_system"],
    )


async def test_no_secret_or_assertion_stands_in_the_log(world: World, http: Any) -> None:
    machine = await a_machine(world)
    made = await secret_of(machine)
    assertion = machine.assertion(aud="https://elsewhere.example")
    wrong = made["client_secret"] + "x"
    with capture_logs() as logs:
        await ask(http, assertion)
        await ask(http, None, headers=basic(machine.id, wrong))
        await ask(http, None, headers=basic(machine.id, made["client_secret"]))
    written = str(logs)
    assert "security_event" in written
    hidden = (assertion, made["client_secret"], wrong, made["client_secret"].partition(".")[2])
    assert not [text for text in hidden if text in written]


async def test_second_key_opens_beside_the_first_and_outlives_it(world: World, http: Any) -> None:
    machine = await a_machine(world)
    following = new_key()
    await register(machine, following)
    old = await token(http, machine)
    assert (await ask(http, machine.assertion(following))).status_code == 200
    gone = await machine.admin.delete(f"{machine.path}/credentials/{machine.credential_id}")
    assert gone.status_code == 204
    assert is_refused_client(await ask(http, machine.assertion()))
    assert (await http.get(FEED, headers=bearer(old))).status_code == 401
    answer = await ask(http, machine.assertion(following))
    new = answer.json()["access_token"]
    assert (await http.get(FEED, headers=bearer(new))).status_code == 200
