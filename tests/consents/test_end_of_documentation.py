"""Who takes back the consent to documentation: open referrals end, the person's data are only kept."""

import contextlib
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from app.access.roles import Role
from app.disclosures.rules import DUTY_BASES, VITAL_INTEREST
from app.kit.clock import utc_now
from tests.cases.arrange import open_case
from tests.clients.arrange import add_period
from tests.conferences.arrange import Table
from tests.consents.arrange import give_consent, just_now, withdraw
from tests.referrals.arrange import Scene, a_scene, draft, send, sent
from tests.world import World

CORRECTIONS: dict[str, tuple[str, str, Any]] = {
    "phone": ("PATCH", "", {"phone": "0151 999"}),
    "name": ("PATCH", "", {"family_name": "Neu"}),
    "nationalities": ("PUT", "/nationalities", {"nationalities": ["475"]}),
    "household": ("POST", "/household", {"name": "Nour", "relation": "child"}),
    "address": ("POST", "/addresses", {"strand": "registered", "street": "Markt 9"}),
    "language": ("POST", "/languages", {"language": "eng", "overall": "A1"}),
    "residence": (
        "POST", "/residence-documents", {"residence_status": "AE-25.2B", "valid_from": "2025-06-01"},
    ),
    "benefits": ("POST", "/legal-domains", {"strand": "health", "legal_domain": "SGB_V"}),
    "schooling": ("POST", "/schooling", {"school_step": "waiting"}),
}  # fmt: skip


async def _documented(world: World, **client: Any) -> tuple[Scene, str]:
    scene = await a_scene(world, **client)
    return scene, await give_consent(scene.manager, scene.client_id)


