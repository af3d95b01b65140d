"""The client takes the consent back: before the receipt it ends everything, after it the receiver is told."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

import pytest

from app.access.roles import Role
from tests.cases.arrange import open_case
from tests.clients.arrange import new_client
from tests.consents.arrange import consent_body, give_consent, just_now, withdraw
from tests.transfers.arrange import (
    CATEGORIES,
    Scene,
    a_scene,
    accept,
    accepted,
    agree,
    copies,
    draft,
    offer,
    offered,
    receive,
    received,
    state_of,
    told,
)
from tests.world import World


@pytest.mark.parametrize("is_accepted", [False, True])
async def test_before_the_receipt_it_is_over_at_once_and_both_are_told(
    world: World, *, is_accepted: bool
) -> None:
    scene = await a_scene(world)
    consent_id = await agree(scene)
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    if is_accepted:
        await accept(scene, transfer_id)
    await withdraw(scene.manager, consent_id)
    assert await state_of(scene, transfer_id) == ("revoked", "revoked")
    assert await copies(scene, transfer_id) == 0
    seen = (await scene.lead.get(f"/v1/transfers/{transfer_id}")).json()
    assert (seen["state"], seen["language"], seen["target_group"], seen["data_categories"]) == (
        "revoked", None, None, [],
    )  # fmt: skip
    assert (await scene.colleague.get(f"/v1/transfers/{transfer_id}/package")).status_code == 404
    assert "transfer_ended" in await told(scene.hagen, scene.lead)
    assert ("transfer_ended" in await told(scene.hagen, scene.colleague)) is is_accepted
    assert "transfer_revoked" in await told(world, scene.manager)
    assert (await scene.manager.get(f"/v1/cases/{scene.case_id}")).json()["phase"] == "intake"


async def test_after_the_receipt_the_receiver_is_told_and_acknowledges(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await agree(scene)
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    await accept(scene, transfer_id)
    got = await receive(scene, transfer_id)
    await withdraw(scene.manager, consent_id)
    assert await state_of(scene, transfer_id) == ("received", "received")
    assert (await scene.colleague.get(f"/v1/cases/{got['case_id']}")).json()["phase"] == "intake"
    assert "transfer_consent_withdrawn" in await told(scene.hagen, scene.colleague)
    path = f"/v1/transfers/{transfer_id}/acknowledge-withdrawal"
    answer = await scene.colleague.post(path)
    assert answer.status_code == 200, answer.text
    assert answer.json()["withdrawal_acknowledged_at"]
    sent = (await scene.manager.get(f"{scene.path}/{transfer_id}")).json()
    assert sent["consent_withdrawn_at"]
    assert sent["withdrawal_acknowledged_at"]
    assert "transfer_acknowledged" in await told(world, scene.manager)
    again = await scene.colleague.post(path)
    assert (again.status_code, again.json()["state"]) == (409, "acknowledged")


async def test_there_is_nothing_to_acknowledge_before_a_withdrawal(world: World) -> None:
    scene = await a_scene(world)
    await agree(scene)
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    await accept(scene, transfer_id)
    answer = await scene.colleague.post(f"/v1/transfers/{transfer_id}/acknowledge-withdrawal")
    assert (answer.status_code, answer.json()["allowed"]) == (409, ["decline", "receive"])


async def test_taking_back_the_documentation_ends_the_transfer_too(world: World) -> None:
    scene = await a_scene(world)
    documentation = await give_consent(scene.manager, scene.client_id)
    await agree(scene)
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    await withdraw(scene.manager, documentation)
    assert await state_of(scene, transfer_id) == ("revoked", "revoked")
    assert (await scene.manager.get(f"/v1/cases/{scene.case_id}")).json()["phase"] == "closed"


async def test_another_consent_of_the_client_ends_nothing(world: World) -> None:
    scene = await a_scene(world)
    referral = await give_consent(scene.manager, scene.client_id, await world.institution())
    await scene.hagen.person(Role.TEAM_LEAD, unit="Caritas Hagen")
    elsewhere = str(await scene.hagen.unit("Caritas Hagen"))
    other = await agree(scene, receiving_unit_id=elsewhere)
    await agree(scene)
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    await withdraw(scene.manager, referral)
    await withdraw(scene.manager, other)
    assert await state_of(scene, transfer_id) == ("offered", "offered")


async def test_consent_that_has_run_out_carries_no_acceptance(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await agree(scene)
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    await world.admin.execute(
        "UPDATE consents SET given_on = '2020-01-01', valid_until = '2020-12-31' WHERE id = $1",
        UUID(consent_id),
    )
    body = {"case_manager_id": str(scene.colleague.user_id)}
    answer = await scene.lead.post(f"/v1/transfers/{transfer_id}/accept", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_missing")
    assert await copies(scene, transfer_id) == 0
    declined = await scene.lead.post(f"/v1/transfers/{transfer_id}/decline", {"reason": "other"})
    assert declined.status_code == 200


async def test_the_sender_takes_it_back_and_nothing_of_it_stays_there(world: World) -> None:
    scene = await a_scene(world)
    await agree(scene)
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    await accept(scene, transfer_id)
    answer = await scene.manager.post(f"{scene.path}/{transfer_id}/withdraw", {"reason": "no_longer_wanted"})
    assert answer.json()["state"] == "withdrawn"
    assert await state_of(scene, transfer_id) == ("withdrawn", "withdrawn")
    assert await copies(scene, transfer_id) == 0
    assert await told(scene.hagen, scene.colleague) == ["transfer_given", "transfer_ended"]


async def test_a_consent_to_a_transfer_names_the_unit_and_where_it_is(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await agree(scene)
    seen = (await scene.manager.get(f"/v1/consents/{consent_id}")).json()
    assert (seen["receiving_unit_id"], seen["receiving_area_id"]) == (scene.unit_id, scene.hagen.area)
    assert (seen["receiving_unit_name"], seen["institution_id"], seen["unit_id"]) == ("KI Hagen", None, None)
    body = consent_body(scene.client_id, None, purpose="transfer", receiving_unit_id=scene.unit_id,
                        data_categories=CATEGORIES, text_language="ara", direction="to")  # fmt: skip
    assert (await scene.manager.post("/v1/consents", body)).status_code == 201


@pytest.mark.parametrize("is_accepted", [False, True])
@pytest.mark.parametrize("how", ["hidden", "only kept"])
async def test_who_is_hidden_or_only_kept_meanwhile_is_not_handed_over(
    world: World, how: str, *, is_accepted: bool
) -> None:
    scene = await a_scene(world)
    await agree(scene)
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    if is_accepted:
        await accept(scene, transfer_id)
    column = {"hidden": "is_restricted = true", "only kept": "processing_restricted_at = now()"}[how]
    await world.admin.execute(f"UPDATE clients SET {column} WHERE id = $1", UUID(scene.client_id))
    named = {"case_manager_id": str(scene.colleague.user_id)}
    answer = await (
        scene.colleague.post(f"/v1/transfers/{transfer_id}/receive", {})
        if is_accepted
        else scene.lead.post(f"/v1/transfers/{transfer_id}/accept", named)
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "transfer_on_hold")
    assert (await copies(scene, transfer_id) == 1) is is_accepted
    declined = await scene.lead.post(f"/v1/transfers/{transfer_id}/decline", {"reason": "other"})
    assert declined.status_code == 200, declined.text


async def _restrict(scene: Scene, how: str) -> None:
    """Restrict the person: hidden from whoever is not on the case, or kept only."""
    path = f"/v1/clients/{scene.client_id}"
    if how == "restricted_since":
        version = (await scene.manager.get(path)).json()["version"]
        answer = await scene.manager.patch(path, {"is_restricted": True}, if_match=f'"{version}"')
    else:
        body = {"ground": "accuracy_contested"}
        answer = await scene.manager.post(f"{path}/restrictions", body)
    assert answer.status_code in {200, 201}, answer.text


@pytest.mark.parametrize("how", ["restricted_since", "processing_restricted"])
@pytest.mark.parametrize("came_to", [offered, accepted])
async def test_who_becomes_restricted_meanwhile_is_said_to_the_sender_and_not_to_the_other_unit(
    world: World, how: str, came_to: Callable[[Scene], Awaitable[str]]
) -> None:
    scene = await a_scene(world)
    transfer_id = await came_to(scene)
    before = await told(scene.hagen, scene.lead), await told(scene.hagen, scene.colleague)
    assert (await scene.manager.get(f"{scene.path}/{transfer_id}")).json()["on_hold"] is None
    await _restrict(scene, how)
    assert (await told(world, scene.manager)).count("transfer_on_hold") == 1
    assert (await scene.manager.get(f"{scene.path}/{transfer_id}")).json()["on_hold"] == how
    groups = (await scene.manager.get("/v1/me/work", group="transfers_due")).json()["groups"]
    assert [item["reason"] for item in groups[0]["items"]] == ["transfer_on_hold"]
    assert before == (await told(scene.hagen, scene.lead), await told(scene.hagen, scene.colleague))
    assert "on_hold" not in (await scene.lead.get(f"/v1/transfers/{transfer_id}")).json()


async def test_offered_anew_a_restricted_person_is_taken_over(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await offered(scene)
    await _restrict(scene, "restricted_since")
    await scene.manager.post(f"{scene.path}/{transfer_id}/withdraw", {"reason": "other"})
    assert (await scene.manager.get(f"{scene.path}/{transfer_id}")).json()["on_hold"] is None
    anew = await draft(scene)
    assert (await offer(scene, anew))["on_hold"] is None
    await accept(scene, anew)
    await receive(scene, anew)


@pytest.mark.parametrize("state", ["drafted", "received", "restricted before"])
async def test_nobody_is_told_of_a_transfer_that_is_not_held(world: World, state: str) -> None:
    scene = await a_scene(world)
    if state == "drafted":
        await draft(scene)
    elif state == "received":
        await received(scene)
    if state != "restricted before":
        await world.admin.execute(
            "UPDATE clients SET is_restricted = true WHERE id = $1", UUID(scene.client_id)
        )
    else:
        await _restrict(scene, "restricted_since")
        await offered(scene)
        await world.admin.execute(
            "UPDATE clients SET is_restricted = true WHERE id = $1", UUID(scene.client_id)
        )
    assert "transfer_on_hold" not in await told(world, scene.manager)


REVOKE = (
    """SELECT FROM consents c, LATERAL revoke_transfers(c.id, '{offered}', c.withdrawn_at) WHERE c.id = $1"""
)


async def test_earlier_withdrawal_ends_no_later_transfer(world: World) -> None:
    scene = await a_scene(world)
    documentation = await give_consent(scene.manager, scene.client_id)
    await withdraw(scene.manager, documentation)
    await give_consent(scene.manager, scene.client_id, given_at=just_now())
    later = replace(scene, case_id=await open_case(scene.manager, scene.client_id))
    transfer_id = await offered(later)
    async with world.sql(scene.manager) as db:
        await (await db.driver()).execute(REVOKE, UUID(documentation))
    assert await state_of(later, transfer_id) == ("offered", "offered")


BIND = "UPDATE received_packages SET case_id = $2 WHERE id = $1"
RECEIVED = "UPDATE transfer_offers SET state = 'received', ended_at = now() WHERE id = $1"


@pytest.mark.parametrize("statements", [(BIND,), (BIND, RECEIVED)], ids=["bound", "called received"])
async def test_package_that_was_bound_to_a_case_before_the_receipt_goes_too(
    world: World, statements: tuple[str, ...]
) -> None:
    scene = await a_scene(world)
    consent_id = await agree(scene)
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    await accept(scene, transfer_id)
    own = await open_case(scene.colleague, await new_client(scene.colleague, unit_id=scene.unit_id))
    async with scene.hagen.sql(scene.colleague) as db:
        for statement in statements:
            values = (UUID(transfer_id), UUID(own))[: 2 if "$2" in statement else 1]
            assert await (await db.driver()).execute(statement, *values) == "UPDATE 1"
    await withdraw(scene.manager, consent_id)
    assert await state_of(scene, transfer_id) == ("revoked", "revoked")
    assert await copies(scene, transfer_id) == 0
