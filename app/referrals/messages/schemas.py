"""Shapes of messages on a referral, of both sides."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.documents.schemas import KindCode
from app.kit.schema import Code, Input, Note, Read

SenderWord = Literal["taken_note", "please_call", "how_does_it_stand", "new_referral_follows"]
RecipientWord = Literal["taken_note", "please_call", "takes_longer"]
Word = Literal["taken_note", "please_call", "how_does_it_stand", "new_referral_follows", "takes_longer"]
DeclineReason = Literal["not_covered", "not_known", "not_necessary", "ask_the_client"]
RequestState = Literal["open", "answered", "declined", "withdrawn"]
AnswerResult = Literal["answered", "cannot_be_answered", "not_allowed"]
MessageSide = Literal["sender", "recipient"]
MessageKind = Literal["message", "information_request", "file"]
Said = Annotated[Note, Field(max_length=4000)]


class MessageWrite(Input):
    """A coded word that tells of nobody, or a text that names the data categories it tells of."""

    code: SenderWord | None = None
    text: Said | None = None
    data_categories: Annotated[list[Code], Field(default_factory=list, max_length=20)]
    """Of a text: what it and the documents tell of. The basis of the referral must cover each of them."""
    document_ids: Annotated[list[UUID], Field(default_factory=list, max_length=10)]
    """Documents of the case that go with a text; they need `documents` and what they are about."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.code is None) == (self.text is None):
            raise PydanticCustomError("one_of", "Send a coded word or a text, one of both")
        if self.code is not None and (self.data_categories or self.document_ids):
            raise PydanticCustomError("code_tells_nothing", "A coded word tells of nothing and carries none")
        if self.text is not None and not self.data_categories:
            raise PydanticCustomError("categories_missing", "Name the data categories that the text tells of")
        return self


class InformationAnswer(MessageWrite):
    """What is said to a request for more information, and whether that answers it."""

    result: AnswerResult | None = None
    """When left out: `answered` for a text, `cannot_be_answered` for a coded word, which tells of nothing."""

    @model_validator(mode="after")
    def _answers(self) -> Self:
        if self.code is not None and self.result == "answered":
            raise PydanticCustomError("word_answers_nothing", "A coded word answers nothing")
        return self


class InformationDecline(Input):
    """Why it is not told."""

    reason: DeclineReason


class PartnerWord(Input):
    """A coded word that tells of nobody, or with a consent to feedback a text."""

    kind: Literal["message"]
    code: RecipientWord | None = None
    text: Said | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.code is None) == (self.text is None):
            raise PydanticCustomError("one_of", "Send a coded word or a text, one of both")
        return self


class InformationAsk(Input):
    """What more is needed, by data category; in words only with a consent to feedback."""

    kind: Literal["information_request"]
    data_categories: Annotated[list[Code], Field(min_length=1, max_length=20)]
    text: Said | None = None


PartnerMessageWrite = Annotated[PartnerWord | InformationAsk, Field(discriminator="kind")]


class _Message(Read):
    id: UUID
    referral_id: UUID
    at: datetime
    side: MessageSide
    kind: MessageKind
    code: Word | None
    text: str | None
    data_categories: list[str]
    """What a text of the sender tells of; of a request, what it asks for."""
    answers_id: UUID | None
    """The information request that it answers."""
    result: AnswerResult | None
    """Of an answer: whether the request is answered by it, cannot be answered, or may not be."""
    state: RequestState | None
    """Of an information request."""
    due_at: datetime | None
    decline_reason: DeclineReason | None
    closed_at: datetime | None
    read_at: datetime | None
    """When the other side read it first."""


class PartnerAttachmentRead(Read):
    """A file that went with a message: the sender's lies under `.../messages/{id}/attachments/{id}`.

    What the institution sent itself is listed here and stays with the team.
    """

    id: UUID
    category: str
    kind: KindCode
    size_bytes: int
    sha256: str


class AttachmentRead(PartnerAttachmentRead):
    """The same, and which document it is."""

    document_id: UUID


class ReferralMessageRead(_Message):
    """A message as the sender's team sees it."""

    attachments: list[AttachmentRead]


class PartnerMessageRead(_Message):
    """A message as the institution sees it."""

    attachments: list[PartnerAttachmentRead]


class PartnerMessageMarked(Read):
    """That a message was marked or taken back: all that a machine without `referrals:read` is told of it."""

    id: UUID
    referral_id: UUID
    state: RequestState | None
    """Of an information request."""
    read_at: datetime | None


MessageMarked = PartnerMessageRead | PartnerMessageMarked
"""Beside the mark the message itself, for people and for machines that have `referrals:read`."""
