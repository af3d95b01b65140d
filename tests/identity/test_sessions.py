"""Signing in: who gets a session, in which area, and what everybody else learns."""

from datetime import UTC, datetime, timedelta

import pytest

from app.access.roles import Role
from tests.conftest import Clock
from tests.identity.arrange import (
    ANOTHER,
    PASSWORD,
    alarms,
    bearer,
    give_password,
    join_area,
    journal_of,
    sign_in,
    somewhere,
)
from tests.world import World


async def test_sign_in_opens_the_api(world: World) -> None:
    manager = await world.case_manager()
    email = await give_password(world, manager)
    async with somewhere(world) as http:
        answer = await sign_in(http, email)
        assert answer.status_code == 201, answer.text
        body = answer.json()
        assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
        assert (body["municipal_area_id"], body["user_id"]) == (world.area, str(manager.user_id))
        assert body["must_change_password"] is False
        assert (await http.get("/v1/me", headers=bearer(answer))).json()["id"] == str(manager.user_id)
    assert answer.headers["cache-control"] == "no-store"


async def test_sign_in_is_in_the_journal_of_the_area(world: World) -> None:
    manager = await world.case_manager()
    email = await give_password(world, manager)
    async with somewhere(world) as http:
        body = (await sign_in(http, email)).json()
    entries = await journal_of(world, "session.start")
    assert [(str(user), str(session), outcome) for user, session, outcome, _ in entries] == [
        (str(manager.user_id), body["session_id"], "done")
    ]


async def test_address_is_compared_without_case_and_in_normal_form(world: World) -> None:
    manager = await world.case_manager()
    await give_password(world, manager)
    await world.admin.execute(
        "UPDATE accounts SET email = $2 WHERE id = $1",
        manager.account_id,
        f"j\u00e4ger-{world.area}@kim.test".lower(),
    )
    async with somewhere(world) as http:
        answer = await sign_in(http, f" JA\u0308GER-{world.area}@KIM.test ")
    assert answer.status_code == 201, answer.text


async def test_password_is_compared_as_it_was_sent(world: World) -> None:
    email = await give_password(world, await world.case_manager())
    async with somewhere(world) as http:
        assert (await sign_in(http, email, f"{PASSWORD} ")).status_code == 401
        assert (await sign_in(http, email, PASSWORD.lower())).status_code == 401


@pytest.mark.asvs("6.3.8")
async def test_nobody_wrong_and_disabled_get_the_same_answer(world: World) -> None:
    known, disabled = await world.case_manager(), await world.case_manager()
    gone, roleless = await world.case_manager(), await world.person()
    wrong = await give_password(world, known)
    emails = [await give_password(world, each) for each in (disabled, gone, roleless)]
    await world.admin.execute("UPDATE users SET disabled_at = now() WHERE id = $1", disabled.user_id)
    await world.admin.execute("UPDATE accounts SET disabled_at = now() WHERE id = $1", gone.account_id)
    async with somewhere(world) as http:
        answers = [await sign_in(http, wrong, ANOTHER), await sign_in(http, "nobody@kim.test")]
        answers += [await sign_in(http, email) for email in emails]
        answers += [await sign_in(http, wrong, area="KIM-05334")]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    refused = answers[0].json()
    assert (refused["code"], refused["title"]) == ("sign_in_failed", "You were not signed in.")


