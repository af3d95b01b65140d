"""A member of the household who may not be seen any more leaves everything that showed them on a phone."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from app.work.sync import queries
from tests.clients.arrange import new_client
from tests.clients.hidden import WORDS, Family, a_family, end_guardian
from tests.work.syncing import Phone, told
from tests.world import Person, World

SEEN_WITH_THEM = {
    "guardian": "guardian",
    "their_pathway": "pathway",
    "entry": "school_entry",
    "proposal": "barrier_proposal",
}
SHOWS_THEM = {"child": "client", "consent": "consent", "pathway": "pathway", "report": "barrier"}


@pytest.fixture
async def family(world: World) -> Family:
    return await a_family(world)


@pytest.fixture
async def phone(family: Family) -> Phone:
    """Return the phone of somebody who sees the hidden mother and brother, and has read everything."""
    phone = Phone(family.lead, limit=5)
    await phone.catch_up()
    return phone


async def lose(family: Family, *names: str) -> None:
    """End the right of the case's lead to some of the family."""
    sql = (
        "UPDATE assignments SET active_until = clock_timestamp() WHERE user_id = $1 AND client_id = ANY ($2)"
    )
    ids = [UUID(family.ids[name]) for name in names]
    await family.world.admin.execute(sql, family.lead.user_id, ids)


async def regain(family: Family, *names: str) -> None:
    sql = "UPDATE assignments SET active_until = NULL WHERE user_id = $1 AND client_id = ANY ($2)"
    ids = [UUID(family.ids[name]) for name in names]
    await family.world.admin.execute(sql, family.lead.user_id, ids)


async def a_new_phone(person: Person) -> Phone:
    phone = Phone(person)
    await phone.catch_up()
    return phone


def tells(phone: Phone, family: Family) -> set[str]:
    """Return what a phone still holds of mother and brother."""
    text = repr(phone.held)
    return {word for word in (*WORDS, *family.hidden()) if word in text}


async def test_phone_of_whoever_sees_them_holds_all_of_it(family: Family, phone: Phone) -> None:
    held = {(kind, family.ids[name]) for name, kind in (SEEN_WITH_THEM | SHOWS_THEM).items()}
    assert held <= phone.held.keys()
    assert {*WORDS, *family.hidden()} == tells(phone, family)
    for name in SEEN_WITH_THEM:
        member = family.ids["brother" if name in ("entry", "proposal") else "mother"]
        assert phone.members[SEEN_WITH_THEM[name], family.ids[name]] == member, name


async def test_nothing_of_them_stays_when_they_may_not_be_seen_any_more(family: Family, phone: Phone) -> None:
    await lose(family, "mother", "brother")
    lines = told(await phone.catch_up())
    assert {("lost", "client", family.ids[name]) for name in ("mother", "brother")} <= lines
    assert {("changed", kind, family.ids[name]) for name, kind in SHOWS_THEM.items()} <= lines
    assert tells(phone, family) == set()
    assert phone.held == (await a_new_phone(family.lead)).held
    assert await phone.catch_up() == []


async def test_ids_of_what_is_hidden_are_not_told_with_it(family: Family, phone: Phone) -> None:
    await lose(family, "mother", "brother")
    hidden = {family.ids[name] for name in SEEN_WITH_THEM}
    assert not hidden & {line["id"] for line in await phone.catch_up()}


async def test_names_and_ids_that_were_shown_are_absent_and_not_null(family: Family, phone: Phone) -> None:
    assert "Mahnaz" in phone.held["consent", family.ids["consent"]]["guardian"]
    assert phone.held["pathway", family.ids["pathway"]]["together_with_id"] == family.ids["their_pathway"]
    await lose(family, "mother", "brother")
    await phone.catch_up()
    assert "guardian" not in phone.held["consent", family.ids["consent"]]
    assert "together_with_id" not in phone.held["pathway", family.ids["pathway"]]


async def test_brother_alone_leaves_and_the_mother_stays(family: Family, phone: Phone) -> None:
    await lose(family, "brother")
    await phone.catch_up()
    assert ("guardian", family.ids["guardian"]) in phone.held
    assert ("school_entry", family.ids["entry"]) not in phone.held
    assert phone.held == (await a_new_phone(family.lead)).held


