"""Killed in the middle and continued: what a chunk wrote and that it was taken commit together."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from app.settings import Settings
from tests.durability.processes import ROOT, Kim, environment_of, eventually, free_port
from tests.hurry import NO_HURRY
from tests.identity.arrange import PASSWORD, give_password
from tests.imports.arrange import Importer, an_importer, people, sheet
from tests.serving import serving
from tests.world import World

ROWS = int(os.environ.get("KIM_TEST_IMPORT_ROWS", "1100"))
"""Enough for several chunks; `test_volume.py` measures more."""

_WAITS = """SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'import_effects'::regclass AND NOT granted
    AND mode = 'RowExclusiveLock')"""


@asynccontextmanager
async def effects_locked(importer: Importer) -> AsyncIterator[None]:
    """Let the next chunk write its persons and then wait, until the end of this block."""
    async with importer.world.admin.transaction():
        await importer.world.admin.execute("LOCK TABLE import_effects IN SHARE MODE")
        yield


async def a_chunk_waits(importer: Importer) -> None:
    """Wait until a chunk has written its persons and cannot note it."""

    async def waits() -> bool:
        return bool(await importer.world.admin.fetchval(_WAITS))

    await eventually(waits, "a chunk has written its persons and waits to note it")


@pytest.fixture
async def api(settings: Settings, tmp_path: Path) -> AsyncIterator[tuple[Kim, str]]:
    """`kim serve` as a process of its own."""
    port = free_port()
    own = settings.model_copy(update={"port": port, "ops_port": 0, "pool_size": 4})
    environment = environment_of(own) | {"KIM_FIELD_KEYS_FILE": str(settings.field_keys_file)}
    async with Kim("serve", environment, tmp_path / "api") as process:
        await process.serves()
        yield process, f"http://127.0.0.1:{port}"


async def test_an_import_goes_on_where_a_killed_server_left_it(world: World, api: tuple[Kim, str]) -> None:
    process, url = api
    importer = await an_importer(world)
    found = await importer.read("clients", sheet("clients", *people(ROWS)))
    path = f"{url}/v1/imports/{found['id']}/take"
    async with httpx.AsyncClient(headers=importer.person.http.headers, timeout=NO_HURRY) as http:
        first = (await http.post(path, json={})).json()
        assert first["rows"]["taken"] == 250
        async with effects_locked(importer):
            cut_off = asyncio.create_task(http.post(path, json={}))
            await a_chunk_waits(importer)
            await process.kill()
        with pytest.raises(httpx.HTTPError):
            await cut_off

    async def nothing_of_it_is_left() -> bool:
        return await importer.count("clients") == 250

    await eventually(nothing_of_it_is_left, "the chunk that was cut off is undone by the database")
    assert await importer.count("import_effects") == 250
    await process.start()
    await process.serves()
    async with httpx.AsyncClient(headers=importer.person.http.headers, timeout=NO_HURRY) as http:
        left = ROWS
        while left:
            left = (await http.post(path, json={})).json()["left"]

    for table in ("clients", "import_effects", "assignments"):
        assert await importer.count(table) == ROWS, table
    assert await _distinct_keys(importer) == ROWS


async def test_an_import_goes_on_where_a_killed_command_left_it(world: World, tmp_path: Path) -> None:
    importer = await an_importer(world)
    email = await give_password(world, importer.person)
    file = tmp_path / "personen.csv"
    file.write_bytes(sheet("clients", *people(ROWS)))
    async with serving(world.app) as url:
        command = await _kim_import(url, email, str(file))

        async def begun() -> bool:
            return await importer.count("import_effects") > 0

        await eventually(begun, "the first chunk is taken")
        async with effects_locked(importer):
            await a_chunk_waits(importer)
            command.kill()
            await command.wait()
        (found,) = (await importer.person.get("/v1/imports")).json()["items"]

        again = await _kim_import(url, email, "--continue", found["id"])
        said, wrong = await again.communicate()

    assert again.returncode == 0, wrong.decode()
    assert f"{ROWS} übernommen" in said.decode()
    assert await importer.count("clients") == ROWS
    assert await _distinct_keys(importer) == ROWS


async def _distinct_keys(importer: Importer) -> int:
    found = await importer.world.admin.fetchval(
        """SELECT count(DISTINCT (given_name, family_name, birth_date)) FROM clients
        WHERE municipal_area_id = $1""",
        importer.world.area,
    )
    return int(found)


async def _kim_import(url: str, email: str, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.cli", "import", *arguments, "--as", email, "--server", url,
        cwd=ROOT, env={**os.environ, "KIM_PASSWORD": PASSWORD, "COLUMNS": "200"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
