"""Who sees an import and what it tells: the importer alone, nothing of anybody they do not see."""

from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.imports.rules import KEEP_ROWS, SHEETS_AN_HOUR
from app.kit.clock import utc_now
from app.kit.database import Database
from app.kit.sealing import FieldKeys
from app.settings import Settings, driver_url
from app.upkeep import jobs
from app.wiring import wire
from app.worker import run_once
from tests.cases.arrange import a_client
from tests.imports.arrange import Importer, an_importer, people, sheet
from tests.world import World

AMINA = {"key": "1", "given_name": "Amina", "family_name": "Haddad", "birth_date": "01.04.1990"}


@pytest.mark.parametrize("roles", [(Role.CASE_MANAGER,), (Role.TEAM_LEAD,)])
async def test_nobody_else_sees_or_takes_an_import(world: World, roles: tuple[Role, ...]) -> None:
    importer = await an_importer(world)
    found = await importer.read("clients", sheet("clients", *people(2)))
    other = await world.person(*roles)

    answers = [
        await other.get(f"/v1/imports/{found['id']}"),
        await other.get(f"/v1/imports/{found['id']}/rows"),
        await other.post(f"/v1/imports/{found['id']}/take", {}),
        await other.post(f"/v1/imports/{found['id']}/undo"),
    ]

    wanted = 404 if roles == (Role.CASE_MANAGER,) else 403
    assert [answer.status_code for answer in answers] == [wanted] * 4
    assert await importer.count("clients") == 0


async def test_whoever_left_the_unit_sees_their_import_no_more(world: World) -> None:
    importer = await an_importer(world)
    found = await importer.read("clients", sheet("clients", *people(1)))
    await world.admin.execute("DELETE FROM memberships WHERE user_id = $1", importer.person.user_id)
    await world.admin.execute(
        """INSERT INTO memberships (municipal_area_id, id, user_id, role, unit_id)
        VALUES ($1, gen_random_uuid(), $2, 'case_manager', $3)""",
        world.area,
        importer.person.user_id,
        await world.unit("Caritas"),
    )

    assert (await importer.person.get(f"/v1/imports/{found['id']}")).status_code == 404


@pytest.mark.parametrize("restricted", [True, False])
async def test_a_person_whom_the_importer_does_not_see_is_not_revealed(
    world: World, restricted: bool
) -> None:
    await a_client(world, await world.case_manager(), restricted=restricted)
    importer = await an_importer(world)

    found = await importer.read("clients", sheet("clients", AMINA))

    assert (found["rows"]["ready"], found["rows"]["duplicate"]) == (1, 0)


async def test_the_same_key_of_a_colleague_tells_nothing(world: World) -> None:
    await (await an_importer(world)).taken("clients", *people(2))
    importer = await an_importer(world)

    found = await importer.read("clients", sheet("clients", *people(2)))

    assert (found["rows"]["ready"], found["rows"]["known"]) == (2, 0)


async def test_a_restricted_person_of_a_sheet_is_restricted_from_the_first_moment(world: World) -> None:
    importer = await an_importer(world)
    await importer.taken(
        "clients", AMINA | {"is_restricted": "ja"}, {**people(1)[0], "housing_type": "Frauenhaus"}
    )

    rows = await world.admin.fetch(
        """SELECT c.is_restricted, a.is_restricted FROM clients c JOIN assignments a ON a.client_id = c.id
        WHERE c.municipal_area_id = $1""",
        world.area,
    )
    assert [tuple(row) for row in rows] == [(True, True), (True, True)]


async def test_each_person_taken_and_undone_stands_in_the_journal(world: World) -> None:
    importer = await an_importer(world)
    await importer.undo((await importer.taken("clients", *people(3)))["id"])

    rows = await world.admin.fetch(
        """SELECT action, count(*), count(DISTINCT client_pseudonyms) FROM audit_journal
        WHERE municipal_area_id = $1 GROUP BY action""",
        world.area,
    )
    assert {row[0]: tuple(row)[1:] for row in rows} == {
        "import.announce": (1, 1),
        "import.read": (1, 1),
        "import.take": (1, 1),
        "import.undo": (1, 1),
        "client.create": (3, 3),
        "client.undo_import": (3, 3),
    }