@pytest.mark.asvs("6.3.8")
async def test_unknown_person_costs_the_same_comparison(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.identity import password_acceptance

    compared: list[str | None] = []
    real = password_acceptance.verify_password

    async def observed(password: str, stored: str | None) -> bool:
        compared.append(stored)
        return await real(password, stored)

    monkeypatch.setattr(password_acceptance, "verify_password", observed)
    async with somewhere(world) as http:
        await sign_in(http, "nobody-either@kim.test")
    assert compared == [None]


async def test_failure_is_journalled_without_an_actor_and_counted(world: World) -> None:
    manager = await world.case_manager()
    email = await give_password(world, manager)
    before = alarms(world, "sign_in_failed")
    async with somewhere(world) as http:
        await sign_in(http, email, ANOTHER)
    entries = await journal_of(world, "session.start")
    assert entries == [(None, manager.user_id, "refused", "sign_in_failed")]
    assert alarms(world, "sign_in_failed") == before + 1


async def test_account_of_several_areas_says_which(world: World) -> None:
    neighbour = await world.neighbour()
    manager = await neighbour.case_manager()
    await join_area(world, manager)
    email = await give_password(world, manager)
    async with somewhere(world) as http:
        undecided = await sign_in(http, email)
        assert (undecided.status_code, undecided.json()["code"]) == (409, "area_needed")
        areas = sorted([world.area, neighbour.area])
        assert undecided.json()["areas"] == [{"id": area, "name": area} for area in areas]
        decided = await sign_in(http, email, area=world.area)
    assert (decided.status_code, decided.json()["municipal_area_id"]) == (201, world.area)


async def test_areas_are_named_only_after_the_right_password(world: World) -> None:
    manager = await (await world.neighbour()).case_manager()
    await join_area(world, manager)
    email = await give_password(world, manager)
    async with somewhere(world) as http:
        answer = await sign_in(http, email, ANOTHER)
    assert (answer.status_code, "areas" in answer.json()) == (401, False)


@pytest.mark.asvs("6.4.1")
async def test_initial_password_opens_nothing_after_three_days(world: World, clock: Clock) -> None:
    person = await world.case_manager()
    email = await give_password(world, person, must_change=True)
    given = datetime(2026, 3, 2, 9, tzinfo=UTC)
    await world.admin.execute(
        "UPDATE accounts SET password_changed_at = $2 WHERE id = $1", person.account_id, given
    )
    async with somewhere(world) as http:
        clock.fixed = given + timedelta(hours=72, seconds=-1)
        assert (await sign_in(http, email)).status_code == 201
        clock.fixed = given + timedelta(hours=72)
        late = await sign_in(http, email)
    assert (late.status_code, late.json()["code"]) == (401, "initial_password_expired")
    assert [entry[2] for entry in await journal_of(world, "session.start")] == ["done", "refused"]


@pytest.mark.asvs("7.4.1")
async def test_sign_out_ends_the_session_for_both_tokens(world: World) -> None:
    email = await give_password(world, await world.case_manager())
    async with somewhere(world) as http:
        answer = await sign_in(http, email)
        assert (await http.delete("/v1/sessions/current", headers=bearer(answer))).status_code == 204
        refused = await http.get("/v1/me", headers=bearer(answer))
        token = {"refresh_token": answer.json()["refresh_token"]}
        renewed = await http.post("/v1/sessions/refresh", json=token)
    assert (refused.status_code, refused.json()["code"]) == (401, "session_ended")
    assert renewed.status_code == 401
    assert len(await journal_of(world, "session.end")) == 1


@pytest.mark.asvs("7.5.2")
async def test_one_sees_and_ends_the_sessions_of_one_own_account_only(world: World) -> None:
    manager, stranger = await world.case_manager(), await world.person(Role.ADMIN)
    email = await give_password(world, manager)
    async with somewhere(world) as http:
        other = await sign_in(http, email)
    listed = (await manager.get("/v1/sessions")).json()["items"]
    assert {(each["id"], each["is_current"]) for each in listed} == {
        (str(manager.session_id), True),
        (other.json()["session_id"], False),
    }
    path = f"/v1/sessions/{other.json()['session_id']}"
    assert (await stranger.delete(path)).status_code == 404
    assert (await manager.delete(path)).status_code == 204
    assert (await manager.delete(path)).status_code == 404
    async with somewhere(world) as http:
        assert (await http.get("/v1/me", headers=bearer(other))).status_code == 401


async def test_keys_verify_what_was_issued(world: World) -> None:
    from joserfc import jwk, jwt

    email = await give_password(world, await world.case_manager())
    async with somewhere(world) as http:
        keys = jwk.KeySet.import_key_set((await http.get("/v1/keys")).json())
        answer = await sign_in(http, email)
    claims = jwt.decode(answer.json()["access_token"], keys, algorithms=["ES256"]).claims
    assert claims["sid"] == answer.json()["session_id"]
