"""Shapes of what an institution refers to a KIM municipality; more members may come."""

from typing import Any, Literal, NotRequired, TypedDict

WithdrawReason = Literal["no_longer_wanted", "solved_otherwise", "referred_elsewhere", "wrong_unit", "other"]


class Guardian(TypedDict):
    """Who decides for a person under age."""

    kind: Literal["parent", "guardian", "supplementary_guardian", "taken_into_care"]
    name: str
    reachable: NotRequired[str]


class Person(TypedDict):
    """Whom one refers to KIM."""

    given_name: str
    family_name: str
    birth_date: NotRequired[str]
    birth_year: NotRequired[int]
    language: str
    needs_interpreter: NotRequired[bool]
    guardian: NotRequired[Guardian]


class Contact(TypedDict, total=False):
    """How the person can be reached without harm; at least one of phone, email and in_words."""

    phone: str
    email: str
    in_words: str
    channels: list[str]
    times: str
    no_post: bool
    no_voicemail: bool
    no_interpreter_of_same_circle: bool
    must_not_learn: str


class Consent(TypedDict):
    """What the institution states about the person's consent."""

    obtained_by: str
    obtained_on: str
    form: Literal["written", "electronic", "spoken"]
    given_by: NotRequired[Literal["client", "guardian", "minor_with_capacity"]]
    language: str
    covers: list[str]
    was_told_how_to_withdraw: Literal[True]
    circumstance: NotRequired[str]


class Refer(TypedDict):
    """A person referred to a unit, or to whoever is responsible for a municipality."""

    institution_id: NotRequired[str]
    unit_id: NotRequired[str]
    municipality: NotRequired[str]
    reference: NotRequired[str]
    person: Person
    contact: Contact
    concerns: list[str]
    text: str
    urgency: NotRequired[Literal["normal", "urgent"]]
    urgent_because: NotRequired[str]
    needs_protection: NotRequired[bool]
    legal_basis: NotRequired[Literal["consent", "sgbx_69", "vital_interest"]]
    consent: NotRequired[Consent]
    necessity: NotRequired[str]


class SentSummary(TypedDict):
    """Where a referral to KIM stands."""

    id: str
    unit: dict[str, str]
    reference: str | None
    urgency: str
    legal_basis: str
    state: Literal[
        "requested", "asked", "accepted", "rejected", "withdrawn", "revoked", "entered_in_error"
    ]  # fmt: skip
    requested_at: str
    deadline_at: str | None
    answered_at: str | None
    closed_at: str | None
    reason: str | None
    withdraw_reason: str | None
    sha256: str
    version: int


class Sent(SentSummary):
    """The same with questions and replies."""

    messages: list[dict[str, Any]]
    content: NotRequired[dict[str, Any]]


class Unit(TypedDict):
    """A unit that takes referrals."""

    id: str
    name: str
    kind: str
    municipality: str | None
    is_sgb_body: bool
    referral_days: int
    urgent_referral_days: int
