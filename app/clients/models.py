"""Tables of persons, what belongs to them, and the checks for duplicates."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Computed, FetchedValue, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.ids import random_id
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area

BIRTH_PRECISIONS = ("day", "month", "year", "unknown")
CONTACT_CHANNELS = ("phone", "sms", "messenger", "email", "post", "in_person")


class Client(OfArea, Versioned, Table):
    """A person whom the programme accompanies."""

    __tablename__ = "clients"
    __table_args__ = (
        to_area("unit_id", "units"),
        to_area("merged_into", "clients"),
        one_of("sex", ("m", "w", "d", "x")),
        one_of("birth_precision", BIRTH_PRECISIONS),
        CheckConstraint("(birth_precision = 'unknown') = (birth_date IS NULL)", name="birth_known"),
        Index("uq_clients_pseudonym", "municipal_area_id", "pseudonym", unique=True),
        Index("ix_clients_unit", "municipal_area_id", "unit_id"),
        Index("ix_clients_birth", "municipal_area_id", "birth_date"),
        Index("ix_clients_household", "municipal_area_id", "household_key"),
        # Without a list of pending entries, which each search would have to read.
        Index(
            "ix_clients_names", "name_index", postgresql_using="gin", postgresql_with={"fastupdate": "off"}
        ),
    )

    pseudonym: Mapped[UUID] = mapped_column(default=random_id)
    """Stands for the person in the journal; random, so it survives erasure without naming anybody."""
    unit_id: Mapped[UUID]
    created_by: Mapped[UUID]
    is_restricted: Mapped[bool] = mapped_column(server_default="false")
    """Threatened or sheltered: invisible in every list, search and count outside the assigned team."""
    merged_into: Mapped[UUID | None]
    processing_restricted_at: Mapped[datetime | None] = mapped_column(server_onupdate=FetchedValue())
    """Since then the data are only kept (Art. 18 GDPR). Follows `processing_restrictions` by a trigger."""

    given_name: Mapped[str]
    family_name: Mapped[str]
    former_names: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    other_names: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    birth_date: Mapped[date | None]
    birth_precision: Mapped[str] = mapped_column(server_default="unknown")
    """How much of the date is known; what is not known is the first of its month or year."""
    sex: Mapped[str] = mapped_column(server_default="x")
    marital_status: Mapped[str | None]
    literacy: Mapped[str | None]
    needs_interpreter: Mapped[bool | None]
    """None: not asked."""

    phone: Mapped[str | None]
    email: Mapped[str | None]
    contact_channels: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """Safe contact: only these; None: not asked."""
    contact_times: Mapped[str | None]
    contact_language: Mapped[str | None]
    no_post: Mapped[bool] = mapped_column(server_default="false")
    no_voicemail: Mapped[bool] = mapped_column(server_default="false")
    no_interpreter_of_same_circle: Mapped[bool] = mapped_column(server_default="false")
    must_not_learn: Mapped[str | None]
    """Persons who must not learn anything."""

    household_key: Mapped[UUID] = mapped_column(default=random_id)
    """The same for clients of one household; stands for it in statistics."""
    household_type: Mapped[str | None]

    sort_key: Mapped[str] = mapped_column(Text(collation="C"))
    """German order (`app.clients.names.sort_key`)."""
    name_forms: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Each word of all names as it is compared (`app.clients.matching.forms`)."""
    name_keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What leads to this person (`app.clients.matching.keys`)."""
    name_index: Mapped[str] = mapped_column(
        TSVECTOR, Computed("array_to_tsvector(name_keys)", persisted=True)
    )


class ClientNationality(OfArea, Table):
    """One of a person's nationalities (keys of the Federal Statistical Office), in order of weight."""

    __tablename__ = "client_nationalities"
    __table_args__ = (
        to_area("client_id", "clients", ondelete="CASCADE"),
        Index("uq_client_nationalities", "municipal_area_id", "client_id", "nationality", unique=True),
    )

    client_id: Mapped[UUID]
    nationality: Mapped[str]
    position: Mapped[int]


class HouseholdMember(OfArea, Versioned, Table):
    """Somebody in the household of a client, seen from this client: another client or no client."""

    __tablename__ = "household_members"
    __table_args__ = (
        to_area("client_id", "clients", ondelete="CASCADE"),
        to_area("member_client_id", "clients", ondelete="CASCADE"),
        CheckConstraint("member_client_id <> client_id", name="somebody_else"),
        CheckConstraint("(member_client_id IS NULL) = (name IS NOT NULL)", name="client_or_name"),
        CheckConstraint("member_client_id IS NULL OR birth_year IS NULL", name="year_without_client"),
        Index("ix_household_members_client", "municipal_area_id", "client_id"),
        Index("ix_household_members_member", "municipal_area_id", "member_client_id"),
        Index(
            "uq_household_members_pair",
            "municipal_area_id", "client_id", "member_client_id",
            unique=True, postgresql_where=text("member_client_id IS NOT NULL"),
        ),
    )  # fmt: skip

    client_id: Mapped[UUID]
    member_client_id: Mapped[UUID | None]
    name: Mapped[str | None]
    birth_year: Mapped[int | None]
    relation: Mapped[str]
    """What the member is to the client."""
    is_kept_apart: Mapped[bool] = mapped_column(server_default="false")
    """Lives there, but the client's data are kept from them and theirs from the client."""


class DuplicateCheck(OfArea, Table):
    """One search for duplicates: what is sought, until the worker has looked, and what it found."""

    __tablename__ = "duplicate_checks"
    __table_args__ = (
        to_area("user_id", "users"),
        Index("ix_duplicate_checks_user", "municipal_area_id", "user_id", "checked_at"),
    )

    user_id: Mapped[UUID]
    is_registration: Mapped[bool]
    """Each kind has a limit of its own."""
    checked_at: Mapped[datetime]
    sought_forms: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    sought_from: Mapped[date | None]
    sought_until: Mapped[date | None]
    found_elsewhere: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """Clients whom the searcher may not see. The application role cannot read this column."""
