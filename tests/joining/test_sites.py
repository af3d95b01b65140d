"""Sites: the sender may choose one, and people see what is for theirs, for none, and for what is nobody's."""

from uuid import UUID

import pytest

from app.access.roles import Role
from app.kit.database import Database
from tests.conftest import Clock
from tests.joining.arrange import charge, colleague, seen_by, site, work_at
from tests.notifications.test_telling import deliver, told
from tests.referrals.arrange import Scene, a_scene, agreed, draft, send, sent
from tests.referrals.test_partner_sql import rows
from tests.world import Person, World

TABLES = ("referral_requests", "referral_packages", "referral_receipts")


async def _two_sites(world: World) -> tuple[Scene, str, str, dict[str, str]]:
    """Return an institution with two sites, and a referral to each and to the whole."""
    scene = await a_scene(world)
    north, south = [await site(world, scene.institution_id, name) for name in ("Nord", "Süd")]
    await agreed(scene)
    referrals = {}
    for name, site_id in (("north", north), ("south", south), ("whole", None)):
        referrals[name] = await draft(scene, site_id=site_id)
        await send(scene, referrals[name])
    return scene, north, south, referrals


async def test_people_see_their_sites_the_whole_and_nothing_else(world: World) -> None:
    scene, north, south, of = await _two_sites(world)
    everybody = await colleague(scene)
    northern, southern = await colleague(scene, north), await colleague(scene, south)
    both = await colleague(scene, north, south)
    assert set(await seen_by(northern)) == {of["north"], of["whole"]}
    assert set(await seen_by(southern)) == {of["south"], of["whole"]}
    assert set(await seen_by(everybody)) == set(await seen_by(both)) == set(of.values())
    assert await seen_by(everybody, site_id=north) == [of["north"]]
    assert await seen_by(northern, site_id=south) == []
    for path in ("", "/receipts", "/charge"):
        assert (await northern.get(f"/v1/partner/referrals/{of['south']}{path}")).status_code == 404
    for verb in ("accept", "fetched"):
        assert (await northern.post(f"/v1/partner/referrals/{of['south']}/{verb}")).status_code == 404
    assert (await charge(northern, of["south"], "take-charge")).status_code == 404


async def test_machine_of_the_institution_sees_all_sites(world: World) -> None:
    scene, *_, of = await _two_sites(world)
    machine = await world.person(Role.PARTNER_SYSTEM, institution=scene.institution_type)
    assert set(await seen_by(machine)) == set(of.values())


async def test_what_is_for_a_site_that_is_nobodys_is_seen_by_all_there(world: World) -> None:
    scene, north, south, of = await _two_sites(world)
    await work_at(world, scene.partner, north)
    northern, southern = scene.partner, await colleague(scene, south)
    assert of["south"] not in await seen_by(northern)
    await world.admin.execute("UPDATE memberships SET ended_at = now() WHERE user_id = $1", southern.user_id)
    assert set(await seen_by(northern)) == set(of.values())


async def test_sites_hold_at_the_database_too(world: World) -> None:
    scene, north, _, of = await _two_sites(world)
    northern = await colleague(scene, north)
    for table in TABLES:
        key = "referral_id" if table == "referral_receipts" else "id"
        seen = {str(row[key]) for row in await rows(world, northern, f"SELECT {key} FROM {table}")}
        assert seen == {of["north"], of["whole"]}, table


