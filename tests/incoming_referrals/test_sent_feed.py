"""The feed of a sender: what the list tells, once and in order, to nobody else, and nothing of the person."""

import base64
from typing import Any

import pytest

from app.access.roles import Role
from app.incoming_referrals.sent_feed import CHANGED
from app.kit.catching_up import NOTHING, NOWHERE
from tests.clients.arrange import new_client
from tests.incoming_referrals.arrange import HERE, SENT, Desk, a_desk, send
from tests.incoming_referrals.sending import follower, many_sent
from tests.incoming_referrals.test_secrecy import SUMMARY
from tests.referrals.following import Follower
from tests.world import Person, World

_JOURNAL = """SELECT client_pseudonyms FROM audit_journal
WHERE action = 'incoming_referral.list_sent' AND user_id = $1"""


async def moved(desk: Desk, incoming_id: str, step: str, **body: Any) -> None:
    """Take a step of the unit."""
    answer = await desk.manager.post(f"{HERE}/{incoming_id}/{step}", body)
    assert answer.status_code == 200, answer.text


async def test_beginning_tells_everything_as_the_list_does(world: World) -> None:
    desk = await a_desk(world)
    accepted, rejected = await desk.taken(), await desk.taken()
    waiting = await desk.refer(reference="2026/17")
    await desk.accept(accepted)
    await moved(desk, rejected, "reject", reason="no_capacity")
    program = follower(desk.partner)
    told = await program.catch_up()
    assert [each["id"] for each in told] == [waiting, accepted, rejected]
    listed = (await desk.partner.get(SENT)).json()["items"]
    assert program.held == {each["id"]: each for each in listed}
    assert all(set(each) == SUMMARY for each in told)


async def test_each_step_of_both_sides_is_told_once(world: World) -> None:
    desk = await a_desk(world)
    program = follower(desk.partner)
    assert await program.catch_up() == []
    incoming_id = await desk.taken()

    async def is_told(state: str) -> None:
        (told,) = await program.catch_up()
        assert (told["id"], told["state"]) == (incoming_id, state)
        assert await program.catch_up() == []

    await is_told("requested")
    await moved(desk, incoming_id, "ask", question="language")
    await is_told("asked")
    await send(desk.partner, f"{SENT}/{incoming_id}/reply", {"text": "Arabisch"})
    await is_told("requested")
    await moved(desk, incoming_id, "accept", confirm_new=True)
    await is_told("accepted")
    await send(desk.partner, f"{SENT}/{incoming_id}/withdraw-consent")
    await is_told("revoked")


async def test_what_happens_to_the_person_afterwards_is_no_news(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    received = await desk.accept(incoming_id)
    program = follower(desk.partner)
    await program.catch_up()
    case_id = received["receipt"]["case_id"]
    goal = {"life_domain": "housing", "wording": "Wohnung"}
    assert (await desk.manager.post(f"/v1/cases/{case_id}/goals", goal)).status_code == 201
    assert await program.catch_up() == []


async def test_who_is_known_reads_like_who_is_new(world: World) -> None:
    desk = await a_desk(world)
    program = follower(desk.partner)
    await program.catch_up()
    await desk.accept(await desk.taken())
    told = await program.catch_up()
    known = await new_client(desk.manager, given_name="Rosa", family_name="Brandt")
    await desk.accept(await desk.taken(), client_id=known)
    told += await program.catch_up()
    own = {"id", "requested_at", "answered_at"}
    first, second = ({name: each[name] for name in each.keys() - own} for each in told)
    assert first == second


async def test_pages_are_bounded_and_together_tell_each_once(world: World) -> None:
    partner = await world.person(Role.PARTNER_USER)
    program = follower(partner, limit=5)
    sent = await many_sent(world, partner, 23)
    assert len(await program.catch_up()) == 23
    assert program.held.keys() == set(sent)
    assert await program.catch_up() == []


@pytest.mark.parametrize("role", [Role.PARTNER_USER, Role.PARTNER_SYSTEM])
async def test_people_and_machines_of_the_institution_are_told_the_same(world: World, role: Role) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.refer()
    (told,) = await follower(await world.person(role)).catch_up()
    assert told == (await desk.partner.get(SENT)).json()["items"][0]
    assert told["id"] == incoming_id


async def test_others_are_told_nothing(world: World) -> None:
    desk = await a_desk(world)
    strangers = [
        await world.person(Role.PARTNER_USER, institution="sozialamt"),
        await world.person(Role.PARTNER_SYSTEM, institution="sozialamt"),
        await (await world.neighbour()).person(Role.PARTNER_USER),
    ]
    followers = [follower(each) for each in strangers]
    for program in followers:
        await program.catch_up()
    await moved(desk, await desk.taken(), "ask", question="language")
    for program in followers:
        assert await program.catch_up() == []
        assert await follower(program.person).catch_up() == []


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.AUTHORITY_OFFICER, Role.COORDINATOR])
async def test_who_refers_nobody_follows_nothing(world: World, role: Role) -> None:
    person = await world.person(role)
    assert (await person.get(SENT, since="")).status_code == 403


