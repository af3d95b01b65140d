"""The shapes that tables share: names of constraints, composite keys per municipal area, versions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    FetchedValue,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Text,
    Uuid,
    func,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from app.kit.ids import new_id

TENANT = "municipal_area_id"


def _own_columns(constraint: Any, _table: Any) -> str:
    names = [column if isinstance(column, str) else column.name for column in _columns(constraint)]
    return "_".join(name for name in names if name != TENANT) or TENANT


def _columns(constraint: Any) -> Sequence[Any]:
    return (
        constraint.column_keys if isinstance(constraint, ForeignKeyConstraint) else list(constraint.columns)
    )


NAMING: dict[str, Any] = {
    "own_columns": _own_columns,
    "uq": "uq_%(table_name)s_%(own_columns)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(own_columns)s",
    "pk": "pk_%(table_name)s",
}


class Xid8(UserDefinedType[int]):
    """PostgreSQL's transaction id without wrap-around: commit order for readers that catch up."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


class Table(DeclarativeBase):
    """Every mapped table; text is `text`, moments are aware.

    No eager defaults: INSERT ... RETURNING would fail where the row becomes visible only later.
    """

    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - the name that SQLAlchemy declares
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        int: Integer(),
    }


class OfArea:
    """A row of one municipal area: the tenant is the first part of its key."""

    municipal_area_id: Mapped[str] = mapped_column(primary_key=True, sort_order=-20)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-19)


class Marked:
    """The transaction that wrote the row last, for readers who catch up; a trigger moves it."""

    changed_xid: Mapped[int] = mapped_column(
        Xid8, server_default=func.pg_current_xact_id(), server_onupdate=FetchedValue(), sort_order=93
    )


class Versioned(Marked):
    """What a change carries; a trigger (`touch_row`) moves all of it with each update."""

    version: Mapped[int] = mapped_column(server_default="1", server_onupdate=FetchedValue(), sort_order=90)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=91)
    changed_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), server_onupdate=FetchedValue(), sort_order=92
    )


def to_area(column: str, target: str, **options: Any) -> ForeignKeyConstraint:
    """Return a foreign key that cannot leave the municipal area."""
    return ForeignKeyConstraint(
        ["municipal_area_id", column], [f"{target}.municipal_area_id", f"{target}.id"], **options
    )


def one_of(column: str, values: Sequence[str]) -> CheckConstraint:
    """Return a check that a text column holds one of these words (enum comparison is not leakproof)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