FAULTS = {
    "the policy of the requests": "DROP POLICY addressed ON referral_requests; CREATE POLICY addressed"
    " ON referral_requests FOR SELECT TO kim_app"
    " USING (institution_id = ANY ((SELECT my_institutions())::uuid[])"
    " AND requested_at IS NOT NULL AND channel = 'platform')",
    "the sites": "CREATE OR REPLACE FUNCTION my_sites() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER"
    " SET search_path = '' BEGIN ATOMIC SELECT array_agg(s.id) FROM public.institution_sites s; END",
    "the readers": "CREATE OR REPLACE FUNCTION readers_of(p_area text, p_institution uuid, p_site uuid)"
    " RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' BEGIN ATOMIC"
    " SELECT m.user_id FROM public.memberships m WHERE m.institution_id = p_institution; END",
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_fault_by_which_a_site_shows_more_is_noticed(world: World, fault: str) -> None:
    scene, north, _, of = await _two_sites(world)
    northern = await colleague(scene, north)
    transaction = world.admin.transaction()
    await transaction.start()
    try:
        await world.admin.execute(FAULTS[fault])
        await world.admin.execute(
            "SELECT set_context($1, $2, '', '', '{partner_user}', ARRAY['partner_user:' || $3])",
            world.area, str(northern.user_id), scene.institution_id,
        )  # fmt: skip
        await world.admin.execute("SET LOCAL ROLE kim_app")
        seen = {str(row["id"]) for row in await world.admin.fetch("SELECT id FROM referral_requests")}
    finally:
        await transaction.rollback()
    assert seen == set(of.values())  # which the tests above hold to be wrong


async def test_only_who_sees_the_site_is_told(world: World, worker_database: Database, clock: Clock) -> None:
    scene = await a_scene(world)
    north, south = [await site(world, scene.institution_id, name) for name in ("Nord", "Süd")]
    northern, southern = await colleague(scene, north), await colleague(scene, south)
    referral = await sent(scene, site_id=south)
    await deliver(worker_database, clock)
    assert await told(northern) == []
    assert await told(southern) == await told(scene.partner) == [("referral_received", "referral", referral)]


async def test_feed_begins_anew_when_the_sites_change(world: World) -> None:
    scene, north, _, of = await _two_sites(world)
    following = (await scene.partner.get("/v1/partner/referrals", since="")).json()
    assert {each["id"] for each in following["items"]} == set(of.values())
    await work_at(world, scene.partner, north)
    await colleague(scene)
    late = await scene.partner.get("/v1/partner/referrals", since=following["next"])
    assert late.status_code == 410
    anew = (await scene.partner.get("/v1/partner/referrals", since="")).json()["items"]
    assert {each["id"] for each in anew} == {of["north"], of["whole"]}


async def test_site_of_another_institution_and_one_given_up_are_refused(world: World) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    elsewhere = await site(world, str(await world.institution("schule")), "Nord")
    north = await site(world, scene.institution_id, "Nord")
    waiting = await draft(scene, site_id=north)
    assert (await scene.manager.get(f"/v1/referrals/{waiting}")).json()["site_id"] == north
    await world.admin.execute("UPDATE institution_sites SET is_active = false WHERE id = $1", UUID(north))
    body = {
        "case_id": scene.case_id, "institution_id": scene.institution_id, "channel": "platform",
        "data_categories": ["master_data"], **scene.concern,
    }  # fmt: skip
    foreign = await scene.manager.post("/v1/referrals", {**body, "site_id": elsewhere})
    assert (foreign.status_code, foreign.json()["errors"][0]["place"]) == (422, "body.site_id")
    given_up = await scene.manager.post("/v1/referrals", {**body, "site_id": north})
    late = await scene.manager.post(f"/v1/referrals/{waiting}/send")
    assert [(each.status_code, each.json()["code"]) for each in (given_up, late)] == [
        (409, "site_inactive")
    ] * 2


async def test_administrators_set_sites_of_others_at_institutions_only(world: World) -> None:
    scene = await a_scene(world)
    north = await site(world, scene.institution_id, "Nord")
    answer = await work_at(world, scene.partner, north)
    assert answer.json()["site_ids"] == [north]
    assert (await scene.partner.get("/v1/me")).json()["memberships"][0]["site_ids"] == [north]
    admin = await world.person(Role.ADMIN)

    async def tried(person: Person, sites: list[str]) -> int:
        row = await world.admin.fetchrow(
            "SELECT id, version FROM memberships WHERE user_id = $1", person.user_id
        )
        path = f"/v1/users/{person.user_id}/memberships/{row['id']}/sites"
        return (await admin.put(path, {"site_ids": sites}, if_match=f'"{row["version"]}"')).status_code

    elsewhere = await site(world, str(await world.institution("schule")), "Nord")
    assert await tried(scene.partner, [elsewhere]) == 422
    assert await tried(scene.partner, [north, north]) == 422
    assert await tried(scene.manager, [north]) == 404
    assert await tried(admin, []) == 403
    assert await tried(scene.partner, []) == 200
