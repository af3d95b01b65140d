"""Somebody is hidden while a disclosure without consent is asked for: no second person is shown them."""

from collections import Counter
from functools import partial
from uuid import UUID

import pytest

from app.referrals.duties import actions
from tests.clients.arrange import etag_of
from tests.duties.arrange import Office, an_office, request
from tests.referrals.arrange import draft
from tests.referrals.interleaving import interleave, stops
from tests.world import World

GUARD = "guard_duty()"
HELD = "c.id = NEW.case_id FOR SHARE"
ORDERS = 12

_SOURCE = "SELECT pg_get_functiondef($1::text::regprocedure)"
_MARKED = "SELECT is_restricted FROM duties WHERE case_id = $1"
_ANEW = """WITH packages AS (DELETE FROM duty_packages WHERE case_id = $1),
    asked AS (DELETE FROM duties WHERE case_id = $1)
UPDATE clients SET is_restricted = false WHERE id = $2"""


async def _asked(office: Office, seed: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, bool | None]:
    """Ask and hide in one order; return the answer, and whether the duty knows that the person is hidden."""
    world, manager = office.world, office.manager
    ids = UUID(office.scene.case_id), UUID(office.scene.client_id)
    await world.admin.execute(_ANEW, *ids)
    office.referral_id = await draft(office.scene, legal_basis="aufenthg_87", concern_code="notification")
    client = f"/v1/clients/{office.scene.client_id}"
    hide = partial(manager.patch, client, {"is_restricted": True}, if_match=await etag_of(manager, client))
    with stops(monkeypatch):
        asked, hidden = await interleave(seed, world.admin, partial(request, office), hide)
    assert hidden.status_code == 200, hidden.text
    if asked.status_code == 201:
        seen = await office.lead.get(f"/v1/duties/{asked.json()['id']}")
        assert (seen.status_code == 404) is await world.admin.fetchval(_MARKED, ids[0])
    return asked.status_code, await world.admin.fetchval(_MARKED, ids[0])


async def _in_many_orders(world: World, monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[int, bool | None]]:
    office = await an_office(world)
    return Counter([await _asked(office, seed, monkeypatch) for seed in range(ORDERS)])


def _unheld(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "_RESTRICTED", actions._RESTRICTED.removesuffix(" FOR SHARE"))


async def test_request_and_hiding_come_one_after_the_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(await _in_many_orders(world, monkeypatch)) == {(201, True), (409, None)}


async def test_database_holds_them_apart_where_the_application_forgets_to(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _unheld(monkeypatch)
    assert set(await _in_many_orders(world, monkeypatch)) == {(201, True), (409, None), (422, None)}


async def test_without_both_a_second_person_is_shown_them_and_it_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _unheld(monkeypatch)
    source = await world.admin.fetchval(_SOURCE, GUARD)
    assert HELD in source
    try:
        await world.admin.execute(source.replace(HELD, HELD.removesuffix(" FOR SHARE")))
        assert (201, False) in await _in_many_orders(world, monkeypatch)
    finally:
        await world.admin.execute(source)
