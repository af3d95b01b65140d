"""Who takes part in a conference: nobody of an institution without a basis."""

from datetime import timedelta
from typing import Any

import pytest

from app.kit.clock import local_date, utc_now
from tests.conferences.arrange import a_table
from tests.consents.arrange import give_consent
from tests.refusals import places
from tests.world import World

CONSENTS: list[tuple[dict[str, Any] | None, list[str]]] = [
    (None, ["recipient"]),
    ({"purpose": "referral"}, ["recipient"]),
    ({"direction": "to"}, ["direction"]),
    ({"data_categories": ["contact"]}, ["category:master_data"]),
    ({"valid_until": "2029-12-31"}, ["expired"]),
]


@pytest.mark.parametrize(("consent", "missing"), CONSENTS)
async def test_without_a_consent_that_covers_it_nobody_outside_is_invited(
    world: World, consent: dict[str, Any] | None, missing: list[str]
) -> None:
    table = await a_table(world)
    row = await table.plan()
    if consent is not None:
        await table.agreed(**{"valid_until": "2031-01-01", **consent})
    refused = await table.invite(row)
    assert (refused.status_code, refused.json()["code"]) == (409, "consent_missing")
    assert refused.json()["missing"] == missing
    assert (await table.read(row))["participants"] == []


async def test_consent_for_another_institution_lets_nobody_in(world: World) -> None:
    table = await a_table(world)
    other = str(await world.institution("school"))
    scene = table.scene
    await give_consent(scene.manager, scene.client_id, other, purpose="case_conference")
    refused = await table.invite(await table.planned_today())
    assert refused.json()["missing"] == ["recipient"]


async def test_another_basis_is_held_against_the_law(world: World) -> None:
    table = await a_table(world)
    row = await table.plan()
    task = {"legal_basis": "gdpr_6_1_e"}
    assert (await table.invite(row, **task)).json()["missing"] == ["necessity"]
    unfit = await table.invite(row, legal_basis="sgbx_69", necessity="Gemeinsame Aufgabe")
    assert (unfit.status_code, unfit.json()["code"]) == (409, "legal_basis_not_applicable")
    await table.invited(row, **task, necessity="Gemeinsame Aufgabe")
    (seen,) = (await table.read(row))["participants"]
    assert (seen["legal_basis"], seen["consent_id"]) == ("gdpr_6_1_e", None)


async def test_foreigners_authority_sits_there_on_nothing_but_a_consent(world: World) -> None:
    table = await a_table(world, "auslaenderbehoerde")
    row = await table.planned_today()
    refused = await table.invite(row, legal_basis="gdpr_6_1_e", necessity="Gemeinsame Aufgabe")
    assert (refused.status_code, refused.json()["code"]) == (409, "duty_workflow_required")
    too_much = await table.invite(row, data_categories=["health"])
    assert places(too_much) == [{"place": "body.data_categories.0", "kind": "not_allowed"}]
    await table.agreed()
    await table.invited(row)


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"name": None}, "body.name", "missing"),
    ({"legal_basis": None}, "body.legal_basis", "missing"),
    ({"data_categories": []}, "body.data_categories", "missing"),
    ({"data_categories": ["shoes"]}, "body.data_categories.0", "unknown_code"),
    ({"data_categories": ["protection_from_violence"]}, "body.data_categories.0", "not_allowed"),
    ({"institution_id": None}, "body.institution_id", "one_of_two"),
]


@pytest.mark.parametrize(("fields", "place", "kind"), REFUSED)
async def test_invitation_that_cannot_be_meant_is_refused(
    world: World, fields: dict[str, Any], place: str, kind: str
) -> None:
    table = await a_table(world)
    await table.agreed()
    answer = await table.invite(await table.planned_today(), **fields)
    assert places(answer) == [{"place": place, "kind": kind}]


async def test_colleague_off_the_team_takes_part_only_where_nobody_learns_who_it_is_about(
    world: World,
) -> None:
    table, colleague = await a_table(world), await world.case_manager()
    stranger = await world.case_manager(unit="Caritas")
    row = await table.plan()
    refused = await table.colleague(row, colleague.user_id)
    assert places(refused) == [{"place": "body.user_id", "kind": "not_on_team"}]
    anonymous = await table.plan(form="anonymised_discussion")
    assert (await table.colleague(anonymous, colleague.user_id)).status_code == 200
    assert (await table.colleague(anonymous, stranger.user_id)).status_code == 422
    assert (await colleague.get(f"{table.path}/{anonymous['id']}")).status_code == 404


async def test_anonymised_discussion_asks_no_basis_logs_nothing_and_gives_no_record(world: World) -> None:
    table = await a_table(world)
    row = await table.planned_today(form="anonymised_discussion")
    named = await table.invite(row)
    assert places(named) == [{"place": "body.legal_basis", "kind": "anonymised"}]
    outside = await table.invited(row, legal_basis=None, data_categories=[])
    assert (await table.step(row, "hold", attended=[outside], record="Rat geholt")).status_code == 200
    refused = await table.hand_out(row, outside)
    assert (refused.status_code, refused.json()["code"]) == (409, "anonymised")
    assert await table.logged() == []


async def test_nobody_takes_part_twice(world: World) -> None:
    table = await a_table(world)
    await table.agreed()
    row = await table.planned_today()
    await table.invited(row)
    await table.colleague(row, table.scene.manager.user_id)
    for again in (await table.invite(row), await table.colleague(row, table.scene.manager.user_id)):
        assert (again.status_code, again.json()["code"]) == (409, "invited_already")
    assert (await table.invite(row, name="Frau Nowak")).status_code == 200


async def test_whoever_is_uninvited_was_not_there(world: World) -> None:
    table = await a_table(world)
    await table.agreed()
    row = await table.planned_today()
    outside = await table.invited(row)
    path = f"{table.path}/{row['id']}/participants/{outside}"
    assert (await table.scene.manager.delete(path)).status_code == 204
    assert (await table.scene.manager.delete(path)).status_code == 404
    refused = await table.step(row, "hold", attended=[outside])
    assert places(refused) == [{"place": "body.attended", "kind": "no_participant"}]
    assert (await table.read(row))["state"] == "planned"


async def test_consent_that_ran_out_before_the_day_lets_nobody_have_been_there(world: World) -> None:
    table = await a_table(world)
    consent = await table.agreed()
    row = await table.planned_today()
    outside = await table.invited(row)
    await world.admin.execute(
        "UPDATE consents SET valid_until = given_on - 1 WHERE id = $1::text::uuid", consent
    )
    refused = await table.step(row, "hold", attended=[outside])
    assert (refused.status_code, refused.json()["missing"]) == (409, ["expired"])
    assert (await table.held(row)).status_code == 200
    assert await table.logged() == []


async def test_deputy_of_a_later_day_takes_no_part_before(world: World) -> None:
    table = await a_table(world)
    sabine, first = await world.case_manager(), local_date(utc_now()) + timedelta(days=12)
    named = {"user_id": str(sabine.user_id), "from": str(first), "until": str(first + timedelta(days=7))}
    path = f"/v1/cases/{table.scene.case_id}/deputies"
    assert (await table.scene.manager.post(path, named)).status_code == 201
    refused = await table.colleague(await table.plan(), sabine.user_id)
    assert (refused.status_code, places(refused)) == (422, [{"place": "body.user_id", "kind": "not_on_team"}])
