"""Tables of webhooks, what signs for them, what is to be delivered and how each attempt went."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, one_of, to_area
from app.webhooks.rules import KINDS, TEST, Delivery, Failure, Signature, State

_KINDS = ", ".join(f"'{kind}'" for kind in KINDS)


def _to(table: str, column: str, name: str) -> ForeignKeyConstraint:
    """Point to a row of one's own institution; what hangs on it goes with it."""
    target: Sequence[str] = [f"{table}.{key}" for key in ("municipal_area_id", "id", "institution_id")]
    return ForeignKeyConstraint(
        ["municipal_area_id", column, "institution_id"], target, name=name, ondelete="CASCADE"
    )


class Webhook(OfArea, Versioned, Table):
    """An address that an institution gave, and what it wants to hear there."""

    __tablename__ = "webhooks"
    __table_args__ = (
        to_area("institution_id", "institutions"),
        to_area("created_by", "users"),
        UniqueConstraint("municipal_area_id", "id", "institution_id", name="uq_webhooks_owned"),
        one_of("signature", tuple(Signature)),
        one_of("state", tuple(State)),
        CheckConstraint(f"cardinality(kinds) > 0 AND kinds <@ ARRAY[{_KINDS}]", name="kinds"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        Index("ix_webhooks_institution", "municipal_area_id", "institution_id", "id"),
    )

    institution_id: Mapped[UUID]
    url: Mapped[str]
    label: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    signature: Mapped[str]
    state: Mapped[str]
    ended_at: Mapped[datetime | None]
    """When the address said that nobody listens there any more (410)."""
    created_by: Mapped[UUID]


class WebhookSecret(OfArea, Table):
    """What signs for a webhook; the application writes it and never reads it again."""

    __tablename__ = "webhook_secrets"
    __table_args__ = (
        _to("webhooks", "webhook_id", "fk_webhook_secrets_webhook"),
        Index("ix_webhook_secrets_webhook", "municipal_area_id", "webhook_id"),
    )

    webhook_id: Mapped[UUID]
    institution_id: Mapped[UUID]
    sealed: Mapped[str]
    public_key: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    """Signs until then beside the one that took its place."""


class WebhookDelivery(OfArea, Table):
    """One event for one webhook."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        _to("webhooks", "webhook_id", "fk_webhook_deliveries_webhook"),
        _to("referral_requests", "referral_id", "fk_webhook_deliveries_referral"),
        _to("incoming_referrals", "incoming_id", "fk_webhook_deliveries_incoming"),
        UniqueConstraint("municipal_area_id", "webhook_id", "event_id", name="uq_webhook_deliveries_event"),
        UniqueConstraint("municipal_area_id", "id", "institution_id", name="uq_webhook_deliveries_owned"),
        one_of("kind", (*KINDS, TEST)),
        one_of("state", tuple(Delivery)),
        one_of("failure", tuple(Failure)),
        CheckConstraint(
            f"(kind = '{TEST}' OR num_nonnulls(referral_id, incoming_id) = 1)"
            " AND (referral_id IS NOT NULL) = (kind LIKE 'referral.%')"
            " AND (incoming_id IS NOT NULL) = (kind LIKE 'incoming_referral.%')",
            name="about_a_referral",
        ),
        CheckConstraint("(state = 'pending') = (ended_at IS NULL)", name="ended"),
        Index("ix_webhook_deliveries_webhook", "municipal_area_id", "webhook_id", "created_at", "id"),
        Index("ix_webhook_deliveries_referral", "municipal_area_id", "referral_id"),
        Index("ix_webhook_deliveries_incoming", "municipal_area_id", "incoming_id"),
        Index("ix_webhook_deliveries_due", "municipal_area_id", "webhook_id", "next_at",
              postgresql_where=text("state = 'pending'")),
        Index("ix_webhook_deliveries_leased", "municipal_area_id", "institution_id", "webhook_id",
              postgresql_where=text("leased_until IS NOT NULL")),
        Index("ix_webhook_deliveries_parked", "municipal_area_id", "webhook_id",
              postgresql_where=text("state = 'parked'")),
    )  # fmt: skip

    webhook_id: Mapped[UUID]
    institution_id: Mapped[UUID]
    event_id: Mapped[UUID]
    """The receiver's key: the same at every attempt."""
    kind: Mapped[str]
    referral_id: Mapped[UUID | None]
    incoming_id: Mapped[UUID | None]
    happened_at: Mapped[datetime]
    created_at: Mapped[datetime]
    state: Mapped[str]
    failures: Mapped[int] = mapped_column(server_default="0")
    """Attempts that failed since it was added or sent again; how long the next waits follows from it."""
    claims: Mapped[int] = mapped_column(server_default="0")
    """How often a worker took it: the fence against one that has lost its lease."""
    next_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    failure: Mapped[str | None]
    """Why it is not delivered (yet)."""
    ended_at: Mapped[datetime | None]
    """When it was delivered or parked."""


class WebhookAttempt(OfArea, Table):
    """One try at a delivery: when, and what came of it. Nothing of what was answered."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (
        _to("webhook_deliveries", "delivery_id", "fk_webhook_attempts_delivery"),
        one_of("failure", tuple(Failure)),
        Index("ix_webhook_attempts_delivery", "municipal_area_id", "delivery_id", "at"),
    )

    delivery_id: Mapped[UUID]
    institution_id: Mapped[UUID]
    at: Mapped[datetime]
    milliseconds: Mapped[int]
    status: Mapped[int | None]
    failure: Mapped[str | None]
    """None: it was taken."""
