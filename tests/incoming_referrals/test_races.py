"""Two at once, twice the same, and acts that are refused: never a half, never two."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from tests.clients.arrange import new_client
from tests.incoming_referrals.arrange import HERE, RECEIPT, SENT, a_desk, send, state_of
from tests.refusals import places
from tests.world import World

_COUNTS = """SELECT (SELECT count(*) FROM incoming_referrals WHERE municipal_area_id = $1) AS referrals,
    (SELECT count(*) FROM received_data WHERE municipal_area_id = $1) AS received,
    (SELECT count(*) FROM inquiries WHERE municipal_area_id = $1) AS inquiries,
    (SELECT count(*) FROM clients WHERE municipal_area_id = $1) AS clients,
    (SELECT count(*) FROM cases WHERE municipal_area_id = $1) AS cases,
    (SELECT count(*) FROM incoming_receipts WHERE municipal_area_id = $1) AS receipts,
    (SELECT count(*) FROM tasks WHERE municipal_area_id = $1) AS tasks"""


async def _counts(world: World) -> dict[str, int]:
    return dict(await world.admin.fetchrow(_COUNTS, world.area))


async def test_double_submit_is_one_referral(world: World) -> None:
    desk = await a_desk(world)
    sent = [send(desk.partner, SENT, desk.body(), key="the-only-one") for _ in range(2)]
    codes = sorted(each.status_code for each in await asyncio.gather(*sent))
    assert codes in ([201, 201], [201, 409])
    again = await send(desk.partner, SENT, desk.body(), key="the-only-one")
    assert again.status_code == 201
    counts = await _counts(world)
    assert (counts["referrals"], counts["received"], counts["inquiries"]) == (1, 1, 1)
    other = await send(desk.partner, SENT, desk.body(reference="A-2"), key="the-only-one")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_without_a_key_nothing_is_taken(world: World) -> None:
    desk = await a_desk(world)
    refused = await desk.partner.http.post(SENT, json=desk.body())
    assert (refused.status_code, refused.json()["code"]) == (400, "idempotency_key_missing")
    incoming_id = await desk.refer()
    for step, body in (("withdraw", {"reason": "other"}), ("enter-in-error", None)):
        assert (await desk.partner.http.post(f"{SENT}/{incoming_id}/{step}", json=body)).status_code == 400
    assert (await state_of(world, incoming_id))[0] == "requested"


async def test_accepting_twice_at_once_makes_one_client(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    path = f"{HERE}/{incoming_id}/accept"
    answers = await asyncio.gather(*(desk.manager.post(path, {}) for _ in range(2)))
    assert sorted(each.status_code for each in answers) == [200, 409]
    counts = await _counts(world)
    assert [counts[name] for name in ("clients", "cases", "receipts", "tasks")] == [1, 1, 1, 1]


async def test_withdrawing_meets_accepting_and_one_wins(world: World) -> None:
    desk = await a_desk(world)
    for _ in range(6):
        incoming_id = await desk.taken()
        accepted, withdrawn = await asyncio.gather(
            desk.manager.post(f"{HERE}/{incoming_id}/accept", {"confirm_new": True}),
            send(desk.partner, f"{SENT}/{incoming_id}/withdraw", {"reason": "no_longer_wanted"}),
        )
        assert sorted((accepted.status_code, withdrawn.status_code)) == [200, 409]
        state, inquiry, _ = await state_of(world, incoming_id)
        assert (state, inquiry) == (
            ("accepted", "open") if accepted.status_code == 200 else ("withdrawn", "removed")
        )
        receipts = await world.admin.fetchval(
            "SELECT count(*) FROM incoming_receipts WHERE id = $1", UUID(incoming_id)
        )
        assert receipts == (accepted.status_code == 200)


async def test_acceptance_that_is_refused_leaves_no_half(world: World) -> None:
    desk = await a_desk(world)
    known = await new_client(desk.manager, given_name="Samira", family_name="Haddad", birth_date="1991-04-12")
    incoming_id = await desk.taken()
    before = await _counts(world)
    refused = await desk.manager.post(f"{HERE}/{incoming_id}/accept", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "possible_duplicate")
    assert refused.json()["clients"] == [known]
    assert await _counts(world) == before
    assert await state_of(world, incoming_id) == ("requested", "open", str(desk.manager.user_id))
    accepted = await desk.accept(incoming_id, client_id=known)
    assert accepted["receipt"]["client_id"] == known


async def test_old_version_is_refused(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    await desk.manager.post(f"{HERE}/{incoming_id}/ask", {"question": "concern"})
    for person, path, body in (
        (desk.partner, f"{SENT}/{incoming_id}/reply", {"text": "Ja"}),
        (desk.manager, f"{HERE}/{incoming_id}/accept", {}),
    ):
        stale = await person.post(path, body, if_match='"1"', idempotency_key="stale-0001")
        assert stale.status_code == 412
    assert (await state_of(world, incoming_id))[0] == "asked"


async def test_client_or_case_that_the_acceptor_does_not_see_is_not_there(world: World) -> None:
    desk = await a_desk(world)
    ben = await world.case_manager()
    hidden = await new_client(ben, given_name="Samira", family_name="Haddad", birth_date="1991-04-12")
    incoming_id = await desk.taken()
    path = f"{HERE}/{incoming_id}/accept"
    assert (await desk.manager.post(path, {"client_id": hidden})).status_code == 404
    opened = await ben.post("/v1/cases", {"client_id": hidden, "kind": "counselling", "access_route": "self"})
    assert (await desk.manager.post(path, {"case_id": opened.json()["id"]})).status_code == 404
    own = await new_client(desk.manager, given_name="Rosa", family_name="Brandt")
    other = await desk.manager.post(
        "/v1/cases", {"client_id": own, "kind": "counselling", "access_route": "self"}
    )
    mixed = await desk.manager.post(path, {"case_id": other.json()["id"], "confirm_new": True})
    assert (mixed.status_code, mixed.json()["errors"][0]["kind"]) == (422, "of_another_person")
    assert (await state_of(world, incoming_id))[0] == "requested"


async def test_what_was_referred_to_one_unit_is_taken_to_no_client_of_another(world: World) -> None:
    desk = await a_desk(world)
    await world.also_at(desk.manager, "Caritas")
    elsewhere = await new_client(
        desk.manager, given_name="Samira", family_name="Haddad", unit_id=str(await world.unit("Caritas"))
    )
    opened = await desk.manager.post(
        "/v1/cases", {"client_id": elsewhere, "kind": "counselling", "access_route": "self"}
    )
    incoming_id = await desk.taken()
    for case in ({}, {"case_id": opened.json()["id"]}):
        refused = await desk.manager.post(f"{HERE}/{incoming_id}/accept", {"client_id": elsewhere, **case})
        assert places(refused) == [{"place": "body.client_id", "kind": "other_unit"}]
    values = (world.area, UUID(incoming_id), UUID(elsewhere), UUID(opened.json()["id"]), desk.manager.user_id)
    async with world.sql(desk.manager) as db:
        with pytest.raises(asyncpg.CheckViolationError, match="another unit"):
            await (await db.driver()).execute(RECEIPT, *values)
    assert (await state_of(world, incoming_id))[0] == "requested"


async def test_goes_on_in_a_case_that_runs(world: World) -> None:
    desk = await a_desk(world)
    own = await new_client(desk.manager, given_name="Rosa", family_name="Brandt")
    opened = await desk.manager.post(
        "/v1/cases", {"client_id": own, "kind": "counselling", "access_route": "self"}
    )
    incoming_id = await desk.taken()
    runs = await desk.manager.post(f"{HERE}/{incoming_id}/accept", {"client_id": own})
    assert (runs.status_code, runs.json()["code"]) == (409, "counselling_runs")
    accepted = await desk.accept(incoming_id, client_id=own, case_id=opened.json()["id"])
    assert accepted["receipt"]["case_id"] == opened.json()["id"]
