"""Arrangement for tests about releases: areas full of figures, releases computed and published."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson

from app.access.context import SystemContext
from app.access.roles import Role
from app.kit.database import Database, System
from app.kit.events import Wiring
from app.kit.ids import new_id
from app.protection import Rules
from app.reporting.computation import compute
from app.reporting.handlers import Desk, compute_now
from app.reporting.material import Computed, Material
from app.reporting.parts import Part
from app.reporting.rules import Quarter, Refusal
from app.reporting.stated import LANGUAGES
from tests.reporting.frozen import rendered, whole_content
from tests.reporting.population import Population
from tests.world import Person, World


async def figures(
    world: World, quarter: str = "2025Q3", *, reports: int = 240, population: Population | None = None
) -> Population:
    """Fill an area with figures of one quarter, and with the assignments that tell its size."""
    population = population or Population()
    unit_id = await world.unit()
    rows = [
        {"municipal_area_id": world.area, "unit_id": unit_id, **row}
        for row in population.reports(Quarter.parse(quarter), reports)
    ]
    assignments = [
        {
            "municipal_area_id": world.area, "id": new_id(), "user_id": each.case_manager,
            "client_id": each.key, "case_id": each.key, "unit_id": unit_id, "kind": "lead",
            "active_from": datetime(2020, 1, 1, tzinfo=UTC), "created_by": each.case_manager,
        }
        for each in population.people
    ]  # fmt: skip
    if not await world.admin.fetchval("SELECT 1 FROM assignments WHERE municipal_area_id = $1", world.area):
        await insert(world.admin, "assignments", assignments)
    await insert(world.admin, "barrier_figures", rows)
    return population


async def insert(admin: asyncpg.Connection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows as they are, without the reports, cases and users that they would belong to."""
    rows = list(rows)
    async with admin.transaction():
        await admin.execute("SET LOCAL session_replication_role = replica")
        await admin.copy_records_to_table(
            table, columns=list(rows[0]), records=[tuple(row.values()) for row in rows]
        )


async def lay_published(world: World, *names: str, quarter: str = "2025Q3") -> str:
    """Lay a published release with tables of the catalogue filled by chance; return its id."""
    release_id, at = uuid4(), datetime(2025, 10, 6, tzinfo=UTC)
    names = names or ("categories_by_quarter", "effects_by_quarter")
    content = {
        f"content_{each}": orjson.dumps(whole_content(*names, language=each)).decode() for each in LANGUAGES
    }
    common = {"municipal_area_id": world.area}
    seal = {"sha256": "5e" * 32, "version": 1}
    await insert(
        world.admin, "published_releases",
        [{**common, "id": release_id, "quarter": quarter, "published_at": at, **content, **seal}],
    )  # fmt: skip
    rows = [(name, rendered(name)) for name in names]
    await insert(world.admin, "published_tables", [
        {**common, "release_id": release_id, "name": name, "json_de": each.json_de, "json_en": each.json_en,
         "csv_de": each.csv_de, "csv_en": each.csv_en}
        for name, each in rows
    ])  # fmt: skip
    return str(release_id)


async def compute_here(given: AsyncIterator[Material | Part]) -> Computed | Refusal:
    """Compute in this process, where a test can reach in; beside the loop, which keeps transactions awake."""
    material, *parts = [each async for each in given]
    assert isinstance(material, Material)
    return await asyncio.to_thread(compute, material, parts)


async def request(person: Person, quarter: str = "2025Q3", **more: Any) -> str:
    """Ask for a release and return its id."""
    answer = await person.post("/v1/releases", {"quarter": quarter, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def work(
    worker: Database, reporting: Database, area: str, release_id: str, *, rules: Rules | None = None
) -> None:
    """Do what the worker does with a requested release."""
    desk = Desk(reporting, rules or Rules(effort=50), compute_here)
    async with worker.transaction(System(area)) as db:
        await compute_now(SystemContext(db, area, datetime.now(UTC), Wiring()), desk, UUID(release_id))


class Office:
    """Two coordinators and the worker of one area."""

    def __init__(self, world: World, worker: Database, reporting: Database) -> None:
        self.world = world
        self.worker = worker
        self.reporting = reporting

    async def open(self) -> "Office":
        self.first = await self.world.person(Role.COORDINATOR)
        self.second = await self.world.person(Role.COORDINATOR)
        return self

    async def computed(self, quarter: str = "2025Q3", **more: Any) -> str:
        """Return a release that the first coordinator asked for and the worker has computed."""
        release_id = await request(self.first, quarter, **more)
        await work(self.worker, self.reporting, self.world.area, release_id)
        return release_id

    async def published(self, quarter: str = "2025Q3", **more: Any) -> str:
        """Return a release that the second coordinator has published."""
        release_id = await self.computed(quarter, **more)
        answer = await self.second.post(f"/v1/releases/{release_id}/publish")
        assert answer.status_code == 200, answer.text
        return release_id

    async def table(self, release_id: str, name: str, person: Person | None = None) -> dict[str, Any]:
        """Return a table as JSON, in English."""
        reader = person or self.first
        answer = await reader.http.get(
            f"/v1/releases/{release_id}/tables/{name}", headers={"Accept-Language": "en"}
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())
