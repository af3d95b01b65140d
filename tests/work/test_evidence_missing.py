"""Consents that nothing proves yet come up after some days, until a scan or every signature is there."""

from uuid import UUID

import pytest

from app.work.working_list import queries
from tests.cases.arrange import open_case
from tests.clients.arrange import new_client
from tests.clients.hidden import a_family
from tests.conftest import Clock
from tests.consents.arrange import give_consent, withdraw
from tests.consents.test_signatures import sign
from tests.documents.arrange import upload
from tests.work.arrange import behind, due, group, on_the_day
from tests.world import Person, World

GROUP = "consents_without_evidence"
LAID = "UPDATE consents SET given_on = $2::text::date, given_at = $2::text::date WHERE id = $1"


async def a_consent(world: World, manager: Person, given_on: str, **fields: str) -> tuple[str, str]:
    """Return a client with a case, and a consent that was given on a day."""
    client_id = await new_client(manager)
    await open_case(manager, client_id)
    consent_id = await give_consent(
        manager, client_id, await world.institution(), valid_until="2027-01-01", **fields
    )
    await behind(world, LAID, consent_id, given_on)
    return client_id, consent_id


@pytest.mark.parametrize(("given_on", "shown"), [("2026-06-01", True), ("2026-06-02", False)])
async def test_consent_comes_up_after_fourteen_days(
    world: World, clock: Clock, given_on: str, shown: bool
) -> None:
    manager = await world.case_manager()
    _, consent_id = await a_consent(world, manager, given_on)
    on_the_day(world, clock, manager)
    items = await group(manager, GROUP)
    assert [item["target"]["id"] for item in items] == ([consent_id] if shown else [])
    if shown:
        (item,) = items
        assert (item["reason"], item["due_on"], item["since"]) == ("scan_missing", "2026-06-15", given_on)
        assert (item["code"], item["title"]) == ("referral", "Ordner 12, Blatt 3")


async def test_days_are_a_setting_of_the_operator(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    await a_consent(world, manager, "2026-06-01")
    on_the_day(world, clock, manager)
    state, seen = world.app.state, []
    kept = state.settings
    try:
        for days in (20, 3):
            state.settings = kept.model_copy(update={"days_without_evidence": days})
            seen.append(await due(manager, GROUP))
    finally:
        state.settings = kept
    assert seen == [[], [("2026-06-04", "scan_missing")]]


async def test_scan_ends_it(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    client_id, consent_id = await a_consent(world, manager, "2026-06-01")
    scan = (await upload(manager, f"/v1/clients/{client_id}/documents")).json()["id"]
    added = await manager.post(f"/v1/consents/{consent_id}/evidence", {"document_id": scan})
    assert added.status_code == 200, added.text
    on_the_day(world, clock, manager)
    assert await due(manager, GROUP) == []


async def test_signature_ends_it(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    _, signed = await a_consent(world, manager, "2026-06-01", form="electronic")
    _, open_one = await a_consent(world, manager, "2026-06-01", form="electronic")
    await sign(manager, signed)
    on_the_day(world, clock, manager)
    (item,) = await group(manager, GROUP)
    assert (item["target"]["id"], item["reason"]) == (open_one, "signature_missing")


async def test_spoken_withdrawn_and_ended_ones_are_not_asked_for(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    await a_consent(world, manager, "2026-06-01", form="spoken", special_circumstance="Am Telefon")
    _, ended = await a_consent(world, manager, "2026-06-01")
    await behind(world, "UPDATE consents SET valid_until = $2::text::date WHERE id = $1", ended, "2026-06-14")
    _, withdrawn = await a_consent(world, manager, "2026-06-01")
    await withdraw(manager, withdrawn)
    on_the_day(world, clock, manager)
    assert await due(manager, GROUP) == []


async def test_list_that_does_not_look_at_signatures_is_noticed(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = await world.case_manager()
    _, signed = await a_consent(world, manager, "2026-06-01", form="electronic")
    await sign(manager, signed)
    right = "s.consent_id = t.id)\n        <"
    assert right in queries.STATEMENT
    monkeypatch.setattr(queries, "STATEMENT", queries.STATEMENT.replace(right, "false)\n        <"))
    on_the_day(world, clock, manager)
    assert len(await group(manager, GROUP)) == 1


async def test_nobody_else_sees_it(world: World, clock: Clock) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    await a_consent(world, manager, "2026-06-01")
    on_the_day(world, clock, manager, colleague)
    assert await due(colleague, GROUP) == []


async def test_signature_of_a_hidden_guardian_is_not_asked_for(world: World, clock: Clock) -> None:
    family = await a_family(world)
    consent_id = family.ids["consent"]
    await behind(world, LAID, consent_id, "2026-06-01")
    electronic = "form = 'electronic', valid_until = $2::text::date"
    await behind(world, f"UPDATE consents SET {electronic} WHERE id = $1", consent_id, "2027-01-01")
    on_the_day(world, clock, family.lead, family.colleague)
    assert await due(family.colleague, GROUP) == []
    assert await due(family.lead, GROUP) == []
    await world.admin.execute("DELETE FROM consent_signatures WHERE consent_id = $1", UUID(consent_id))
    assert await due(family.colleague, GROUP) == []
    assert await due(family.lead, GROUP) == [("2026-06-15", "signature_missing")]
