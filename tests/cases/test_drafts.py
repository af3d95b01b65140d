"""Drafts: autosaved for their author alone, published once, forgotten after 30 days."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.cases.noting import drafts
from app.cases.noting.rules import KEEP_DRAFTS
from app.kit.database import Database, System
from tests.cases.arrange import a_case, close, journal, team_lead
from tests.refusals import places
from tests.world import Person, World

WHOLE = {"contact_type": "phone", "happened_at": "2026-03-02T09:00:00Z", "note": "Termin vereinbart"}


async def a_draft(person: Person, case_id: str, **fields: Any) -> str:
    """Return the path of a new draft."""
    path = f"/v1/cases/{case_id}/contact-drafts"
    made = await person.post(path, fields)
    assert made.status_code == 201, made.text
    return f"{path}/{made.json()['id']}"


async def test_what_was_typed_is_there_after_the_battery_died(world: World) -> None:
    amira = await world.case_manager()
    draft = await a_draft(amira, await a_case(world, amira), note="Ter")
    saved = await amira.put(draft, {**WHOLE, "minutes": 20}, if_match='"1"')
    assert (saved.status_code, saved.headers["etag"]) == (200, '"2"')
    again = (await amira.get(draft)).json()
    assert (again["note"], again["minutes"], again["version"]) == ("Termin vereinbart", 20, 2)


async def test_two_devices_do_not_overwrite_each_other(world: World) -> None:
    amira = await world.case_manager()
    draft = await a_draft(amira, await a_case(world, amira))
    assert (await amira.put(draft, {"note": "Telefon"}, if_match='"1"')).status_code == 200
    assert (await amira.put(draft, {"note": "Rechner"}, if_match='"1"')).status_code == 412
    assert (await amira.put(draft, {"note": "Rechner"})).status_code == 428
    assert (await amira.get(draft)).json()["note"] == "Telefon"


async def test_published_draft_is_a_contact_and_no_draft_any_more(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    draft = await a_draft(amira, case_id, **WHOLE)
    published = await amira.post(f"{draft}/publish", idempotency_key="publish-001")
    assert published.status_code == 201, published.text
    assert (published.json()["note"], published.json()["author"]["id"]) == (
        "Termin vereinbart",
        str(amira.user_id),
    )
    assert (await amira.get(draft)).status_code == 404
    contacts = (await amira.get(f"/v1/cases/{case_id}/contacts")).json()["items"]
    assert [each["id"] for each in contacts] == [draft.rpartition("/")[2]]
    again = await amira.post(f"{draft}/publish", idempotency_key="publish-001")
    assert (again.status_code, again.json()) == (201, published.json())


async def test_publishing_twice_at_once_makes_one_contact(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    draft = await a_draft(amira, case_id, **WHOLE)
    answers = await asyncio.gather(*(amira.post(f"{draft}/publish") for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [201, 404, 404, 404]
    assert len((await amira.get(f"/v1/cases/{case_id}/contacts")).json()["items"]) == 1


async def test_unfinished_draft_is_not_published_and_stays(world: World) -> None:
    amira = await world.case_manager()
    draft = await a_draft(amira, await a_case(world, amira), note="Ter")
    refused = await amira.post(f"{draft}/publish")
    assert (refused.status_code, refused.json()["missing"]) == (409, ["contact_type", "happened_at"])
    await amira.put(draft, {**WHOLE, "contact_type": "third_party"}, if_match='"1"')
    assert places(await amira.post(f"{draft}/publish")) == [{"place": "body.basis", "kind": "missing"}]
    assert (await amira.get(draft)).status_code == 200


async def test_nobody_else_sees_a_draft(world: World) -> None:
    amira, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    draft = await a_draft(amira, case_id, **WHOLE)
    member = {"user_id": str(ben.user_id), "kind": "member"}
    assert (await lead.post(f"/v1/cases/{case_id}/assign", member)).status_code == 201
    reason = {"reason": "Kollegin ist verunglückt"}
    assert (await lead.post(f"/v1/cases/{case_id}/break-glass", reason)).status_code == 201
    assert (await ben.get(f"/v1/cases/{case_id}/contact-drafts")).json()["items"] == []
    for person in (ben, lead):
        async with world.sql(person) as db:
            assert await (await db.driver()).fetchval("SELECT count(*) FROM contact_drafts") == 0
    assert (await ben.get(draft)).status_code == 404
    assert (await ben.put(draft, {"note": "x"}, if_match='"1"')).status_code == 404
    assert (await ben.post(f"{draft}/publish")).status_code == 404


async def test_without_the_policy_a_colleague_would_read_the_draft(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    await a_draft(amira, await a_case(world, amira), **WHOLE)
    open_to_all = "CREATE POLICY planted ON contact_drafts FOR SELECT TO kim_app USING (true)"
    async with world.sql(ben) as db:
        driver = await db.driver()
        assert await driver.fetchval("SELECT count(*) FROM contact_drafts") == 0
    await world.admin.execute(open_to_all)
    try:
        async with world.sql(ben) as db:
            assert await (await db.driver()).fetchval("SELECT count(*) FROM contact_drafts") == 1
    finally:
        await world.admin.execute("DROP POLICY planted ON contact_drafts")


async def test_saving_leaves_no_trace_and_publishing_does(world: World) -> None:
    amira = await world.case_manager()
    count = "SELECT count(*) FROM audit_journal WHERE municipal_area_id = $1"
    case_id = await a_case(world, amira)
    before = await world.admin.fetchval(count, world.area)
    draft = await a_draft(amira, case_id, **WHOLE)
    await amira.put(draft, WHOLE, if_match='"1"')
    assert await world.admin.fetchval(count, world.area) == before
    await amira.post(f"{draft}/publish")
    (entry,) = await journal(world, "contact.create")
    assert (str(entry["object_id"]), len(entry["client_pseudonyms"])) == (draft.rpartition("/")[2], 1)


async def test_closed_case_takes_no_draft_and_lets_one_be_thrown_away(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    draft = await a_draft(amira, case_id, **WHOLE)
    await close(amira, case_id, "client_ended")
    answers = [
        await amira.post(f"/v1/cases/{case_id}/contact-drafts", WHOLE),
        await amira.put(draft, WHOLE, if_match='"1"'),
        await amira.post(f"{draft}/publish"),
    ]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(409, "wrong_state")] * 3
    assert (await amira.delete(draft)).status_code == 204


async def test_draft_of_another_case_is_not_found_under_this_one(world: World) -> None:
    amira = await world.case_manager()
    one, other = await a_case(world, amira), await a_case(world, amira)
    draft = (await a_draft(amira, one, **WHOLE)).replace(one, other)
    assert (await amira.get(draft)).status_code == 404
    assert (await amira.post(f"{draft}/publish")).status_code == 404
    assert (await amira.delete(draft)).status_code == 404


@pytest.mark.parametrize(("age", "left"), [(timedelta(days=-1), 1), (timedelta(minutes=1), 0)])
async def test_draft_is_forgotten_thirty_days_after_it_was_saved(
    world: World, worker_database: Database, age: timedelta, left: int
) -> None:
    amira = await world.case_manager()
    draft = UUID((await a_draft(amira, await a_case(world, amira), **WHOLE)).rpartition("/")[2])
    saved = await world.admin.fetchval("SELECT changed_at FROM contact_drafts WHERE id = $1", draft)
    async with worker_database.transaction(System(world.area, "test")) as db:
        await drafts.forget_drafts(db, saved + KEEP_DRAFTS + age)
    assert await world.admin.fetchval("SELECT count(*) FROM contact_drafts WHERE id = $1", draft) == left


async def test_accompanying_names_the_institution(world: World) -> None:
    amira, jobcenter = await world.case_manager(), str(await world.institution())
    path = f"/v1/cases/{await a_case(world, amira)}/contacts"
    body = {**WHOLE, "contact_type": "accompanied"}
    assert places(await amira.post(path, body)) == [{"place": "body.institution_id", "kind": "missing"}]
    both = {**body, "institution_id": jobcenter, "institution_name": "Jobcenter"}
    assert places(await amira.post(path, both)) == [{"place": "body.institution_name", "kind": "one_of_two"}]
    known = (await amira.post(path, {**body, "institution_id": jobcenter})).json()
    assert known["institution"] == {"id": jobcenter, "name": "jobcenter"}
    assert (await amira.get(f"{path}/{known['id']}")).json() == known
    unknown = (await amira.post(path, {**body, "institution_name": "Amtsgericht"})).json()
    assert unknown["institution"] == {"id": None, "name": "Amtsgericht"}
    assert (await amira.get(f"{path}/{unknown['id']}")).json() == unknown
