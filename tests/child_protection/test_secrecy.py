"""What a course leaves elsewhere: the information of the youth welfare office is as secret as it is."""

from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from app.kit.database import Database
from app.wiring import wire
from app.worker import run_once
from tests.child_protection.arrange import a_family, noted, take
from tests.clients.arrange import etag_of
from tests.conftest import Clock
from tests.consents.arrange import give_consent, withdraw
from tests.referrals.arrange import Scene, agreed, assign, draft, put_in_state, send, step
from tests.referrals.talking import asked
from tests.referrals.test_recipient_files import brought, refusal
from tests.work.syncing import Phone
from tests.work.test_timeline import timeline
from tests.world import Person, World

OF_REFERRALS = {
    "referrals": "id",
    "referral_requests": "id",
    "referral_packages": "id",
    "referral_events": "referral_id",
    "referral_messages": "referral_id",
    "referral_receipts": "referral_id",
}


async def _informed(world: World) -> tuple[Scene, str]:
    """Return a case and what was sent to the youth welfare office, which asks for more."""
    scene = await a_family(world, birth_date=None)
    course = await take(scene, await noted(scene), "decide_at_once")
    await send(scene, course["referral_id"])
    await asked(scene, course["referral_id"], "household")
    return scene, str(course["referral_id"])


async def _ordinary(scene: Scene) -> str:
    """Send something to the same office with a consent."""
    await agreed(scene)
    referral_id = await draft(scene)
    await send(scene, referral_id)
    return referral_id


async def _glass(scene: Scene, *also: Role) -> Person:
    lead = await scene.world.person(Role.TEAM_LEAD, *also)
    await assign(scene.world, lead, scene.client_id, scene.case_id, "break_glass")
    assert (await lead.get(f"/v1/cases/{scene.case_id}")).status_code == 200
    return lead


async def _fetched(person: Person, referral_id: str) -> dict[str, Any]:
    asked = {"items": [{"kind": "referral", "id": referral_id}]}
    answer = await person.post("/v1/sync/fetch", asked)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_whoever_breaks_the_glass_does_not_see_it(world: World) -> None:
    scene, secret = await _informed(world)
    lead, ordinary = await _glass(scene), await _ordinary(scene)
    for path in ("", "/preview", "/bases", "/messages", "/receipts"):
        assert (await lead.get(f"/v1/referrals/{ordinary}{path}")).status_code != 404
        assert (await lead.get(f"/v1/referrals/{secret}{path}")).status_code == 404
        assert (await scene.manager.get(f"/v1/referrals/{secret}{path}")).status_code == 200
    listed = (await lead.get("/v1/referrals", case_id=scene.case_id)).json()["items"]
    assert [each["id"] for each in listed] == [ordinary]


async def test_office_accepts_late_also_when_somebody_was_restricted_since(world: World) -> None:
    scene, secret = await _informed(world)
    await put_in_state(world, secret, "expired")
    client = f"/v1/clients/{scene.client_id}"
    restricted = {"is_restricted": True}
    hidden = await scene.manager.patch(client, restricted, if_match=await etag_of(scene.manager, client))
    assert hidden.status_code == 200, hidden.text
    await step(scene, secret, "accept")
    read = (await scene.partner.get(f"/v1/partner/referrals/{secret}")).json()
    assert read["package"] is not None


async def test_draft_of_it_is_not_seen_by_break_glass_either(world: World) -> None:
    scene = await a_family(world, birth_date=None)
    course = await take(scene, await noted(scene), "decide_at_once")
    lead = await _glass(scene)
    assert (await lead.get(f"/v1/referrals/{course['referral_id']}")).status_code == 404


async def test_members_and_deputies_of_the_case_see_it(world: World) -> None:
    scene, secret = await _informed(world)
    member = await world.case_manager()
    await assign(world, member, scene.client_id, scene.case_id)
    assert (await member.get(f"/v1/referrals/{secret}")).json()["legal_basis"] == "kkg_4"


