"""The journal over HTTP: for the privacy officer, without values, and written down itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.access.roles import Role
from tests.cases.arrange import a_case, a_client, etag, journal, open_case, pseudonym, register
from tests.refusals import places
from tests.world import Person, World


async def entries(officer: Person, **query: Any) -> list[dict[str, Any]]:
    answer = await officer.get("/v1/audit", **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_officer_reads_who_did_what_by_name_and_pseudonym(world: World) -> None:
    amira = await world.person(Role.CASE_MANAGER, name="Amira Yilmaz")
    officer = await world.person(Role.PRIVACY_OFFICER)
    client_id = await a_client(world, amira)
    case_id = await open_case(amira, client_id)
    (entry,) = await entries(officer, action="case.open")
    assert entry["user"] == {"id": str(amira.user_id), "name": "Amira Yilmaz"}
    assert (entry["object_type"], entry["object_id"], entry["outcome"]) == ("case", case_id, "done")
    assert entry["clients"] == [await pseudonym(world, client_id)]
    assert entry["roles"] == ["case_manager"]
    assert entry["request_id"]


async def test_changed_fields_are_named_and_never_their_values(world: World) -> None:
    amira, officer = await world.case_manager(), await world.person(Role.PRIVACY_OFFICER)
    path = f"/v1/cases/{await a_case(world, amira)}"
    await amira.patch(path, {"summary": "Geheimnis"}, if_match=await etag(amira, path))
    answer = await officer.get("/v1/audit")
    changes = [each for each in answer.json()["items"] if each["action"] == "case.change"]
    assert [each["changed"] for each in changes] == [["summary"]]
    assert "Geheimnis" not in answer.text
    assert "Amina" not in answer.text


async def test_newest_comes_first_in_pages(world: World) -> None:
    amira, officer = await world.case_manager(), await world.person(Role.PRIVACY_OFFICER)
    for _ in range(3):
        await a_case(world, amira)
    first = (await officer.get("/v1/audit", limit=2, action="case.open")).json()
    second = (await officer.get("/v1/audit", limit=2, action="case.open", cursor=first["next"])).json()
    positions = [each["position"] for each in first["items"] + second["items"]]
    assert (len(positions), positions) == (3, sorted(positions, reverse=True))


async def test_reading_the_journal_is_in_the_journal(world: World) -> None:
    officer = await world.person(Role.PRIVACY_OFFICER)
    await entries(officer)
    (seen,) = await entries(officer, action="audit.read")
    assert seen["user"]["id"] == str(officer.user_id)


async def test_refusals_are_found_by_outcome(world: World) -> None:
    amira, officer = await world.case_manager(), await world.person(Role.PRIVACY_OFFICER)
    await amira.get("/v1/audit")
    (refused,) = await entries(officer, outcome="refused")
    assert (refused["action"], refused["reason"]) == ("audit.read", "role_missing")


@pytest.mark.parametrize("name", ["user_id", "object_id", "object_type", "action"])
async def test_each_filter_narrows(world: World, name: str) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    officer = await world.person(Role.PRIVACY_OFFICER)
    case_id = await a_case(world, amira)
    other = await a_case(world, ben)
    await ben.post(f"/v1/cases/{other}/tasks", {"title": "Anrufen", "due_on": "2030-01-01"})
    wanted = {
        "user_id": str(amira.user_id),
        "object_id": case_id,
        "object_type": "task",
        "action": "case.open",
    }[name]
    everything = await entries(officer, limit=200)
    found = await entries(officer, limit=200, **{name: wanted})
    value = [each["user"]["id"] if name == "user_id" else each[name] for each in found]
    assert 0 < len(found) < len(everything)
    assert set(value) == {wanted}


async def test_period_narrows(world: World) -> None:
    amira, officer = await world.case_manager(), await world.person(Role.PRIVACY_OFFICER)
    await a_case(world, amira)
    now = datetime.now(UTC)
    past, coming = (now - timedelta(hours=1)).isoformat(), (now + timedelta(hours=1)).isoformat()
    assert await entries(officer, **{"from": past, "until": coming})
    assert await entries(officer, **{"from": coming}) == []
    assert await entries(officer, until=past) == []


async def test_person_who_asks_learns_who_read_their_data(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    officer = await world.person(Role.PRIVACY_OFFICER)
    client_id = await a_client(world, amira)
    await open_case(amira, client_id)
    await register(world, ben, client_id, await world.unit())
    await open_case(ben, client_id)
    await a_case(world, ben)
    found = await entries(officer, client_id=client_id, limit=200)
    assert {each["user"]["id"] for each in found} == {
        str(amira.user_id), str(ben.user_id), str(officer.user_id)
    }  # fmt: skip
    known_as = await pseudonym(world, client_id)
    assert all(known_as in each["clients"] for each in found)
    by_pseudonym = await entries(officer, client=known_as, limit=200)
    assert [each for each in by_pseudonym if each["action"] == "case.open"] == [
        each for each in found if each["action"] == "case.open"
    ]


async def test_looking_up_a_pseudonym_is_in_the_journal(world: World) -> None:
    amira, officer = await world.case_manager(), await world.person(Role.PRIVACY_OFFICER)
    client_id = await a_client(world, amira)
    await entries(officer, client_id=client_id)
    (looked_up,) = await journal(world, "client.pseudonym")
    assert [str(each) for each in looked_up["client_pseudonyms"]] == [await pseudonym(world, client_id)]


async def test_client_of_another_area_is_unknown(world: World) -> None:
    neighbour = await world.neighbour()
    foreign = await a_client(neighbour, await neighbour.case_manager())
    officer = await world.person(Role.PRIVACY_OFFICER)
    assert (await officer.get("/v1/audit", client_id=foreign)).status_code == 404


async def test_client_is_named_once(world: World) -> None:
    officer = await world.person(Role.PRIVACY_OFFICER)
    some = "00000000-0000-4000-8000-000000000000"
    answer = await officer.get("/v1/audit", client=some, client_id=some)
    assert places(answer) == [{"place": "query.client", "kind": "twice"}]


async def test_officer_of_another_area_reads_another_journal(world: World) -> None:
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    await open_case(amira, client_id)
    stranger = await (await world.neighbour()).person(Role.PRIVACY_OFFICER)
    assert await entries(stranger) == []
    about = await entries(stranger, client=await pseudonym(world, client_id))
    assert [each["action"] for each in about] == []


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.TEAM_LEAD, Role.ADMIN, Role.COORDINATOR])
async def test_nobody_else_reads_the_journal(world: World, role: Role) -> None:
    other, amira = await world.person(role), await world.case_manager()
    client_id = await a_client(world, amira)
    await open_case(amira, client_id)
    assert (await other.get("/v1/audit")).status_code == 403
    async with world.sql(other) as db:
        driver = await db.driver()
        assert await driver.fetchval("SELECT count(*) FROM audit_journal") == 0
        assert await driver.fetchval("SELECT client_pseudonym($1)", client_id) is None
        about = "SELECT count(*) FROM journal_about($1)"
        assert await driver.fetchval(about, await pseudonym(world, client_id)) == 0
