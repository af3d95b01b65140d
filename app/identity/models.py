"""Tables of identity. The application role reads none of the secrets: definer functions do."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.directory.offers.models import to_site
from app.kit.ids import new_id
from app.kit.tables import OfArea, Table, Versioned, to_area


class Account(Table):
    """A person's sign-in, the same in every area; e-mail in lower case."""

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    password_changed_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(server_default="false")
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class User(OfArea, Versioned, Table):
    """A person in one municipal area, or a machine of an institution, which has no account."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("municipal_area_id", "account_id"),
        Index("ix_users_account", "account_id"),
    )

    municipal_area_id: Mapped[str] = mapped_column(
        ForeignKey("municipal_areas.id"), primary_key=True, sort_order=-20
    )
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    display_name: Mapped[str]
    language: Mapped[str] = mapped_column(server_default="de")
    disabled_at: Mapped[datetime | None]


class MembershipSite(OfArea, Table):
    """A site of the institution that somebody's membership is limited to; without any it is the whole."""

    __tablename__ = "membership_sites"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipal_area_id", "membership_id", "institution_id"],
            ["memberships.municipal_area_id", "memberships.id", "memberships.institution_id"],
            name="fk_membership_sites_membership",
        ),
        to_site("fk_membership_sites_site"),
        UniqueConstraint("municipal_area_id", "membership_id", "site_id"),
    )

    membership_id: Mapped[UUID]
    institution_id: Mapped[UUID]
    site_id: Mapped[UUID]


class UserSession(Table):
    """A signed-in session of one account in one area; ended ones stay for the journal."""

    __tablename__ = "sessions"
    __table_args__ = (
        to_area("user_id", "users"),
        Index("ix_sessions_account", "account_id", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    municipal_area_id: Mapped[str]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    user_id: Mapped[UUID]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class RefreshToken(Table):
    """One refresh token: good once; a second use ends the whole session."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (Index("ix_refresh_tokens_session", "session_id"),)

    token_sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LoginThrottle(Table):
    """Failed sign-ins of an account, a source, or both; the key is a digest, so the table names nobody."""

    __tablename__ = "login_throttles"

    key_sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int]
    last_failure_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
