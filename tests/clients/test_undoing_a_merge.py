"""For 30 days one record becomes two again: exactly as they were, and nothing written since is lost."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.clients.merging import finishing
from app.kit.clock import local_date, utc_now
from app.kit.database import Database, System
from tests.barriers.arrange import file_barrier
from tests.cases.arrange import open_case, team_lead
from tests.clients.arrange import add_period, etag_of, new_client
from tests.clients.test_merging import client_of, links, merge, two_records
from tests.consents.arrange import give_consent
from tests.world import Person, World


async def undo(person: Person, made: dict[str, Any]) -> Any:
    return await person.post(f"/v1/clients/{made['client_id']}/merges/{made['id']}/undo")


async def undone(person: Person, made: dict[str, Any]) -> dict[str, Any]:
    answer = await undo(person, made)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


_TABLES = (
    "clients", "client_nationalities", "household_members", "addresses", "language_levels",
    "residence_documents", "legal_domain_periods", "schooling_periods", "official_numbers", "disputes",
    "consents", "cases", "assignments", "barrier_persons", "barrier_figures", "retentions",
)  # fmt: skip
_MOVING = "{version,changed_at,changed_xid,name_index}"


async def everything(world: World) -> dict[str, Any]:
    """Return every row of the area that is about persons, without what tells of versions."""
    return {
        table: [
            row["row"]
            for row in await world.admin.fetch(
                f"SELECT (to_jsonb(t) - '{_MOVING}'::text[])::text AS row FROM {table} t"
                " WHERE municipal_area_id = $1 ORDER BY 1",
                world.area,
            )
        ]
        for table in _TABLES
    }


async def two_full_records(world: World, manager: Person) -> tuple[str, str]:
    """Return a person registered twice with something of everything, colliding and alike included."""
    kept, merged = await two_records(
        manager, nationalities=["475", "223"], phone="0201 1", contact_channels=["phone"], no_post=True
    )
    await manager.put(
        f"/v1/clients/{kept}/nationalities",
        {"nationalities": ["223"]},
        if_match=(await manager.get(f"/v1/clients/{kept}")).headers["etag"],
    )
    for each, street in ((kept, "Markt 1"), (merged, "Ring 2")):
        await add_period(manager, each, "addresses", strand="actual", street=street)
        await add_period(manager, each, "languages", language="deu", overall="A1")
        number = {"kind": "tax" if each == kept else "azr", "value": "86095742719"}
        if each == merged:
            number["value"] = "160101234567"
        answer = await manager.post(f"/v1/clients/{each}/official-numbers", number)
        assert answer.status_code == 201, answer.text
        case = await open_case(manager, each)
        await give_consent(manager, each)
        await file_barrier(manager, case, persons=[each])
    child = await new_client(manager, given_name="Lena", birth_date="2015-01-01")
    for each in (kept, merged):
        body = {"client_id": child, "relation": "child"}
        assert (await manager.post(f"/v1/clients/{each}/household", body)).status_code == 201
    apart = await manager.post(f"/v1/clients/{kept}/household", {"client_id": merged, "relation": "sibling"})
    assert apart.status_code == 201
    return kept, merged


async def test_undo_restores_exactly_what_was(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_full_records(world, manager)
    before = await everything(world)
    addresses = (await client_of(manager, merged))["addresses"]
    made = await merge(manager, kept, merged, take=["given_name"], believe=[addresses[0]["id"]])
    assert await everything(world) != before
    ended = await undone(manager, made)
    assert (ended["stayed"], ended["undone_by"]) == ([], str(manager.user_id))
    assert await everything(world) == before
    left = await world.admin.fetchrow(
        """SELECT (SELECT count(*) FROM client_merge_moves WHERE municipal_area_id = $1) AS moves,
            (SELECT changes FROM client_merges WHERE municipal_area_id = $1) AS changes""",
        world.area,
    )
    assert tuple(left) == (0, None)


@pytest.mark.parametrize("restricted", ["kept", "merged"])
async def test_undo_shows_nobody_again(world: World, restricted: str) -> None:
    manager = await world.case_manager()
    kept, merged = await two_full_records(world, manager)
    hidden = kept if restricted == "kept" else merged
    await world.admin.execute("UPDATE clients SET is_restricted = true WHERE id = $1", UUID(hidden))
    before = await everything(world)
    believe = [(await client_of(manager, kept))["addresses"][0]["id"]]
    ended = await undone(manager, await merge(manager, kept, merged, believe=believe))
    assert ended["stayed"] == ["is_restricted"]
    assert [(await client_of(manager, each))["is_restricted"] for each in (kept, merged)] == [True, True]
    await world.admin.execute(
        "UPDATE clients SET is_restricted = (id = $1) WHERE id = ANY ($2)",
        UUID(hidden),
        [UUID(kept), UUID(merged)],
    )
    now = await everything(world)
    # Whoever is hidden leaves the figures for good.
    assert {table: now[table] for table in now if table != "barrier_figures"} == {
        table: before[table] for table in before if table != "barrier_figures"
    }


async def test_wish_to_be_hidden_that_changed_nothing_outlives_an_undo(world: World) -> None:
    manager, leads_team = await world.case_manager(), await team_lead(world)
    kept, merged = await two_records(manager)
    case = await open_case(manager, kept)
    await world.admin.execute("UPDATE clients SET is_restricted = true WHERE id = $1", UUID(merged))
    made = await merge(manager, kept, merged)
    path = f"/v1/clients/{kept}"
    wished = await manager.patch(path, {"is_restricted": True}, if_match=await etag_of(manager, path))
    assert wished.status_code == 200, wished.text
    assert (await undone(manager, made))["stayed"] == ["is_restricted"]
    assert (await client_of(manager, kept))["is_restricted"] is True
    assert (await leads_team.get(f"/v1/cases/{case}/team")).status_code == 404
    lifted = await manager.patch(path, {"is_restricted": False}, if_match=await etag_of(manager, path))
    assert lifted.status_code == 200, lifted.text
    assert (await leads_team.get(f"/v1/cases/{case}/team")).status_code == 200


async def test_whoever_was_shown_again_by_the_team_stays_shown(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    await world.admin.execute("UPDATE clients SET is_restricted = true WHERE id = $1", UUID(kept))
    made = await merge(manager, kept, merged)
    path = f"/v1/clients/{kept}"
    await manager.patch(path, {"is_restricted": False}, if_match=await etag_of(manager, path))
    assert (await undone(manager, made))["stayed"] == []
    assert [(await client_of(manager, each))["is_restricted"] for each in (kept, merged)] == [False, False]


async def test_whoever_was_restricted_since_stays_so_on_both_sides(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    case = await open_case(manager, merged)
    made = await merge(manager, kept, merged)
    await world.admin.execute("UPDATE clients SET is_restricted = true WHERE id = $1", UUID(kept))
    await undone(manager, made)
    assert [(await client_of(manager, each))["is_restricted"] for each in (kept, merged)] == [True, True]
    assert await world.admin.fetchval("SELECT is_restricted FROM cases WHERE id = $1", UUID(case)) is True


async def test_what_was_written_since_stays_with_the_survivor(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager, phone="0201 1")
    made = await merge(manager, kept, merged)
    since = await add_period(manager, kept, "addresses", strand="actual", street="Neu 3")
    etag = (await manager.get(f"/v1/clients/{kept}")).headers["etag"]
    changed = await manager.patch(f"/v1/clients/{kept}", {"phone": "0201 2"}, if_match=etag)
    assert changed.status_code == 200
    assert (await undone(manager, made))["stayed"] == ["phone"]
    person = await client_of(manager, kept)
    assert (person["phone"], [each["id"] for each in person["addresses"]]) == ("0201 2", [since])
    assert (await client_of(manager, merged))["phone"] == "0201 1"


async def test_period_that_gave_way_and_was_replaced_since_is_named(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    await add_period(manager, kept, "addresses", strand="actual", street="Markt 1")
    theirs = await add_period(manager, merged, "addresses", strand="actual", street="Ring 2")
    made = await merge(manager, kept, merged, believe=[theirs])
    path = f"/v1/clients/{kept}/addresses"
    await manager.post(f"{path}/{theirs}/withdraw")
    await add_period(manager, kept, "addresses", strand="actual", street="Neu 3")
    assert (await undone(manager, made))["stayed"] == ["addresses"]
    assert [each["street"] for each in (await client_of(manager, kept))["addresses"]] == ["Neu 3"]


async def test_correction_of_a_period_goes_back_with_it(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    period = await add_period(manager, merged, "addresses", strand="actual", street="Ring 2")
    made = await merge(manager, kept, merged)
    corrected = await manager.post(
        f"/v1/clients/{kept}/addresses/{period}/correct", {"strand": "actual", "street": "Ring 3"}
    )
    dispute = {
        "entry": "addresses",
        "entry_id": corrected.json()["id"],
        "says": "Nr. 4",
        "disputed_on": "2026-03-02",
    }
    assert (await manager.post(f"/v1/clients/{kept}/disputes", dispute)).status_code == 201
    await undone(manager, made)
    back = (await client_of(manager, merged))["addresses"]
    assert [(each["street"], len(each["disputes"])) for each in back] == [("Ring 3", 1)]
    assert (await client_of(manager, kept))["addresses"] == []


async def test_what_belongs_to_a_case_goes_back_with_it(world: World) -> None:
    manager = await world.case_manager()
    colleague = await world.case_manager()
    kept, merged = await two_records(manager)
    case = await open_case(manager, merged)
    made = await merge(manager, kept, merged)
    joined = {
        "user_id": str(colleague.user_id),
        "from": str(local_date(utc_now())),
        "until": str(local_date(utc_now())),
    }
    assert (await manager.post(f"/v1/cases/{case}/deputies", joined)).status_code == 201
    await give_consent(manager, kept, case_id=case)
    await file_barrier(manager, case)
    own = await open_case(manager, kept)
    await undone(manager, made)
    assert (await links(world, merged)).items() >= {
        "cases.client_id": 1, "consents.client_id": 1, "barrier_persons.client_id": 1,
    }.items()  # fmt: skip
    assert (await colleague.get(f"/v1/clients/{merged}")).status_code == 200
    assert (await colleague.get(f"/v1/clients/{kept}")).status_code == 404
    assert (await manager.get(f"/v1/cases/{own}")).json()["client"]["id"] == kept
    keys = await world.admin.fetchval(
        """SELECT count(*) FROM barrier_figures f JOIN clients c ON c.pseudonym = f.person_key
        WHERE c.id = $1""",
        UUID(merged),
    )
    assert keys == 1


async def test_withdrawn_consent_follows_and_comes_back_withdrawn(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    consent = await give_consent(manager, merged, await world.institution())
    await manager.post(f"/v1/consents/{consent}/withdraw", {"channel": "phone"})
    made = await merge(manager, kept, merged)
    asked = f"SELECT client_id::text, withdrawn_at IS NOT NULL FROM consents WHERE id = '{consent}'"
    assert tuple(await world.admin.fetchrow(asked)) == (kept, True)
    await undone(manager, made)
    assert tuple(await world.admin.fetchrow(asked)) == (merged, True)


async def test_merges_are_undone_in_the_opposite_order(world: World) -> None:
    manager = await world.case_manager()
    first, second, third = [await new_client(manager, given_name=name) for name in ("A", "B", "C")]
    one = await merge(manager, first, second)
    other = await merge(manager, third, first)
    assert (await client_of(manager, second))["id"] == third
    refused = await undo(manager, {**one, "client_id": third})
    assert (refused.status_code, refused.json()["code"]) == (409, "merged_since")
    assert refused.json()["merges"] == [other["id"]]
    await undone(manager, other)
    await undone(manager, one)
    people = (await manager.get("/v1/clients")).json()["items"]
    assert {each["id"] for each in people} == {first, second, third}


async def test_merge_is_undone_once(world: World) -> None:
    manager = await world.case_manager()
    made = await merge(manager, *await two_records(manager))
    await undone(manager, made)
    again = await undo(manager, made)
    assert (again.status_code, again.json()["state"]) == (409, "undone")
    assert await merge(manager, made["client_id"], made["merged_client_id"])


async def test_after_thirty_days_a_merge_is_final(world: World, worker_database: Database) -> None:
    manager = await world.case_manager()
    kept, merged = await two_full_records(world, manager)
    believe = [(await client_of(manager, kept))["addresses"][0]["id"]]
    made = await merge(manager, kept, merged, believe=believe)
    for days, finished in ((29, 0), (31, 1), (31, 0)):
        async with worker_database.transaction(System(world.area)) as db:
            assert await finishing.finish_due(db, utc_now() + timedelta(days=days)) == finished
    assert await links(world, merged) == {}
    assert await world.admin.fetchval("SELECT count(*) FROM clients WHERE id = $1", UUID(merged)) == 0
    assert (
        await world.admin.fetchval(
            "SELECT count(*) FROM client_merge_moves WHERE municipal_area_id = $1", world.area
        )
        == 0
    )
    refused = await undo(manager, made)
    assert (refused.status_code, refused.json()["state"]) == (409, "final")
    assert (await manager.get(f"/v1/clients/{merged}")).json()["id"] == kept
    assert len((await client_of(manager, kept))["addresses"]) == 1
