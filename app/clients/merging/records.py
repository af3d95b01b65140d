"""Two records of one person, loaded and compared: what a preview shows and a merge does."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.clients.histories.kinds import HISTORY, HistoryKind
from app.clients.histories.models import PERIOD_KEYS, Period, model_of
from app.clients.merging.models import DistinctClients
from app.clients.merging.rules import COMPARED, Outcome, columns_of, outcomes
from app.clients.models import Client, ClientNationality
from app.clients.numbers.models import OfficialNumber
from app.clients.restrictions.models import ProcessingRestriction
from app.kit.errors import Invalid, NotFound, Unavailable
from app.kit.sealing import FieldKeys


@dataclass(frozen=True, slots=True)
class Clash:
    """Two believed periods of one strand that overlap."""

    kind: HistoryKind
    kept: Period
    merged: Period

    @property
    def is_same(self) -> bool:
        return self.kept.valid == self.merged.valid and values_of(self.kept) == values_of(self.merged)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Official numbers of the merged record: those that follow, opened, and what the others are."""

    following: Mapping[str, str]
    same: Collection[str] = ()
    differing: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """The survivor and the other record."""

    kept: Client
    merged: Client

    @property
    def clients(self) -> tuple[UUID, UUID]:
        return (self.kept.id, self.merged.id)

    @property
    def pseudonyms(self) -> list[UUID]:
        return [self.kept.pseudonym, self.merged.pseudonym]

    def outcomes(self, take: Collection[str]) -> dict[str, Outcome]:
        """Return what becomes of the fields in which both differ."""
        return outcomes(_values(self.kept), _values(self.merged), take)


def _values(client: Client) -> dict[str, Any]:
    return {column: getattr(client, column) for name in COMPARED for column in columns_of(name)}


def values_of(period: Period) -> dict[str, Any]:
    """Return what a period says, without its key and times."""
    own = {column.key for column in type(period).__table__.columns} - PERIOD_KEYS
    return {name: getattr(period, name) for name in sorted(own)}


async def load_pair(ctx: Context, client_id: UUID, merged_id: UUID, *, lock: bool = False) -> Pair:
    """Return both records, on demand locked in one order for everybody; 404 for one that is not seen."""
    if client_id == merged_id:
        raise Invalid.at("body.merged_client_id", "somebody_else", "Name another record.")
    both = select(Client).where(Client.id.in_((client_id, merged_id)), Client.merged_into.is_(None))
    statement = both.order_by(Client.id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = {each.id: each for each in await ctx.db.scalars(statement)}
    if len(found) < 2:
        raise NotFound
    return Pair(found[client_id], found[merged_id])


async def clashes(ctx: Context, pair: Pair) -> list[Clash]:
    """Return the periods of both that cannot be believed together."""
    found: list[Clash] = []
    for kind in HISTORY.values():
        model = model_of(kind)
        statement = select(model).where(model.client_id.in_(pair.clients), model.superseded_at.is_(None))
        periods = list(await ctx.db.scalars(statement.order_by(model.id)))
        found += _clashing(kind, pair, periods)
    return found


def _clashing(kind: HistoryKind, pair: Pair, periods: Sequence[Period]) -> list[Clash]:
    ours = [each for each in periods if each.client_id == pair.kept.id]
    theirs = [each for each in periods if each.client_id == pair.merged.id]
    return [
        Clash(kind, one, other)
        for one in ours
        for other in theirs
        if kind.strand(values_of(one)) == kind.strand(values_of(other)) and one.valid.overlaps(other.valid)
    ]


async def compare_numbers(ctx: Context, keys: FieldKeys | None, pair: Pair) -> Numbers:
    """Return what becomes of the merged record's official numbers; 503 when they cannot be opened."""
    statement = select(OfficialNumber).where(OfficialNumber.client_id.in_(pair.clients))
    held = list(await ctx.db.scalars(statement))
    if not any(each.client_id == pair.merged.id for each in held):
        return Numbers({})
    if keys is None:
        raise Unavailable("This server was given no keys for official numbers.", retry_after=3600)
    opened = {(each.client_id, each.kind): _opened(keys, each) for each in held}
    theirs = {kind: number for (owner, kind), number in opened.items() if owner == pair.merged.id}
    ours = {kind: number for (owner, kind), number in opened.items() if owner == pair.kept.id}
    return Numbers(
        following={kind: number for kind, number in theirs.items() if kind not in ours},
        same=sorted(kind for kind, number in theirs.items() if ours.get(kind) == number),
        differing=sorted(kind for kind, number in theirs.items() if ours.get(kind, number) != number),
    )


def _opened(keys: FieldKeys, number: OfficialNumber) -> str:
    return keys.unseal(number.sealed, number.municipal_area_id, str(number.client_id), number.kind)


async def nationalities(ctx: Context, pair: Pair) -> list[str]:
    """Return the nationalities that the survivor will have, in order."""
    statement = select(ClientNationality).where(ClientNationality.client_id.in_(pair.clients))
    rows = sorted(
        await ctx.db.scalars(statement), key=lambda row: (row.client_id != pair.kept.id, row.position)
    )
    return list(dict.fromkeys(row.nationality for row in rows))


async def are_distinct(ctx: Context, pair: Pair) -> bool:
    """Tell whether somebody has said that these two are not the same person."""
    statement = select(DistinctClients.id).where(
        DistinctClients.client_id.in_(pair.clients), DistinctClients.other_client_id.in_(pair.clients)
    )
    return await ctx.db.scalar(statement.limit(1)) is not None


async def is_partly_restricted(ctx: Context, pair: Pair) -> bool:
    """Tell whether anything of the two is only kept (Art. 18 GDPR)."""
    statement = select(ProcessingRestriction.id).where(
        ProcessingRestriction.client_id.in_(pair.clients), ProcessingRestriction.lifted_at.is_(None)
    )
    return await ctx.db.scalar(statement.limit(1)) is not None
