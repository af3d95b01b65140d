"""Tables of access: memberships and assignments."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.access.roles import AT_AN_INSTITUTION, HELD_BY_PEOPLE
from app.kit.tables import Marked, OfArea, Table, Versioned, one_of, to_area

ASSIGNMENT_KINDS = ("registrar", "lead", "member", "deputy", "break_glass")

_AT_INSTITUTION = ", ".join(f"'{role}'" for role in sorted(AT_AN_INSTITUTION.intersection(HELD_BY_PEOPLE)))


class Membership(OfArea, Versioned, Table):
    """A user's role at one unit or institution, from-to."""

    __tablename__ = "memberships"
    __table_args__ = (
        to_area("user_id", "users"),
        to_area("unit_id", "units"),
        to_area("institution_id", "institutions"),
        one_of("role", HELD_BY_PEOPLE),
        CheckConstraint("num_nonnulls(unit_id, institution_id) = 1", name="one_place"),
        CheckConstraint(f"(role IN ({_AT_INSTITUTION})) = (institution_id IS NOT NULL)", name="right_place"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="period"),
        UniqueConstraint("municipal_area_id", "id", "institution_id", name="uq_memberships_at_institution"),
        Index("ix_memberships_institution", "municipal_area_id", "institution_id",
              postgresql_where=text("institution_id IS NOT NULL AND ended_at IS NULL")),
        Index("ix_memberships_user", "municipal_area_id", "user_id"),
        Index(
            "uq_memberships_current",
            "municipal_area_id", "user_id", "role", func.coalesce(text("unit_id"), text("institution_id")),
            unique=True, postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    user_id: Mapped[UUID]
    role: Mapped[str]
    unit_id: Mapped[UUID | None]
    institution_id: Mapped[UUID | None]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]


class Assignment(OfArea, Marked, Table):
    """What a user is to a client, or to one case of the client, from-to."""

    __tablename__ = "assignments"
    __table_args__ = (
        to_area("client_id", "clients", ondelete="CASCADE"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("user_id", "users"),
        to_area("unit_id", "units"),
        one_of("kind", ASSIGNMENT_KINDS),
        CheckConstraint("(kind = 'registrar') = (case_id IS NULL)", name="registrar_without_case"),
        CheckConstraint("(kind = 'break_glass') = (reason IS NOT NULL)", name="break_glass_has_reason"),
        CheckConstraint("active_until IS NULL OR active_until >= active_from", name="period"),
        # All that `my_cases()` and `my_clients()` look at: every policy asks them.
        Index(
            "ix_assignments_user",
            "municipal_area_id",
            "user_id",
            "client_id",
            "case_id",
            postgresql_include=["unit_id", "kind", "active_from", "active_until", "is_restricted"],
        ),
        Index("ix_assignments_case", "municipal_area_id", "case_id"),
        Index("ix_assignments_client", "municipal_area_id", "client_id"),
    )

    user_id: Mapped[UUID]
    client_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    unit_id: Mapped[UUID]
    kind: Mapped[str]
    is_restricted: Mapped[bool] = mapped_column(server_default="false")
    """Copied from the client, so that the lists of a team lead need not look further."""
    is_held: Mapped[bool] = mapped_column(server_default="false")
    """The client's data are only kept (Art. 18 GDPR): counted in no release."""
    active_from: Mapped[datetime] = mapped_column(server_default=func.now())
    active_until: Mapped[datetime | None]
    reason: Mapped[str | None]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