async def _state(scene: Scene, referral_id: str) -> tuple[str, str]:
    seen = (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()
    return seen["state"], seen["delivery"]


async def _correct(scene: Scene, what: str) -> httpx.Response:
    method, path, body = CORRECTIONS[what]
    whole = f"/v1/clients/{scene.client_id}"
    headers = {}
    if method != "POST":
        headers["If-Match"] = (await scene.manager.get(whole)).headers["etag"]
    return await scene.manager.http.request(method, whole + path, json=body, headers=headers)


async def test_referrals_end_whatever_consent_they_rest_on(world: World) -> None:
    scene, consent_id = await _documented(world)
    consented = await sent(scene)
    letter = await draft(scene, channel="letter")
    await send(scene, letter)
    await withdraw(scene.manager, consent_id)
    states = [await _state(scene, each) for each in (consented, letter)]
    assert [state for state, _ in states] == ["revoked"] * 2
    assert "package" not in (await scene.partner.get(f"/v1/partner/referrals/{consented}")).json()


@pytest.mark.parametrize("basis", sorted({VITAL_INTEREST, *DUTY_BASES, "sgbx_69", "gdpr_6_1_e"}))
async def test_what_a_danger_or_a_duty_asked_for_stays(world: World, basis: str) -> None:
    scene, consent_id = await _documented(world)
    urgent = await draft(scene, legal_basis=VITAL_INTEREST, necessity="Lebensgefahr")
    await send(scene, urgent)
    await world.admin.execute("UPDATE referrals SET legal_basis = $2 WHERE id = $1", UUID(urgent), basis)
    await withdraw(scene.manager, consent_id)
    seen = (await scene.partner.get(f"/v1/partner/referrals/{urgent}")).json()
    stays = basis in {VITAL_INTEREST, *DUTY_BASES}
    assert (seen["state"], "package" in seen) == (("requested", True) if stays else ("revoked", False))


async def test_letter_that_is_queued_goes_nowhere_and_a_draft_is_not_sent(world: World) -> None:
    scene, consent_id = await _documented(world)
    letter = await sent(scene, channel="letter")
    waiting = await draft(scene)
    await withdraw(scene.manager, consent_id)
    path = f"/v1/referrals/{letter}/record-delivery"
    delivered = await scene.manager.post(path, {"delivery": "offered", "source": "letter"})
    assert (delivered.status_code, delivered.json()["state"]) == (409, "revoked")
    assert await _state(scene, letter) == ("revoked", "queued")
    refused = await scene.manager.post(f"/v1/referrals/{waiting}/send")
    assert (refused.status_code, refused.json()["state"]) == (409, "closed")


async def test_both_sides_are_told(world: World) -> None:
    scene, consent_id = await _documented(world)
    referral_id = await sent(scene)
    await withdraw(scene.manager, consent_id)
    told = await world.admin.fetch(
        "SELECT user_id FROM notifications WHERE object_id = $1 AND kind = 'referral_revoked'",
        UUID(referral_id),
    )
    assert {row["user_id"] for row in told} == {scene.manager.user_id, scene.partner.user_id}


async def test_consent_for_one_case_ends_the_referrals_of_that_case(world: World) -> None:
    scene = await a_scene(world)
    second = await open_case(scene.manager, scene.client_id, kind="counselling")
    consent_id = await give_consent(scene.manager, scene.client_id, case_id=second)
    await give_consent(scene.manager, scene.client_id, case_id=scene.case_id)
    other = await sent(scene)
    ending = await sent(scene, case_id=second)
    await withdraw(scene.manager, consent_id)
    assert ((await _state(scene, ending))[0], (await _state(scene, other))[0]) == ("revoked", "requested")
    assert (await _correct(scene, "phone")).status_code == 200


@pytest.mark.parametrize("what", CORRECTIONS)
async def test_nothing_of_the_person_is_corrected_any_more(world: World, what: str) -> None:
    scene, consent_id = await _documented(world)
    assert (await _correct(scene, what)).status_code in (200, 201)
    await withdraw(scene.manager, consent_id)
    refused = await _correct(scene, what)
    assert (refused.status_code, refused.json()["code"]) == (409, "processing_restricted")


async def test_person_can_still_be_read_and_hidden(world: World) -> None:
    scene, consent_id = await _documented(world)
    await withdraw(scene.manager, consent_id)
    path = f"/v1/clients/{scene.client_id}"
    read = await scene.manager.get(path)
    assert (read.status_code, read.json()["processing_restricted_at"] is not None) == (200, True)
    hidden = await scene.manager.patch(path, {"is_restricted": True}, if_match=read.headers["etag"])
    assert (hidden.status_code, hidden.json()["is_restricted"]) == (200, True)
    shown = await scene.manager.patch(path, {"is_restricted": False}, if_match=hidden.headers["etag"])
    assert shown.status_code == 409


async def test_worker_can_still_erase(world: World) -> None:
    scene, consent_id = await _documented(world)
    await withdraw(scene.manager, consent_id)
    transaction = world.admin.transaction()
    await transaction.start()
    try:
        await world.admin.execute(
            "SET LOCAL session_replication_role = replica; DELETE FROM cases; DELETE FROM consents;"
            " SET LOCAL session_replication_role = origin"
        )
        await world.admin.execute("SET LOCAL ROLE kim_worker")
        await world.admin.execute("SELECT set_context($1, '', '', 'test', '{system}', '{}')", world.area)
        gone = await world.admin.execute("DELETE FROM clients WHERE id = $1", UUID(scene.client_id))
    finally:
        await transaction.rollback()
    assert gone == "DELETE 1"


async def test_another_consent_that_holds_keeps_the_person_open(world: World) -> None:
    scene, consent_id = await _documented(world)
    await give_consent(scene.manager, scene.client_id)
    await withdraw(scene.manager, consent_id)
    assert (await _correct(scene, "phone")).status_code == 200


async def test_case_that_rests_on_the_law_keeps_the_person_open(world: World) -> None:
    scene = await a_scene(world)
    second = await open_case(scene.manager, scene.client_id, kind="counselling")
    consent_id = await give_consent(scene.manager, scene.client_id, case_id=second)
    await world.admin.execute(
        "UPDATE case_contents SET documentation_basis = 'gdpr_6_1_e' WHERE id = $1", UUID(scene.case_id)
    )
    await withdraw(scene.manager, consent_id)
    assert (await _correct(scene, "phone")).status_code == 200


async def test_consent_given_afterwards_lifts_it_and_one_given_before_does_not(world: World) -> None:
    scene, consent_id = await _documented(world)
    await withdraw(scene.manager, consent_id)
    await give_consent(scene.manager, scene.client_id)  # dated an hour ago: found again, not given anew
    assert (await _correct(scene, "phone")).status_code == 409
    await give_consent(scene.manager, scene.client_id, given_at=utc_now().isoformat())
    assert (await _correct(scene, "phone")).status_code == 200


async def test_withdrawal_written_down_late_gives_way_to_what_was_given_after_the_word(world: World) -> None:
    def ago(days: int) -> str:
        return (utc_now() - timedelta(days=days)).isoformat()

    scene = await a_scene(world)
    consent_id = await give_consent(scene.manager, scene.client_id, given_at=ago(20))
    await withdraw(scene.manager, consent_id, told_at=ago(10))
    await give_consent(scene.manager, scene.client_id, given_at=ago(15))
    assert (await _correct(scene, "phone")).status_code == 409
    await give_consent(scene.manager, scene.client_id, given_at=ago(5))
    assert (await _correct(scene, "phone")).status_code == 200


async def test_withdrawal_of_another_purpose_restricts_nothing(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await give_consent(scene.manager, scene.client_id, scene.institution_id)
    await withdraw(scene.manager, consent_id)
    assert (await _correct(scene, "phone")).status_code == 200


SQL = (
    "UPDATE clients SET phone = '1'",
    "UPDATE clients SET is_restricted = true, phone = '1'",
    "UPDATE clients SET version = version",
    "UPDATE addresses SET superseded_at = now(), superseded_because = 'corrected'",
    "DELETE FROM client_nationalities",
)


@pytest.mark.parametrize("sql", SQL)
async def test_database_refuses_corrections_and_lets_them_pass_without_its_trigger(
    world: World, sql: str
) -> None:
    scene, consent_id = await _documented(world, nationalities=["475"])
    await add_period(scene.manager, scene.client_id, "addresses", strand="actual", street="Markt 1")
    await withdraw(scene.manager, consent_id)
    with pytest.raises(asyncpg.CheckViolationError, match="only kept"):
        async with world.sql(scene.manager) as db:
            await (await db.driver()).execute(sql)
    admin, transaction = world.admin, world.admin.transaction()
    table = next(word for word in ("clients", "addresses", "client_nationalities") if f" {word}" in sql)
    await transaction.start()
    try:
        await admin.execute(f"ALTER TABLE {table} DISABLE TRIGGER hold")  # the planted fault
        await admin.execute("SET LOCAL ROLE kim_app")
        held = (["case_manager"], [f"case_manager:{await world.unit()}"])
        await admin.execute(
            "SELECT set_context($1, $2, $3, 'test', $4, $5)",
            world.area, str(scene.manager.user_id), str(scene.manager.session_id), *held,
        )  # fmt: skip
        assert not (await admin.execute(sql)).endswith(" 0")
    finally:
        await transaction.rollback()


async def test_application_cannot_lift_it_by_itself(world: World) -> None:
    scene, consent_id = await _documented(world)
    await withdraw(scene.manager, consent_id)
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.CheckViolationError)):
        async with world.sql(scene.manager, Role.CASE_MANAGER) as db:
            await (await db.driver()).execute("UPDATE clients SET processing_restricted_at = NULL")


