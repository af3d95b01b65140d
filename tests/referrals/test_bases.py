"""Which legal bases are offered for a draft, and why the others are not."""

from typing import Any

from app.access.roles import Role
from app.catalogues.check import vocabulary
from tests.child_protection.arrange import noted, try_step
from tests.duties.arrange import Office, an_office, approved, requested
from tests.referrals.arrange import Scene, a_scene, agreed, draft
from tests.world import World


async def _bases(scene: Scene, referral_id: str) -> dict[str, dict[str, Any]]:
    answer = await scene.manager.get(f"/v1/referrals/{referral_id}/bases")
    assert answer.status_code == 200, answer.text
    listed = answer.json()["bases"]
    holding = [each["holds"] for each in listed]
    assert holding == sorted(holding, reverse=True)
    return {each["legal_basis"]: each for each in listed}


def _said(base: dict[str, Any]) -> tuple[bool, str, list[str]]:
    return base["holds"], base["why"], base["missing"]


async def test_each_basis_is_named_with_what_stands_for_or_against_it(world: World) -> None:
    scene = await a_scene(world)
    bases = await _bases(scene, await draft(scene))
    assert {name: _said(base) for name, base in bases.items()} == {
        "consent": (False, "consent_missing", ["recipient"]),
        "sgbx_69": (False, "not_both_sgb_bodies", []),
        "sgbx_71": (False, "other_recipient", []),
        "aufenthg_87": (False, "other_recipient", []),
        "stag_32": (False, "other_recipient", []),
        "kkg_4": (False, "other_recipient", []),
        "vital_interest": (False, "necessity_missing", ["necessity"]),
        "client_hands_over": (False, "not_carried_by_client", []),
        "gdpr_6_1_e": (False, "necessity_missing", ["necessity"]),
    }
    assert set(bases) == set(vocabulary("legal_basis"))


async def test_basis_holds_once_what_it_lacked_is_there(world: World) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    bases = await _bases(scene, await draft(scene, legal_basis="gdpr_6_1_e", necessity="Antrag"))
    assert {name for name, base in bases.items() if base["holds"]} == {
        "consent",
        "gdpr_6_1_e",
        "vital_interest",
    }


async def test_authority_is_offered_consent_and_the_duty(world: World) -> None:
    office = await an_office(world)
    before = await _bases(office.scene, office.referral_id)
    assert _said(before["aufenthg_87"]) == (False, "duty_workflow", ["duty_approval"])
    assert _said(before["vital_interest"]) == (False, "consent_or_duty_only", [])
    assert _said(before["sgbx_71"]) == (False, "no_social_data", [])
    preview = f"/v1/referrals/{office.referral_id}/preview"
    assert (await office.manager.get(preview)).json()["missing"] == ["duty_approval"]
    await requested(office)
    assert not (await _bases(office.scene, office.referral_id))["aufenthg_87"]["holds"]
    other = await an_office(world)
    await approved(other)
    after = await _bases(other.scene, other.referral_id)
    assert _said(after["aufenthg_87"]) == (True, "duty_workflow", [])
    assert (await other.manager.get(f"/v1/referrals/{other.referral_id}/preview")).json()["missing"] == []


async def test_youth_welfare_office_is_offered_child_protection(world: World) -> None:
    scene = await a_scene(world, "jugendamt", birth_date="2015-05-17")
    referral_id = await draft(scene, legal_basis="kkg_4")
    assert _said((await _bases(scene, referral_id))["kkg_4"]) == (
        False, "child_protection_steps", ["child_protection"],
    )  # fmt: skip
    await try_step(scene, await noted(scene), "decide_at_once", referral_id=referral_id)
    assert _said((await _bases(scene, referral_id))["kkg_4"]) == (True, "child_protection_steps", [])


async def test_what_the_client_carries_rests_on_nothing_else(world: World) -> None:
    scene = await a_scene(world)
    bases = await _bases(scene, await draft(scene, channel="client", legal_basis="client_hands_over"))
    assert [name for name, base in bases.items() if base["holds"]] == ["client_hands_over"]
    assert {base["why"] for name, base in bases.items() if name != "client_hands_over"} == {
        "carried_by_client"
    }


async def test_bases_are_for_the_team_and_their_reading_is_journalled(world: World) -> None:
    scene = await a_scene(world)
    office = Office(scene, await world.person(Role.TEAM_LEAD), await draft(scene))
    await _bases(scene, office.referral_id)
    path = f"/v1/referrals/{office.referral_id}/bases"
    assert (await (await world.case_manager()).get(path)).status_code == 404
    assert (await office.lead.get(path)).status_code == 404
    written = await world.admin.fetchval(
        "SELECT count(*) FROM audit_journal WHERE action = 'referral.read_bases' AND user_id = $1",
        scene.manager.user_id,
    )
    assert written == 1
