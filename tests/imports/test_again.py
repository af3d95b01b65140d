"""The same sheet again, or an enlarged one, takes only what is new; possible duplicates are asked about."""

from typing import Any
from uuid import UUID

from tests.imports.arrange import Importer, an_importer, people, sheet
from tests.refusals import places
from tests.world import World


async def test_the_same_sheet_again_makes_no_doubles(world: World) -> None:
    importer = await an_importer(world)
    await importer.taken("clients", *people(3))

    found = await importer.read("clients", sheet("clients", *people(3)))

    assert (found["rows"]["known"], found["left"]) == (3, 0)
    await importer.take(found["id"])
    assert await importer.count("clients") == 3


async def test_an_enlarged_sheet_takes_only_what_is_new(world: World) -> None:
    importer = await an_importer(world)
    await importer.taken("clients", *people(3))

    done = await importer.taken("clients", *people(5))

    assert (done["rows"]["known"], done["rows"]["taken"]) == (3, 2)
    assert await importer.count("clients") == 5


async def test_two_sheets_read_before_either_is_taken_make_no_doubles(world: World) -> None:
    importer = await an_importer(world)
    first = await importer.read("clients", sheet("clients", *people(3)))
    second = await importer.read("clients", sheet("clients", *people(3)))

    await importer.take(first["id"])
    done = await importer.take(second["id"])

    assert (done["rows"]["known"], done["rows"]["taken"]) == (3, 0)
    assert await importer.count("clients") == 3


async def test_contacts_without_numbers_are_known_by_what_they_say(world: World) -> None:
    importer = await an_importer(world)
    await importer.taken("clients", *people(1))
    await importer.taken(
        "cases", {"key": "F", "client_key": "KIM-00001", "kind": "Beratung", "access_route": "self"}
    )
    entry = {"case_key": "F", "contact_type": "phone", "happened_at": "15.03.2026", "note": "Anruf"}

    await importer.taken("contacts", entry, entry)
    done = await importer.taken("contacts", entry, entry, {**entry, "note": "Noch ein Anruf"})

    assert (done["rows"]["known"], done["rows"]["taken"]) == (2, 1)
    assert await importer.count("contacts") == 3


async def test_the_same_sheet_sent_twice_is_read_once(world: World) -> None:
    importer = await an_importer(world)
    import_id = await importer.announce()
    content = sheet("clients", *people(2))

    first, second = await importer.send(import_id, content), await importer.send(import_id, content)
    other = await importer.send(import_id, sheet("clients", *people(3)))

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json()["rows"]["ready"] == 2
    assert (other.status_code, other.json()["code"]) == (409, "sheet_read")


async def test_who_is_there_already_with_a_name_written_as_one_word_waits_too(world: World) -> None:
    importer = await an_importer(world)
    person = {"given_name": "Schirin", "family_name": "Gourbanzadeh", "birth_date": "1988-03-14"}
    made = await importer.person.post("/v1/clients", person)
    row = {"key": "1", "given_name": "Schirin", "family_name": "Gourban Zadeh", "birth_date": "14.03.1988"}

    found = await importer.read("clients", sheet("clients", row))

    (told,) = await importer.report(found["id"], only_bad=True)
    assert (told["state"], told["duplicates"]) == ("duplicate", [made.json()["id"]])


async def test_who_may_be_there_already_waits_for_a_decision(world: World) -> None:
    importer = await an_importer(world)
    made = await importer.person.post(
        "/v1/clients",
        {"given_name": "Olena", "family_name": "Kovalenko", "birth_date": "1990-12-31"},
    )
    row = {"key": "1", "given_name": "Olena", "family_name": "Kowalenko", "birth_date": "31.12.1990"}

    found = await importer.read("clients", sheet("clients", row))

    (told,) = await importer.report(found["id"], only_bad=True)
    assert (told["state"], told["duplicates"]) == ("duplicate", [made.json()["id"]])
    answer = await importer.person.post(f"/v1/imports/{found['id']}/take", {})
    assert (answer.status_code, answer.json()["duplicate"]) == (409, 1)


async def test_a_row_is_linked_to_who_is_there_and_named_by_its_key(world: World) -> None:
    importer = await an_importer(world)
    made = await importer.person.post(
        "/v1/clients", {"given_name": "Olena", "family_name": "Kovalenko", "birth_date": "1990-12-31"}
    )
    client_id = made.json()["id"]
    row = {"key": "1", "given_name": "Olena", "family_name": "Kowalenko", "birth_date": "31.12.1990"}
    found = await importer.read("clients", sheet("clients", row))

    path = f"/v1/imports/{found['id']}/rows/2/decide"
    answer = await importer.person.post(path, {"decision": "link", "client_id": client_id})

    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "linked"
    assert (await importer.take(found["id"]))["rows"]["linked"] == 1
    await importer.taken("cases", {"key": "F", "client_key": "1", "kind": "Beratung", "access_route": "self"})
    (case,) = (await importer.person.get("/v1/cases")).json()["items"]
    assert case["client"]["id"] == client_id
    assert await importer.count("clients") == 1


