"""A withdrawal against composing and against fetching, in many orders on two connections."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest

from app.state_exports import gathering
from app.state_exports.handlers import compose_now
from tests.referrals.interleaving import interleave, stops
from tests.share import share_of
from tests.state_exports.arrange import Office
from tests.state_exports.test_exports import persons_in

ORDERS = 40
_AS_IF_NOT_FETCHED = "UPDATE state_exports SET state = 'discarded' WHERE id = $1 AND state = 'fetched'"
"""The same quarter is asked for again, in another order."""
_PERSONS = "SELECT persons FROM state_export_files WHERE id = $1"
_CONSENTS = """SELECT s.client_id, k.pseudonym AS client_pseudonym, s.case_id, s.data_categories, s.direction,
    s.given_on, s.given_at, s.valid_until, s.withdrawn_at IS NOT NULL AS is_withdrawn
FROM consents s JOIN clients k ON k.municipal_area_id = s.municipal_area_id AND k.id = s.client_id
WHERE s.purpose = 'state_database' AND s.withdrawn_at IS NULL AND s.institution_id = $2
    AND $1::uuid IS NOT NULL AND $3::date IS NOT NULL"""


_UNLOCKED = f"""CREATE FUNCTION unlocked_state_consents(uuid, uuid, date) RETURNS TABLE (client_id uuid,
    client_pseudonym uuid, case_id uuid, data_categories text[], direction text, given_on date,
    given_at timestamptz, valid_until date, is_withdrawn boolean)
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$ {_CONSENTS} $$"""


@asynccontextmanager
async def unlocked(office: Office, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Let composing hold nothing: the planted fault."""
    await office.world.admin.execute(_UNLOCKED)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(gathering, "CONSENTS", "SELECT * FROM unlocked_state_consents($1, $2, $3)")
            yield
    finally:
        await office.world.admin.execute("DROP FUNCTION unlocked_state_consents(uuid, uuid, date)")


async def _against_composing(office: Office, client: UUID, seed: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Compose and withdraw in one order; return how many are in the file, None where there is none."""
    export = await office.released()
    with stops(monkeypatch):
        _, withdrawing = await interleave(
            seed,
            office.world.admin,
            lambda: office.in_work(compose_now, export),
            lambda: office.withdraw(client),
        )
    assert withdrawing.status_code == 200, withdrawing.text
    return str(await office.world.admin.fetchval(_PERSONS, UUID(export)))


async def _again(office: Office, client: UUID) -> None:
    """Let the client consent anew, and put aside what waits."""
    await office.consent(client)
    for export in (await office.admin.get("/v1/state-exports")).json()["items"]:
        if export["state"] == "ready":
            await office.admin.post(f"/v1/state-exports/{export['id']}/discard")


async def test_withdrawal_and_composing_come_one_after_the_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = await office.persons(11)
    seen: Counter[str] = Counter()
    for seed in range(share_of(ORDERS)):
        seen[await _against_composing(office, clients[0], seed, monkeypatch)] += 1
        await _again(office, clients[0])
    # Either the file was first, and the withdrawal destroyed it, or the withdrawal, and the file has ten.
    assert set(seen) == {"None", "10"}, seen


async def test_without_the_lock_a_file_with_somebody_who_withdrew_waits_and_is_noticed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = await office.persons(11)
    seen: Counter[str] = Counter()
    async with unlocked(office, monkeypatch):
        for seed in range(200):
            seen[await _against_composing(office, clients[0], seed, monkeypatch)] += 1
            if seen["11"]:
                break
            await _again(office, clients[0])
    assert seen["11"], seen


async def test_withdrawal_and_fetching_come_one_after_the_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = await office.persons(11)
    seen: Counter[Any] = Counter()
    logged = "SELECT count(*) FROM disclosure_log WHERE municipal_area_id = $1"
    for seed in range(share_of(ORDERS)):
        before = await office.world.admin.fetchval(logged, office.world.area)
        export = await office.ready()
        with stops(monkeypatch):
            fetching, withdrawing = await interleave(
                seed,
                office.world.admin,
                lambda export=export: office.fetch(export),
                lambda: office.withdraw(clients[0]),
            )
        assert withdrawing.status_code == 200
        now = await office.world.admin.fetchval(logged, office.world.area) - before
        seen[fetching.status_code, (await office.read(export))["state"], now] += 1
        await _again(office, clients[0])
        await office.world.admin.execute(_AS_IF_NOT_FETCHED, UUID(export))
    # Whoever was handed the file has left a trace of everybody in it; a destroyed one was handed to nobody.
    assert set(seen) <= {(200, "fetched", 11), (404, "ready", 0), (410, "ready", 0), (410, "fetched", 11)}, (
        seen
    )
    assert any(status == 200 for status, _, _ in seen)
    assert any(state == "ready" for _, state, _ in seen)


async def test_who_withdrew_in_between_is_told_as_withdrawn_next_time(office: Office) -> None:
    clients = await office.persons(11)
    first = persons_in(await office.lines(await office.ready()))
    assert (await office.withdraw(clients[0])).status_code == 200
    second = await office.lines(await office.ready("2026Q1"))
    assert len(first - persons_in(second)) == 1
