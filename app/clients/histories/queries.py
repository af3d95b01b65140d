"""Reading histories: the whole of one person, one period, and the part that a person's page carries."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Text, bindparam, case, func, literal_column, null, select

from app.access.context import Context
from app.audit import reading
from app.clients.histories.kinds import HISTORY, HistoryKind, HistoryName
from app.clients.histories.models import Address, Period, ResidenceDocument
from app.clients.models import Client
from app.clients.rules import ADDRESS_HIDDEN, EXPIRED, SHELTER
from app.kit.clock import local_date
from app.kit.reading import JsonBytes, One

TODAY = bindparam("today", type_=Date)
ONE_DAY: ColumnElement[Any] = literal_column("1")
_HIDDEN = {"municipal_area_id", "client_id", "valid"}


def columns(kind: HistoryKind) -> list[ColumnElement[Any]]:
    """Return what an answer shows of a period."""
    model = kind.model
    own = [column for column in model.__table__.columns if column.name not in _HIDDEN]
    shown: list[ColumnElement[Any]] = [
        *own,
        func.lower(model.valid).label("valid_from"),
        (func.upper(model.valid) - ONE_DAY).label("valid_until"),
    ]
    return [*shown, *_hints(model)]


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


def periods_of_client(kind: HistoryKind, *, superseded: bool = False) -> ColumnElement[Any]:
    """Return the periods of the client in the enclosing select as JSON, latest first."""
    model = kind.model
    rows = select(*columns(kind)).where(
        model.municipal_area_id == Client.municipal_area_id, model.client_id == Client.id
    )
    if not superseded:
        rows = rows.where(model.superseded_at.is_(None))
    rows = rows.order_by(func.lower(model.valid).desc().nulls_last(), model.id.desc()).correlate(Client)
    part = rows.subquery()
    return select(
        func.coalesce(func.json_agg(part.table_valued()), func.json_build_array())
    ).scalar_subquery()


def _history(kind: HistoryKind, *, superseded: bool) -> One:
    items = periods_of_client(kind, superseded=superseded).label("items")
    statement = select(Client.id, Client.version, items, Client.pseudonym.label("_client"))
    return reading.one("client.read", "client", statement.where(Client.id == bindparam("id")))


def _one(kind: HistoryKind) -> One:
    model = kind.model
    statement = select(*columns(kind), Client.pseudonym.label("_client")).join_from(
        model, Client, (Client.municipal_area_id == model.municipal_area_id) & (Client.id == model.client_id)
    )
    return reading.one("client.read", kind.act, statement.where(model.id == bindparam("id")))


_BELIEVED: Mapping[HistoryName, One] = {
    name: _history(kind, superseded=False) for name, kind in HISTORY.items()
}
_RECORDED: Mapping[HistoryName, One] = {
    name: _history(kind, superseded=True) for name, kind in HISTORY.items()
}
_ONE: Mapping[HistoryName, One] = {name: _one(kind) for name, kind in HISTORY.items()}


async def read_history(
    ctx: Context, name: HistoryName, client_id: UUID, *, superseded: bool = False
) -> JsonBytes:
    """Return the periods that are believed now, or with those that were believed before."""
    read = (_RECORDED if superseded else _BELIEVED)[name]
    return await read.answer(ctx.db, id=client_id, today=local_date(ctx.now))


async def read_period(ctx: Context, name: HistoryName, period_id: UUID, *, status: int = 200) -> JsonBytes:
    return await _ONE[name].answer(ctx.db, status=status, id=period_id, today=local_date(ctx.now))
