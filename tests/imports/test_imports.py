"""An office brings its sheets: persons, households, cases and contacts, each as if written by hand."""

from tests.imports.arrange import an_importer, as_xlsx, heading, people, sheet
from tests.world import World

OLENA = {
    "key": "KIM-0001",
    "given_name": "Olena",
    "family_name": "Kowalenko",
    "birth_date": "31.12.1990",
    "sex": "weiblich",
    "nationalities": "Ukraine",
    "native_languages": "Ukrainisch, Russisch",
    "german": "A2",
    "needs_interpreter": "ja",
    "contact_channels": "Telefon, E-Mail",
    "phone": "+49 2331 555010",
    "residence_status": "AE-24",
    "residence_from": "01.03.2022",
    "residence_printed_end": "04.03.2026",
    "legal_domain": "SGB_II",
    "legal_domain_from": "01.06.2022",
    "street": "Bahnhofstr. 1",
    "postcode": "01067",
    "town": "Dresden",
    "is_restricted": "nein",
}
MYKOLA = {"key": "KIM-0002", "given_name": "Mykola", "family_name": "Kowalenko", "birth_date": "2015"}
CASE = {"key": "F-1", "client_key": "KIM-0001", "kind": "Case Management", "access_route": "Jobcenter"}


async def test_a_person_of_a_sheet_is_there_as_if_registered(world: World) -> None:
    importer = await an_importer(world)

    done = await importer.taken("clients", OLENA, MYKOLA)

    assert (done["state"], done["rows"]["taken"]) == ("taken", 2)
    (row, _) = await importer.report(done["id"])
    found = (await importer.person.get(f"/v1/clients/{row['object_id']}")).json()
    assert (found["given_name"], found["birth_date"], found["sex"]) == ("Olena", "1990-12-31", "w")
    assert found["nationalities"] == ["166"]
    assert [(each["language"], each["overall"]) for each in found["languages"]] == [
        ("deu", "A2"), ("rus", None), ("ukr", None),
    ]  # fmt: skip
    assert found["contact_channels"] == ["phone", "email"]
    assert (found["addresses"][0]["postcode"], found["addresses"][0]["strand"]) == ("01067", "actual")
    assert found["residence_documents"][0]["printed_end"] == "2026-03-04"
    assert found["legal_domains"][0]["valid_from"] == "2022-06-01"
    assert found["needs_interpreter"] is True
    assert found["version"] == 1


async def test_a_birth_date_is_as_exact_as_the_sheet(world: World) -> None:
    importer = await an_importer(world)

    done = await importer.taken("clients", OLENA, MYKOLA)

    (_, row) = await importer.report(done["id"])
    found = (await importer.person.get(f"/v1/clients/{row['object_id']}")).json()
    assert (found["birth_date"], found["birth_precision"]) == ("2015-01-01", "year")


async def test_an_imported_person_is_found_by_name_in_another_spelling(world: World) -> None:
    importer = await an_importer(world)
    await importer.taken("clients", OLENA)

    answer = await importer.person.post("/v1/clients/search", {"name": "Oléna Kovalenko"})

    assert [each["given_name"] for each in answer.json()["items"]] == ["Olena"]


async def test_households_join_persons_from_both_sides(world: World) -> None:
    importer = await an_importer(world)
    clients = await importer.taken("clients", OLENA, MYKOLA)

    done = await importer.taken(
        "households",
        {"client_key": "KIM-0001", "member_key": "KIM-0002", "relation": "Kind"},
        {"client_key": "KIM-0001", "name": "Petro Kowalenko", "birth_year": 1988, "relation": "spouse"},
    )

    assert done["rows"]["taken"] == 2
    olena, mykola = [row["object_id"] for row in await importer.report(clients["id"])]
    household = (await importer.person.get(f"/v1/clients/{olena}/household")).json()["items"]
    assert sorted((each["name"], each["relation"]) for each in household) == [
        ("Mykola Kowalenko", "child"), ("Petro Kowalenko", "spouse"),
    ]  # fmt: skip
    inverse = (await importer.person.get(f"/v1/clients/{mykola}/household")).json()["items"]
    assert [(each["client_id"], each["relation"]) for each in inverse] == [(olena, "parent")]
    keys = await world.admin.fetch(
        "SELECT DISTINCT household_key FROM clients WHERE municipal_area_id = $1", world.area
    )
    assert len(keys) == 1


