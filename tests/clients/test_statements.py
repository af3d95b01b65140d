"""How many statements a request about persons takes."""

from app.kit.database import Database
from app.main import create_app
from app.settings import Settings, driver_url
from tests.clients.arrange import AMINA, new_client
from tests.world import World


async def test_reading_a_person_is_one_statement_beside_the_guards_and_searching_two(
    world: World, settings: Settings
) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    database = Database.connect(driver_url(settings.database_url.get_secret_value()), pool_size=1)
    seen: list[str] = []
    database.observe_statements(seen.append)
    app = create_app(settings, database=database)
    observed = World(app, world.admin).http(manager.http.headers["authorization"].removeprefix("Bearer "))
    try:
        # The driver asks once a connection how arrays are written.
        await observed.post("/v1/clients/search", json={"name": AMINA["given_name"]})
        for expected, send in (
            (2, lambda: observed.get(f"/v1/clients/{client_id}")),
            (2, lambda: observed.get("/v1/clients")),
            (3, lambda: observed.post("/v1/clients/search", json={"name": AMINA["given_name"]})),
        ):
            seen.clear()
            answer = await send()
            assert answer.status_code == 200
            work = [sql for sql in seen if not sql.startswith(("BEGIN", "COMMIT"))]
            # The session's opening, candidates where they are ranked, and the read with its journal entry.
            assert len(work) == expected, work
    finally:
        await observed.aclose()
        await database.close()
