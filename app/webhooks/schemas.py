"""Shapes of webhooks, their secrets and the log of deliveries."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from app.kit.schema import Input, Name, Read
from app.webhooks.addresses import LONGEST
from app.webhooks.rules import KINDS, LONGEST_OVERLAP_HOURS, OVERLAP_HOURS

Kind = Literal[
    "referral.offered",
    "referral.sent_back",
    "referral.reminder",
    "referral.expired",
    "referral.cancelled",
    "referral.entered_in_error",
    "referral.revoked",
    "referral.message",
    "referral.recall_asked",
    "incoming_referral.accepted",
    "incoming_referral.rejected",
    "incoming_referral.asked",
]
SignatureKind = Literal["hmac_sha256", "ed25519", "callback_hmac_sha512"]
WebhookState = Literal["active", "paused", "ended"]
DeliveryState = Literal["pending", "delivered", "parked"]
FailureKind = Literal[
    "address",
    "unresolved",
    "connection",
    "certificate",
    "timeout",
    "protocol",
    "status",
    "redirect",
    "gone",
    "secret",
    "webhook_ended",
    "paused_too_long",
]


def _each_once(kinds: list[Kind]) -> list[Kind]:
    return sorted(set(kinds))


Kinds = Annotated[list[Kind], Field(min_length=1, max_length=len(KINDS)), AfterValidator(_each_once)]
Url = Annotated[str, Field(min_length=1, max_length=LONGEST)]
"""https, a public name, port 443 or 8443, without user name and password."""


class WebhookCreate(Input):
    """A new address, and what is to be told there."""

    institution_id: UUID
    url: Url
    label: Name
    kinds: Kinds
    signature: SignatureKind = "hmac_sha256"


class WebhookChange(Input):
    """What changes; what is left out stays."""

    url: Url | None = None
    label: Name | None = None
    kinds: Kinds | None = None


class SecretRotate(Input):
    """For how long the secret before signs beside the new one; 0 ends it at once."""

    overlap_hours: Annotated[int, Field(strict=True, ge=0, le=LONGEST_OVERLAP_HOURS)] = OVERLAP_HOURS


class SecretRead(Read):
    """That a secret signs, never what it is; the public half of a pair may be read again."""

    id: UUID
    public_key: str | None
    created_at: datetime
    expires_at: datetime | None = Field(description="signs until then beside the newer one")


class WebhookRead(Read):
    """An address of an institution."""

    id: UUID
    institution_id: UUID
    url: str
    label: str
    kinds: list[Kind]
    signature: SignatureKind
    state: WebhookState = Field(description="`ended`: the address answered 410")
    ended_at: datetime | None
    secrets: list[SecretRead] = Field(description="the newest first")
    pending: int = Field(description="deliveries that wait")
    parked: int = Field(description="deliveries that were given up and can be sent again")
    created_at: datetime
    version: int


class WebhookSecretRead(Read):
    """A webhook with the secret that signs for it."""

    webhook: WebhookRead
    secret: str | None = Field(
        description="shown this once; null on a repeat, and for a key pair, whose public half is in `secrets`"
    )


class AttemptRead(Read):
    """One try: when it began, how long it took, and what came of it."""

    at: datetime
    milliseconds: int
    status: int | None = Field(description="of the answer, when there was one")
    failure: FailureKind | None = Field(description="null: it was taken")


class DeliveryRead(Read):
    """One event for one webhook."""

    id: UUID
    event_id: UUID = Field(description="the header `webhook-id`, the same at every attempt")
    kind: Kind | Literal["webhook.test"]
    referral_id: UUID | None = Field(description="of a referral to the institution")
    incoming_id: UUID | None = Field(description="of somebody whom the institution referred")
    happened_at: datetime
    state: DeliveryState
    failures: int = Field(description="attempts that failed since it was added or sent again")
    next_at: datetime | None = Field(description="when it is tried (again), while it is pending")
    failure: FailureKind | None
    ended_at: datetime | None = Field(description="when it was delivered or parked")
    attempts: list[AttemptRead] = Field(description="the newest first, at most 50")
