"""Arrangement for tests about documents: a case, files in it, an application with another shelf."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from app.documents.inspection import Reason, Refused, kind_of
from app.documents.shelf import Shelf
from tests.cases.arrange import a_client, open_case
from tests.documents.files import TEXT
from tests.world import Person, World


@dataclass
class Office:
    """A case of Amina Haddad and its lead."""

    world: World
    lead: Person
    client_id: str
    case_id: str

    @property
    def path(self) -> str:
        return f"/v1/cases/{self.case_id}/documents"

    async def put(self, content: bytes = TEXT, **how: Any) -> dict[str, Any]:
        """Upload a file into the case and return the document."""
        answer = await upload(self.lead, self.path, content, **how)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def stored(self, document_id: str) -> Path:
        """Return where the bytes of a document lie."""
        blob = await self.world.admin.fetchval("SELECT blob_id FROM documents WHERE id = $1", document_id)
        return folder_of(self.world.app) / self.world.area / str(blob)

    def blobs(self) -> list[Path]:
        """Return everything that lies in the store for this area."""
        folder = folder_of(self.world.app) / self.world.area
        return sorted(folder.iterdir()) if folder.exists() else []


async def an_office(world: World) -> Office:
    """Return a case with its lead."""
    lead = await world.case_manager()
    client_id = await a_client(world, lead)
    return Office(world, lead, client_id, await open_case(lead, client_id))


async def upload(
    person: Person, path: str, content: bytes | AsyncIterator[bytes] = TEXT, **headers: str
) -> httpx.Response:
    """Send a file."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return await person.http.post(
        path, content=content, headers={"Content-Type": "application/octet-stream", **said}
    )


async def filed_long_ago(office: Office, document_id: str) -> None:
    """Let a document have come in years ago, and its time be over."""
    await office.world.admin.execute(
        """UPDATE documents SET created_at = '2019-06-01', dated_on = '2019-06-01', keep_until = '2020-12-31'
        WHERE id = $1""", document_id,
    )  # fmt: skip


def folder_of(app: FastAPI) -> Path:
    """Return the folder in which the application under test keeps documents."""
    folder: Path | None = app.state.settings.documents_folder
    assert folder is not None
    return folder


@contextmanager
def another_shelf(app: FastAPI, **changes: Any) -> Iterator[Shelf]:
    """Give the application another shelf for a while."""
    kept: Shelf = app.state.shelf
    app.state.shelf = replace(kept, **changes)
    try:
        yield app.state.shelf
    finally:
        app.state.shelf = kept


def refused(content: bytes) -> Reason | None:
    """Return why a file is refused; None for one that is kept."""
    try:
        kind_of(content)
    except Refused as found:
        return found.reason
    return None
