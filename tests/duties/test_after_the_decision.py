"""What happens between the decision and the sending, and what the database holds by itself."""

from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from tests.consents.arrange import give_consent
from tests.duties.arrange import (
    NORM,
    an_office,
    approve,
    approved,
    asking,
    read,
    refuse,
    request,
    requested,
    send,
    told,
    withdraw,
)
from tests.referrals.arrange import assign
from tests.world import World


async def test_data_that_changed_after_the_approval_do_not_leave(world: World) -> None:
    office = await an_office(world)
    await approved(office)
    client = f"/v1/clients/{office.scene.client_id}"
    etag = (await office.manager.get(client)).headers["etag"]
    assert (await office.manager.patch(client, {"given_name": "Anna"}, if_match=etag)).status_code == 200
    refused = await send(office)
    assert (refused.status_code, refused.json()["code"]) == (409, "package_changed")


async def test_consent_that_is_given_meanwhile_makes_it_needless(world: World) -> None:
    office = await an_office(world)
    await approved(office)
    await give_consent(office.manager, office.scene.client_id, office.scene.institution_id)
    assert (await send(office)).json()["code"] == "consent_given"
    again = await an_office(world)
    await give_consent(again.manager, again.scene.client_id, again.scene.institution_id)
    assert (await request(again)).json()["code"] == "consent_given"


async def test_only_whoever_prepared_it_sends_it(world: World) -> None:
    office = await an_office(world)
    await approved(office)
    colleague = await world.case_manager()
    await assign(world, colleague, office.scene.client_id, office.scene.case_id)
    refused = await send(office, colleague)
    assert (refused.status_code, refused.json()["code"]) == (403, "other_preparer")


async def test_preparer_who_loses_the_case_neither_gets_an_approval_nor_sends(world: World) -> None:
    office = await an_office(world)
    duty = await requested(office)
    colleague = await world.case_manager()
    handed = await office.lead.post(
        f"/v1/cases/{office.scene.case_id}/assign", {"user_id": str(colleague.user_id), "kind": "lead"}
    )
    assert handed.status_code == 201, handed.text
    assert (await approve(office.lead, duty)).json()["code"] == "preparer_left"
    assert (await send(office)).status_code == 404
    assert (await withdraw(colleague, duty)).json()["state"] == "withdrawn"


async def test_restricted_person_is_asked_about_nowhere(world: World) -> None:
    hidden = await an_office(world)
    await world.admin.execute(
        "UPDATE clients SET is_restricted = true WHERE id = $1", UUID(hidden.scene.client_id)
    )
    refused = await request(hidden)
    assert (refused.status_code, refused.json()["code"]) == (409, "restricted_person")
    office = await an_office(world)
    duty = await approved(office)
    await world.admin.execute(
        "UPDATE clients SET is_restricted = true WHERE id = $1", UUID(office.scene.client_id)
    )
    assert (await office.lead.get(f"/v1/duties/{duty['id']}")).status_code == 404
    assert (await send(office)).status_code == 409


async def test_nothing_is_asked_for_in_bulk(world: World) -> None:
    first = await an_office(world)
    await requested(first)
    for _ in range(2):
        await requested(await an_office(world))
    refused = await request(await an_office(world))
    assert (refused.status_code, refused.json()["code"]) == (409, "duties_in_bulk")
    other = await an_office(world, "zentrale_abh")
    assert (await request(other)).status_code == 201


async def test_one_draft_has_one_open_request(world: World) -> None:
    office = await an_office(world)
    duty = await requested(office)
    assert (await request(office)).json()["code"] == "duty_open"
    assert (await withdraw(office.manager, duty)).status_code == 200
    assert (await request(office)).status_code == 201


async def test_draft_that_ends_takes_its_request_with_it(world: World) -> None:
    office = await an_office(world)
    duty = await approved(office)
    path = f"/v1/referrals/{office.referral_id}/cancel"
    assert (await office.manager.post(path, {"reason": "no_longer_wanted"})).status_code == 200
    assert (await read(office.manager, duty))["state"] == "withdrawn"


async def test_second_look_without_consent_is_asked_for_anew(world: World) -> None:
    office = await an_office(world)
    await approved(office)
    await send(office)
    partner = f"/v1/partner/referrals/{office.referral_id}"
    await office.scene.partner.post(f"{partner}/reject", {"reason": "not_responsible"})
    refused = await office.manager.post(f"/v1/referrals/{office.referral_id}/send-back")
    assert (refused.status_code, refused.json()["code"]) == (409, "duty_workflow_required")


async def test_both_sides_are_told_by_ids_only(world: World) -> None:
    office = await an_office(world)
    other = await world.person(Role.TEAM_LEAD, unit="Träger")
    duty = await requested(office)
    assert (await told(office.lead, "duty_requested"), await told(other, "duty_requested")) == (
        [duty["id"]], [],
    )  # fmt: skip
    await refuse(office.lead, duty)
    assert await told(office.manager, "duty_decided") == [duty["id"]]


async def test_what_is_to_be_decided_stands_first_in_the_team_leads_day(world: World) -> None:
    office = await an_office(world)
    duty = await requested(office)
    groups = (await office.lead.get("/v1/me/work")).json()["groups"]
    assert groups[0]["group"] == "decisions_due"
    (item,) = groups[0]["items"]
    assert (item["reason"], item["target"], item["code"]) == (
        "duty_to_decide", {"type": "duty", "id": duty["id"]}, NORM,
    )  # fmt: skip
    assert (item["client"], item["case"]) == (None, None)


LOCKS = [
    ("UPDATE duties SET state = 'approved', decided_by = $1, decided_at = now() WHERE id = $2", "preparer"),
    ("UPDATE duties SET state = 'sent', ended_at = now() WHERE id = $2 AND $1::uuid IS NOT NULL", "preparer"),
    ("UPDATE duties SET valid_until = now() + interval '1 year' WHERE id = $2 AND $1::uuid IS NOT NULL",
     "second"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "who"), LOCKS)
async def test_database_keeps_four_eyes_whatever_the_application_says(
    world: World, sql: str, who: str
) -> None:
    office = await an_office(world)
    duty = await requested(office)
    person = office.manager if who == "preparer" else office.lead
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.CheckViolationError)):
        async with world.sql(person) as db:
            await (await db.driver()).execute(sql, person.user_id, UUID(duty["id"]))


async def test_database_lets_no_package_out_without_the_approval_of_exactly_it(world: World) -> None:
    office = await an_office(world)
    await approved(office)
    insert = """INSERT INTO referral_packages
        (municipal_area_id, id, institution_id, is_on_platform, content, sha256, frozen_at)
        VALUES (ctx_area(), $1, $2, true, '{}', repeat('0', 64), now())"""
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        async with world.sql(office.manager) as db:
            await (await db.driver()).execute(
                insert, UUID(office.referral_id), UUID(office.scene.institution_id)
            )
    assert refused.value.constraint_name == "ck_referral_packages_let_through"


async def test_double_submit_asks_once(world: World) -> None:
    office = await an_office(world)
    key = {"idempotency_key": "double-submit-1"}
    first = await office.manager.post("/v1/duties", asking(office.referral_id), **key)
    second = await office.manager.post("/v1/duties", asking(office.referral_id), **key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
