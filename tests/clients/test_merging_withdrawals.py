"""What was taken back on one record of a person does not go on by the consent on the other."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.clients.test_merging import merge, merge_body, preview, two_records
from tests.clients.test_undoing_a_merge import undone
from tests.consents.arrange import consent_body, give_consent, withdraw
from tests.world import Person, World

_REMEMBERED = "SELECT client_id::text FROM told_withdrawals WHERE municipal_area_id = $1"


async def _withdrawn_on(person: Person, client_id: str, institution_id: str, **fields: Any) -> None:
    await withdraw(person, await give_consent(person, client_id, institution_id), **fields)


async def _records(person: Person, client_id: str, institution_id: str) -> int:
    answer = await person.post("/v1/consents", consent_body(client_id, institution_id))
    return int(answer.status_code)


async def _refused(person: Person, kept: str, merged: str) -> None:
    assert (await preview(person, kept, merged))["obstacles"] == ["consent_withdrawn"]
    body = await merge_body(person, kept, merged)
    answer = await person.post(f"/v1/clients/{kept}/merges", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_mergeable")
    assert answer.json()["obstacles"] == ["consent_withdrawn"]


@pytest.mark.parametrize("on", ["merged", "kept"])
async def test_merge_waits_until_the_withdrawal_is_taken_down_for_both(world: World, on: str) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    institution_id = str(await world.institution("jobcenter"))
    withdrawn, other = (merged, kept) if on == "merged" else (kept, merged)
    standing = await give_consent(manager, other, institution_id)
    await _withdrawn_on(manager, withdrawn, institution_id)
    await _refused(manager, kept, merged)
    said = {"client_id": other, "institution_id": institution_id, "purpose": "referral", "channel": "phone"}
    answer = await manager.post("/v1/withdrawals", said)
    assert answer.status_code == 201, answer.text
    await merge(manager, kept, merged)
    seen = (await manager.get(f"/v1/consents/{standing}")).json()
    assert (seen["client_id"], seen["state"]) == (kept, "withdrawn")
    assert await _records(manager, kept, institution_id) == 409


async def test_other_recipients_and_what_was_meant_alone_hinder_nothing(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    jobcenter, school = str(await world.institution("jobcenter")), str(await world.institution("schule"))
    for institution_id in (jobcenter, school):
        await give_consent(manager, kept, institution_id)
    other = str(await world.institution("jugendamt"))
    await _withdrawn_on(manager, merged, other)
    await _withdrawn_on(manager, merged, jobcenter, only_this=True)
    assert (await preview(manager, kept, merged))["obstacles"] == []
    await merge(manager, kept, merged)
    assert await _records(manager, kept, school) == 201
    assert await _records(manager, kept, other) == 409


async def test_what_was_taken_back_goes_back_with_its_record(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    before, since = str(await world.institution("jobcenter")), str(await world.institution("schule"))
    await _withdrawn_on(manager, merged, before)
    made = await merge(manager, kept, merged)
    await _withdrawn_on(manager, kept, since)
    await undone(manager, made)
    remembered = sorted(row["client_id"] for row in await world.admin.fetch(_REMEMBERED, world.area))
    assert remembered == sorted((merged, merged, kept))
    assert await _records(manager, merged, before) == 409
    assert await _records(manager, kept, before) == 201
    # While both were one nobody knew of whom it was said.
    assert await _records(manager, merged, since) == 409
    assert await _records(manager, kept, since) == 409


async def test_database_refuses_such_a_merge_itself(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    institution_id = str(await world.institution("jobcenter"))
    await give_consent(manager, kept, institution_id)
    await _withdrawn_on(manager, merged, institution_id)
    made = """INSERT INTO client_merges (municipal_area_id, id, client_id, merged_client_id,
        merged_pseudonym, reason, taken, merged_by, merged_at, undo_until, client_was_restricted,
        merged_was_restricted, changes)
    SELECT ctx_area(), $3, $1, id, pseudonym, 'x', '{}', ctx_user(), now(), now(), false, false, '{}'
    FROM clients WHERE id = $2"""
    async with world.sql(manager) as db:
        driver = await db.driver()
        await driver.execute(made, UUID(kept), UUID(merged), UUID(int=1))
        with pytest.raises(asyncpg.CheckViolationError, match="agreed to on the other"):
            await driver.execute("SELECT merge_clients($1, '[]')", UUID(int=1))


async def test_nobody_asks_about_records_that_they_do_not_see(world: World) -> None:
    manager, stranger = await world.case_manager(), await world.case_manager()
    kept, merged = await two_records(manager)
    institution_id = str(await world.institution("jobcenter"))
    await give_consent(manager, kept, institution_id)
    await _withdrawn_on(manager, merged, institution_id)
    seen = []
    for person in (manager, stranger):
        async with world.sql(person) as db:
            sql = "SELECT withdrawn_on_the_other($1, $2)"
            seen.append(await (await db.driver()).fetchval(sql, UUID(kept), UUID(merged)))
    assert seen == [True, False]
