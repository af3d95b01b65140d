"""Tables of consents and of the texts that were explained."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.consents.rules import WITHDRAWAL_CHANNELS, Direction, Form, GivenBy
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area


class ConsentText(Table):
    """The words of one purpose in one language; a version never changes, a new text is a new version."""

    __tablename__ = "consent_texts"

    purpose: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    text: Mapped[str]


class Consent(OfArea, Versioned, Table):
    """What a client agreed to. After it is recorded only its withdrawal is added."""

    __tablename__ = "consents"
    __table_args__ = (
        to_area("client_id", "clients"),
        to_area("case_id", "cases"),
        to_area("institution_id", "institutions"),
        to_area("unit_id", "units"),
        to_area("evidence_document_id", "documents"),
        to_area("recorded_by", "users"),
        to_area("withdrawn_by", "users"),
        one_of("direction", tuple(Direction)),
        one_of("form", tuple(Form)),
        one_of("given_by", tuple(GivenBy)),
        one_of("withdrawal_channel", WITHDRAWAL_CHANNELS),
        CheckConstraint("num_nonnulls(institution_id, unit_id) = 1", name="one_recipient"),
        CheckConstraint("cardinality(data_categories) > 0", name="some_category"),
        CheckConstraint("special_categories <@ data_categories", name="special_among_all"),
        CheckConstraint("(form = 'spoken') = (special_circumstance IS NOT NULL)", name="spoken_has_reason"),
        CheckConstraint("form <> 'spoken' OR special_categories = '{}'", name="spoken_without_special"),
        CheckConstraint("interpreter_used = (interpreter IS NOT NULL)", name="interpreter"),
        CheckConstraint("(given_by = 'guardian') = (guardian IS NOT NULL)", name="guardian"),
        CheckConstraint("consequences_explained AND revocability_explained", name="explained"),
        CheckConstraint(
            "num_nulls(withdrawn_at, withdrawn_by, withdrawal_channel) IN (0, 3)", name="withdrawal"
        ),
        Index("ix_consents_client", "municipal_area_id", "client_id", "institution_id"),
        Index("ix_consents_changed", "municipal_area_id", "client_id", "changed_xid"),
        Index("ix_consents_case", "municipal_area_id", "case_id"),
    )

    client_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    """None: for every case of the client."""
    purpose: Mapped[str]
    institution_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    """The unit itself as recipient, for its own documentation."""
    data_categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    special_categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    direction: Mapped[str]
    text_language: Mapped[str]
    text_version: Mapped[str]
    text_sha256: Mapped[str]
    interpreter_used: Mapped[bool]
    interpreter: Mapped[str | None]
    consequences_explained: Mapped[bool]
    revocability_explained: Mapped[bool]
    form: Mapped[str]
    special_circumstance: Mapped[str | None]
    given_by: Mapped[str]
    guardian: Mapped[str | None]
    guardian_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """Which of the recorded guardians; checked when written."""
    capacity_note: Mapped[str | None]
    given_at: Mapped[datetime]
    given_on: Mapped[date]
    """The day of `given_at` where the offices are."""
    valid_until: Mapped[date]
    """The last day."""
    evidence: Mapped[str]
    evidence_document_id: Mapped[UUID | None]
    recorded_by: Mapped[UUID]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None]
    """Who took the withdrawal down."""
    withdrawal_channel: Mapped[str | None]
    withdrawal_note: Mapped[str | None]
