"""Somebody who was registered twice becomes one record: what follows, what wins, what stands in the way."""

from typing import Any
from uuid import UUID

import pytest

from tests.barriers.arrange import file_barrier
from tests.cases.arrange import open_case
from tests.clients.arrange import add_period, new_client
from tests.consents.arrange import give_consent
from tests.world import Person, World

REASON = "Beide Karteikarten zeigen denselben Reisepass"


async def two_records(person: Person, **other: Any) -> tuple[str, str]:
    """Return one person, registered twice."""
    return await new_client(person), await new_client(person, given_name="Amena", **other)


async def preview(person: Person, kept: str, merged: str) -> dict[str, Any]:
    answer = await person.get(f"/v1/clients/{kept}/merge-preview/{merged}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def merge_body(person: Person, kept: str, merged: str, **fields: Any) -> dict[str, Any]:
    seen = await preview(person, kept, merged)
    versions = {"client_version": seen["client_version"], "merged_version": seen["merged_version"]}
    return {"merged_client_id": merged, "reason": REASON, **versions, **fields}


async def merge(person: Person, kept: str, merged: str, **fields: Any) -> dict[str, Any]:
    body = await merge_body(person, kept, merged, **fields)
    answer = await person.post(f"/v1/clients/{kept}/merges", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def client_of(person: Person, client_id: str) -> dict[str, Any]:
    answer = await person.get(f"/v1/clients/{client_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_preview_shows_what_differs_and_what_will_be(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager, phone="0201 1", other_names=["Mina"], sex="x")
    seen = await preview(manager, kept, merged)
    shown = {each["field"]: (each["how"], each["result"]) for each in seen["fields"]}
    assert shown == {
        "given_name": ("kept", "Amina"),
        "sex": ("kept", "w"),
        "phone": ("filled", "0201 1"),
        "other_names": ("joined", ["Mina"]),
    }
    assert seen["obstacles"] == []


async def test_preview_changes_nothing_and_is_journalled_for_both(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    before = [await client_of(manager, each) for each in (kept, merged)]
    await preview(manager, kept, merged)
    assert [await client_of(manager, each) for each in (kept, merged)] == before
    shown = await world.admin.fetchval(
        "SELECT cardinality(client_pseudonyms) FROM audit_journal"
        " WHERE user_id = $1 AND action = 'client.merge_preview'",
        manager.user_id,
    )
    assert shown == 2


async def test_everything_that_refers_to_a_person_follows(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager, nationalities=["475", "223"])
    case = await open_case(manager, merged)
    await give_consent(manager, merged)
    period = await add_period(manager, merged, "addresses", strand="actual", street="Markt 1")
    dispute = {"entry": "addresses", "entry_id": period, "says": "Nr. 2", "disputed_on": "2026-03-02"}
    assert (await manager.post(f"/v1/clients/{merged}/disputes", dispute)).status_code == 201
    await manager.post(f"/v1/clients/{merged}/household", {"name": "Sami", "relation": "child"})
    await merge(manager, kept, merged)
    person = await client_of(manager, kept)
    assert [each["id"] for each in person["addresses"]] == [period]
    assert [len(each["disputes"]) for each in person["addresses"]] == [1]
    assert [each["name"] for each in person["household_members"]] == ["Sami"]
    assert person["nationalities"] == ["475", "223"]
    assert (await manager.get(f"/v1/cases/{case}")).json()["client"]["id"] == kept
    assert len((await manager.get("/v1/consents", client_id=kept)).json()["items"]) == 1
    assert [each["id"] for each in (await manager.get("/v1/clients")).json()["items"]] == [kept]


async def links(world: World, client_id: str) -> dict[str, int]:
    """Return how many rows of each table refer to a person, asked of the keys themselves."""
    found = {}
    for row in await world.admin.fetch(
        """SELECT k.conrelid::regclass::text AS of, a.attname FROM pg_constraint k
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
        WHERE k.contype = 'f' AND k.confrelid = 'clients'::regclass AND a.attname <> 'municipal_area_id'"""
    ):
        sql = f"SELECT count(*) FROM {row['of']} WHERE {row['attname']} = $1"
        count = await world.admin.fetchval(sql, UUID(client_id))
        if count:
            found[f"{row['of']}.{row['attname']}"] = count
    return found


async def test_no_key_refers_to_a_merged_record_any_more(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    case = await open_case(manager, merged)
    await give_consent(manager, merged)
    for history, fields in {
        "addresses": {"strand": "actual", "street": "Markt 1"},
        "legal-domains": {"strand": "livelihood", "legal_domain": "SGB_II"},
        "languages": {"language": "deu", "overall": "A1"},
        "schooling": {"school_step": "waiting"},
        "residence-documents": {"residence_status": "GEST"},
    }.items():
        await add_period(manager, merged, history, **fields)
    await file_barrier(manager, case)
    assert len(await links(world, merged)) >= 8
    await merge(manager, kept, merged)
    assert await links(world, merged) == {}


async def test_merger_chooses_what_is_taken(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(
        manager, phone="0201 1", birth_date="1990-05-01", birth_precision="month"
    )
    made = await merge(manager, kept, merged, take=["given_name", "birth_date"])
    person = await client_of(manager, kept)
    assert made["taken"] == ["birth_date", "given_name"]
    assert (person["given_name"], person["birth_date"], person["birth_precision"], person["phone"]) == (
        "Amena",
        "1990-05-01",
        "month",
        "0201 1",
    )
    found = (await manager.post("/v1/clients/search", {"name": "Amena"})).json()["items"]
    assert [each["id"] for each in found] == [kept]


async def test_stricter_safe_contact_wins(world: World) -> None:
    manager = await world.case_manager()
    kept = await new_client(manager, contact_channels=["phone", "post"], must_not_learn="Der Onkel")
    merged = await new_client(
        manager, contact_channels=["post", "email"], must_not_learn="Der Bruder", no_post=True
    )
    await merge(manager, kept, merged)
    person = await client_of(manager, kept)
    assert (person["contact_channels"], person["no_post"]) == (["post"], True)
    assert person["must_not_learn"] == "Der Onkel\nDer Bruder"


@pytest.mark.parametrize("restricted", ["kept", "merged"])
async def test_restricted_wins_for_person_cases_and_figures(world: World, restricted: str) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    cases = [await open_case(manager, each) for each in (kept, merged)]
    for case in cases:
        await file_barrier(manager, case)
    hidden = kept if restricted == "kept" else merged
    await world.admin.execute("UPDATE clients SET is_restricted = true WHERE id = $1", UUID(hidden))
    await merge(manager, kept, merged)
    assert (await client_of(manager, kept))["is_restricted"] is True
    seen = await world.admin.fetch(
        "SELECT is_restricted FROM cases WHERE municipal_area_id = $1 UNION ALL"
        " SELECT is_restricted FROM assignments WHERE municipal_area_id = $1",
        world.area,
    )
    assert {row["is_restricted"] for row in seen} == {True}
    counted = await world.admin.fetchval(
        "SELECT count(*) FROM barrier_figures WHERE municipal_area_id = $1", world.area
    )
    assert counted == 0


async def test_one_person_counts_once_and_has_one_household(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    for each in (kept, merged):
        await file_barrier(manager, await open_case(manager, each))
    await merge(manager, kept, merged)
    counted = await world.admin.fetchrow(
        """SELECT count(*) AS rows, count(DISTINCT person_key) AS persons,
            count(DISTINCT household_key) AS households
        FROM barrier_figures WHERE municipal_area_id = $1""",
        world.area,
    )
    assert tuple(counted) == (2, 1, 1)


async def test_what_was_published_stays_as_it_was(world: World) -> None:
    tables = await world.admin.fetch(
        """SELECT table_name::text FROM information_schema.role_table_grants
        WHERE grantee = 'kim_auth' AND privilege_type IN ('UPDATE', 'DELETE')
            AND table_name IN ('release_cells', 'release_tables', 'published_tables', 'ledger')"""
    )
    assert tables == []


async def test_collision_of_periods_is_refused_until_one_is_believed(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    ours = await add_period(manager, kept, "addresses", strand="actual", street="Markt 1")
    theirs = await add_period(manager, merged, "addresses", strand="actual", street="Ring 2")
    seen = await preview(manager, kept, merged)
    assert [(each["client"]["id"], each["merged"]["id"]) for each in seen["collisions"]] == [(ours, theirs)]
    body = await merge_body(manager, kept, merged)
    answer = await manager.post(f"/v1/clients/{kept}/merges", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "collisions_undecided")
    assert answer.json()["collisions"] == [[ours, theirs]]
    await merge(manager, kept, merged, believe=[theirs])
    person = await client_of(manager, kept)
    assert [each["street"] for each in person["addresses"]] == ["Ring 2"]
    ever = (await manager.get(f"/v1/clients/{kept}/addresses", superseded="true")).json()["items"]
    gone = next(each for each in ever if each["id"] == ours)
    assert (gone["superseded_because"], gone["superseded_by"]) == ("merged", theirs)


async def test_equal_periods_need_no_decision(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    for each in (kept, merged):
        await add_period(manager, each, "languages", language="deu", overall="A1")
    await merge(manager, kept, merged)
    assert len((await client_of(manager, kept))["languages"]) == 1


async def test_of_two_colliding_periods_not_both_are_believed(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    both = [
        await add_period(manager, each, "addresses", strand="actual", street=street)
        for each, street in ((kept, "Markt 1"), (merged, "Ring 2"))
    ]
    body = await merge_body(manager, kept, merged, believe=both)
    assert (await manager.post(f"/v1/clients/{kept}/merges", body)).status_code == 422
    stranger = await merge_body(manager, kept, merged, believe=[kept])
    assert (await manager.post(f"/v1/clients/{kept}/merges", stranger)).status_code == 422


async def test_number_follows_sealed_for_the_survivor(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    number = {"kind": "tax", "value": "86095742719"}
    await manager.post(f"/v1/clients/{merged}/official-numbers", number)
    assert (await preview(manager, kept, merged))["numbers"] == [{"kind": "tax", "what": "follows"}]
    await merge(manager, kept, merged)
    held = (await manager.get(f"/v1/clients/{kept}/official-numbers")).json()["items"]
    path = f"/v1/clients/{kept}/official-numbers/{held[0]['id']}/show"
    assert (await manager.post(path, {"purpose": "application"})).json()["value"] == "86095742719"
    found = (await manager.post("/v1/clients/by-number", number)).json()["items"]
    assert [each["id"] for each in found] == [kept]