async def test_all_of_it_comes_back_with_the_right(family: Family, phone: Phone) -> None:
    before = dict(phone.held)
    await lose(family, "mother", "brother")
    await phone.catch_up()
    await regain(family, "mother", "brother")
    await phone.catch_up()
    assert phone.held == before == (await a_new_phone(family.lead)).held


async def test_right_that_ends_and_begins_between_two_rounds_leaves_nothing_out(
    family: Family, phone: Phone
) -> None:
    before = dict(phone.held)
    await lose(family, "mother", "brother")
    await regain(family, "mother", "brother")
    await phone.catch_up()
    assert phone.held == before


async def test_phone_of_a_colleague_never_hears_of_them(family: Family) -> None:
    phone = await a_new_phone(family.colleague)
    assert tells(phone, family) == set()
    await lose(family, "mother", "brother")
    await regain(family, "mother", "brother")
    assert await phone.catch_up() == []
    assert not set(family.hidden()) & {line["id"] for line in phone.told}


async def remove_the_mother(family: Family) -> None:
    """Take her out of the household, after she has ceased to be a guardian."""
    await end_guardian(family)
    listed = (await family.lead.get(f"{family.child}/household")).json()["items"]
    (member,) = (each for each in listed if each["id"] == family.ids["member"])
    gone = await family.lead.http.delete(
        f"{family.child}/household/{member['id']}", headers={"If-Match": f'"{member["version"]}"'}
    )
    assert gone.status_code == 200, gone.text


async def test_guardian_who_left_the_household_leaves_the_phone(family: Family, phone: Phone) -> None:
    await remove_the_mother(family)
    assert ("removed", "guardian", family.ids["guardian"]) in told(await phone.catch_up())
    assert phone.held == (await a_new_phone(family.lead)).held


async def test_going_of_a_hidden_guardian_is_told_to_nobody_who_did_not_see_them(family: Family) -> None:
    phone = await a_new_phone(family.colleague)
    await remove_the_mother(family)
    assert family.ids["guardian"] not in {line["id"] for line in await phone.catch_up()}


async def test_consent_of_a_guardian_who_left_loses_the_name_with_the_right(
    family: Family, phone: Phone
) -> None:
    await remove_the_mother(family)
    await phone.catch_up()
    assert "Mahnaz" in phone.held["consent", family.ids["consent"]]["guardian"]
    await lose(family, "mother", "brother")
    await phone.catch_up()
    assert tells(phone, family) == set()
    assert phone.held == (await a_new_phone(family.lead)).held


async def test_member_who_was_just_registered_brings_nothing_twice(family: Family, phone: Phone) -> None:
    sister = await new_client(family.lead, given_name="Roya", birth_date="2018-02-01")
    body = {"client_id": sister, "relation": "sibling"}
    listed = await family.lead.post(f"{family.child}/household", body)
    assert listed.status_code == 201, listed.text
    lines = [(line["kind"], line["id"]) for line in await phone.catch_up()]
    assert len(lines) == len(set(lines))


FAULTS: list[tuple[str, str, str, Callable[[Family, Phone], Awaitable[None]]]] = [
    ("RIGHTS", "cases_showing(ARRAY(SELECT DISTINCT client_id FROM asked))", "'{}'::uuid[]",
     test_names_and_ids_that_were_shown_are_absent_and_not_null),
    ("RIGHTS", "|| pages_showing(ARRAY(SELECT DISTINCT client_id FROM asked))", "",
     test_names_and_ids_that_were_shown_are_absent_and_not_null),
    ("CHANGED", "t.member_client_id::uuid AS member", "NULL::uuid AS member",
     test_nothing_of_them_stays_when_they_may_not_be_seen_any_more),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "right", "wrong", "test"), FAULTS, ids=range(len(FAULTS)))
async def test_fault_by_which_a_phone_would_keep_them_is_noticed(
    family: Family,
    monkeypatch: pytest.MonkeyPatch,
    statement: str,
    right: str,
    wrong: str,
    test: Callable[[Family, Phone], Awaitable[None]],
) -> None:
    for name in (statement, "GAINED") if statement == "CHANGED" else (statement,):
        whole = getattr(queries, name)
        assert right in whole
        monkeypatch.setattr(queries, name, whole.replace(right, wrong))
    phone = Phone(family.lead)
    await phone.catch_up()
    with pytest.raises(AssertionError):
        await test(family, phone)