REPEATED = {
    "cases": ("client_id", "SELECT close_cases_on_withdrawal($1, NULL, current_date, $2)"),
    "referrals": ("id", "SELECT FROM revoke_referrals($1, '{requested}', $2)"),
    "conferences": ("id", "SELECT FROM leave_conferences($1, $2)"),
}


@pytest.mark.parametrize("what", REPEATED)
async def test_withdrawal_ends_nothing_that_came_after_it(world: World, what: str) -> None:
    scene, consent_id = await _documented(world)
    await withdraw(scene.manager, consent_id)
    withdrawn = "SELECT client_id, id, withdrawn_at FROM consents WHERE id = $1"
    said = await world.admin.fetchrow(withdrawn, UUID(consent_id))
    await give_consent(scene.manager, scene.client_id, given_at=just_now())
    later = replace(scene, case_id=await open_case(scene.manager, scene.client_id))
    referral_id = await sent(later, consent={"given_at": just_now()})
    table = Table(later)
    planned = await table.plan()
    key, statement = REPEATED[what]
    for person in (scene.manager, scene.partner, await world.case_manager()):
        with contextlib.suppress(asyncpg.InsufficientPrivilegeError):
            async with world.sql(person) as db:
                await (await db.driver()).execute(statement, said[key], said["withdrawn_at"])
    assert (await _state(scene, referral_id))[0] == "requested"
    assert (await scene.manager.get(f"/v1/cases/{later.case_id}")).json()["phase"] == "intake"
    assert (await table.read(planned))["state"] == "planned"
