"""Reading histories: the whole of one person, one period, and the part that a person's page carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Text,
    bindparam,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
)

from app.access.context import Context
from app.audit import reading
from app.clients.disputes.marks import disputes_of_entry, disputes_of_one
from app.clients.disputes.models import Dispute
from app.clients.histories.kinds import HISTORY, HistoryKind, HistoryName
from app.clients.histories.models import Address, Period, ResidenceDocument, model_of
from app.clients.models import Client
from app.clients.restrictions.gate import is_kept_only, restrictions_of_one
from app.clients.restrictions.models import ProcessingRestriction
from app.clients.rules import ADDRESS_HIDDEN, EXPIRED, SHELTER
from app.kit.clock import local_date
from app.kit.errors import Invalid
from app.kit.reading import JsonBytes, One

TODAY = bindparam("today", type_=Date)
AS_OF = bindparam("as_of", type_=DateTime(timezone=True))
ONE_DAY: ColumnElement[Any] = literal_column("1")
_HIDDEN = {"municipal_area_id", "client_id", "valid"}


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the marks of a period are looked up: in their tables, or among those of the person `:id`.

    Each look at a table asks for the reader's rights again, so a statement about one person takes the latter.
    """

    disputes: Any = Dispute
    restrictions: Any = ProcessingRestriction

    @classmethod
    def of_one(cls) -> "Marks":
        return cls(disputes_of_one(), restrictions_of_one())


def columns(kind: HistoryKind, among: Marks) -> list[ColumnElement[Any]]:
    """Return what an answer shows of a period."""
    model = model_of(kind)
    own = [column for column in model.__table__.columns if column.name not in _HIDDEN]
    shown: list[ColumnElement[Any]] = [
        *own,
        func.lower(model.valid).label("valid_from"),
        (func.upper(model.valid) - ONE_DAY).label("valid_until"),
    ]
    disputes = disputes_of_entry(model, among.disputes).label("disputes")
    is_kept = is_kept_only(model, among.restrictions).label("is_kept_only")
    return [*shown, *_hints(model), disputes, is_kept]


def _hints(model: type[Period]) -> list[ColumnElement[Any]]:
    if model is ResidenceDocument:
        passed = ResidenceDocument.printed_end < TODAY
        current = ResidenceDocument.superseded_at.is_(None) & ResidenceDocument.valid.op("@>")(TODAY)
        return [case((passed & current, literal_column(f"'{EXPIRED}'", Text)), else_=null()).label("hint")]
    if model is Address:
        return [
            case(
                (
                    Address.housing_type == literal_column(f"'{SHELTER}'"),
                    literal_column(f"'{ADDRESS_HIDDEN}'", Text),
                ),
                else_=null(),
            ).label("hint")
        ]
    return []


class Believed(StrEnum):
    """Which rows of a history: those believed now, all that ever were, or those believed at a moment."""

    NOW = "now"
    EVER = "ever"
    THEN = "then"


def periods_of_client(kind: HistoryKind, among: Marks, which: Believed = Believed.NOW) -> ColumnElement[Any]:
    """Return the periods of the client in the enclosing select as JSON, latest first."""
    model = model_of(kind)
    rows = select(*columns(kind, among)).where(
        model.municipal_area_id == Client.municipal_area_id, model.client_id == Client.id
    )
    if which is Believed.NOW:
        rows = rows.where(model.superseded_at.is_(None))
    elif which is Believed.THEN:
        not_yet = or_(model.superseded_at.is_(None), model.superseded_at > AS_OF)
        rows = rows.where(model.recorded_at <= AS_OF, not_yet)
    rows = rows.order_by(func.lower(model.valid).desc().nulls_last(), model.id.desc()).correlate(Client)
    part = rows.subquery()
    return select(
        func.coalesce(func.json_agg(part.table_valued()), func.json_build_array())
    ).scalar_subquery()


def _history(kind: HistoryKind, which: Believed) -> One:
    items = periods_of_client(kind, Marks.of_one(), which).label("items")
    statement = select(Client.id, Client.version, items, Client.pseudonym.label("_client"))
    return reading.one("client.read", "client", statement.where(Client.id == bindparam("id")))


def _one(kind: HistoryKind) -> One:
    model = model_of(kind)
    statement = select(*columns(kind, Marks()), Client.pseudonym.label("_client")).join_from(
        model, Client, (Client.municipal_area_id == model.municipal_area_id) & (Client.id == model.client_id)
    )
    return reading.one("client.read", kind.act, statement.where(model.id == bindparam("id")))


_HISTORIES: Mapping[tuple[HistoryName, Believed], One] = {
    (name, which): _history(kind, which) for name, kind in HISTORY.items() for which in Believed
}
_ONE: Mapping[HistoryName, One] = {name: _one(kind) for name, kind in HISTORY.items()}


async def read_history(
    ctx: Context,
    name: HistoryName,
    client_id: UUID,
    *,
    superseded: bool = False,
    as_of: datetime | None = None,
) -> JsonBytes:
    """Return the periods that are believed now, with those believed before, or those believed at a moment.

    Raises 422 for a moment that has not come: nobody knows what will be believed.
    """
    today = local_date(ctx.now)
    if as_of is None:
        which = Believed.EVER if superseded else Believed.NOW
        return await _HISTORIES[name, which].answer(ctx.db, id=client_id, today=today)
    if as_of > ctx.now:
        raise Invalid.at("query.as_of", "in_the_future", "What is believed then is not known yet.")
    return await _HISTORIES[name, Believed.THEN].answer(ctx.db, id=client_id, today=today, as_of=as_of)


async def read_period(ctx: Context, name: HistoryName, period_id: UUID, *, status: int = 200) -> JsonBytes:
    return await _ONE[name].answer(ctx.db, status=status, id=period_id, today=local_date(ctx.now))
