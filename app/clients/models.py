"""Tables of persons."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.ids import random_id
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area


class Client(OfArea, Versioned, Table):
    """A person whom the programme accompanies."""

    __tablename__ = "clients"
    __table_args__ = (
        to_area("unit_id", "units"),
        to_area("merged_into", "clients"),
        one_of("sex", ("m", "w", "d", "x")),
        Index("uq_clients_pseudonym", "municipal_area_id", "pseudonym", unique=True),
        Index("ix_clients_unit", "municipal_area_id", "unit_id"),
    )

    pseudonym: Mapped[UUID] = mapped_column(default=random_id)
    """Stands for the person in the journal; random, so it survives erasure without naming anybody."""
    unit_id: Mapped[UUID]
    created_by: Mapped[UUID]
    is_restricted: Mapped[bool] = mapped_column(server_default="false")
    """Threatened or sheltered: invisible in every list, search and count outside the assigned team."""
    merged_into: Mapped[UUID | None]
    given_name: Mapped[str]
    family_name: Mapped[str]
    birth_date: Mapped[date | None]
    sex: Mapped[str] = mapped_column(server_default="x")
