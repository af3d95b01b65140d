"""Who comes to a site that was nobody's takes it from the others, with what they were in charge of there."""

from uuid import UUID

import pytest

from app.access.roles import Role
from app.kit.ids import new_id
from tests.joining.arrange import charge, colleague, seen_by, site, work_at
from tests.referrals.arrange import Scene, a_scene, agreed, draft, send
from tests.world import Person, World

_DISABLE = "UPDATE users SET disabled_at = CASE WHEN $2 THEN now() END WHERE id = $1"
_JOIN = """INSERT INTO memberships (municipal_area_id, id, institution_id, user_id, role)
VALUES ($1, $2, $3, $4, 'partner_user')"""
_AT_SITE = """INSERT INTO membership_sites (municipal_area_id, id, membership_id, institution_id, site_id)
VALUES ($1, gen_random_uuid(), $2, $3, $4)"""


async def _with_charges(world: World) -> tuple[Scene, str, str, dict[str, str]]:
    """Return an institution where the only one, of the north, is in charge of one referral to each site."""
    scene = await a_scene(world)
    north, south = [await site(world, scene.institution_id, name) for name in ("Nord", "Süd")]
    await agreed(scene)
    await work_at(world, scene.partner, north)
    referrals = {}
    for name, at in (("north", north), ("south", south)):
        referrals[name] = await draft(scene, site_id=at)
        await send(scene, referrals[name])
    return scene, north, south, referrals


async def _in_charge(person: Person, referral: str) -> str | None:
    in_charge: str | None = (await person.get(f"/v1/partner/referrals/{referral}/charge")).json()["in_charge"]
    return in_charge


@pytest.mark.parametrize("how", ["joins the whole", "comes to the site", "is there again", "is of the whole"])
async def test_charge_of_who_sees_the_site_no_more_ends(world: World, how: str) -> None:
    scene, north, south, of = await _with_charges(world)
    northern = scene.partner
    other = (
        await colleague(scene, south if how == "is there again" else north) if "joins" not in how else None
    )
    if other is not None and how == "is there again":
        await world.admin.execute(_DISABLE, other.user_id, True)
    for referral in of.values():
        assert (await charge(northern, referral, "take-charge")).status_code == 200
    if other is None:
        other = await colleague(scene)
    elif how == "is there again":
        await world.admin.execute(_DISABLE, other.user_id, False)
    else:
        await work_at(world, other, *([south] if how == "comes to the site" else []))
    assert await seen_by(northern) == [of["north"]]
    assert await _in_charge(northern, of["north"]) == str(northern.user_id)
    assert await _in_charge(other, of["south"]) is None
    assert (await charge(other, of["south"], "take-charge")).status_code == 200


async def test_who_comes_to_another_site_ends_no_charge(world: World) -> None:
    """The sites are written after the membership: in between, nobody is judged."""
    scene, north, _, of = await _with_charges(world)
    for referral in of.values():
        await charge(scene.partner, referral, "take-charge")
    other, membership = await world.person(Role.PARTNER_USER, institution="schule"), new_id()
    at = (world.area, membership, UUID(scene.institution_id))
    async with world.admin.transaction():
        await world.admin.execute(_JOIN, *at, other.user_id)
        await world.admin.execute(_AT_SITE, *at, UUID(north))
    assert set(await seen_by(scene.partner, assigned="me")) == set(of.values())
