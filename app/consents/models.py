"""Tables of consents and of the texts that were explained."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.consents.rules import PLACED, WITHDRAWAL_CHANNELS, Direction, Form, GivenBy
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
        to_area("follows_id", "consents"),
        to_area("recorded_by", "users"),
        to_area("withdrawn_by", "users"),
        one_of("direction", tuple(Direction)),
        one_of("form", tuple(Form)),
        one_of("given_by", tuple(GivenBy)),
        one_of("withdrawal_channel", WITHDRAWAL_CHANNELS),
        CheckConstraint("num_nonnulls(institution_id, unit_id, receiving_unit_id) = 1", name="one_recipient"),
        CheckConstraint(
            "num_nulls(receiving_area_id, receiving_unit_id, receiving_unit_name) IN (0, 3)",
            name="receiving_unit",
        ),
        CheckConstraint(
            "(purpose = 'transfer') = (receiving_unit_id IS NOT NULL)", name="transfer_to_a_unit"
        ),
        CheckConstraint("cardinality(data_categories) > 0", name="some_category"),
        CheckConstraint("special_categories <@ data_categories", name="special_among_all"),
        CheckConstraint("(form = 'spoken') = (special_circumstance IS NOT NULL)", name="spoken_has_reason"),
        CheckConstraint("form <> 'spoken' OR special_categories = '{}'", name="spoken_without_special"),
        CheckConstraint("interpreter_used = (interpreter IS NOT NULL)", name="interpreter"),
        CheckConstraint("guardian IS NULL OR given_by = 'guardian'", name="guardian"),
        CheckConstraint("consequences_explained AND revocability_explained", name="explained"),
        CheckConstraint(
            "num_nulls(withdrawn_at, withdrawn_by, withdrawal_channel, withdrawal_told_at) IN (0, 4)",
            name="withdrawal",
        ),
        Index("uq_consents_follows", "municipal_area_id", "follows_id", unique=True,
              postgresql_where=text("follows_id IS NOT NULL")),
        Index("ix_consents_client", "municipal_area_id", "client_id", "institution_id"),
        Index("ix_consents_changed", "municipal_area_id", "client_id", "changed_xid"),
        Index("ix_consents_case", "municipal_area_id", "case_id"),
    )  # fmt: skip

    client_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    """None: for every case of the client."""
    purpose: Mapped[str]
    institution_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    """The unit itself as recipient, for its own documentation."""
    receiving_area_id: Mapped[str | None]
    receiving_unit_id: Mapped[UUID | None]
    """The unit that is to take the case over, in whatever area: another controller, without a foreign key."""
    receiving_unit_name: Mapped[str | None]
    """As it stood on the form."""
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
    """By name, where none was recorded; those who were stand in `consent_guardians`."""
    capacity_note: Mapped[str | None]
    given_at: Mapped[datetime]
    given_on: Mapped[date]
    """The day of `given_at` where the offices are."""
    valid_until: Mapped[date]
    """The last day."""
    evidence: Mapped[str]
    evidence_document_id: Mapped[UUID | None]
    follows_id: Mapped[UUID | None]
    """The consent that this one renews; none is followed twice."""
    recorded_by: Mapped[UUID]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None]
    """Who took the withdrawal down."""
    withdrawal_channel: Mapped[str | None]
    withdrawal_note: Mapped[str | None]
    withdrawal_told_at: Mapped[datetime | None]
    """When the client said so; it counts from `withdrawn_at`, when it was taken down."""


class ConsentGuardian(OfArea, Table):
    """A recorded guardian who gave a consent, by the name of that day. Hidden with the person it names."""

    __tablename__ = "consent_guardians"
    __table_args__ = (
        to_area("consent_id", "consents", ondelete="CASCADE"),
        to_area("member_client_id", "clients", ondelete="CASCADE"),
        UniqueConstraint(
            "municipal_area_id", "consent_id", "guardian_id", name="uq_consent_guardians_guardian"
        ),
        Index("ix_consent_guardians_member", "municipal_area_id", "member_client_id"),
    )

    consent_id: Mapped[UUID]
    guardian_id: Mapped[UUID]
    """No foreign key: who consented stays known after the guardian was removed."""
    member_client_id: Mapped[UUID | None]
    """The guardian as a client, filled in by the database."""
    name: Mapped[str]


class ToldWithdrawal(OfArea, Table):
    """What a client took back, remembered: of consents like this only those given later hold.

    Written by the functions of withdrawing alone (migrations/sql/withdrawals.sql); nobody reads it.
    """

    __tablename__ = "told_withdrawals"
    __table_args__ = (
        to_area("client_id", "clients", ondelete="CASCADE"),
        to_area("institution_id", "institutions"),
        CheckConstraint("num_nonnulls(institution_id, receiving_unit_id) <= 1", name="one_recipient"),
        Index("ix_told_withdrawals_client", "municipal_area_id", "client_id"),
    )

    client_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    """Of consents for this case and for every case; none for whichever.

    No foreign key: it outlives the case."""
    institution_id: Mapped[UUID | None]
    receiving_unit_id: Mapped[UUID | None]
    """To this recipient; none of both for whoever it is."""
    purpose: Mapped[str | None]
    """None: for whichever."""
    only_this: Mapped[bool]
    """No other one ended by it. So it is always with the unit's own purposes."""
    told_at: Mapped[datetime]
    taken_at: Mapped[datetime]


class UnplacedWithdrawal(OfArea, Versioned, Table):
    """A withdrawal told by somebody whom nobody could place: kept until a privacy officer has settled it."""

    __tablename__ = "unplaced_withdrawals"
    __table_args__ = (
        to_area("unit_id", "units"),
        to_area("institution_id", "institutions"),
        to_area("taken_by", "users"),
        to_area("settled_by", "users"),
        one_of("channel", WITHDRAWAL_CHANNELS),
        one_of("outcome", PLACED),
        CheckConstraint(
            "num_nulls(outcome, settled_at) IN (0, 2)"
            " AND (settled_by IS NULL) = (coalesce(outcome, 'lapsed') = 'lapsed')",
            name="settled",
        ),
        CheckConstraint(
            "(settled_at IS NULL) = (family_name IS NOT NULL)"
            " AND num_nulls(given_name, family_name, birth_date) IN (0, 3)",
            name="forgotten",
        ),
    )

    unit_id: Mapped[UUID]
    given_name: Mapped[str | None]
    """Who said so; forgotten once it is settled."""
    family_name: Mapped[str | None]
    birth_date: Mapped[date | None]
    institution_id: Mapped[UUID | None]
    """Of consents to this institution; none for whichever."""
    purpose: Mapped[str | None]
    channel: Mapped[str]
    told_at: Mapped[datetime]
    taken_at: Mapped[datetime]
    taken_by: Mapped[UUID]
    outcome: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None]
    """None where it lapsed."""
    reminded_at: Mapped[datetime | None]
    """When the privacy officers were told that it lapses soon."""
