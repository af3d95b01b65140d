"""Invitations, sites and people of institutions for tests, through the API."""

from typing import Any
from uuid import UUID

import httpx

from app.access.roles import Role
from app.identity.throttle import invitation_key
from app.kit.ids import new_id
from tests.identity.arrange import PASSWORD, bearer, give_password, sign_in, somewhere
from tests.referrals.arrange import Scene
from tests.world import Person, World

HOST = "198.51.100.7"


def whom(world: World) -> str:
    """Return the address of whoever is invited; accounts are the same in every area."""
    return f"Petra.{world.area}@Jobcenter.example"


async def of_account(world: World, person: Person, *, must_change: bool = False) -> str:
    """Give somebody's account a password and an address to which mail could go, and return the address."""
    email = f"{person.account_id}@kim.example"
    await give_password(world, person, must_change=must_change)
    await world.admin.execute("UPDATE accounts SET email = $2 WHERE id = $1", person.account_id, email)
    return email


async def invite(
    world: World, admin: Person, institution_id: str, *, email: str | None = None, **more: Any
) -> dict[str, Any]:
    """Invite somebody and return the invitation with its code; the throttle of before is forgotten."""
    await world.admin.execute("DELETE FROM login_throttles WHERE key_sha256 = $1", invitation_key(HOST))
    body = {"institution_id": institution_id, "role": "partner_user", "email": email or whom(world), **more}
    answer = await admin.post("/v1/invitations", body)
    assert answer.status_code == 201, answer.text
    return {**answer.json(), "code": answer.json()["invitation_code"]}


def taking_up(code: str, email: str, **more: Any) -> dict[str, Any]:
    """Return the body with which an invitation is taken up."""
    return {
        "invitation_code": code,
        "email": email,
        "display_name": "Petra Vogel",
        "password": PASSWORD,
        **more,
    }


async def accept(world: World, code: str, email: str | None = None, **more: Any) -> httpx.Response:
    """Take an invitation up from a network address, nobody signed in."""
    async with somewhere(world, HOST) as http:
        return await http.post("/v1/invitations/accept", json=taking_up(code, email or whom(world), **more))


async def inbox_of(world: World) -> list[str]:
    """Sign in and return the referrals that one sees."""
    async with somewhere(world) as http:
        signed_in = await sign_in(http, whom(world))
        assert signed_in.status_code == 201, signed_in.text
        listed = await http.get("/v1/partner/referrals", headers=bearer(signed_in))
        return [each["id"] for each in listed.json()["items"]]


async def off_platform(world: World, institution_id: str) -> None:
    """Let nobody be at an institution, as before anybody joined."""
    await world.admin.execute(
        "UPDATE memberships SET ended_at = now() WHERE institution_id = $1 AND ended_at IS NULL",
        UUID(institution_id),
    )


async def is_on_platform(world: World, institution_id: str) -> bool:
    return bool(
        await world.admin.fetchval("SELECT on_platform FROM institutions WHERE id = $1", UUID(institution_id))
    )


async def set_active(world: World, institution_id: str, *, active: bool) -> None:
    """Make an institution active or not, as a coordinator."""
    coordinator = await world.person(Role.COORDINATOR)
    path = f"/v1/institutions/{institution_id}"
    etag = (await coordinator.get(path)).headers["etag"]
    answer = await coordinator.patch(path, {"is_active": active}, If_Match=etag)
    assert (answer.status_code, answer.json()["is_active"]) == (200, active), answer.text
    # What the answer says is what the next change is made on.
    assert (await coordinator.get(path)).headers["etag"] == answer.headers["etag"]


async def site(world: World, institution_id: str, name: str) -> str:
    """Write down a site of an institution and return its id."""
    coordinator = await world.person(Role.COORDINATOR)
    answer = await coordinator.post(f"/v1/institutions/{institution_id}/sites", {"name": name})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def work_at(world: World, person: Person, *sites: str) -> httpx.Response:
    """Limit somebody's membership to sites, as an administrator."""
    admin = await world.person(Role.ADMIN)
    row = await world.admin.fetchrow(
        "SELECT id, version FROM memberships WHERE user_id = $1 AND ended_at IS NULL", person.user_id
    )
    path = f"/v1/users/{person.user_id}/memberships/{row['id']}/sites"
    answer = await admin.put(path, {"site_ids": list(sites)}, if_match=f'"{row["version"]}"')
    assert answer.status_code == 200, answer.text
    return answer


async def colleague(scene: Scene, *sites: str) -> Person:
    """Return another person of the scene's institution, at these sites."""
    person = await scene.world.person(Role.PARTNER_USER, institution=scene.institution_type)
    if sites:
        await work_at(scene.world, person, *sites)
    return person


async def charge(person: Person, referral_id: str, verb: str, **body: Any) -> httpx.Response:
    """Take charge, hand on or give back."""
    sent = None if verb == "give-back" else body
    return await person.post(f"/v1/partner/referrals/{referral_id}/{verb}", sent)


async def seen_by(person: Person, **query: Any) -> list[str]:
    """Return the referrals in somebody's list."""
    answer = await person.get("/v1/partner/referrals", **query)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


def nobody() -> str:
    """Return an id that exists nowhere."""
    return str(new_id())
