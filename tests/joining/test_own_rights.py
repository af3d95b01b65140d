"""Nobody invites themselves anywhere, and an invitation ends with the rights of who made it."""

from uuid import UUID

import httpx
import pytest

from app.access.roles import Role
from tests.joining.arrange import accept, invite, of_account, whom
from tests.referrals.arrange import a_scene, sent
from tests.world import Person, World

_HELD = "SELECT count(*) FROM memberships WHERE user_id = $1 AND institution_id IS NOT NULL"


def is_refused(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json()["code"]) == (401, "invitation_refused")


async def test_administrator_does_not_invite_themselves(world: World) -> None:
    scene = await a_scene(world)
    admin = await world.person(Role.ADMIN)
    email = await of_account(world, admin)
    body = {"institution_id": scene.institution_id, "role": "partner_user", "email": email.upper()}
    refused = await admin.post("/v1/invitations", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "own_rights")
    assert (await admin.get("/v1/invitations")).json()["items"] == []


async def test_own_invitation_opens_nothing_whatever_the_address_was_when_it_was_made(world: World) -> None:
    """An account whose address changes between the two is the same account."""
    scene = await a_scene(world)
    referral = await sent(scene)
    admin = await world.person(Role.ADMIN)
    made = await invite(world, admin, scene.institution_id, email=(after := f"{admin.user_id}@kim.example"))
    await of_account(world, admin)
    await world.admin.execute("UPDATE accounts SET email = $2 WHERE id = $1", admin.account_id, after)
    assert is_refused(await accept(world, made["code"], after))
    assert await world.admin.fetchval(_HELD, admin.user_id) == 0
    assert (await admin.get(f"/v1/partner/referrals/{referral}")).status_code == 403


@pytest.mark.parametrize(
    "role", [Role.ADMIN, Role.COORDINATOR, Role.ASSISTANT, Role.STEERING_MEMBER, Role.CASE_MANAGER]
)
async def test_whoever_has_a_role_at_a_unit_takes_up_none_at_an_institution(world: World, role: Role) -> None:
    scene = await a_scene(world)
    person = await world.person(role)
    email = await of_account(world, person)
    made = await invite(world, await world.person(Role.ADMIN), scene.institution_id, email=email)
    answer = await accept(world, made["code"], email)
    assert (answer.status_code, answer.json()["code"]) == (409, "roles_apart")
    assert await world.admin.fetchval(_HELD, person.user_id) == 0


_ENDS = {
    "membership": ("UPDATE memberships SET ended_at = now() WHERE user_id = $1", "user_id"),
    "user": ("UPDATE users SET disabled_at = now() WHERE id = $1", "user_id"),
    "account": ("UPDATE accounts SET disabled_at = now() WHERE id = $1", "account_id"),
    "role": ("UPDATE memberships SET role = 'coordinator' WHERE user_id = $1", "user_id"),
}


@pytest.mark.parametrize("end", _ENDS)
async def test_invitation_ends_with_the_rights_of_who_made_it(world: World, end: str) -> None:
    scene = await a_scene(world)
    admin: Person = await world.person(Role.ADMIN)
    made = await invite(world, admin, scene.institution_id)
    statement, of = _ENDS[end]
    await world.admin.execute(statement, getattr(admin, of))
    assert is_refused(await accept(world, made["code"]))
    assert (
        await world.admin.fetchval("SELECT count(*) FROM accounts WHERE email = lower($1)", whom(world)) == 0
    )
    state = "SELECT accepted_at FROM invitations WHERE id = $1"
    assert await world.admin.fetchval(state, UUID(made["id"])) is None
