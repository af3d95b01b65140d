"""Refresh tokens: each good once; a second use ends the session for whoever holds it."""

import asyncio

import httpx
import pytest

from tests.identity.arrange import (
    alarms,
    bearer,
    give_password,
    journal_of,
    renew,
    sign_in,
    somewhere,
)
from tests.world import World


async def test_renewal_gives_new_tokens_of_the_same_session_and_never_a_later_end(world: World) -> None:
    email = await give_password(world, await world.case_manager())
    async with somewhere(world) as http:
        first = (await sign_in(http, email)).json()
        answer = await renew(http, first["refresh_token"])
        second = answer.json()
        assert answer.status_code == 200, answer.text
        assert (await http.get("/v1/me", headers=bearer(answer))).status_code == 200
    for same in ("session_id", "refresh_expires_at", "user_id", "municipal_area_id"):
        assert second[same] == first[same]
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert len(await journal_of(world, "session.renew")) == 1


@pytest.mark.asvs("10.4.5")
async def test_second_use_ends_the_session_at_once_and_is_reported(world: World) -> None:
    manager = await world.case_manager()
    email = await give_password(world, manager)
    before = alarms(world, "refresh_token_reused")
    async with somewhere(world) as http:
        first = (await sign_in(http, email)).json()
        second = await renew(http, first["refresh_token"])
        stolen = await renew(http, first["refresh_token"])
        assert (stolen.status_code, stolen.json()["code"]) == (401, "session_ended")
        assert (await http.get("/v1/me", headers=bearer(second))).status_code == 401
        assert (await renew(http, second.json()["refresh_token"])).status_code == 401
    assert alarms(world, "refresh_token_reused") == before + 1
    refused = [entry for entry in await journal_of(world, "session.renew") if entry[2] == "refused"]
    assert [(user, str(session), reason) for user, session, _, reason in refused] == [
        (manager.user_id, first["session_id"], "refresh_token_reused")
    ]


async def test_of_two_renewals_at_once_one_wins_and_the_session_ends(world: World) -> None:
    email = await give_password(world, await world.case_manager())
    async with somewhere(world) as http:
        first = (await sign_in(http, email)).json()
        both = await asyncio.gather(*(renew(http, first["refresh_token"]) for _ in range(2)))
        assert sorted(answer.status_code for answer in both) == [200, 401]
        winner = next(answer for answer in both if answer.status_code == 200)
        assert (await http.get("/v1/me", headers=bearer(winner))).status_code == 401


async def test_reuse_of_one_session_leaves_the_others_alone(world: World) -> None:
    manager = await world.case_manager()
    email = await give_password(world, manager)
    async with somewhere(world) as http:
        first = (await sign_in(http, email)).json()
        await renew(http, first["refresh_token"])
        await renew(http, first["refresh_token"])
    assert (await manager.get("/v1/me")).status_code == 200


@pytest.mark.parametrize("token", ["x", "A" * 43, "\ud800"])
async def test_unknown_refresh_token_opens_nothing(world: World, token: str) -> None:
    before = alarms(world, "refresh_token_unknown")
    async with somewhere(world) as http:
        answer = await post_raw(http, token)
    assert answer.status_code in (401, 422)
    assert alarms(world, "refresh_token_unknown") == before + (answer.status_code == 401)


async def post_raw(http: httpx.AsyncClient, token: str) -> httpx.Response:
    import json

    return await http.post(
        "/v1/sessions/refresh",
        content=json.dumps({"refresh_token": token}),
        headers={"Content-Type": "application/json"},
    )


@pytest.mark.asvs("7.3.2")
@pytest.mark.parametrize(
    "ending",
    [
        "UPDATE sessions SET expires_at = now() WHERE id = $1",
        "UPDATE sessions SET ended_at = now() WHERE id = $1",
        "UPDATE users u SET disabled_at = now() FROM sessions s WHERE s.id = $1 AND u.id = s.user_id",
        "UPDATE accounts a SET disabled_at = now() FROM sessions s WHERE s.id = $1 AND a.id = s.account_id",
    ],
)
async def test_ended_session_is_not_renewed(world: World, ending: str) -> None:
    email = await give_password(world, await world.case_manager())
    async with somewhere(world) as http:
        first = (await sign_in(http, email)).json()
        await world.admin.execute(ending, first["session_id"])
        assert (await renew(http, first["refresh_token"])).status_code == 401


async def test_database_keeps_no_refresh_token_as_it_is(world: World) -> None:
    email = await give_password(world, await world.case_manager())
    async with somewhere(world) as http:
        token = (await sign_in(http, email)).json()["refresh_token"]
    rows = await world.admin.fetch("SELECT token_sha256 FROM refresh_tokens")
    assert all(token.encode() not in row["token_sha256"] for row in rows)
    assert len(token) == 43
