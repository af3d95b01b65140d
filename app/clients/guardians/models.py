"""The table of guardians."""

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.clients.guardians.rules import Kind, Part
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area

_PARTS = ", ".join(f"'{part}'" for part in Part)


class Guardian(OfArea, Versioned, Table):
    """Somebody who decides for a person: a member of the household, an institution, or a name."""

    __tablename__ = "guardians"
    __table_args__ = (
        to_area("client_id", "clients", ondelete="CASCADE"),
        to_area("member_id", "household_members", ondelete="CASCADE"),
        to_area("institution_id", "institutions"),
        one_of("kind", tuple(Kind)),
        CheckConstraint("num_nonnulls(member_id, institution_id, name) = 1", name="one_identity"),
        CheckConstraint("cardinality(scope) > 0", name="some_scope"),
        CheckConstraint(f"scope <@ ARRAY[{_PARTS}]", name="scope"),
        CheckConstraint("valid_until >= valid_from", name="period"),
        Index("ix_guardians_client", "municipal_area_id", "client_id", "changed_xid"),
        Index("ix_guardians_member", "municipal_area_id", "member_id"),
    )

    client_id: Mapped[UUID]
    kind: Mapped[str]
    member_id: Mapped[UUID | None]
    institution_id: Mapped[UUID | None]
    name: Mapped[str | None]
    reachable: Mapped[str | None]
    scope: Mapped[list[str]] = mapped_column(ARRAY(Text))
    is_joint: Mapped[bool] = mapped_column(server_default="false")
    must_not_learn: Mapped[bool] = mapped_column(server_default="false")
    """Safe contact: this guardian must not learn anything."""
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    evidence: Mapped[str]
