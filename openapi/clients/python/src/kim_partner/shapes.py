"""Shapes of what is sent and answered, as far as a partner reads them; more members may come.

`openapi/openapi.json` is the contract. Times are RFC 3339 in UTC, dates are dates without a zone.
"""

from typing import Any, Literal, NotRequired, TypedDict

State = Literal[
    "draft", "requested", "accepted", "rejected", "in_progress", "on_hold", "completed", "failed",
    "cancelled", "revoked", "expired", "entered_in_error",
]  # fmt: skip
HoldReason = Literal[
    "waiting_for_client", "waiting_for_documents", "waiting_for_third_party", "capacity", "other"
]
CancelReason = Literal[
    "no_longer_wanted", "solved_otherwise", "wrong_recipient", "duplicate", "could_not_contact", "other"
]
RecipientWord = Literal["taken_note", "please_call", "takes_longer"]
KeptReason = Literal["statutory_retention", "own_legal_basis", "legal_claims", "other"]


class Concern(TypedDict):
    """What it is about: a code for authorities, a text for others."""

    code: str | None
    text: str | None


class Package(TypedDict):
    """What the sender chose to hand over, frozen when it was sent."""

    concern: Concern
    data: dict[str, dict[str, Any]]
    """By data category."""
    disputed: dict[str, list[str]]


class ReferralSummary(TypedDict):
    """A referral in the list and the feed."""

    id: str
    state: State
    delivery: Literal["queued", "offered", "fetched", "expired"]
    urgency: Literal["normal", "urgent"]
    requested_at: str
    deadline_at: str | None
    unit_name: str
    version: int
    readable_until: NotRequired[str | None]
    concern: NotRequired[Concern]
    """Absent while the package cannot be read."""


class Referral(ReferralSummary):
    """A referral with its package."""

    channel: str
    package: NotRequired[Package]
    package_sha256: NotRequired[str]
    rejection_reason: str | None
    hold_reason: str | None
    cancel_reason: str | None
    outcome: str | None
    not_kept: Literal["feedback_not_agreed"] | None
    revocation_acknowledged_at: str | None


class Moved(TypedDict):
    """A referral after a step. A machine without `referrals:read` is told of nothing but the step."""

    id: str
    state: State
    version: int
    not_kept: Literal["feedback_not_agreed"] | None
    delivery: NotRequired[Literal["queued", "offered", "fetched", "expired"]]
    package: NotRequired[Package]
    package_sha256: NotRequired[str]
    rejection_reason: NotRequired[str | None]
    hold_reason: NotRequired[str | None]
    cancel_reason: NotRequired[str | None]
    outcome: NotRequired[str | None]
    revocation_acknowledged_at: NotRequired[str | None]


class Taken(Moved):
    """The same, with the receipt of the step."""

    receipt: str


class SentFile(TypedDict):
    """What is known of a file that was sent; it stays with the sender's team."""

    id: str
    kind: str
    size_bytes: int
    sha256: str


class FileSent(TypedDict):
    """The message that a file is, in the thread of its referral."""

    id: str
    referral_id: str
    kind: Literal["file"]
    attachments: list[SentFile]


class Message(TypedDict):
    """Something that was said on a referral."""

    id: str
    referral_id: str
    at: str
    side: Literal["sender", "recipient"]
    kind: Literal["message", "information_request", "file"]
    code: str | None
    text: str | None
    data_categories: list[str]
    answers_id: str | None
    result: Literal["answered", "cannot_be_answered", "not_allowed"] | None
    state: Literal["open", "answered", "declined", "withdrawn"] | None
    due_at: str | None
    decline_reason: str | None
    read_at: str | None
    attachments: list[SentFile]


class ReceiptLine(TypedDict):
    """One step of a referral and the signed receipt of it."""

    id: str
    number: int
    at: str
    step: str
    state: State
    receipt: str


class BatchStep(TypedDict):
    """One step of a batch: what its own address takes, with the id and the version that was read."""

    id: str
    version: int
    step: Literal[
        "fetched", "accept", "reject", "start", "hold", "resume", "complete", "fail", "cancel",
        "acknowledge-revocation",
    ]  # fmt: skip
    reason: NotRequired[str]
    outcome: NotRequired[str]
    text: NotRequired[str]


class Recall(TypedDict):
    """What is asked after a consent has ended: are the data deleted?"""

    id: str
    institution_id: str
    reason: str
    asked_at: str
    due_at: str
    acknowledged_at: str | None
    account: Literal["deleted", "kept"] | None
    answered_at: str | None
    version: int


class Capacity(TypedDict):
    """How many places are free, as told last."""

    free_places: int
    places: int | None
    told_at: str


class Offer(TypedDict):
    """An offer of an institution, shortened to what machines need most."""

    id: str
    institution_id: str
    institution_name: str
    institution_type: str
    name: str
    status: Literal["active", "paused", "ended"]
    topics: list[str]
    languages: list[str]
    capacity: Capacity | None
    version: int


class Entry(TypedDict):
    """An entry of a vocabulary."""

    code: str
    label: str


class Webhook(TypedDict):
    """An address at which an institution is told that something happened."""

    id: str
    institution_id: str
    url: str
    label: str
    kinds: list[str]
    signature: Literal["hmac_sha256", "ed25519", "callback_hmac_sha512"]
    state: Literal["active", "paused", "ended"]
    secrets: list[dict[str, Any]]
    pending: int
    parked: int
    version: int


class WebhookWithSecret(TypedDict):
    """A webhook with its secret, which is shown once."""

    webhook: Webhook
    secret: str | None


class Delivery(TypedDict):
    """One event for one webhook, and what came of it."""

    id: str
    event_id: str
    kind: str
    referral_id: str | None
    incoming_id: str | None
    state: Literal["pending", "delivered", "parked"]
    failures: int
    failure: str | None
    attempts: list[dict[str, Any]]
