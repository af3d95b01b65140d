"""The calendar address over real HTTP: who gets in, what it tells, and how it ends."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.access.roles import Role
from tests.calendars.parsing import read
from tests.cases.arrange import a_case
from tests.cases.tasks.arrange import Desk, a_desk
from tests.conftest import Clock
from tests.serving import serving
from tests.world import Person, World

SECRETS = ("Haddad", "Amina", "Frauenhaus", "Anruf wegen Gewalt", "Beim Amt")
AT = "2030-03-05T09:30:00Z"


@pytest.fixture
async def program(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A calendar program: no token, a real connection."""
    async with serving(app) as address, httpx.AsyncClient(base_url=address) as http:
        yield http


async def share(person: Person) -> str:
    """Share somebody's dates and return the address."""
    answer = await person.post("/v1/me/calendar")
    assert answer.status_code == 201, answer.text
    return f"/v1/calendar/{answer.json()['secret']}.ics"


def meeting(desk: Desk) -> dict[str, Any]:
    return {"title": "Anruf wegen Gewalt", "note": "Haddad", "kind": "appointment", "due_at": AT,
            "place": "Frauenhaus", "minutes": 30, "participants": [str(desk.member.user_id)]}  # fmt: skip


async def test_feed_tells_when_and_nothing_else(
    world: World, program: httpx.AsyncClient, clock: Clock
) -> None:
    desk = await a_desk(world)
    task, appointment = (
        await desk.task(title="Beim Amt", due_on="2030-02-01"),
        await desk.task(**meeting(desk)),
    )
    address = await share(desk.lead)
    clock.set(2030, 1, 2, 12)
    answer = await program.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["cache-control"] == "private, no-store"
    assert [(each["SUMMARY"], each["DTSTART"]) for each in read(answer.content)] == [
        ("Frist KIM", "20300201"),
        ("Termin KIM", "20300305T093000Z"),
    ]
    number = await world.admin.fetchval("SELECT number FROM cases WHERE id = $1::text::uuid", desk.case_id)
    personal = (
        *SECRETS,
        number,
        task["id"],
        appointment["id"],
        desk.case_id,
        str(desk.lead.user_id),
        world.area,
    )
    assert [each for each in personal if each in answer.text] == []


async def test_participant_has_the_appointment_and_not_the_leads_tasks(
    world: World, program: httpx.AsyncClient, clock: Clock
) -> None:
    desk = await a_desk(world)
    await desk.task(due_on="2030-02-01")
    await desk.task(**meeting(desk))
    address = await share(desk.member)
    clock.set(2030, 1, 2, 12)
    assert [each["SUMMARY"] for each in read((await program.get(address)).content)] == ["Termin KIM"]


async def test_what_is_done_or_of_a_closed_case_leaves_the_feed(
    world: World, program: httpx.AsyncClient, clock: Clock
) -> None:
    desk = await a_desk(world)
    task, _ = await desk.task(due_on="2030-02-01"), await desk.task(due_on="2030-02-02")
    address = await share(desk.lead)
    await desk.step(desk.lead, task, "finish")
    clock.set(2030, 1, 2, 12)
    assert [each["DTSTART"] for each in read((await program.get(address)).content)] == ["20300202"]
    await world.admin.execute(
        "UPDATE cases SET phase = 'closed', closed_on = '2030-01-01' WHERE municipal_area_id = $1", world.area
    )
    assert read((await program.get(address)).content) == []


async def test_case_that_was_lost_leaves_the_feed(
    world: World, program: httpx.AsyncClient, clock: Clock
) -> None:
    desk = await a_desk(world)
    await desk.offered(due_on="2030-02-01")
    address = await share(desk.member)
    clock.set(2030, 1, 2, 12)
    assert len(read((await program.get(address)).content)) == 1
    await world.admin.execute(
        "UPDATE assignments SET active_until = now() WHERE user_id = $1", desk.member.user_id
    )
    assert read((await program.get(address)).content) == []


