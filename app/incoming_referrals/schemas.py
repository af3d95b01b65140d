"""Shapes of incoming referrals that are sent: by an institution, and by the unit that answers."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.clients.schemas import Channels, Clients, Year
from app.kit.schema import Code, Day, Email, Input, Line, Name, Note, Phone
from app.organisations.schemas import MunicipalityKey

Urgency = Literal["normal", "urgent"]
UrgentBecause = Literal["deadline", "livelihood", "housing", "child", "emergency"]
State = Literal[
    "requested", "asked", "accepted", "rejected", "withdrawn", "revoked", "entered_in_error"
]  # fmt: skip
Basis = Literal["consent", "sgbx_69", "vital_interest"]
Form = Literal["written", "electronic", "spoken"]
GivenBy = Literal["client", "guardian", "minor_with_capacity"]
GuardianKind = Literal["parent", "guardian", "supplementary_guardian", "taken_into_care"]
Question = Literal[
    "person", "reachability", "language", "concern", "urgency", "guardian", "consent", "other"
]  # fmt: skip
Rejection = Literal[
    "no_capacity", "not_responsible", "conflict_of_interest", "not_enough_information", "no_legal_basis",
    "other_case_management", "no_need", "not_voluntary", "could_not_contact", "other",
]  # fmt: skip
Told = Literal[
    "no_capacity", "not_responsible", "not_enough_information", "no_legal_basis", "not_disclosed"
]  # fmt: skip
WithdrawReason = Literal["no_longer_wanted", "solved_otherwise", "referred_elsewhere", "wrong_unit", "other"]
Reference = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]*$")]
Said = Annotated[Note, Field(max_length=2000)]
Concerns = Annotated[list[Code], Field(min_length=1, max_length=10, description="life domains")]
Covered = Annotated[list[Code], Field(min_length=2, max_length=20, description="data categories")]


class GuardianNamed(Input):
    """Who decides for a person under age, as the institution knows it."""

    kind: GuardianKind
    name: Name
    reachable: Line | None = None


class PersonReferred(Input):
    """The least by which a person is found and spoken to: a name, a birth date or a year, a language."""

    given_name: Name
    family_name: Name
    birth_date: Day | None = None
    birth_year: Year | None = None
    language: Code
    needs_interpreter: bool | None = None
    guardian: GuardianNamed | None = None


class SafeContact(Input):
    """How the person can be reached without harm; at least one of telephone, e-mail and in words."""

    phone: Phone | None = None
    email: Email | None = None
    in_words: Line | None = None
    channels: Channels | None = None
    times: Line | None = None
    no_post: bool = False
    no_voicemail: bool = False
    no_interpreter_of_same_circle: bool = False
    must_not_learn: Line | None = None
    """Who must not learn of it."""


class ConsentStatement(Input):
    """What the institution states about the person's consent: who obtained it, when, how, for what.

    `covers` names at least `master_data` and `contact`, and the category of every concern; special
    categories are never covered by word of mouth.
    """

    obtained_by: Name
    obtained_on: Day
    form: Form
    given_by: GivenBy = "client"
    language: Code
    covers: Covered
    was_told_how_to_withdraw: Literal[True]
    circumstance: Line | None = None
    """Why it was only spoken, or why a minor grasps what it means."""


class IncomingRefer(Input):
    """Refers a person to a unit of KIM: to `unit_id`, or to whoever is responsible for a `municipality`.

    It rests on the person's consent, as stated here, or on another legal basis with its necessity.
    """

    institution_id: UUID | None = Field(None, description="needed only by who acts for several")
    unit_id: UUID | None = None
    municipality: MunicipalityKey | None = None
    reference: Reference | None = Field(None, description="a sign of your own; never a name")
    person: PersonReferred
    contact: SafeContact
    concerns: Concerns
    text: Said
    urgency: Urgency = "normal"
    urgent_because: UrgentBecause | None = None
    needs_protection: bool = False
    """Threatened or sheltered: whoever accepts registers a restricted person."""
    legal_basis: Basis = "consent"
    consent: ConsentStatement | None = None
    necessity: Said | None = None


class IncomingReply(Input):
    """The institution's answer to a question."""

    text: Said


class IncomingWithdraw(Input):
    """Why it is taken back."""

    reason: WithdrawReason


class IncomingAsk(Input):
    """A question to the institution; `other` needs a text, which names nobody of the unit and no number."""

    question: Question
    text: Line | None = None


class IncomingReject(Input):
    """Why the unit does not take the person on.

    The institution is told reasons that speak of the unit alone, of any other `not_disclosed`. A text goes
    only with the former, and names nobody of the unit and no number.
    """

    reason: Rejection
    text: Line | None = None


class IncomingAssign(Input):
    """Which case manager of the unit is to answer."""

    user_id: UUID


class IncomingAccept(Input):
    """Who and which case it becomes.

    Without `client_id` the person is registered as received; likely duplicates that you see are refused
    first, as in any registration. With it, what you know of the client stays, but of warnings and safe
    contact the stricter of both holds. Without `case_id` a case is opened.
    """

    client_id: UUID | None = None
    case_id: UUID | None = None
    kind: Literal["case_management", "counselling"] = "counselling"
    not_duplicate_of: Clients
    confirm_new: bool = False
