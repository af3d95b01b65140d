"""Tables of imports: what was announced, the rows that wait, and what has come of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.imports.rules import KINDS, ROW_STATES, STATES
from app.kit.tables import OfArea, Table, one_of, to_area


class Import(OfArea, Table):
    """One sheet of one person, for one unit."""

    __tablename__ = "imports"
    __table_args__ = (
        to_area("user_id", "users"),
        to_area("unit_id", "units"),
        one_of("kind", KINDS),
        one_of("state", STATES),
        CheckConstraint("(state = 'announced') = (sheet_sha256 IS NULL)", name="sheet_read"),
        Index("ix_imports_user", "municipal_area_id", "user_id", "created_at"),
    )

    user_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="announced")
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB)
    skip_bad: Mapped[bool] = mapped_column(server_default="false")
    """Take the others although some rows are bad or undecided."""
    sheet_sha256: Mapped[str | None]
    """Of what was read: the same sheet sent twice is read once."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    read_at: Mapped[datetime | None]


class ImportRow(OfArea, Table):
    """A row of a sheet: what it says, until it is taken; what is wrong with it; what became of it."""

    __tablename__ = "import_rows"
    __table_args__ = (
        to_area("import_id", "imports", ondelete="CASCADE"),
        one_of("state", ROW_STATES),
        CheckConstraint("content IS NULL OR state IN ('ready', 'duplicate')", name="content_waits"),
        Index("uq_import_rows_number", "municipal_area_id", "import_id", "number", unique=True),
        Index("ix_import_rows_state", "municipal_area_id", "import_id", "state", "number"),
    )

    import_id: Mapped[UUID]
    number: Mapped[int]
    """The row of the sheet, as a spreadsheet counts."""
    state: Mapped[str]
    mark: Mapped[str | None]
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What will be written; gone as soon as that is done or given up."""
    findings: Mapped[list[dict[str, str]]] = mapped_column(JSONB, server_default="[]")
    duplicates: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """Persons whom the importer sees and who may be the same."""
    object_id: Mapped[UUID | None]
    """What was made of it, or whom it was linked to."""


class ImportEffect(OfArea, Table):
    """What came of a row. Its mark keeps the row from being taken again, its version tells who touched it."""

    __tablename__ = "import_effects"
    __table_args__ = (
        to_area("import_id", "imports"),
        to_area("user_id", "users"),
        to_area("unit_id", "units"),
        to_area("client_id", "clients", ondelete="CASCADE"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        one_of("kind", KINDS),
        Index(
            "uq_import_effects_mark", "municipal_area_id", "user_id", "unit_id", "kind", "mark", unique=True
        ),
        Index("ix_import_effects_import", "municipal_area_id", "import_id"),
        Index("ix_import_effects_object", "municipal_area_id", "object_id"),
        Index("ix_import_effects_client", "municipal_area_id", "client_id"),
        Index("ix_import_effects_case", "municipal_area_id", "case_id"),
    )

    import_id: Mapped[UUID]
    user_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    kind: Mapped[str]
    mark: Mapped[str]
    object_id: Mapped[UUID]
    client_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    is_linked: Mapped[bool] = mapped_column(server_default="false")
    """The row says the same as somebody who was there before; undoing lets go of the link only."""
    version: Mapped[int] = mapped_column(server_default="1")
    """Of the object (shell and content of a case) after the last import that wrote to it."""
    stays_because: Mapped[str | None]
    """Why undoing left it: the kind of a finding."""
    row_number: Mapped[int]
