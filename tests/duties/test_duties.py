"""What is asked, seen and decided before anything leaves without consent, and what it leaves behind."""

import hashlib
import json

import orjson

from app.access.roles import Role
from tests.duties.arrange import (
    Office,
    an_office,
    approve,
    approved,
    read,
    refuse,
    request,
    requested,
    send,
    told,
)
from tests.referrals.arrange import a_scene, assign, draft
from tests.world import World


async def test_what_two_persons_let_through_leaves_and_is_logged(world: World) -> None:
    office = await an_office(world)
    officer = await world.person(Role.PRIVACY_OFFICER)
    duty = await approved(office)
    answer = await send(office)
    assert answer.status_code == 200, answer.text
    assert (await read(office.manager, duty))["state"] == "sent"
    entry = (await officer.get("/v1/disclosures")).json()["items"][0]
    assert (entry["legal_basis"], entry["purpose"], entry["data_categories"]) == (
        "aufenthg_87", "referral", ["master_data"],
    )  # fmt: skip
    assert (entry["disclosed_by"], entry["approved_by"], entry["duty_id"]) == (
        str(office.manager.user_id), str(office.lead.user_id), duty["id"],
    )  # fmt: skip
    assert entry["institution_id"] == office.scene.institution_id
    assert await told(officer, "duty_sent") == [duty["id"]]
    seen = (await office.scene.partner.get(f"/v1/partner/referrals/{office.referral_id}")).json()
    assert seen["package"]["concern"] == {"code": "notification", "text": None}
    assert seen["package"]["data"] == {
        "master_data": {"name": {"family": "Al-Hadi", "given": "Amina"}, "birth_date": "1990-05-17"}
    }


async def test_second_person_decides_on_exactly_what_would_leave(world: World) -> None:
    office = await an_office(world)
    duty = await requested(office)
    answer = await office.lead.get(f"/v1/duties/{duty['id']}/package")
    content = answer.json()["content"]
    canonical = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    assert hashlib.sha256(canonical).hexdigest() == duty["sha256"] == answer.json()["sha256"]
    assert set(content["data"]) == {"master_data"}
    read_of = await world.admin.fetchrow(
        "SELECT client_pseudonyms FROM audit_journal WHERE action = 'duty.read_package' AND user_id = $1",
        office.lead.user_id,
    )
    assert len(read_of["client_pseudonyms"]) == 1
    assert (await approve(office.lead, duty)).status_code == 200
    assert (await office.lead.get(f"/v1/duties/{duty['id']}/package")).status_code == 404
    assert (await office.manager.get(f"/v1/duties/{duty['id']}/package")).status_code == 200


async def test_second_person_becomes_no_insider_of_the_case(world: World) -> None:
    office = await an_office(world)
    duty = await requested(office)
    assert (await office.lead.get(f"/v1/referrals/{office.referral_id}")).status_code == 404
    assert (await office.lead.get(f"/v1/clients/{office.scene.client_id}")).status_code == 404
    listed = (await office.lead.get("/v1/duties", is_open="true")).json()["items"]
    assert [each["id"] for each in listed] == [duty["id"]]
    assert "Amina" not in json.dumps(listed) + json.dumps(await read(office.lead, duty))


async def test_reasons_are_kept_as_they_were_given(world: World) -> None:
    duty = await requested(await an_office(world))
    assert (duty["paragraph"], duty["law_as_of"]) == ("§ 87 Abs. 2 Satz 1 Nr. 1 AufenthG", "2026-08-01")
    assert duty["necessity"] == [{"data_category": "master_data", "why": "Zuordnung der Person"}]
    answers = {each["question"]: each["answer"] for each in duty["answers"]}
    assert (answers["own_tasks"], answers["entrusted"]) == (True, False)
    assert (duty["state"], duty["decided_by"], duty["asked_by"]) == ("requested", None, None)


async def test_nothing_leaves_without_an_approval(world: World) -> None:
    office = await an_office(world)
    assert (await send(office)).json()["code"] == "duty_workflow_required"
    duty = await requested(office)
    assert (await send(office)).json()["code"] == "duty_workflow_required"
    await refuse(office.lead, duty)
    assert (await send(office)).json()["code"] == "duty_workflow_required"
    assert await world.admin.fetchval("SELECT count(*) FROM disclosure_log WHERE municipal_area_id = $1",
                                      world.area) == 0  # fmt: skip


async def test_nobody_decides_on_what_they_prepared_also_not_in_another_role(world: World) -> None:
    office = await an_office(world)
    both = await world.person(Role.CASE_MANAGER, Role.TEAM_LEAD)
    await assign(world, both, office.scene.client_id, office.scene.case_id)
    answer = await request(office, both)
    assert answer.status_code == 201, answer.text
    for refused in (await approve(both, answer.json()), await refuse(both, answer.json())):
        assert (refused.status_code, refused.json()["code"]) == (403, "own_act")
    assert (await approve(office.manager, answer.json())).status_code == 403
    assert (await approve(office.lead, answer.json())).status_code == 200


async def test_whoever_drafted_it_is_no_second_person(world: World) -> None:
    scene = await a_scene(world, "auslaenderbehoerde")
    both = await world.person(Role.CASE_MANAGER, Role.TEAM_LEAD)
    await assign(world, both, scene.client_id, scene.case_id)
    drafter = Office(scene, both, "")
    scene.manager, manager = both, scene.manager
    drafter.referral_id = await draft(scene, legal_basis="aufenthg_87", concern_code="notification")
    scene.manager = manager
    duty = await requested(drafter)
    assert (await approve(both, duty)).json()["code"] == "own_act"


async def test_second_account_of_the_same_name_is_no_second_person(world: World) -> None:
    office = await an_office(world)
    duty = await requested(office)
    name = await world.admin.fetchval("SELECT display_name FROM users WHERE id = $1", office.manager.user_id)
    twin = await world.person(Role.TEAM_LEAD, name=f" {name.upper()} ")
    assert (await approve(twin, duty)).json()["code"] == "own_act"


async def test_team_lead_of_another_unit_sees_nothing_of_it(world: World) -> None:
    office = await an_office(world)
    duty = await requested(office)
    other = await world.person(Role.TEAM_LEAD, unit="Träger")
    assert (await approve(other, duty)).status_code == 404
    assert (await other.get(f"/v1/duties/{duty['id']}/package")).status_code == 404
    assert (await other.get("/v1/duties")).json()["items"] == []


async def test_approval_names_the_package_that_was_looked_at(world: World) -> None:
    office = await an_office(world)
    duty = await requested(office)
    refused = await approve(office.lead, duty, sha256="0" * 64)
    assert (refused.status_code, refused.json()["code"]) == (409, "package_changed")
