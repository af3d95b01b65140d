"""Catching up over HTTP."""

from typing import Annotated

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.catalogues.language import Preferred
from app.kit.catching_up import LONGEST_CURSOR
from app.kit.pages import MAXIMUM
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.work.sync import queries
from app.work.sync.schemas import SyncContents, SyncFetch, SyncRead

router = Router(prefix="/v1/sync", tags=["work"])
Reader = Annotated[Context, allow(Permission.SYNC_READ)]
Since = Annotated[
    str | None,
    Query(min_length=20, max_length=LONGEST_CURSOR, description="`next` of the answer before"),
]
Limit = Annotated[int, Query(ge=1, le=MAXIMUM, description="lines on the page")]


@router.get("", response_model=SyncRead)
async def read_changes(ctx: Reader, since: Since = None, limit: Limit = MAXIMUM) -> JsonBytes:
    """Read what changed in one's cases since a cursor: ids and versions; without a cursor, everything.

    That is each case and its client, their consents, guardians and documents (never the file), and what
    is in the case: tasks, contacts and drafts, assessment, goals, measures, referrals, interpreting,
    conferences, pathways, school entries, changes of the legal domain, transfers, barriers and proposals.
    What is read with its parts moves with each of them: participants, requirements, steps, items.
    """
    return (await queries.read_changes(ctx, since, limit)).answer()


@router.post("/fetch", response_model=SyncContents)
async def fetch_contents(ctx: Reader, language: Preferred, body: SyncFetch) -> JsonBytes:
    """Read up to fifty things at once, each with the same rights and journal as at its own address.

    What may not be seen is `missing`, and withheld fields are absent here as there.
    """
    return await queries.read_contents(ctx, language, [(each.kind, each.id) for each in body.items])
