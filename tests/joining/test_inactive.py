"""An institution that is not active any more: its people read nothing, and nothing goes there."""

from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from tests.identity.arrange import bearer, sign_in, somewhere
from tests.incoming_referrals.arrange import HERE, a_desk
from tests.joining.arrange import is_on_platform, of_account, set_active
from tests.notifications.test_telling import told
from tests.referrals.arrange import a_scene, draft, sent
from tests.referrals.talking import TEXT, asked, own, wide
from tests.world import World

OWN, PARTNER = "/v1/referrals", "/v1/partner/referrals"


async def test_people_lose_sight_at_once_also_signed_in_anew_and_have_it_back_afterwards(
    world: World,
) -> None:
    scene = await a_scene(world)
    referral, email = await sent(scene), await of_account(world, scene.partner)
    assert (await scene.partner.get(f"{PARTNER}/{referral}")).status_code == 200
    await set_active(world, scene.institution_id, active=False)
    for path in (f"{PARTNER}/{referral}", PARTNER):
        assert (await scene.partner.get(path)).status_code == 403
    assert (await scene.partner.post(f"{PARTNER}/{referral}/accept")).status_code == 403
    async with somewhere(world) as http:
        anew = await sign_in(http, email)
        again = await http.get(f"{PARTNER}/{referral}", headers=bearer(anew))
        assert again.status_code == 403, again.text
    await set_active(world, scene.institution_id, active=True)
    assert (await scene.partner.get(f"{PARTNER}/{referral}")).json()["package"]


async def test_role_at_another_institution_stays(world: World) -> None:
    scene, other = await a_scene(world), await a_scene(world, "jugendamt")
    await world.admin.execute(
        "UPDATE memberships SET user_id = $1 WHERE user_id = $2", scene.partner.user_id, other.partner.user_id
    )
    theirs_, gone = await sent(other), await sent(scene)
    await set_active(world, scene.institution_id, active=False)
    assert (await scene.partner.get(f"{PARTNER}/{gone}")).status_code == 404
    assert (await scene.partner.get(f"{PARTNER}/{theirs_}")).status_code == 200


@pytest.mark.parametrize("role", [Role.PARTNER_USER, Role.AUTHORITY_OFFICER])
async def test_database_gives_nobody_a_place_there(world: World, role: Role) -> None:
    person = await world.person(role)
    place = str(await world.institution())
    await set_active(world, place, active=False)
    async with world.sql(person, role) as db:
        assert await (await db.driver()).fetchval("SELECT ctx_places($1)", role) == []


async def test_teams_and_administrators_are_told_and_it_is_off_the_platform_until_it_is_back(
    world: World,
) -> None:
    scene, admin = await a_scene(world), await world.person(Role.ADMIN)
    referral, done = await sent(scene), await sent(scene)
    await scene.partner.post(f"{PARTNER}/{done}/reject", {"reason": "no_capacity"})
    await set_active(world, scene.institution_id, active=False)
    assert not await is_on_platform(world, scene.institution_id)
    assert [each for each in await told(scene.manager) if each[0] == "recipient_left"] == [
        ("recipient_left", "referral", referral)
    ]
    assert [each[0] for each in await told(admin)] == ["institution_left"]
    await set_active(world, scene.institution_id, active=True)
    assert await is_on_platform(world, scene.institution_id)


async def test_nothing_goes_there_on_any_way(world: World) -> None:
    scene = await a_scene(world)
    referral = await wide(scene)
    request = await asked(scene, referral)
    drafted = await draft(scene)
    await set_active(world, scene.institution_id, active=False)
    refused = [
        await scene.manager.post(f"{OWN}/{drafted}/send"),
        await scene.manager.post(own(referral), TEXT),
        await scene.manager.post(own(referral), {"code": "how_does_it_stand"}),
        await scene.manager.post(own(referral, request, "answer"), TEXT),
        await scene.manager.post(own(referral, request, "decline"), {"reason": "not_necessary"}),
    ]
    assert [(each.status_code, each.json()["code"]) for each in refused] == [
        (409, "institution_inactive")
    ] * len(refused)
    ended = await scene.manager.post(f"{OWN}/{referral}/cancel", {"reason": "no_longer_wanted"})
    assert ended.status_code == 200, ended.text


async def test_whoever_referred_somebody_and_is_inactive_is_asked_nothing(world: World) -> None:
    desk = await a_desk(world)
    incoming = await desk.taken()
    await set_active(world, str(await world.institution()), active=False)
    text = {"reason": "no_capacity", "text": "Bitte im Sommer wieder."}
    for verb, body in (("ask", {"question": "other", "text": "Wie viele Zimmer?"}), ("reject", text)):
        answer = await desk.manager.post(f"{HERE}/{incoming}/{verb}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "institution_inactive"), answer.text
    declined = await desk.manager.post(f"{HERE}/{incoming}/reject", {"reason": "no_capacity"})
    assert declined.status_code == 200, declined.text


async def test_database_takes_no_message_and_no_step_to_it(world: World) -> None:
    scene = await a_scene(world)
    referral, drafted = await sent(scene), await draft(scene)
    await set_active(world, scene.institution_id, active=False)
    said = """INSERT INTO referral_messages
            (municipal_area_id, id, referral_id, institution_id, at, side, kind, code)
        VALUES ($1, gen_random_uuid(), $2, $3, now(), 'sender', 'message', 'taken_note')"""
    moved = """UPDATE referral_requests SET state = 'requested', requested_at = now(), delivery = 'offered'
        WHERE municipal_area_id = $1 AND id = $2 AND institution_id = $3"""
    for statement, on in ((said, referral), (moved, drafted)):
        async with world.sql(scene.manager, Role.CASE_MANAGER) as db:
            with pytest.raises(asyncpg.CheckViolationError) as refused:
                await (await db.driver()).execute(statement, world.area, UUID(on), UUID(scene.institution_id))
        assert refused.value.constraint_name == "ck_institutions_receives"