async def _at_another_unit(importer: Importer) -> tuple[dict[str, Any], str]:
    """Read a row at a second unit that may be a client of the first one; return the import and the client."""
    world, person = importer.world, importer.person
    made = await person.post(
        "/v1/clients", {"given_name": "Olena", "family_name": "Kovalenko", "birth_date": "1990-12-31"}
    )
    assert made.status_code == 201, made.text
    await world.also_at(person, "Caritas")
    row = {"key": "1", "given_name": "Olena", "family_name": "Kowalenko", "birth_date": "31.12.1990"}
    found = await importer.read("clients", sheet("clients", row), unit_id=str(await world.unit("Caritas")))
    return found, str(made.json()["id"])


async def test_a_row_is_linked_to_nobody_of_another_unit(world: World) -> None:
    importer = await an_importer(world)
    found, client_id = await _at_another_unit(importer)
    path = f"/v1/imports/{found['id']}/rows/2/decide"

    refused = await importer.person.post(path, {"decision": "link", "client_id": client_id})

    assert places(refused) == [{"place": "body.client_id", "kind": "other_unit"}]
    assert (await importer.person.post(path, {"decision": "take"})).status_code == 200


async def test_a_case_of_somebody_of_another_unit_is_refused_alone(world: World) -> None:
    importer = await an_importer(world)
    found, client_id = await _at_another_unit(importer)
    await importer.person.post(f"/v1/imports/{found['id']}/rows/2/decide", {"decision": "take"})
    await importer.take(found["id"])
    unit = str(await world.unit("Caritas"))
    await importer.taken("clients", *people(1), unit_id=unit)
    # As it was linked before links to another unit were refused.
    await world.admin.execute(
        "UPDATE import_effects SET client_id = $2, object_id = $2 WHERE import_id = $1",
        UUID(found["id"]),
        UUID(client_id),
    )
    case = {"kind": "Beratung", "access_route": "self"}
    rows = ({"key": "F", "client_key": "1", **case}, {"key": "G", "client_key": "KIM-00001", **case})

    done = await importer.taken("cases", *rows, unit_id=unit)

    assert (done["state"], done["rows"]["taken"], done["rows"]["bad"]) == ("taken", 1, 1)
    assert await importer.findings(done["id"]) == [(2, "client_key", "other_unit")]


async def test_a_row_is_taken_as_somebody_else_or_left_out(world: World) -> None:
    importer = await an_importer(world)
    row = {"given_name": "Olena", "family_name": "Kowalenko", "birth_date": "31.12.1990"}
    found = await importer.read("clients", sheet("clients", *({"key": number, **row} for number in range(3))))
    assert [each["state"] for each in await importer.report(found["id"])] == [
        "ready",
        "duplicate",
        "duplicate",
    ]

    for number, decision in ((3, "take"), (4, "skip")):
        path = f"/v1/imports/{found['id']}/rows/{number}/decide"
        answer = await importer.person.post(path, {"decision": decision})
        assert answer.status_code == 200, answer.text

    done = await importer.take(found["id"])
    assert (done["rows"]["taken"], done["rows"]["skipped"]) == (2, 1)


async def test_a_row_is_linked_to_nobody_but_its_duplicates(world: World) -> None:
    importer = await an_importer(world)
    others = await importer.taken("clients", *people(1))
    (other,) = await importer.report(others["id"])
    row = {"given_name": "Olena", "family_name": "Kowalenko", "birth_date": "31.12.1990"}
    found = await importer.read("clients", sheet("clients", {"key": 1, **row}, {"key": 2, **row}))
    path = f"/v1/imports/{found['id']}/rows/3/decide"

    link = await importer.person.post(path, {"decision": "link", "client_id": other["object_id"]})
    ready = await importer.person.post(path.replace("/3/", "/2/"), {"decision": "skip"})

    assert (link.status_code, ready.status_code) == (422, 409)


async def test_a_row_that_is_linked_leaves_its_warnings_with_the_person(world: World) -> None:
    importer = await an_importer(world)
    made = await importer.person.post(
        "/v1/clients",
        {"given_name": "Olena", "family_name": "Kovalenko", "birth_date": "1990-12-31",
         "must_not_learn": "der Bruder"},
    )  # fmt: skip
    row = {"key": "1", "given_name": "Olena", "family_name": "Kowalenko", "birth_date": "31.12.1990",
           "is_restricted": "ja", "no_post": "ja", "must_not_learn": "der Ehemann",
           "contact_channels": "Telefon"}  # fmt: skip
    found = await importer.read("clients", sheet("clients", row))
    path = f"/v1/imports/{found['id']}/rows/2/decide"
    answer = await importer.person.post(path, {"decision": "link", "client_id": made.json()["id"]})
    assert answer.status_code == 200, answer.text
    client = (await importer.person.get(f"/v1/clients/{made.json()['id']}")).json()
    assert (client["is_restricted"], client["no_post"], client["no_voicemail"]) == (True, True, False)
    assert (client["must_not_learn"], client["contact_channels"]) == ("der Bruder\nder Ehemann", ["phone"])
