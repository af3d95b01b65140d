"""Contacts: what happened, by whom, and corrections that keep the original."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from tests.cases.arrange import a_case, a_client, journal, open_case, team_lead
from tests.refusals import places
from tests.world import World

CONTACT = {
    "contact_type": "phone",
    "happened_at": "2026-03-02T09:00:00Z",
    "minutes": 25,
    "language": "ara",
    "interpreter": "professional",
    "note": "Termin beim Jobcenter vereinbart",
}


async def test_contact_comes_back_as_it_was_written(world: World) -> None:
    amira = await world.person(Role.CASE_MANAGER, name="Amira Yilmaz")
    path = f"/v1/cases/{await a_case(world, amira)}/contacts"
    made = await amira.post(path, CONTACT)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    body = made.json()
    assert {key: body[key] for key in CONTACT} == {**CONTACT, "happened_at": "2026-03-02T09:00:00+00:00"}
    assert body["author"] == {"id": str(amira.user_id), "name": "Amira Yilmaz"}
    assert (await amira.get(f"{path}/{body['id']}")).json() == body
    assert (await amira.get(path)).json()["items"] == [body]


async def test_contact_is_in_the_journal_once_with_the_pseudonym(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/contacts"
    made = (await amira.post(path, CONTACT)).json()
    (entry,) = await journal(world, "contact.create")
    assert (str(entry["object_id"]), len(entry["client_pseudonyms"])) == (made["id"], 1)


async def test_double_submit_writes_one_contact(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/contacts"
    first = await amira.post(path, CONTACT, idempotency_key="note-00001")
    again = await amira.post(path, CONTACT, idempotency_key="note-00001")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len((await amira.get(path)).json()["items"]) == 1


async def test_somebody_elses_case_takes_no_contact(world: World) -> None:
    amira, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    path = f"/v1/cases/{await a_case(world, amira)}/contacts"
    assert (await ben.post(path, CONTACT)).status_code == 404
    assert (await lead.post(path, CONTACT)).status_code == 403
    assert await world.admin.fetchval("SELECT count(*) FROM contacts WHERE author_id = $1", ben.user_id) == 0


@pytest.mark.parametrize(
    ("changes", "place", "kind"),
    [
        ({"contact_type": "telepathy"}, "body.contact_type", "unknown_code"),
        ({"language": "xx"}, "body.language", "unknown_code"),
        ({"contact_type": "third_party"}, "body.basis", "missing"),
        ({"happened_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}, "body.happened_at",
         "in_the_future"),
        ({"happened_at": "1990-03-31T21:59:00Z"}, "body.happened_at", "before_birth"),
    ],
)  # fmt: skip
async def test_unusable_contacts_are_refused_by_place(
    world: World, changes: dict[str, str], place: str, kind: str
) -> None:
    amira = await world.case_manager()
    answer = await amira.post(f"/v1/cases/{await a_case(world, amira)}/contacts", {**CONTACT, **changes})
    assert (answer.status_code, places(answer)) == (422, [{"place": place, "kind": kind}])


async def test_contact_on_the_day_of_birth_is_kept_by_the_calendar_of_the_office(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/contacts"
    born = {**CONTACT, "happened_at": "1990-03-31T22:00:00Z"}  # 1 April, 0:00 in summer time
    made = await amira.post(path, born)
    assert made.status_code == 201, made.text
    earlier = {"happened_at": "1990-03-31T21:59:00Z"}
    moved = await amira.patch(f"{path}/{made.json()['id']}", earlier, if_match='"1"')
    assert (moved.status_code, places(moved)) == (
        422,
        [{"place": "body.happened_at", "kind": "before_birth"}],
    )


async def test_without_a_birth_date_nothing_lies_before_it(world: World) -> None:
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    await world.admin.execute(
        "UPDATE clients SET birth_date = NULL, birth_precision = 'unknown' WHERE id = $1", UUID(client_id)
    )
    path = f"/v1/cases/{await open_case(amira, client_id)}/contacts"
    assert (await amira.post(path, {**CONTACT, "happened_at": "1950-01-01T09:00:00Z"})).status_code == 201


async def test_somebody_else_is_told_nothing_of_a_birth(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/contacts"
    for day in ("1950-01-01T09:00:00Z", "2026-03-02T09:00:00Z"):
        answer = await ben.post(path, {**CONTACT, "happened_at": day})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_third_party_contact_carries_its_basis(world: World) -> None:
    amira = await world.case_manager()
    body = {**CONTACT, "contact_type": "third_party", "basis": "Einwilligung vom 1.3."}
    answer = await amira.post(f"/v1/cases/{await a_case(world, amira)}/contacts", body)
    assert (answer.status_code, answer.json()["basis"]) == (201, "Einwilligung vom 1.3.")


async def test_correction_keeps_the_original_and_links_both(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/contacts"
    original = (await amira.post(path, CONTACT)).json()
    right = await amira.patch(f"{path}/{original['id']}", {"minutes": 45}, if_match='"1"')
    assert (right.status_code, right.json()["minutes"], right.json()["note"]) == (200, 45, CONTACT["note"])
    assert right.json()["corrects"] == original["id"]
    kept = (await amira.get(f"{path}/{original['id']}")).json()
    assert (kept["minutes"], kept["corrected_by"]) == (25, right.json()["id"])
    assert [each["id"] for each in (await amira.get(path)).json()["items"]] == [right.json()["id"]]
    everything = (await amira.get(path, with_corrected="true")).json()["items"]
    assert len(everything) == 2


async def test_corrected_entry_is_corrected_once(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/contacts"
    original = f"{path}/{(await amira.post(path, CONTACT)).json()['id']}"
    await amira.patch(original, {"minutes": 45}, if_match='"1"')
    assert (await amira.patch(original, {"minutes": 50}, if_match='"1"')).status_code == 412
    again = await amira.patch(original, {"minutes": 50}, if_match='"2"')
    assert (again.status_code, again.json()["state"]) == (409, "corrected")


async def test_correction_is_checked_like_an_entry(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/contacts"
    original = f"{path}/{(await amira.post(path, CONTACT)).json()['id']}"
    answer = await amira.patch(original, {"contact_type": "third_party"}, if_match='"1"')
    assert places(answer) == [{"place": "body.basis", "kind": "missing"}]


async def test_entry_of_another_case_is_not_found_under_this_one(world: World) -> None:
    amira = await world.case_manager()
    one, other = await a_case(world, amira), await a_case(world, amira)
    made = (await amira.post(f"/v1/cases/{one}/contacts", CONTACT)).json()["id"]
    wrong = f"/v1/cases/{other}/contacts/{made}"
    assert (await amira.get(wrong)).status_code == 404
    assert (await amira.patch(wrong, {"minutes": 1}, if_match='"1"')).status_code == 404


async def test_newest_contact_comes_first(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/contacts"
    for day in ("03", "01", "02"):
        await amira.post(path, {**CONTACT, "happened_at": f"2026-02-{day}T09:00:00Z"})
    first = (await amira.get(path, limit=2)).json()
    second = (await amira.get(path, limit=2, cursor=first["next"])).json()
    days = [each["happened_at"][8:10] for each in first["items"] + second["items"]]
    assert days == ["03", "02", "01"]


@pytest.mark.parametrize("column", ["note", "happened_at", "author_id", "contact_type"])
async def test_application_role_cannot_rewrite_what_happened(world: World, column: str) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/contacts"
    made = (await amira.post(path, CONTACT)).json()["id"]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(amira) as db:
            await (await db.driver()).execute(
                f"UPDATE contacts SET {column} = {column} WHERE id = $1", UUID(made)
            )
