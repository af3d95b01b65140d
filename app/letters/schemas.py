"""Shapes of letters: what each kind asks for beside the data of the case."""

from typing import Annotated, Literal, get_args
from uuid import UUID

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.consents.rules import Direction
from app.kit.schema import Code, Day, Input, Line, Moment

Other = Literal["eng", "ukr", "ara", "tur", "ron", "bul"]


def _beside_german(value: object) -> object:
    """Return a language that letters have beside German; refuse any other text, German too."""
    if isinstance(value, str) and value not in get_args(Other):
        raise PydanticCustomError(
            "not_beside_german",
            "Every letter is in German. Beside it there are eng, ukr, ara, tur, ron and bul: leave it out for"
            " German alone.",
        )
    return value


Beside = Annotated[
    Other | None,
    BeforeValidator(_beside_german),
    Field(description="a language beside German; none: German alone"),
]
Delivery = Annotated[
    Literal["handed_over", "post"], Field(description="by post only where safe contact allows it")
]


class AppointmentLetter(Input):
    """An invitation. It names no concern, so that whoever sees it learns nothing of one."""

    kind: Literal["appointment"]
    language: Beside = None
    delivery: Delivery = "handed_over"
    starts_at: Moment
    place: Line
    with_interpreter: bool = False


class PrivacyLetter(Input):
    """The privacy notice (Art. 13 GDPR), with a place to confirm that it was received."""

    kind: Literal["privacy_notice"]
    language: Beside = None
    delivery: Delivery = "handed_over"


class ConsentLetter(Input):
    """A form for a consent, filled in and ready to be signed. Signing records nothing by itself."""

    kind: Literal["consent_form"]
    language: Beside = None
    delivery: Delivery = "handed_over"
    purpose: Code
    text_version: Code = "1"
    institution_id: UUID | None = None
    """The exact recipient; none only where the unit itself is."""
    receiving_unit_id: UUID | None = None
    """For a transfer: the unit that is to take the case over."""
    data_categories: Annotated[list[Code], Field(min_length=1, max_length=20)]
    direction: Direction
    valid_until: Day | None = None


class HandoverLetter(Input):
    """The package of a referral that the client carries to the institution themselves. German."""

    kind: Literal["referral_handover"]
    referral_id: UUID


class CounsellingLetter(Input):
    """A confirmation that the client was here, by a contact that is in the case. German, without a reason."""

    kind: Literal["counselling_confirmation"]
    delivery: Delivery = "handed_over"
    contact_id: UUID


LetterWrite = Annotated[
    AppointmentLetter | PrivacyLetter | ConsentLetter | HandoverLetter | CounsellingLetter,
    Field(discriminator="kind"),
]