async def items(world: World, reader: Person, sender: Person) -> str | None:
    """Return what the statement tells a reader when it is asked for the sender's institution."""
    async with world.sql(reader) as db:
        driver = await db.driver()
        page = ([sender.place_id], "1", NOWHERE, 50, NOTHING.snapshot)
        found: str | None = (await driver.fetchrow(CHANGED, *page))["items"]
        return found


async def test_statement_tells_nobody_of_another_institution_whatever_it_is_asked_for(world: World) -> None:
    partner = await world.person(Role.PARTNER_USER)
    await many_sent(world, partner, 1)
    others = [
        await world.person(Role.PARTNER_USER, institution="sozialamt"),
        await world.person(Role.CASE_MANAGER),
        await (await world.neighbour()).person(Role.PARTNER_USER),
    ]
    assert await items(world, partner, partner)
    assert [await items(world, each, partner) for each in others] == [None, None, None]


async def test_statement_without_its_policy_would_tell_and_is_noticed(world: World) -> None:
    partner = await world.person(Role.PARTNER_USER)
    await many_sent(world, partner, 1)
    other = await world.person(Role.PARTNER_USER, institution="sozialamt")
    rule = "USING (institution_id = ANY ((SELECT my_referring())::uuid[]))"
    try:
        await world.admin.execute("ALTER POLICY referring ON incoming_referrals USING (true)")
        assert await items(world, other, partner)
    finally:
        await world.admin.execute(f"ALTER POLICY referring ON incoming_referrals {rule}")
    assert await items(world, other, partner) is None


async def _begins_anew(program: Follower) -> bool:
    answer = await program.person.get(SENT, since=program.cursor)
    return (answer.status_code, answer.json().get("code")) == (410, "sync_anew")


async def test_cursor_of_somebody_else_or_of_another_feed_begins_anew(world: World) -> None:
    desk = await a_desk(world)
    mine, received = follower(desk.partner), Follower(desk.partner)
    await mine.catch_up()
    await received.catch_up()
    assert not await _begins_anew(mine)
    assert await _begins_anew(Follower(await world.person(Role.PARTNER_USER), mine.cursor))
    assert await _begins_anew(Follower(desk.partner, received.cursor))
    assert await _begins_anew(Follower(desk.partner, "x"))


async def test_who_comes_to_another_institution_begins_anew_and_is_told_of_both(world: World) -> None:
    partner = await world.person(Role.PARTNER_USER)
    other = await world.person(Role.PARTNER_USER, institution="sozialamt")
    await many_sent(world, partner, 2)
    await many_sent(world, other, 3)
    program = follower(partner, limit=2)
    await program.catch_up()
    await world.admin.execute(
        """INSERT INTO memberships (municipal_area_id, id, user_id, role, institution_id)
        VALUES ($1, gen_random_uuid(), $2, 'partner_user', $3)""",
        world.area, partner.user_id, other.place_id,
    )  # fmt: skip
    assert await _begins_anew(program)
    assert len(await follower(partner, limit=2).catch_up()) == 5


async def test_cursor_says_nothing_of_what_was_read(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.refer()
    program = follower(desk.partner)
    await program.catch_up()
    inside = base64.urlsafe_b64decode(program.cursor + "===")
    for secret in (incoming_id, str(desk.partner.place_id), str(desk.partner.user_id), world.area):
        assert secret.encode() not in inside
        assert secret.replace("-", "").encode() not in inside


@pytest.mark.parametrize(("name", "value"), [("state", "requested"), ("cursor", "W10")])
async def test_what_belongs_to_the_list_has_no_place_in_the_feed(world: World, name: str, value: str) -> None:
    partner = await world.person(Role.PARTNER_USER)
    assert set((await partner.get(SENT)).json()) == {"items", "next"}
    assert (await partner.get(SENT, since="", **{name: value})).status_code == 422


async def test_page_that_shows_something_is_journalled_without_a_client(world: World) -> None:
    desk = await a_desk(world)
    await desk.accept(await desk.taken())
    program = follower(desk.partner)
    await program.catch_up()
    await program.catch_up()
    rows = await world.admin.fetch(_JOURNAL, desk.partner.user_id)
    assert [row["client_pseudonyms"] for row in rows] == [[]]
