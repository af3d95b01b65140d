"""Tables of dated periods; each row holds from-to and is superseded rather than changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.clients.histories.kinds import HistoryKind, HistoryName
from app.clients.rules import CERTIFICATE, ONE_AT_A_TIME, SHELTER, TITLE
from app.kit.tables import OfArea, Table, one_of, to_area

SUPERSEDED_BECAUSE = ("ended", "corrected", "entered_in_error", "merged")
EVIDENCE = ("original", "copy", "statement")
ADDRESS_STRANDS = ("registered", "actual")

_CURRENT = "superseded_at IS NULL"


class Period(OfArea, Table):
    """Valid time and recorded time of one row."""

    __abstract__ = True

    client_id: Mapped[UUID]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    """From-to; the upper end is the day after the last, as PostgreSQL writes it."""
    recorded_at: Mapped[datetime] = mapped_column(sort_order=80)
    recorded_by: Mapped[UUID] = mapped_column(sort_order=81)
    superseded_at: Mapped[datetime | None] = mapped_column(sort_order=82)
    superseded_by: Mapped[UUID | None] = mapped_column(sort_order=83)
    """The row that is believed instead; none for a row entered in error."""
    superseded_because: Mapped[str | None] = mapped_column(sort_order=84)


PERIOD_KEYS = frozenset({"municipal_area_id", "id", *Period.__annotations__})
"""The columns that every history has; the others are the values of its periods."""


def _period(table: str, *strand: str, where: str = "", name: str = "overlap") -> tuple[Any, ...]:
    return (
        to_area("client_id", "clients", ondelete="CASCADE"),
        to_area("superseded_by", table, deferrable=True, initially="DEFERRED"),
        one_of("superseded_because", SUPERSEDED_BECAUSE),
        CheckConstraint("NOT isempty(valid)", name="valid"),
        CheckConstraint("(superseded_at IS NULL) = (superseded_because IS NULL)", name="superseded"),
        CheckConstraint("superseded_by IS NULL OR superseded_at IS NOT NULL", name="replaced"),
        _exclusion(table, *strand, where=where, name=name),
        Index(f"ix_{table}_client", "municipal_area_id", "client_id"),
        Index(f"ix_{table}_superseded_by", "municipal_area_id", "superseded_by"),
    )


def _exclusion(table: str, *strand: str, where: str = "", name: str = "overlap") -> ExcludeConstraint:
    equal = [(column, "=") for column in ("municipal_area_id", "client_id", *strand)]
    condition = f"{_CURRENT} AND {where}" if where else _CURRENT
    return ExcludeConstraint(*equal, ("valid", "&&"), where=text(condition), name=f"ex_{table}_{name}")


class ResidenceDocument(Period):
    """A title, or the certificate that accompanies one; its printed end is not the end of its effect."""

    __tablename__ = "residence_documents"
    __table_args__ = (
        one_of("strand", (TITLE, CERTIFICATE)),
        one_of("evidence", EVIDENCE),
        CheckConstraint("continued_until IS NULL OR continued_effect IS NOT NULL", name="continued"),
        *_period("residence_documents", "strand"),
    )

    strand: Mapped[str]
    residence_status: Mapped[str]
    printed_end: Mapped[date | None]
    continued_effect: Mapped[str | None]
    continued_until: Mapped[date | None]
    work_permission: Mapped[str | None]
    has_residence_obligation: Mapped[bool | None]
    """§ 12a AufenthG; none: not known."""
    residence_obligation_place: Mapped[str | None]
    residence_obligation_until: Mapped[date | None]
    eu_ground: Mapped[str | None]
    evidence: Mapped[str | None]


class LegalDomainPeriod(Period):
    """A benefit of a legal domain (Rechtskreis), or what a person lives on besides."""

    __tablename__ = "legal_domain_periods"
    __table_args__ = (
        CheckConstraint("num_nonnulls(legal_domain, livelihood) = 1", name="one_source"),
        CheckConstraint("livelihood IS NULL OR strand = 'livelihood'", name="livelihood_strand"),
        *_period(
            "legal_domain_periods",
            "strand",
            where=f"strand IN ({', '.join(repr(each) for each in ONE_AT_A_TIME)})",
        ),
        _exclusion("legal_domain_periods", "strand", "legal_domain", name="twice"),
    )

    strand: Mapped[str]
    legal_domain: Mapped[str | None]
    livelihood: Mapped[str | None]
    """What a person lives on besides benefits (vocabulary `livelihood`)."""


class Address(Period):
    """Where a person is registered, or actually lives; of a women's shelter only the fact is stored."""

    __tablename__ = "addresses"
    __table_args__ = (
        one_of("strand", ADDRESS_STRANDS),
        CheckConstraint(
            f"housing_type IS DISTINCT FROM '{SHELTER}'"
            " OR num_nonnulls(care_of, street, postcode, town, municipality) = 0",
            name="shelter_hidden",
        ),
        *_period("addresses", "strand"),
    )

    strand: Mapped[str]
    housing_type: Mapped[str | None]
    care_of: Mapped[str | None]
    street: Mapped[str | None]
    postcode: Mapped[str | None]
    town: Mapped[str | None]
    municipality: Mapped[str | None]


class LanguageLevel(Period):
    """What a person masters of a language, as assessed at the beginning of the period."""

    __tablename__ = "language_levels"
    __table_args__ = _period("language_levels", "language")

    language: Mapped[str]
    is_native: Mapped[bool] = mapped_column(server_default="false")
    overall: Mapped[str | None]
    listening: Mapped[str | None]
    speaking: Mapped[str | None]
    reading: Mapped[str | None]
    writing: Mapped[str | None]
    evidence: Mapped[str | None]


class SchoolingPeriod(Period):
    """A step of a new pupil's way into school: counselling, allocation, waiting, place."""

    __tablename__ = "schooling_periods"
    __table_args__ = _period("schooling_periods")

    school_step: Mapped[str]
    school: Mapped[str | None]


HISTORIES: tuple[type[Period], ...] = (
    ResidenceDocument,
    LegalDomainPeriod,
    Address,
    LanguageLevel,
    SchoolingPeriod,
)


_MODELS: Mapping[HistoryName, type[Period]] = {
    HistoryName.RESIDENCE_DOCUMENTS: ResidenceDocument,
    HistoryName.LEGAL_DOMAINS: LegalDomainPeriod,
    HistoryName.ADDRESSES: Address,
    HistoryName.LANGUAGES: LanguageLevel,
    HistoryName.SCHOOLING: SchoolingPeriod,
}


def model_of(kind: HistoryKind) -> type[Period]:
    """Return the table of a history."""
    return _MODELS[kind.name]
