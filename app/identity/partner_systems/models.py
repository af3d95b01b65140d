"""Tables of partner systems. The application role reads no secret, no proof and no allowance."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Float, Index, LargeBinary, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.access.scopes import Scope
from app.identity.partner_systems.rules import MOST_REQUESTS
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area

CREDENTIAL_KINDS = ("key", "secret")
CredentialKind = Literal["key", "secret"]

_SCOPES = ",".join(Scope)


class PartnerSystem(OfArea, Versioned, Table):
    """A machine of an institution: a user of the area, which nobody signs in as."""

    __tablename__ = "partner_systems"
    __table_args__ = (
        to_area("id", "users"),
        to_area("institution_id", "institutions"),
        to_area("created_by", "users"),
        CheckConstraint(f"scopes <@ '{{{_SCOPES}}}' AND cardinality(scopes) > 0", name="scopes"),
        CheckConstraint(f"requests_per_minute BETWEEN 1 AND {MOST_REQUESTS}", name="rate"),
        # A client names itself without its area.
        Index("uq_partner_systems_client", "id", unique=True),
        Index("ix_partner_systems_institution", "municipal_area_id", "institution_id"),
    )

    institution_id: Mapped[UUID]
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    requests_per_minute: Mapped[int]
    created_by: Mapped[UUID]
    revoked_at: Mapped[datetime | None]


class PartnerCredential(OfArea, Table):
    """A public key, or the hash of a secret; a token stands as long as the one it was got with."""

    __tablename__ = "partner_credentials"
    __table_args__ = (
        to_area("partner_system_id", "partner_systems"),
        to_area("created_by", "users"),
        UniqueConstraint("municipal_area_id", "kid"),
        one_of("kind", CREDENTIAL_KINDS),
        CheckConstraint(
            "CASE kind WHEN 'key' THEN num_nonnulls(kid, x, y) = 3 AND secret_hash IS NULL"
            " ELSE num_nonnulls(kid, x, y) = 0 AND secret_hash IS NOT NULL END",
            name="key_or_secret",
        ),
        CheckConstraint("expires_at > created_at", name="period"),
        Index("uq_partner_credentials_id", "id", unique=True),
        Index("ix_partner_credentials_system", "municipal_area_id", "partner_system_id"),
    )

    partner_system_id: Mapped[UUID]
    kind: Mapped[str]
    kid: Mapped[str | None]
    x: Mapped[str | None]
    y: Mapped[str | None]
    secret_hash: Mapped[str | None] = mapped_column(deferred=True, deferred_raiseload=True)
    """Written by the application, and read by a definer function alone."""
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    """When it last got a token."""


class PartnerAllowance(OfArea, Table):
    """What a machine may still ask, one row each: the processes of the API share nothing but the database."""

    __tablename__ = "partner_allowances"
    __table_args__ = (to_area("id", "partner_systems"),)

    requests_left: Mapped[float] = mapped_column(Float(53))
    counted_at: Mapped[datetime]
    last_used_at: Mapped[datetime]


class UsedProof(Table):
    """An assertion or a proof that has been used, by digest, until it would be too old anyway."""

    __tablename__ = "used_proofs"
    __table_args__ = (Index("ix_used_proofs_expires", "expires_at"),)

    proof_sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    expires_at: Mapped[datetime]
