"""Facts for the check of observations, groups for statistics, and erasure."""

from datetime import date
from uuid import UUID

import asyncpg
import pytest

from app.clients.attributes import attributes_at
from app.clients.erasure import erase
from app.clients.known import known_facts
from app.kit.database import Database, System
from app.kit.errors import NotFound
from tests.clients.arrange import a_case, add_period, new_client
from tests.clients.test_package import context
from tests.consents.arrange import give_consent
from tests.world import World


async def test_everything_that_names_the_household_is_known(world: World) -> None:
    manager = await world.case_manager()
    mother = await new_client(
        manager,
        former_names=["Amina Khoury", "Шевченко", "خوري"],
        phone="+49 203 1",
        household_members=[{"name": "Opa Nabil", "birth_year": 1940, "relation": "parent"}],
    )
    child = await new_client(manager, given_name="Sami", birth_date="2015-03-02", email="sami@example.org")
    await manager.post(f"/v1/clients/{mother}/household", {"client_id": child, "relation": "child"})
    await add_period(manager, child, "addresses", strand="actual", street="Hafen 2", care_of="Lehmann")
    async with world.sql(manager) as db:
        known = await known_facts(context(manager, db), [UUID(mother)])
    assert known.names >= {"Amina", "Al-Hadi", "Khoury", "Sami", "Opa Nabil", "Nabil", "Шевченко"}
    assert "shevchenko" in known.names  # a sentence in German would write it in Latin letters
    assert "khwry" not in known.names  # nobody writes a word without its vowels
    assert known.birth_dates == {date(1990, 5, 17), date(2015, 3, 2)}
    assert known.birth_years == {1940, 1990, 2015}
    assert known.addresses == {"Hafen 2", "Lehmann"}
    assert (known.phones, known.emails) == ({"+49 203 1"}, {"sami@example.org"})


GUARDIAN = {"kind": "guardian", "scope": ["custody"], "evidence": "Bestallung"}


async def test_guardians_are_known_by_their_names_and_by_no_word_of_an_office(world: World) -> None:
    manager = await world.case_manager()
    child = await new_client(manager, birth_date="2015-03-02")
    office = str(await world.institution("jugendamt", "Jugendamt Oberhausen"))
    for fields in (
        {"name": "Der Vormund Herr Dr. Brinkhaus", "reachable": "0203 998877, post.stelle@example.org"},
        {"name": "Jugendamt Wesel, Frau Terhorst"},
        {"name": "Stadt Dinslaken"},
        {"institution_id": office},
    ):
        made = await manager.post(f"/v1/clients/{child}/guardians", {**GUARDIAN, **fields})
        assert made.status_code == 201, made.text
    async with world.sql(manager) as db:
        known = await known_facts(context(manager, db), [UUID(child)])
    assert known.names >= {"Brinkhaus", "Terhorst"}
    said = " ".join(known.names)
    assert not [
        word for word in ("Herr", "Vormund", "amt", "Wesel", "Dinslaken", "Oberhausen") if word in said
    ]
    assert "post.stelle@" in known.emails


async def test_guardian_who_is_only_named_in_a_consent_is_known(world: World) -> None:
    manager = await world.case_manager()
    child = await new_client(manager, birth_date="2015-03-02")
    await give_consent(manager, child, given_by="guardian", guardian="Pflegerin Ute Hollenberg")
    recorded = {**GUARDIAN, "name": "Jonas Feldkamp"}
    made = await manager.post(f"/v1/clients/{child}/guardians", recorded)
    await give_consent(manager, child, given_by="guardian", guardian_ids=[made.json()["id"]])
    await world.admin.execute("DELETE FROM guardians WHERE id = $1", UUID(made.json()["id"]))
    async with world.sql(manager) as db:
        known = await known_facts(context(manager, db), [UUID(child)])
    assert known.names >= {"Ute", "Hollenberg", "Jonas", "Feldkamp"}
    assert "Pflegerin" not in known.names


