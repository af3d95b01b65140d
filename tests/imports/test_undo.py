"""An import is undone as long as nobody has gone on with what it made; what stays says why."""

from app.access.roles import Role
from tests.imports.arrange import Importer, an_importer, people, sheet
from tests.interpreting.arrange import Desk
from tests.world import World

CASE = {"key": "F", "client_key": "KIM-00001", "kind": "Beratung", "access_route": "self"}
CONTACT = {"case_key": "F", "contact_type": "phone", "happened_at": "15.03.2026"}


async def whole(importer: Importer) -> list[str]:
    """Import two persons, their household, a case and a contact; return the imports in order."""
    done = [
        await importer.taken("clients", *people(2)),
        await importer.taken(
            "households", {"client_key": "KIM-00001", "member_key": "KIM-00002", "relation": "Kind"}
        ),
        await importer.taken("cases", CASE),
        await importer.taken("contacts", CONTACT),
    ]
    return [each["id"] for each in done]


async def test_what_was_imported_is_gone_after_undoing_in_turn(world: World) -> None:
    importer = await an_importer(world)
    clients, households, cases, contacts = await whole(importer)

    for import_id in (contacts, cases, households, clients):
        done = await importer.undo(import_id)
        assert (done["state"], done["rows"]["stays"]) == ("undone", 0)

    for table in (
        "clients", "cases", "case_contents", "contacts", "household_members", "assignments", "import_effects",
        "client_nationalities",
    ):  # fmt: skip
        assert await importer.count(table) == 0, table


async def test_what_was_undone_can_be_imported_again(world: World) -> None:
    importer = await an_importer(world)
    await importer.undo((await importer.taken("clients", *people(2)))["id"])

    assert (await importer.taken("clients", *people(2)))["rows"]["taken"] == 2


async def test_who_was_changed_since_stays(world: World) -> None:
    importer = await an_importer(world)
    done = await importer.taken("clients", *people(2))
    (first, _) = await importer.report(done["id"])
    path = f"/v1/clients/{first['object_id']}"
    await importer.person.patch(path, {"phone": "0201 12345"}, If_Match='"1"')

    undone = await importer.undo(done["id"])

    assert (undone["rows"]["undone"], undone["rows"]["stays"]) == (1, 1)
    assert await importer.findings(done["id"]) == [(2, "", "changed_since")]
    assert (await importer.person.get(path)).status_code == 200


async def test_a_person_with_a_case_stays_until_the_case_is_undone(world: World) -> None:
    importer = await an_importer(world)
    clients = await importer.taken("clients", *people(1))
    cases = await importer.taken("cases", CASE)

    assert (await importer.undo(clients["id"]))["rows"]["stays"] == 1
    assert await importer.findings(clients["id"]) == [(2, "", "still_used")]
    await importer.undo(cases["id"])
    assert (await importer.undo(clients["id"]))["rows"]["stays"] == 0
    assert await importer.count("clients") == 0


async def test_a_case_that_was_worked_on_stays(world: World) -> None:
    importer = await an_importer(world)
    await importer.taken("clients", *people(1))
    cases = await importer.taken("cases", CASE)
    (row,) = await importer.report(cases["id"])
    task = await importer.person.post(
        f"/v1/cases/{row['object_id']}/tasks", {"title": "Anrufen", "due_on": "2030-01-01"}
    )
    assert task.status_code == 201

    undone = await importer.undo(cases["id"])

    assert undone["rows"]["stays"] == 1
    assert await importer.findings(cases["id"]) == [(2, "", "still_used")]


async def test_a_person_who_was_handed_on_stays(world: World) -> None:
    importer = await an_importer(world)
    clients = await importer.taken("clients", *people(1))
    cases = await importer.taken("cases", CASE)
    (row,) = await importer.report(cases["id"])
    colleague, team_lead = await world.case_manager(), await world.person(Role.TEAM_LEAD)
    handed = await team_lead.post(
        f"/v1/cases/{row['object_id']}/assign", {"user_id": str(colleague.user_id), "kind": "lead"}
    )
    assert handed.is_success, handed.text

    assert (await importer.undo(cases["id"]))["rows"]["stays"] == 1
    assert (await importer.undo(clients["id"]))["rows"]["stays"] == 1
    assert await importer.count("clients") == 1


