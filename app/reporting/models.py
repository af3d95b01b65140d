"""Tables of releases, their cells and renderings, the ledger, and what is published.

Cells, renderings and ledger are written once, by the worker; nobody may change or delete them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, one_of, to_area
from app.reporting.rules import DETAILS, OPEN, Refusal, State

_OPEN = ", ".join(f"'{state}'" for state in OPEN)
_QUARTER = "quarter ~ '^2[01][0-9]{2}Q[1-4]$'"
STATUSES = ("published", "zero", "suppressed", "not_collected")
_OF_QUOTIENTS = ("too_few", "no_base")
_MEASURED = (
    "(status IN ('published', 'zero')) = (value IS NOT NULL)"
    " AND (status = 'zero') = (value IS NOT DISTINCT FROM 0)"
)


class Release(OfArea, Versioned, Table):
    """One quarter's set of tables of one area, from the request to publication."""

    __tablename__ = "releases"
    __table_args__ = (
        to_area("requested_by", "users"),
        to_area("published_by", "users"),
        one_of("state", tuple(State)),
        one_of("refusal", tuple(Refusal)),
        one_of("detail", DETAILS),
        CheckConstraint(_QUARTER, name="quarter"),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_with_a_reason"),
        CheckConstraint("(state = 'published') = (published_by IS NOT NULL)", name="published_by_somebody"),
        CheckConstraint("published_by <> requested_by", name="two_persons"),
        CheckConstraint("num_nulls(content_de, content_en, sha256) IN (0, 3)", name="content_is_sealed"),
        CheckConstraint(
            "state NOT IN ('computed', 'published') OR sha256 IS NOT NULL", name="computed_has_content"
        ),
        # Two computed side by side would not know each other's cells.
        Index(
            "uq_releases_open", "municipal_area_id", unique=True,
            postgresql_where=text(f"state IN ({_OPEN})"),
        ),
        Index(
            "uq_releases_quarter", "municipal_area_id", "quarter", unique=True,
            postgresql_where=text("state IN ('requested', 'computed', 'published')"),
        ),
    )  # fmt: skip

    quarter: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=State.REQUESTED)
    detail: Mapped[str | None]
    """A scale at the most, when somebody wanted less than the area's size allows."""
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())
    refusal: Mapped[str | None]
    computed_at: Mapped[datetime | None]
    content_de: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What every table of the release states: period, thresholds, method, shares, coverage, tables, proof."""
    content_en: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    sha256: Mapped[str | None]
    """Over the canonical JSON of all cells."""
    published_by: Mapped[UUID | None]
    published_at: Mapped[datetime | None]


class ReleaseCell(Table):
    """One place of the grid of one table, as it may be seen."""

    __tablename__ = "release_cells"
    __table_args__ = (
        to_area("release_id", "releases"),
        one_of("status", (*STATUSES, *_OF_QUOTIENTS)),
        one_of("persons_status", STATUSES),
        CheckConstraint(_MEASURED, name="value"),
        CheckConstraint("persons IS NULL OR persons_status IN ('published', 'zero')", name="persons"),
    )

    municipal_area_id: Mapped[str] = mapped_column(primary_key=True)
    release_id: Mapped[UUID] = mapped_column(primary_key=True)
    table_name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    """What the cell counts, the same in every table and release: `barrier=A1&quarter=2026Q3`."""
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[str]
    value: Mapped[int | None]
    persons_status: Mapped[str | None]
    persons: Mapped[int | None]


class ReleaseTable(Table):
    """One table rendered once in both languages: reading it costs the same however many reports there are."""

    __tablename__ = "release_tables"
    __table_args__ = (to_area("release_id", "releases"),)

    municipal_area_id: Mapped[str] = mapped_column(primary_key=True)
    release_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    is_public: Mapped[bool]
    json_de: Mapped[str]
    json_en: Mapped[str]
    csv_de: Mapped[str]
    csv_en: Mapped[str]


class LedgerCell(Table):
    """A cell that somebody has been shown, with its value or hidden; a new row only when more is shown."""

    __tablename__ = "ledger"
    __table_args__ = (to_area("release_id", "releases"),)

    municipal_area_id: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    release_id: Mapped[UUID] = mapped_column(primary_key=True)
    value: Mapped[int | None]
    persons: Mapped[int | None]


class PublishedRelease(Table):
    """A copy for those who read what is published: the steering group, the assistants, the Land."""

    __tablename__ = "published_releases"
    __table_args__ = (
        CheckConstraint(_QUARTER, name="quarter"),
        Index("ix_published_releases_order", "quarter", "municipal_area_id", "id"),
    )

    municipal_area_id: Mapped[str] = mapped_column(ForeignKey("municipal_areas.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    quarter: Mapped[str]
    published_at: Mapped[datetime]
    content_de: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content_en: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sha256: Mapped[str]
    version: Mapped[int]


class PublishedTable(Table):
    """A rendered table of a published release."""

    __tablename__ = "published_tables"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipal_area_id", "release_id"],
            ["published_releases.municipal_area_id", "published_releases.id"],
            name="fk_published_tables_release",
        ),
    )

    municipal_area_id: Mapped[str] = mapped_column(primary_key=True)
    release_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    json_de: Mapped[str]
    json_en: Mapped[str]
    csv_de: Mapped[str]
    csv_en: Mapped[str]
