"""How much an import of many rows takes: counts are asserted, memory is bounded, times are printed (`-s`).

KIM_TEST_IMPORT_ROWS=10000 gives the figures of docs/import.md.
"""

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psutil
import pytest

from app.settings import Settings
from tests.durability.processes import Kim, environment_of, free_port
from tests.hurry import NO_HURRY
from tests.imports.arrange import an_importer, as_xlsx, heading, people, sheet
from tests.world import World

ROWS = int(os.environ.get("KIM_TEST_IMPORT_ROWS", "2000"))
MEBIBYTE = 1024 * 1024
MOST_MORE = 160 * MEBIBYTE
"""What the API may need more than before the import, whatever the number of rows."""


@pytest.fixture
async def api(settings: Settings, tmp_path: Path) -> AsyncIterator[tuple[psutil.Process, str]]:
    """`kim serve` as a process of its own."""
    port = free_port()
    own = settings.model_copy(update={"port": port, "ops_port": 0, "pool_size": 4})
    environment = environment_of(own) | {"KIM_FIELD_KEYS_FILE": str(settings.field_keys_file)}
    async with Kim("serve", environment, tmp_path / "api") as process:
        await process.serves()
        assert process._process is not None
        yield psutil.Process(process._process.pid), f"http://127.0.0.1:{port}"


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_many_rows_are_taken_in_bounded_memory(
    world: World, api: tuple[psutil.Process, str], form: str
) -> None:
    process, url = api
    importer = await an_importer(world)
    rows = people(ROWS)
    names = list(rows[0])
    cells = [[heading("clients", name) for name in names], *([row[name] for name in names] for row in rows)]
    content = sheet("clients", *rows) if form == "csv" else as_xlsx(cells)
    before = process.memory_info().rss
    most = before
    headers = {**importer.person.http.headers, "content-type": "application/octet-stream"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=NO_HURRY) as http:
        import_id = (await http.post("/v1/imports", json={"kind": "clients"}, headers=_JSON)).json()["id"]
        began = time.monotonic()
        read = await http.post(f"/v1/imports/{import_id}/sheet", content=content)
        assert read.status_code == 200, read.text
        after_reading = time.monotonic()
        left = ROWS
        while left:
            taken = (await http.post(f"/v1/imports/{import_id}/take", json={}, headers=_JSON)).json()
            left = taken["left"]
            most = max(most, process.memory_info().rss)
        ended = time.monotonic()
    print(
        f"\n{form} {ROWS} rows: read {after_reading - began:.1f} s, taken {ended - after_reading:.1f} s;"
        f" API {before // MEBIBYTE} to {most // MEBIBYTE} MiB"
    )
    assert taken["rows"]["taken"] == ROWS
    assert await importer.count("clients") == ROWS
    assert most - before < MOST_MORE


_JSON = {"content-type": "application/json"}
