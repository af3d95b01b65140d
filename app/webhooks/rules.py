"""What webhooks are told of, how often it is tried, and the ways of a webhook and of a delivery. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.kit.machine import Machine, Transition, from_each

TEST = "webhook.test"
OF_REFERRALS = (
    OFFERED, SENT_BACK, REMINDER, EXPIRED, CANCELLED, ENTERED_IN_ERROR, REVOKED, MESSAGE, RECALL_ASKED,
) = (
    "referral.offered",
    "referral.sent_back",
    "referral.reminder",
    "referral.expired",
    "referral.cancelled",
    "referral.entered_in_error",
    "referral.revoked",
    "referral.message",
    "referral.recall_asked",
)  # fmt: skip
OF_INCOMING = (ACCEPTED, REJECTED, ASKED) = (
    "incoming_referral.accepted",
    "incoming_referral.rejected",
    "incoming_referral.asked",
)
"""What becomes of somebody whom the institution referred."""
KINDS = (*OF_REFERRALS, *OF_INCOMING)
"""What somebody else does to a referral of the institution; what it does itself it knows."""

RETRIES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.2
"""A wait is longer by up to this share of it, so that what failed together does not come back together."""

AT_ONCE, AT_ONCE_WEBHOOK, AT_ONCE_INSTITUTION = 32, 2, 4
"""Attempts under way together: of one worker; to one webhook, and to one institution, by all workers."""
LEASE = timedelta(seconds=60)
"""After this an attempt of which nothing was heard is somebody else's; longer than any attempt may take."""
MOST_WEBHOOKS = 10
OVERLAP_HOURS, LONGEST_OVERLAP_HOURS = 24, 168
KEEP_LOG = timedelta(days=30)


class Signature(StrEnum):
    """How deliveries are signed."""

    HMAC_SHA256 = "hmac_sha256"
    ED25519 = "ed25519"
    CALLBACK = "callback_hmac_sha512"


class State(StrEnum):
    """Where a webhook stands; one that has ended told us so, by 410."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Step(StrEnum):
    """What becomes of a webhook."""

    CREATE = "create"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


PEOPLE, ADDRESS, WORKER = "people of the institution", "the address, by answering 410", "the worker"

WAY: Machine[Step, State] = Machine(
    Transition(Step.CREATE, None, State.ACTIVE, PEOPLE),
    Transition(Step.PAUSE, State.ACTIVE, State.PAUSED, PEOPLE),
    *from_each((State.PAUSED, State.ENDED), Step.RESUME, State.ACTIVE, PEOPLE),
    *from_each((State.ACTIVE, State.PAUSED), Step.END, State.ENDED, ADDRESS),
)


class Delivery(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    PARKED = "parked"


class DeliveryStep(StrEnum):
    """What becomes of a delivery."""

    ADD = "add"
    DELIVER = "deliver"
    PARK = "park"
    RESEND = "resend"


DELIVERY_WAY: Machine[DeliveryStep, Delivery] = Machine(
    Transition(DeliveryStep.ADD, None, Delivery.PENDING, WORKER),
    Transition(DeliveryStep.DELIVER, Delivery.PENDING, Delivery.DELIVERED, WORKER, "an answer of 2xx"),
    Transition(
        DeliveryStep.PARK, Delivery.PENDING, Delivery.PARKED, WORKER, "no try left, or the webhook has ended"
    ),
    Transition(DeliveryStep.RESEND, Delivery.PARKED, Delivery.PENDING, PEOPLE),
)


class Failure(StrEnum):
    """Why an attempt was none, or why a delivery is parked without one."""

    ADDRESS = "address"
    UNRESOLVED = "unresolved"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    STATUS = "status"
    REDIRECT = "redirect"
    GONE = "gone"
    SECRET = "secret"  # noqa: S105 - the kind of failure: the secret does not open
    WEBHOOK_ENDED = "webhook_ended"
    PAUSED_TOO_LONG = "paused_too_long"


def failure_of(status: int) -> Failure | None:
    """Return what a status means; None is success. A redirect is followed by nobody."""
    if 200 <= status < 300:
        return None
    if status == 410:
        return Failure.GONE
    return Failure.REDIRECT if 300 <= status < 400 else Failure.STATUS


def next_try(failures: int, now: datetime, chance: float) -> datetime | None:
    """Return when to try again after so many failures, later by chance (0 to 1); None means parked."""
    if failures > len(RETRIES):
        return None
    return now + RETRIES[failures - 1] * (1 + JITTER * chance)