async def test_unchanged_calendar_is_not_sent_again(
    world: World, program: httpx.AsyncClient, clock: Clock
) -> None:
    desk = await a_desk(world)
    task = await desk.task(due_on="2030-02-01")
    address = await share(desk.lead)
    clock.set(2030, 1, 2, 12)
    first = await program.get(address)
    known = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
    again = await program.get(address, headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    clock.fixed = None
    moved = await desk.lead.patch(f"{desk.path}/{task['id']}", {"due_on": "2030-02-03"}, if_match='"1"')
    assert moved.status_code == 200
    clock.set(2030, 1, 2, 12)
    changed = await program.get(address, headers=known)
    (event,) = read(changed.content)
    assert (event["DTSTART"], event["SEQUENCE"]) == ("20300203", "1")
    assert event["UID"] == read(first.content)[0]["UID"]


async def test_wrong_secrets_are_refused_alike(world: World, program: httpx.AsyncClient) -> None:
    person = await world.case_manager()
    old, new = await share(person), await share(person)
    await person.delete("/v1/me/calendar")
    wrong = ("/v1/calendar/x.ics", f"/v1/calendar/{'A' * 43}.ics", old, new, "/v1/calendar/%00%ff.ics")
    answers = [await program.get(address) for address in wrong]
    assert {each.status_code for each in answers} == {404}
    assert len({each.content for each in answers}) == 1


async def test_new_address_takes_the_place_of_the_old_one(world: World, program: httpx.AsyncClient) -> None:
    person = await world.case_manager()
    old = await share(person)
    assert (await program.get(old)).status_code == 200
    new = await share(person)
    assert [(await program.get(each)).status_code for each in (old, new)] == [404, 200]


async def test_secret_is_shown_once_and_kept_as_a_digest(world: World) -> None:
    person = await world.case_manager()
    made = (await person.post("/v1/me/calendar")).json()
    assert len(made["secret"]) == 43
    assert made["secret"] not in (await person.get("/v1/me/calendar")).text
    kept = await world.admin.fetchval(
        "SELECT secret_sha256 FROM calendar_feeds WHERE user_id = $1", person.user_id
    )
    assert kept == hashlib.sha256(made["secret"].encode()).digest()


async def test_last_use_is_seen(world: World, program: httpx.AsyncClient, clock: Clock) -> None:
    person = await world.case_manager()
    address = await share(person)
    assert (await person.get("/v1/me/calendar")).json()["last_used_at"] is None
    clock.set(2030, 1, 2, 12)
    await program.get(address)
    clock.fixed = None
    assert (await person.get("/v1/me/calendar")).json()["last_used_at"] == "2030-01-02T12:00:00+00:00"


ENDS = {
    "membership": "UPDATE memberships SET ended_at = now() WHERE user_id = $1",
    "user": "UPDATE users SET disabled_at = now() WHERE id = $1",
    "account": """UPDATE accounts a SET disabled_at = now() FROM users u
        WHERE u.account_id = a.id AND u.id = $1""",
    "initial password": """UPDATE accounts a SET must_change_password = true FROM users u
        WHERE u.account_id = a.id AND u.id = $1""",
}


@pytest.mark.parametrize("end", ENDS)
async def test_address_ends_with_the_right_to_work_here(
    world: World, program: httpx.AsyncClient, end: str
) -> None:
    person = await world.case_manager()
    address = await share(person)
    assert (await program.get(address)).status_code == 200
    await world.admin.execute(ENDS[end], person.user_id)
    assert (await program.get(address)).status_code == 404


async def test_sixty_reads_an_hour_and_no_more(
    world: World, program: httpx.AsyncClient, clock: Clock
) -> None:
    person = await world.case_manager()
    address = await share(person)
    clock.set(2030, 1, 2, 12)
    assert {(await program.get(address)).status_code for _ in range(60)} == {200}
    clock.set(2030, 1, 2, 12, 40)
    refused = await program.get(address)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1200")
    clock.set(2030, 1, 2, 13)
    assert (await program.get(address)).status_code == 200


async def test_every_read_is_in_the_journal_in_the_owners_name(
    world: World, program: httpx.AsyncClient
) -> None:
    person = await world.case_manager()
    await program.get(await share(person))
    rows = await world.admin.fetch(
        "SELECT action FROM audit_journal WHERE user_id = $1 ORDER BY position", person.user_id
    )
    assert [row["action"] for row in rows] == ["calendar.share", "calendar.read"]


async def test_only_case_managers_share_and_only_their_own(world: World) -> None:
    person, other = await world.case_manager(), await world.case_manager()
    await share(person)
    assert (await other.get("/v1/me/calendar")).status_code == 404
    assert (await other.delete("/v1/me/calendar")).status_code == 404
    chief = await world.person(Role.TEAM_LEAD)
    assert (await chief.post("/v1/me/calendar")).status_code == 403


async def test_feed_opens_nothing_but_the_feed(world: World, program: httpx.AsyncClient) -> None:
    person = await world.case_manager()
    case_id = await a_case(world, person)
    secret = (await share(person)).removeprefix("/v1/calendar/").removesuffix(".ics")
    headers = {"Authorization": f"Bearer {secret}"}
    assert (await program.get(f"/v1/cases/{case_id}", headers=headers)).status_code == 401
