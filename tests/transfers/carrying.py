"""Arrangement for documents that go along: files in the case, what lies at the other unit, planted faults."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.documents.arrange import folder_of, upload
from tests.documents.files import TEXT
from tests.transfers.arrange import (
    CATEGORIES,
    Scene,
    accept,
    agree,
    draft,
    offer,
)
from tests.world import World

WITH = [*CATEGORIES, "documents", "health"]
BIG = TEXT + b"x" * 200_000


async def put(scene: Scene, content: bytes = TEXT, *, path: str | None = None, **said: Any) -> str:
    """Upload a file into the case and say what it is; return its id."""
    answer = await upload(scene.manager, path or f"/v1/cases/{scene.case_id}/documents", content)
    assert answer.status_code == 201, answer.text
    made = str(answer.json()["id"])
    await say(scene, made, **{"title": "Schulzeugnis", "category": "certificate", **said})
    return made


async def say(scene: Scene, document_id: str, **said: Any) -> None:
    """Say anew what a document is."""
    path = f"/v1/documents/{document_id}"
    version = (await scene.manager.get(path)).json()["version"]
    answer = await scene.manager.patch(path, said, if_match=f'"{version}"')
    assert answer.status_code == 200, answer.text


async def accepted_with(scene: Scene, *documents: str) -> str:
    """Return a transfer with these documents that was accepted."""
    await agree(scene, data_categories=WITH, special_categories=["health"])
    transfer_id = await draft(scene, data_categories=WITH, document_ids=list(documents))
    await offer(scene, transfer_id)
    await accept(scene, transfer_id)
    return transfer_id


def blobs(scene: Scene, world: World) -> list[Path]:
    """Return everything that lies in the store for an area."""
    folder = folder_of(scene.wesel.app) / world.area
    return sorted(folder.iterdir()) if folder.exists() else []


async def rows(world: World) -> int:
    """Return how many documents an area has."""
    count = "SELECT count(*) FROM documents WHERE municipal_area_id = $1"
    return int(await world.admin.fetchval(count, world.area))


async def shown(scene: Scene, transfer_id: str) -> list[dict[str, Any]]:
    """Return the documents that the preview shows."""
    answer = await scene.manager.get(f"{scene.path}/{transfer_id}/preview")
    assert answer.status_code == 200, answer.text
    documents: list[dict[str, Any]] = answer.json()["content"]["documents"]
    return documents


@asynccontextmanager
async def careless(world: World, function: str, check: str, instead: str) -> AsyncIterator[None]:
    """Plant a fault: the function without one of its checks."""
    definition = await world.admin.fetchval("SELECT pg_get_functiondef($1::regproc)", function)
    assert check in definition, definition
    await world.admin.execute(definition.replace(check, instead))
    try:
        yield
    finally:
        await world.admin.execute(definition)
