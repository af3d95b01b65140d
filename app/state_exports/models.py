"""Tables of exports to a state-wide database: the shell, the sealed file, who is in it, pseudonyms."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import BYTEA, JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from app.kit.tables import OfArea, Table, Versioned, one_of, to_area
from app.state_exports.rules import OPEN, Refusal, State


def _in_state(*states: State) -> str:
    return f"state IN ({', '.join(repr(each.value) for each in states)})"


def _told_later(*kind: Any) -> MappedColumn[Any]:
    """Return a column that tells of who is in a file: functions alone read it, of a fetched file."""
    return mapped_column(*kind, deferred=True, deferred_raiseload=True)


class StateExport(OfArea, Versioned, Table):
    """One quarter of one unit for one recipient: where it stands, what would leave, in bands."""

    __tablename__ = "state_exports"
    __table_args__ = (
        to_area("unit_id", "units"),
        to_area("institution_id", "institutions"),
        to_area("requested_by", "users"),
        to_area("released_by", "users"),
        one_of("state", tuple(State)),
        one_of("refusal", tuple(Refusal)),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused"),
        CheckConstraint("num_nulls(figures, figures_at, figures_until) IN (0, 3)", name="figures"),
        CheckConstraint("figures_until - figures_at >= interval '7 days'", name="figures_hold"),
        CheckConstraint("figures IS NOT NULL OR NOT figures_are_own", name="own_figures"),
        ExcludeConstraint(
            (text("municipal_area_id"), "="),
            (text("unit_id"), "="),
            (text("institution_id"), "="),
            (text("tstzrange(figures_at, figures_until)"), "&&"),
            where=text("figures_are_own"),
            name="ex_state_exports_figures",
        ),
        CheckConstraint("num_nulls(released_by, released_at) IN (0, 2)", name="release"),
        CheckConstraint("released_by <> requested_by", name="two_persons"),
        Index("uq_state_exports_open", "municipal_area_id", "unit_id", "institution_id", unique=True,
              postgresql_where=text(_in_state(*OPEN))),
    )  # fmt: skip

    unit_id: Mapped[UUID]
    institution_id: Mapped[UUID]
    quarter: Mapped[str]
    profile: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="requested")
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]
    refusal: Mapped[str | None]
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What would leave and what is left out, in bands (`app.state_exports.dry_run`)."""
    figures_at: Mapped[datetime | None]
    """When they were computed, for this export or an earlier one."""
    figures_until: Mapped[datetime | None]
    """Until then nothing is computed anew of this unit for this recipient."""
    figures_are_own: Mapped[bool] = mapped_column(server_default="false")
    """Whether they were computed for this export, and not taken from an earlier one."""
    checked_at: Mapped[datetime | None]
    released_by: Mapped[UUID | None]
    released_at: Mapped[datetime | None]
    composed_at: Mapped[datetime | None]
    keep_until: Mapped[datetime | None]
    """The fixed end; the file itself may go earlier, which only its recipient is told."""
    fetched_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class StateExportFile(OfArea, Table):
    """The file, for its recipient alone; `id` is the export's. The content goes with what ends it."""

    __tablename__ = "state_export_files"
    __table_args__ = (
        to_area("id", "state_exports"),
        to_area("fetched_by", "users"),
        to_area("acknowledged_by", "users"),
        CheckConstraint("num_nulls(sealed_key, sealed_content) IN (0, 2)", name="sealed"),
        CheckConstraint("num_nulls(fetched_at, fetched_by) IN (0, 2)", name="fetched"),
        CheckConstraint("num_nulls(acknowledged_at, acknowledged_by) IN (0, 2)", name="acknowledged"),
        CheckConstraint("acknowledged_at IS NULL OR fetched_at IS NOT NULL", name="in_order"),
        Index("ix_state_export_files_institution", "municipal_area_id", "institution_id", "composed_at"),
    )

    institution_id: Mapped[UUID]
    quarter: Mapped[str]
    profile: Mapped[str]
    persons: Mapped[int] = _told_later()
    withdrawals: Mapped[int] = _told_later()
    size_bytes: Mapped[int] = _told_later(BigInteger)
    sha256: Mapped[str] = _told_later()
    composed_at: Mapped[datetime]
    keep_until: Mapped[datetime] = _told_later()
    """No later than the first consent in it ends."""
    sealed_key: Mapped[str | None] = _told_later()
    sealed_content: Mapped[bytes | None] = _told_later(BYTEA)
    fetched_at: Mapped[datetime | None]
    fetched_by: Mapped[UUID | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None]


class StateExportPerson(Table):
    """Who is in a file that can be called back, for the disclosure log; without their pseudonym outside."""

    __tablename__ = "state_export_persons"
    __table_args__ = (
        to_area("export_id", "state_exports", ondelete="CASCADE"),
        Index("ix_state_export_persons_client", "municipal_area_id", "client_pseudonym"),
    )

    municipal_area_id: Mapped[str] = mapped_column(primary_key=True)
    export_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    client_pseudonym: Mapped[UUID]
    data_categories: Mapped[list[str]] = mapped_column(ARRAY(Text))


class StateExportPseudonym(Table):
    """A pseudonym that a file holds, so that its withdrawal can be told; without the person."""

    __tablename__ = "state_export_pseudonyms"
    __table_args__ = (to_area("export_id", "state_exports", ondelete="CASCADE"),)

    municipal_area_id: Mapped[str] = mapped_column(primary_key=True)
    export_id: Mapped[UUID] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(primary_key=True)
    is_withdrawal: Mapped[bool]