async def test_cases_begin_in_intake_led_by_the_importer(world: World) -> None:
    importer = await an_importer(world)
    await importer.taken("clients", OLENA)

    done = await importer.taken("cases", {**CASE, "concern": "Wohnung", "summary": "Seit 2024 in Beratung"})

    (row,) = await importer.report(done["id"])
    found = (await importer.person.get(f"/v1/cases/{row['object_id']}")).json()
    assert (found["phase"], found["kind"], found["access_route"]) == (
        "intake",
        "case_management",
        "jobcenter",
    )
    assert found["lead"]["id"] == str(importer.person.user_id)
    assert (found["concern"], found["intake"]["documentation_basis"]) == ("Wohnung", None)
    assert len((await importer.person.get(f"/v1/cases/{row['object_id']}/phases")).json()["items"]) == 1


async def test_contacts_stand_in_their_case_at_their_time(world: World) -> None:
    importer = await an_importer(world)
    await importer.taken("clients", OLENA)
    cases = await importer.taken("cases", CASE)

    await importer.taken(
        "contacts",
        {"case_key": "F-1", "contact_type": "Telefonat", "happened_at": "15.03.2026 10:30", "minutes": 20,
         "note": "Termin beim Jobcenter besprochen"},
        {"case_key": "F-1", "contact_type": "office", "happened_at": "16.03.2026", "language": "Ukrainisch"},
    )  # fmt: skip

    (case,) = await importer.report(cases["id"])
    entries = (await importer.person.get(f"/v1/cases/{case['object_id']}/contacts")).json()["items"]
    assert sorted((each["happened_at"], each["contact_type"], each["minutes"]) for each in entries) == [
        ("2026-03-15T09:30:00+00:00", "phone", 20), ("2026-03-16T11:00:00+00:00", "office", None),
    ]  # fmt: skip


async def test_contact_before_the_birth_of_its_client_is_refused_in_words(world: World) -> None:
    importer = await an_importer(world)
    await importer.taken("clients", OLENA)
    await importer.taken("cases", CASE)
    entries = [
        {"case_key": "F-1", "contact_type": "phone", "happened_at": day}
        for day in ("30.12.1990", "31.12.1990")
    ]

    done = await importer.taken("contacts", *entries)

    assert await importer.findings(done["id"]) == [(2, "happened_at", "before_birth")]
    (bad,) = await importer.report(done["id"], only_bad=True)
    assert bad["findings"][0]["message"] == "Das Datum liegt vor der Geburt der Person."
    assert await importer.count("contacts") == 1


async def test_nothing_is_taken_before_it_is_asked_for(world: World) -> None:
    importer = await an_importer(world)

    found = await importer.read("clients", sheet("clients", *people(3)))

    assert (found["state"], found["rows"]["ready"], found["left"]) == ("read", 3, 3)
    assert await importer.count("clients") == 0


async def test_an_excel_file_keeps_its_dates_and_zeros(world: World) -> None:
    from datetime import datetime

    importer = await an_importer(world)
    names = ["key", "given_name", "family_name", "birth_date", "postcode", "town"]
    rows = [
        [heading("clients", name) for name in names],
        ["0001", "Olena", "Kowalenko", datetime(1990, 12, 31), "01067", "Dresden"],  # noqa: DTZ001
        [17, "Ivan", "Bondar", 33238, 1067, "Dresden"],
    ]

    found = await importer.read("clients", as_xlsx(rows), skip_bad=True)
    await importer.take(found["id"])

    clients = (await importer.person.get("/v1/clients")).json()["items"]
    assert [(each["given_name"], each["birth_date"]) for each in clients] == [
        ("Ivan", "1990-12-31"), ("Olena", "1990-12-31"),
    ]  # fmt: skip


async def test_a_sheet_of_more_than_a_chunk_is_taken_chunk_by_chunk(world: World) -> None:
    importer = await an_importer(world)
    found = await importer.read("clients", sheet("clients", *people(260)))

    first = (await importer.person.post(f"/v1/imports/{found['id']}/take", {})).json()

    assert (first["state"], first["left"], first["rows"]["taken"]) == ("taking", 10, 250)
    assert (await importer.take(found["id"]))["rows"]["taken"] == 260
    assert await importer.count("clients") == 260