async def test_what_a_sheet_said_is_gone_as_soon_as_it_is_taken(world: World) -> None:
    importer = await an_importer(world)
    await importer.taken("clients", *people(3))

    assert (
        await world.admin.fetchval(
            "SELECT count(*) FROM import_rows WHERE municipal_area_id = $1 AND content IS NOT NULL",
            world.area,
        )
        == 0
    )
    stored = await world.admin.fetchval(
        "SELECT string_agg(e::text, '') FROM import_effects e WHERE municipal_area_id = $1", world.area
    )
    assert "KIM-00001" not in stored


async def test_rows_are_swept_after_two_weeks_and_can_still_be_undone(
    world: World, settings: Settings
) -> None:
    importer = await an_importer(world)
    done = await importer.taken("clients", *people(3))
    assert settings.worker_database_url is not None
    database = Database.connect(driver_url(settings.worker_database_url.get_secret_value()), pool_size=2)
    sweeping = [job for job in jobs() if job.name == "sweep_imports"]
    try:
        await run_once(database, wire(), lambda: utc_now() + KEEP_ROWS - timedelta(hours=1), sweeping)
        assert await importer.count("import_rows") == 3
        await run_once(database, wire(), lambda: utc_now() + KEEP_ROWS + timedelta(hours=1), sweeping)
    finally:
        await database.close()

    assert await importer.count("import_rows") == 0
    assert (await importer.undo(done["id"]))["state"] == "undone"
    assert await importer.count("clients") == 0


async def test_sheets_an_hour_are_limited_and_registering_by_hand_is_not_touched(world: World) -> None:
    importer = await an_importer(world)
    await importer.taken("clients", *people(130))
    for _ in range(SHEETS_AN_HOUR - 1):
        await importer.announce()

    refused = await importer.person.post("/v1/imports", {"kind": "clients"})
    by_hand = await importer.person.post("/v1/clients", {"given_name": "Ute", "family_name": "Berg"})

    assert (refused.status_code, by_hand.status_code) == (429, 201)
    assert int(refused.headers["retry-after"]) > 3000


async def test_without_keys_nothing_is_read(world: World, app: FastAPI) -> None:
    importer = await an_importer(world)
    import_id = await importer.announce()
    keys: FieldKeys = app.state.field_keys
    app.state.field_keys = None
    try:
        answer = await importer.send(import_id, sheet("clients", *people(1)))
    finally:
        app.state.field_keys = keys

    assert answer.status_code == 503


async def _made(importer: Importer) -> tuple[UUID, list[UUID]]:
    done = await importer.taken("clients", *people(2))
    rows = await importer.report(done["id"])
    return UUID(done["id"]), [UUID(row["object_id"]) for row in rows]


_UNDO = "SELECT * FROM undo_imported_clients($1, $2::uuid[])"


async def test_the_function_that_undoes_takes_nothing_of_others_or_other_imports(world: World) -> None:
    importer = await an_importer(world)
    import_id, clients = await _made(importer)
    colleague = await world.case_manager()
    await world.admin.execute("UPDATE clients SET no_post = true WHERE id = $1", clients[0])

    async def undone(who: Importer, of: UUID) -> list[UUID]:
        async with world.sql(who.person) as db:
            return [row[0] for row in await (await db.driver()).fetch(_UNDO, of, clients)]

    assert await undone(Importer(world, colleague), import_id) == []
    assert await undone(importer, UUID(int=1)) == []
    assert await undone(importer, import_id) == [clients[1]]


async def test_nobody_registers_persons_of_others_by_set(world: World) -> None:
    import asyncpg

    importer = await an_importer(world)
    _, clients = await _made(importer)
    colleague = await world.case_manager()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(colleague) as db:
            await (await db.driver()).execute(
                "SELECT register_clients($1::uuid[], $2::uuid[])", clients, clients
            )