@pytest.mark.parametrize("table", OF_REFERRALS)
async def test_database_shows_it_to_nobody_who_only_looks(world: World, table: str) -> None:
    scene, secret = await _informed(world)
    counted = f"SELECT count(*) FROM {table} WHERE {OF_REFERRALS[table]} = $1"
    for person, seen in ((await _glass(scene, Role.CASE_MANAGER), False), (scene.manager, True)):
        async with world.sql(person) as db:
            assert (await (await db.driver()).fetchval(counted, UUID(secret)) > 0) is seen


async def test_whoever_breaks_the_glass_and_works_at_the_unit_changes_nothing_of_it(world: World) -> None:
    scene, secret = await _informed(world)
    both = await _glass(scene, Role.CASE_MANAGER)
    async with world.sql(both) as db:
        assert await (await db.driver()).execute("UPDATE referrals SET consent_id = NULL") == "UPDATE 0"
    answer = await both.post(f"/v1/referrals/{secret}/cancel", {"reason": "other"})
    assert answer.status_code == 404


async def test_it_stands_on_no_timeline(world: World) -> None:
    scene, secret = await _informed(world)
    ordinary = await _ordinary(scene)
    page = await timeline(scene.manager, scene.case_id)
    said = {entry["details"].get("referral_id") for entry in page["items"]} - {None}
    assert said == {ordinary}
    assert secret not in str(page)


async def test_no_file_of_the_office_becomes_a_document_that_would_tell_of_it(world: World) -> None:
    scene, secret = await _informed(world)
    ordinary = await _ordinary(scene)
    assert await refusal(scene.partner, secret) == (409, "file_not_taken")
    await brought(scene, ordinary)
    lead = await _glass(scene)
    seen = (await lead.get(f"/v1/cases/{scene.case_id}/documents")).json()["items"]
    assert len(seen) == 1


async def test_it_is_on_no_phone(world: World) -> None:
    scene, secret = await _informed(world)
    ordinary = await _ordinary(scene)
    phone = Phone(scene.manager)
    await phone.catch_up()
    assert [key for key in phone.held if key[0] == "referral"] == [("referral", ordinary)]
    assert secret not in str(phone.told)
    assert (await _fetched(scene.manager, secret))["items"] == []
    assert len((await _fetched(scene.manager, ordinary))["items"]) == 1


async def test_refusal_by_the_office_proposes_no_report_that_would_tell_of_it(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene, secret = await _informed(world)
    ordinary = await _ordinary(scene)
    for each in (secret, ordinary):
        await step(scene, each, "reject", reason="no_capacity")
    await run_once(worker_database, wire(), clock, jobs=())
    proposed = await world.admin.fetch(
        "SELECT referral_id FROM barrier_proposals WHERE case_id = $1", UUID(scene.case_id)
    )
    assert [str(row["referral_id"]) for row in proposed] == [ordinary]


async def test_its_words_go_along_to_nobody_else(world: World) -> None:
    scene, secret = await _informed(world)
    await put_in_state(world, secret, "expired")
    path = f"/v1/referrals/{secret}/re-referral"
    office = {"institution_id": scene.institution_id, "channel": "platform"}
    refused = await scene.manager.post(path, {**office, "legal_basis": "consent"})
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_refer")
    again = await scene.manager.post(path, office)
    assert (again.status_code, again.json()["referral"]["legal_basis"]) == (201, "kkg_4")
    listed = await (await _glass(scene)).get("/v1/referrals", case_id=scene.case_id)
    assert listed.json()["items"] == []


async def test_whoever_takes_the_consent_to_documentation_back_takes_nothing_from_the_office(
    world: World,
) -> None:
    scene, secret = await _informed(world)
    await withdraw(scene.manager, await give_consent(scene.manager, scene.client_id))
    path = f"/v1/partner/referrals/{secret}"
    assert (await scene.partner.get(path)).json()["package"] is not None
    accepted = await scene.partner.post(f"{path}/accept")
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert (await scene.partner.get("/v1/partner/recalls")).json()["items"] == []
