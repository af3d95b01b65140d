"""What an institution says for a person's protection holds also for a client who was there before."""

from contextlib import nullcontext
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.cases.arrange import journal, open_case
from tests.clients.arrange import new_client
from tests.incoming_referrals.arrange import CONSENT, RECEIPT, SENT, Desk, a_desk, send
from tests.inquiries.arrange import figures
from tests.world import World

KNOWN: dict[str, Any] = {"given_name": "Samira", "family_name": "Haddad", "birth_date": "1991-04-12"}
OF_PROTECTION: dict[str, Any] = {
    "concerns": ["protection"],
    "consent": {**CONSENT, "covers": ["master_data", "contact", "protection_from_violence"]},
}


async def accepted(desk: Desk, client_id: str, **changes: Any) -> str:
    """Accept somebody as this client and return the referral."""
    incoming_id = await desk.taken(**changes)
    await desk.accept(incoming_id, client_id=client_id)
    return incoming_id


def contact(**rules: Any) -> dict[str, Any]:
    return {"contact": {"phone": "0151 2345678", **rules}}


@pytest.mark.parametrize("ends", [None, "withdraw-consent", "enter-in-error"])
async def test_warnings_hold_for_a_known_client_also_after_the_end(world: World, ends: str | None) -> None:
    desk = await a_desk(world)
    known = await new_client(desk.manager, **KNOWN)
    safe = contact(
        no_post=True,
        no_voicemail=True,
        no_interpreter_of_same_circle=True,
        must_not_learn="der Ehemann",
        channels=["phone"],
    )
    incoming_id = await accepted(desk, known, needs_protection=True, **safe)
    if ends is not None:
        ended = await send(desk.partner, f"{SENT}/{incoming_id}/{ends}")
        assert ended.status_code == 200, ended.text
    client = (await desk.manager.get(f"/v1/clients/{known}")).json()
    assert all(client[name] for name in ("is_restricted", "no_post", "no_voicemail"))
    assert client["no_interpreter_of_same_circle"] is True
    assert (client["must_not_learn"], client["contact_channels"]) == ("der Ehemann", ["phone"])
    assert await figures(world) == []
    (entry,) = await journal(world, "client.change")
    assert sorted(entry["changed"]) == [
        "contact_channels",
        "is_restricted",
        "must_not_learn",
        "no_interpreter_of_same_circle",
        "no_post",
        "no_voicemail",
    ]


async def test_a_concern_about_protection_hides_a_known_client_in_a_case_that_runs(world: World) -> None:
    desk = await a_desk(world)
    known = await new_client(desk.manager, **KNOWN)
    body = {"client_id": known, "kind": "counselling", "access_route": "self"}
    case_id = (await desk.manager.post("/v1/cases", body)).json()["id"]
    incoming_id = await desk.taken(**OF_PROTECTION, **contact())
    await desk.accept(incoming_id, client_id=known, case_id=case_id)
    assert await world.admin.fetchval("SELECT is_restricted FROM cases WHERE id = $1::text::uuid", case_id)


async def test_an_institution_that_says_nothing_loosens_nothing(world: World) -> None:
    desk = await a_desk(world)
    safe = {
        "is_restricted": True,
        "no_post": True,
        "no_voicemail": True,
        "no_interpreter_of_same_circle": True,
        "must_not_learn": "der Bruder",
        "contact_channels": ["in_person"],
    }
    known = await new_client(desk.manager, **KNOWN, **safe)
    await accepted(desk, known, **contact())
    client = (await desk.manager.get(f"/v1/clients/{known}")).json()
    assert {name: client[name] for name in safe} == safe


@pytest.mark.parametrize("is_planted", [False, True])
@pytest.mark.parametrize("said", [{"needs_protection": True}, OF_PROTECTION])
async def test_database_takes_nobody_threatened_as_somebody_who_is_not_hidden(
    world: World, said: dict[str, Any], is_planted: bool
) -> None:
    desk = await a_desk(world)
    known = await new_client(desk.manager, **KNOWN)
    case_id = await open_case(desk.manager, known)
    incoming_id = await desk.taken(**said)
    switch = "ALTER TABLE incoming_receipts {} TRIGGER hidden"
    if is_planted:
        await world.admin.execute(switch.format("DISABLE"))
    try:
        refused = (
            nullcontext() if is_planted else pytest.raises(asyncpg.CheckViolationError, match="as hidden")
        )
        with refused:
            async with world.sql(desk.manager) as db:
                await (await db.driver()).execute(
                    RECEIPT, world.area, UUID(incoming_id), UUID(known), UUID(case_id), desk.manager.user_id
                )
    finally:
        await world.admin.execute(switch.format("ENABLE"))
    count = "SELECT count(*) FROM incoming_receipts WHERE id = $1"
    assert await world.admin.fetchval(count, UUID(incoming_id)) == int(is_planted)