async def test_a_person_who_took_something_back_at_the_counter_stays(world: World) -> None:
    importer = await an_importer(world)
    done = await importer.taken("clients", *people(2))
    (first, _) = await importer.report(done["id"])
    known = (await importer.person.get(f"/v1/clients/{first['object_id']}")).json()
    who = {name: known[name] for name in ("given_name", "family_name", "birth_date")}
    colleague = await world.case_manager()
    told = await colleague.post("/v1/withdrawals", {"channel": "phone", "person": who, "everything": True})
    assert told.status_code == 201, told.text

    undone = await importer.undo(done["id"])

    assert (undone["rows"]["undone"], undone["rows"]["stays"]) == (1, 1)
    assert await importer.findings(done["id"]) == [(2, "", "changed_since")]
    assert await importer.count("told_withdrawals") == 1


async def test_a_contact_that_an_interpreting_names_stays_and_hinders_no_other(world: World) -> None:
    importer = await an_importer(world)
    await importer.taken("clients", *people(1))
    cases = await importer.taken("cases", CASE)
    contacts = await importer.taken("contacts", CONTACT, {**CONTACT, "happened_at": "16.03.2026"})
    (case,) = await importer.report(cases["id"])
    named, _ = await importer.report(contacts["id"])
    client_id = (await importer.person.get(f"/v1/cases/{case['object_id']}")).json()["client"]["id"]
    service = str(await world.institution("sprachmittlung", "Sprachmittlung Nord"))
    desk = Desk(world, importer.person, client_id, case["object_id"], service)
    row = await desk.requested()
    await desk.step(row, "confirm")
    assert (await desk.step(row, "hold", contact_id=named["object_id"])).status_code == 200

    undone = await importer.undo(contacts["id"])

    assert (undone["state"], undone["rows"]["undone"], undone["rows"]["stays"]) == ("undone", 1, 1)
    assert await importer.findings(contacts["id"]) == [(2, "", "still_used")]


async def test_a_link_is_let_go_and_who_was_there_stays(world: World) -> None:
    importer = await an_importer(world)
    made = await importer.person.post(
        "/v1/clients", {"given_name": "Olena", "family_name": "Kovalenko", "birth_date": "1990-12-31"}
    )
    row = {"key": "1", "given_name": "Olena", "family_name": "Kowalenko", "birth_date": "31.12.1990"}
    found = await importer.read("clients", sheet("clients", row))
    await importer.person.post(
        f"/v1/imports/{found['id']}/rows/2/decide", {"decision": "link", "client_id": made.json()["id"]}
    )
    await importer.take(found["id"])

    undone = await importer.undo(found["id"])

    assert undone["rows"]["undone"] == 1
    assert (await importer.count("clients"), await importer.count("import_effects")) == (1, 0)


async def test_rows_that_were_not_taken_are_given_up(world: World) -> None:
    importer = await an_importer(world)
    found = await importer.read("clients", sheet("clients", *people(260)))
    await importer.person.post(f"/v1/imports/{found['id']}/take", {})

    done = await importer.undo(found["id"])

    assert (done["rows"]["undone"], done["rows"]["skipped"]) == (250, 10)
    assert await importer.count("clients") == 0
    answer = await importer.person.post(f"/v1/imports/{found['id']}/take", {})
    assert (answer.status_code, answer.json()["state"]) == (409, "undone")


async def test_nothing_is_undone_before_something_was_taken(world: World) -> None:
    importer = await an_importer(world)
    found = await importer.read("clients", sheet("clients", *people(1)))

    answer = await importer.person.post(f"/v1/imports/{found['id']}/undo")

    assert (answer.status_code, answer.json()["allowed"]) == (409, ["rows", "take"])