async def test_facts_of_somebody_who_is_not_seen_are_not_known(world: World) -> None:
    client_id = await new_client(await world.case_manager())
    stranger = await world.case_manager()
    async with world.sql(stranger) as db:
        with pytest.raises(NotFound):
            await known_facts(context(stranger, db), [UUID(client_id)])
        with pytest.raises(NotFound):
            await attributes_at(db, UUID(client_id), date(2026, 1, 1))


async def test_groups_are_those_of_the_day(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager, nationalities=["475"], birth_date="2008-06-01")
    documents = (
        {"residence_status": "GEST", "valid_until": "2025-12-31"},
        {"residence_status": "AE-25.2B", "valid_from": "2026-03-01"},
        {"residence_status": "FIK-81.4", "valid_from": "2026-02-01"},
    )
    for document in documents:
        await add_period(manager, client_id, "residence-documents", **document)
    async with world.sql(manager) as db:
        found = [
            await attributes_at(db, UUID(client_id), day)
            for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 1), date(2026, 6, 1))
        ]
    assert [(each.residence_group, each.age_band) for each in found] == [
        ("gestattung", "16-17"),
        ("keine_angabe", "16-17"),
        ("fiktion", "16-17"),
        ("ae_humanitaer", "18-26"),
    ]
    assert {(each.nationality_group, each.sex) for each in found} == {("syria", "w")}


@pytest.mark.parametrize(("precision", "band"), [("year", "16-17"), ("month", "18-26"), ("day", "18-26")])
async def test_only_the_year_of_a_birth_leaves_somebody_a_minor_until_it_is_over(
    world: World, precision: str, band: str
) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager, birth_date="2008-01-01", birth_precision=precision)
    async with world.sql(manager) as db:
        found = await attributes_at(db, UUID(client_id), date(2026, 2, 1))
    assert found.age_band == band


async def test_person_of_whom_little_is_known_has_groups_too(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager, birth_date=None, sex="x")
    async with world.sql(manager) as db:
        found = await attributes_at(db, UUID(client_id), date(2026, 1, 1))
    assert (found.residence_group, found.nationality_group, found.age_band, found.sex) == (
        "keine_angabe",
        "stateless_unclear",
        None,
        "x",
    )


async def test_erased_person_leaves_nothing_behind(world: World, worker_database: Database) -> None:
    manager = await world.case_manager()
    other = await new_client(manager, given_name="Lena")
    client_id = await new_client(manager, nationalities=["475"], languages=[{"language": "deu"}])
    for history, body in (
        ("addresses", {"strand": "actual", "street": "Markt 1"}),
        ("schooling", {"school_step": "waiting"}),
        ("residence-documents", {"residence_status": "GEST"}),
        ("legal-domains", {"strand": "health", "legal_domain": "SGB_V"}),
    ):
        period = await add_period(manager, client_id, history, **body)
        path = f"/v1/clients/{client_id}/{history}/{period}"
        assert (await manager.post(f"{path}/end", {"valid_until": "2026-03-31"})).status_code == 200
    await manager.post(f"/v1/clients/{other}/household", {"client_id": client_id, "relation": "spouse"})
    async with worker_database.transaction(System(world.area)) as db:
        assert await erase(db, UUID(client_id)) is True
        assert await erase(db, UUID(client_id)) is False
    for table in (
        "clients",
        "client_nationalities",
        "language_levels",
        "addresses",
        "schooling_periods",
        "residence_documents",
        "legal_domain_periods",
        "household_members",
        "assignments",
    ):
        column = "id" if table == "clients" else "client_id"
        left = await world.admin.fetchval(
            f"SELECT count(*) FROM {table} WHERE {column} = $1", UUID(client_id)
        )
        assert left == 0, table
    assert (await manager.get(f"/v1/clients/{other}")).json()["household_members"] == []


async def test_person_with_a_case_is_not_erased(world: World, worker_database: Database) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    await a_case(world, client_id, manager)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with worker_database.transaction(System(world.area)) as db:
            await erase(db, UUID(client_id))
