"""Reading merges, persons who are distinct, and whom a merged record became."""

from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.audit import reading
from app.clients import queries
from app.clients.merging.models import ClientMerge, DistinctClients
from app.clients.models import Client
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_MERGE = select(
    ClientMerge.id,
    ClientMerge.client_id,
    ClientMerge.merged_client_id,
    ClientMerge.reason,
    ClientMerge.taken,
    ClientMerge.merged_by,
    ClientMerge.merged_at,
    ClientMerge.undo_until,
    ClientMerge.undone_at,
    ClientMerge.undone_by,
    ClientMerge.stayed,
    ClientMerge.final_at,
    Client.pseudonym.label("_client"),
).join_from(
    ClientMerge,
    Client,
    (Client.municipal_area_id == ClientMerge.municipal_area_id) & (Client.id == ClientMerge.client_id),
)
MERGES = reading.many(
    "client.list_merges",
    "client_merge",
    _MERGE.where(ClientMerge.client_id == bindparam("client_id")),
    order=("id",),
    descending=True,
)
ONE_MERGE = reading.one("client.read_merge", "client_merge", _MERGE.where(ClientMerge.id == bindparam("id")))

_DISTINCT = select(
    DistinctClients.id,
    DistinctClients.client_id,
    DistinctClients.other_client_id,
    DistinctClients.reason,
    DistinctClients.decided_by,
    DistinctClients.decided_at,
    Client.pseudonym.label("_client"),
).join_from(
    DistinctClients,
    Client,
    (Client.municipal_area_id == DistinctClients.municipal_area_id)
    & (Client.id == DistinctClients.client_id),
)
DISTINCT = reading.many("client.list_distinct", "distinct_clients", _DISTINCT, order=("id",), descending=True)
ONE_DISTINCT = reading.one(
    "client.read_distinct", "distinct_clients", _DISTINCT.where(DistinctClients.id == bindparam("id"))
)


async def list_merges(ctx: Context, client_id: UUID, page: PageRequest) -> JsonBytes:
    """Return a page of the merges into a person, the newest first."""
    return await MERGES.answer(ctx.db, page, client_id=client_id)


async def read_merge(ctx: Context, merge_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_MERGE.answer(ctx.db, status=status, id=merge_id)


async def list_distinct(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return a page of the pairs one sees that are not the same person, the newest first."""
    return await DISTINCT.answer(ctx.db, page)


async def read_distinct(ctx: Context, distinct_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_DISTINCT.answer(ctx.db, status=status, id=distinct_id)


async def read_client_or_survivor(ctx: Context, client_id: UUID, *, status: int = 200) -> JsonBytes:
    """Return a person, or whom a merged record became, for those who see that person."""
    try:
        return await queries.read_client(ctx, client_id, status=status)
    except NotFound:
        survivor: UUID | None = await ctx.db.scalar(
            select(ClientMerge.client_id).where(
                ClientMerge.merged_client_id == client_id, ClientMerge.undone_at.is_(None)
            )
        )
        if survivor is None:
            raise
    answer = await queries.read_client(ctx, survivor, status=status)
    answer.headers["Content-Location"] = f"/v1/clients/{survivor}"
    return answer
