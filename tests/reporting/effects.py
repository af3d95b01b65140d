"""Releases as published, laid with a few cells; and an obstacle whose measures are carried out."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from app.access.roles import Role
from tests.obstacles.arrange import in_project_group, moved
from tests.reporting.arrange import insert
from tests.reporting.laid import change
from tests.world import Person, World

ABOUT = {"barrier_types": ["K1"], "institution_types": ["jobcenter"]}


async def publish(
    world: World, quarter: str, cases: int | None, *, clients: int | None = 400, **more: Any
) -> UUID:
    """Lay a published release: the cell of K1 at benefit agencies, and the active clients."""
    coverage = more.get("coverage", "75_to_100")
    sums: Mapping[tuple[str, str], int | None] = more.get("sums", {})
    release = uuid4()
    at = datetime(2026, 11, 1, tzinfo=UTC)
    row = {
        "municipal_area_id": world.area, "id": release, "quarter": quarter,
        "state": more.get("state", "published"),
        "requested_by": uuid4(), "published_by": uuid4(), "computed_at": at, "published_at": at,
        "content_de": json.dumps({"coverage": coverage}), "content_en": "{}", "sha256": "0",
    }  # fmt: skip
    if row["state"] != "published":
        row["published_by"] = None
    signals = {("K1", "benefits"): cases, **sums}
    cells = [
        _cell(world, release, "signals", place, f"barrier={codes[0]}", list(codes), value)
        for place, (codes, value) in enumerate(signals.items())
    ]
    total = f"clients=active&quarter={quarter}"
    cells.append(_cell(world, release, "clients_sex", 0, total, ["total"], clients))
    await _as_json(world, "releases", [row])
    await insert(world.admin, "release_cells", cells)
    return release


async def _as_json(world: World, table: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows with JSON, which a copy does not take from text."""
    columns = ", ".join(rows[0])
    async with world.admin.transaction():
        await world.admin.execute("SET LOCAL session_replication_role = replica")
        for row in rows:
            await world.admin.execute(
                f"""INSERT INTO {table} ({columns})
                SELECT {columns} FROM jsonb_populate_record(NULL::{table}, $1)""",
                json.dumps(
                    {
                        name: json.loads(value) if name.startswith("content_") else value
                        for name, value in row.items()
                    },
                    default=str,
                ),
            )


def _cell(
    world: World, release: UUID, table: str, place: int, key: str, codes: list[str], value: int | None
) -> dict[str, Any]:
    status = "suppressed" if value is None else "published" if value else "zero"
    return {
        "municipal_area_id": world.area, "release_id": release, "table_name": table, "position": place,
        "key": key, "codes": codes, "status": status, "value": value,
    }  # fmt: skip


async def publish_all(world: World, cases: Mapping[str, int | None], **more: Any) -> None:
    """Lay a published release for each quarter."""
    for quarter, number in cases.items():
        await publish(world, quarter, number, **more)


async def implemented(
    world: World, coordinator: Person, done: tuple[date, date] | None = None, about: dict[str, Any] = ABOUT
) -> str:
    """Bring an obstacle to `implemented`, its two measures carried out on these days."""
    obstacle = await in_project_group(world, coordinator)
    path = f"/v1/obstacles/{obstacle['id']}"
    unit = str(await world.unit())
    second = await coordinator.post(f"{path}/measures", {"title": "Sprechstunde", "unit_id": unit})
    assert second.status_code == 201, second.text
    changed = await coordinator.get(path)
    answer = await coordinator.patch(path, about, if_match=changed.headers["ETag"])
    assert answer.status_code == 200, answer.text
    for measure in answer.json()["measures"]:
        done_now = await coordinator.patch(
            f"{path}/measures/{measure['id']}", {"state": "done"}, if_match=f'"{measure["version"]}"'
        )
        assert done_now.status_code == 200, done_now.text
    decided = {"decided_on": "2025-01-20", "minute": "LG 1/2025 TOP 4"}
    await moved(coordinator, obstacle["id"], "decided", **decided)
    await moved(coordinator, obstacle["id"], "implemented")
    since, until = done or (date(2025, 2, 10), date(2025, 4, 20))
    ids = [UUID(each["id"]) for each in answer.json()["measures"]]
    for measure_id, day in zip(ids, (since, until), strict=True):
        await change(world.admin, "UPDATE obstacle_measures SET done_on = $2 WHERE id = $1", measure_id, day)
    return str(obstacle["id"])


async def coordinator_of(world: World) -> Person:
    """Return a coordinator."""
    return await world.person(Role.COORDINATOR)


async def check(coordinator: Person, obstacle_id: str) -> dict[str, Any]:
    """Check the effect."""
    answer = await coordinator.post(f"/v1/obstacles/{obstacle_id}/effect-checks")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())
