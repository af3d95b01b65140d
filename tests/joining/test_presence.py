"""The last person of an institution goes: who is told, what stops, and what is refused from then on."""

import asyncio
from uuid import UUID

import pytest

from app.access.roles import Role
from app.kit.ids import new_id
from tests.joining.arrange import colleague, is_on_platform
from tests.notifications.test_telling import told
from tests.referrals.arrange import Scene, a_scene, draft, sent
from tests.world import Person, World


async def _disable(admin: Person, person: Person, *, disabled: bool = True) -> None:
    version = (await admin.get(f"/v1/users/{person.user_id}")).json()["version"]
    path = f"/v1/users/{person.user_id}"
    answer = await admin.patch(path, {"is_disabled": disabled}, if_match=f'"{version}"')
    assert answer.status_code == 200, answer.text


async def _end(world: World, admin: Person, person: Person) -> None:
    row = "SELECT id FROM memberships WHERE user_id = $1"
    membership = await world.admin.fetchval(row, person.user_id)
    answer = await admin.delete(f"/v1/users/{person.user_id}/memberships/{membership}")
    assert answer.status_code == 204, answer.text


async def _webhook(scene: Scene) -> UUID:
    webhook = new_id()
    await scene.world.admin.execute(
        """INSERT INTO webhooks (municipal_area_id, id, institution_id, url, label, kinds, signature, state,
            created_by) VALUES ($1, $2, $3, 'https://office.example/', 'x', '{referral.offered}',
            'hmac_sha256', 'active', $4)""",
        scene.world.area, webhook, UUID(scene.institution_id), scene.partner.user_id,
    )  # fmt: skip
    await scene.world.admin.execute(
        """INSERT INTO webhook_deliveries (municipal_area_id, id, webhook_id, institution_id, event_id, kind,
            happened_at, created_at, state, next_at)
        VALUES ($1, $2, $3, $4, $2, 'webhook.test', now(), now(), 'pending', now())""",
        scene.world.area, new_id(), webhook, UUID(scene.institution_id),
    )  # fmt: skip
    return webhook


@pytest.mark.parametrize("how", ["disabled", "ended"])
async def test_when_the_last_one_goes_senders_and_administrators_are_told_and_webhooks_end(
    world: World, how: str
) -> None:
    scene, admin = await a_scene(world), await world.person(Role.ADMIN)
    referral = await sent(scene)
    done = await sent(scene)
    await scene.partner.post(f"/v1/partner/referrals/{done}/reject", {"reason": "no_capacity"})
    webhook = await _webhook(scene)
    await (_disable(admin, scene.partner) if how == "disabled" else _end(world, admin, scene.partner))
    assert not await is_on_platform(world, scene.institution_id)
    assert [each for each in await told(scene.manager) if each[0] == "recipient_left"] == [
        ("recipient_left", "referral", referral)
    ]
    assert {each[0] for each in await told(admin)} == {"institution_left", "webhooks_stopped"}
    assert await world.admin.fetchval("SELECT state FROM webhooks WHERE id = $1", webhook) == "ended"
    parked = "SELECT state, failure FROM webhook_deliveries WHERE webhook_id = $1"
    assert tuple(await world.admin.fetchrow(parked, webhook)) == ("parked", "webhook_ended")
    refused = await scene.manager.post(f"/v1/referrals/{await draft(scene)}/send")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_on_platform")


async def test_nobody_is_told_while_somebody_is_left(world: World) -> None:
    scene, admin = await a_scene(world), await world.person(Role.ADMIN)
    await sent(scene)
    await colleague(scene)
    webhook = await _webhook(scene)
    await _disable(admin, scene.partner)
    assert await is_on_platform(world, scene.institution_id)
    assert await told(admin) == [] == await told(scene.manager)
    assert await world.admin.fetchval("SELECT state FROM webhooks WHERE id = $1", webhook) == "active"


async def test_whoever_comes_afterwards_finds_what_is_open(world: World) -> None:
    scene, admin = await a_scene(world), await world.person(Role.ADMIN)
    referral = await sent(scene)
    await _disable(admin, scene.partner)
    successor = await colleague(scene)
    assert await is_on_platform(world, scene.institution_id)
    assert (await successor.get(f"/v1/partner/referrals/{referral}")).status_code == 200


async def test_officers_who_stay_keep_the_platform_and_not_the_webhooks(world: World) -> None:
    scene, admin = await a_scene(world), await world.person(Role.ADMIN)
    await world.person(Role.AUTHORITY_OFFICER, institution="jobcenter")
    webhook = await _webhook(scene)
    await _disable(admin, scene.partner)
    assert await is_on_platform(world, scene.institution_id)
    assert await told(admin) == [("webhooks_stopped", "institution", scene.institution_id)]
    assert await world.admin.fetchval("SELECT state FROM webhooks WHERE id = $1", webhook) == "ended"


async def test_of_the_last_two_who_go_at_once_the_second_is_the_last(world: World) -> None:
    scene, admin = await a_scene(world), await world.person(Role.ADMIN)
    another = await world.person(Role.ADMIN)
    other = await colleague(scene)
    await asyncio.gather(_disable(admin, scene.partner), _disable(another, other))
    assert not await is_on_platform(world, scene.institution_id)
    assert await told(admin) == [("institution_left", "institution", scene.institution_id)]


async def test_user_made_by_an_administrator_puts_the_institution_on_the_platform(world: World) -> None:
    admin, institution = await world.person(Role.ADMIN), str(await world.institution())
    await world.admin.execute("UPDATE institutions SET on_platform = false WHERE id = $1", UUID(institution))
    body = {
        "email": f"{new_id()}@kim.example", "display_name": "Petra Vogel",
        "initial_password": "Sieben Otter bauen am Damm",
        "memberships": [{"role": "partner_user", "institution_id": institution}],
    }  # fmt: skip
    assert (await admin.post("/v1/users", body)).status_code == 201
    assert await is_on_platform(world, institution)
