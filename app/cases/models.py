"""Tables of cases: the shell, which a team lead may see alone, and the content."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, one_of, to_area

KINDS = ("case_management", "counselling")
PHASES = (
    "intake",
    "assessment",
    "service_planning",
    "linking",
    "monitoring",
    "reassessment",
    "evaluation",
    "closed",
)


class Case(OfArea, Versioned, Table):
    """The shell of a case: number, phase, dates, unit, lead. No content."""

    __tablename__ = "cases"
    __table_args__ = (
        to_area("client_id", "clients"),
        to_area("unit_id", "units"),
        to_area("lead_user_id", "users"),
        one_of("kind", KINDS),
        one_of("phase", PHASES),
        UniqueConstraint("municipal_area_id", "number"),
        Index("ix_cases_client", "municipal_area_id", "client_id"),
        Index("ix_cases_unit", "municipal_area_id", "unit_id", "opened_on"),
    )

    number: Mapped[str]
    client_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    lead_user_id: Mapped[UUID]
    kind: Mapped[str]
    phase: Mapped[str] = mapped_column(server_default="intake")
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    is_restricted: Mapped[bool] = mapped_column(server_default="false")
    """Follows the client: a restricted case is in no list outside its team."""
