"""The disclosure log, and the bases that the API refuses."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from tests.referrals.arrange import AUTHORITIES, Scene, a_scene, draft, send, sent
from tests.world import World


async def _try(scene: Scene, **fields: Any) -> Any:
    body = {
        "case_id": scene.case_id,
        "institution_id": scene.institution_id,
        "channel": "platform",
        "data_categories": ["master_data"],
        **scene.concern,
        **fields,
    }
    return await scene.manager.post("/v1/referrals", body)


@pytest.mark.parametrize("basis", ["aufenthg_87", "sgbx_71", "stag_32", "kkg_4"])
@pytest.mark.parametrize("kind", ["jobcenter", "schule"])
async def test_duties_are_none_towards_others(world: World, kind: str, basis: str) -> None:
    scene = await a_scene(world, kind)
    answer = await _try(scene, legal_basis=basis, necessity="§ 87")
    assert (answer.status_code, answer.json()["code"]) == (409, "legal_basis_not_applicable")


@pytest.mark.parametrize("basis", ["sgbx_69", "vital_interest", "gdpr_6_1_e"])
@pytest.mark.parametrize("kind", AUTHORITIES)
async def test_nothing_goes_to_an_authority_without_consent(world: World, kind: str, basis: str) -> None:
    scene = await a_scene(world, kind)
    answer = await _try(scene, legal_basis=basis, necessity="eilig")
    assert (answer.status_code, answer.json()["code"]) == (409, "duty_workflow_required")


async def test_social_data_go_between_two_social_benefit_bodies_only(world: World) -> None:
    await world.unit("KI", is_sgb_body=True)
    scene = await a_scene(world)
    assert (await _try(scene, legal_basis="sgbx_69")).json()["missing"] == ["necessity"]
    referral_id = await draft(scene, legal_basis="sgbx_69", necessity="Antrag nach § 37 SGB II")
    assert (await send(scene, referral_id))["consent_id"] is None
    school = str(await world.institution("schule"))
    refused = await _try(scene, institution_id=school, legal_basis="sgbx_69", necessity="x")
    assert refused.json()["code"] == "legal_basis_not_applicable"


async def test_attribute_of_the_unit_is_asked_again_when_sending(world: World) -> None:
    unit_id = await world.unit("KI", is_sgb_body=True)
    scene = await a_scene(world)
    referral_id = await draft(scene, legal_basis="sgbx_69", necessity="Antrag")
    await world.admin.execute("UPDATE units SET is_sgb_body = false WHERE id = $1", unit_id)
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send")
    assert answer.json()["code"] == "legal_basis_not_applicable"


async def test_client_hands_over_only_what_the_client_carries(world: World) -> None:
    scene = await a_scene(world)
    assert (await _try(scene, legal_basis="client_hands_over")).json()["code"] == "legal_basis_not_applicable"
    assert (await _try(scene, channel="client")).json()["code"] == "legal_basis_not_applicable"


async def test_privacy_officer_reads_the_log_by_pseudonym_and_the_reading_is_journalled(world: World) -> None:
    scene, other = await a_scene(world), await a_scene(world)
    first, second = await sent(scene), await sent(other)
    officer = await world.person(Role.PRIVACY_OFFICER)
    items = (await officer.get("/v1/disclosures")).json()["items"]
    assert [each["referral_id"] for each in items] == [second, first]
    assert items[1]["legal_basis"] == "consent"
    assert "Amina" not in str(items)
    mine = await officer.get("/v1/disclosures", client_pseudonym=items[1]["client_pseudonym"])
    assert [each["referral_id"] for each in mine.json()["items"]] == [first]
    read = await world.admin.fetch(
        "SELECT client_pseudonyms FROM audit_journal WHERE user_id = $1 AND action = 'disclosure.read'",
        officer.user_id,
    )
    assert [len(row["client_pseudonyms"]) for row in read] == [2, 1]


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.TEAM_LEAD, Role.COORDINATOR, Role.ADMIN])
async def test_log_is_for_the_privacy_officer_alone(world: World, role: Role) -> None:
    person = await world.person(role)
    assert (await person.get("/v1/disclosures")).status_code == 403


async def test_log_of_another_area_is_not_seen(world: World) -> None:
    await sent(await a_scene(world))
    stranger = await (await world.neighbour()).person(Role.PRIVACY_OFFICER)
    assert (await stranger.get("/v1/disclosures")).json()["items"] == []


@pytest.mark.parametrize("sql", ["UPDATE disclosure_log SET purpose = 'x'", "DELETE FROM disclosure_log"])
@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.PRIVACY_OFFICER])
async def test_nobody_changes_the_log(world: World, role: Role, sql: str) -> None:
    await sent(await a_scene(world))
    person = await world.person(role)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(person) as db:
            await (await db.driver()).execute(sql)


async def test_nobody_writes_an_entry_in_another_name_or_for_another_case(world: World) -> None:
    scene = await a_scene(world)
    colleague = await world.case_manager()
    columns = """municipal_area_id, id, at, case_id, client_pseudonym, unit_id, institution_id, legal_basis,
        purpose, data_categories, channel"""
    values = (
        "ctx_area(), gen_random_uuid(), now(), $1, gen_random_uuid(), $2, $3, 'consent', 'x', '{}', 'letter'"
    )
    places = (UUID(scene.case_id), await world.unit(), UUID(scene.institution_id))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(colleague) as db:
            await (await db.driver()).execute(
                f"INSERT INTO disclosure_log ({columns}) VALUES ({values})", *places
            )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(scene.manager) as db:
            await (await db.driver()).execute(
                f"INSERT INTO disclosure_log ({columns}, disclosed_by) VALUES ({values}, gen_random_uuid())",
                *places,
            )
