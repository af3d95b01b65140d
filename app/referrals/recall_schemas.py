"""Shapes of what is asked after the consent has ended, and of what comes back."""

from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from app.kit.schema import Code, Day, Input, Line, Note, Read
from app.referrals.schemas import RevokeReason, Source

KeptReason = Literal["statutory_retention", "own_legal_basis", "legal_claims", "other"]


class AccountGiven(Input):
    """What became of the data: deleted, on which day; or kept, for which reason and by which rule."""

    account: Literal["deleted", "kept"]
    deleted_on: Day | None = None
    kept_reason: KeptReason | None = None
    norm: Line | None = None
    """The rule it rests on, such as `§ 84 SGB X`; nothing about the person."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.account == "deleted") != (self.deleted_on is not None):
            raise PydanticCustomError("deleted_on", "A day belongs to what is deleted")
        kept = self.account == "kept"
        if kept != (self.kept_reason is not None) or kept != (self.norm is not None):
            raise PydanticCustomError("kept_reason", "Reason and norm belong to what is kept")
        return self


class AccountRecord(AccountGiven):
    """The same, as the sender knows it from elsewhere."""

    source: Source


class ReferralReturn(Input):
    """Who is responsible instead; reaches the sender only if the client agreed to feedback."""

    suggested_type: Code | None = None
    """A kind of institution (vocabulary `institution_type`)."""
    text: Note | None = None


class RecallRead(Read):
    """What a recipient was asked after the consent had ended, and what it has said."""

    id: UUID
    """That of the referral."""
    institution_id: UUID
    is_on_platform: bool
    reason: RevokeReason
    asked_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    account: Literal["deleted", "kept"] | None
    deleted_on: date | None
    kept_reason: KeptReason | None
    norm: str | None
    source: Source | None
    answered_at: datetime | None
    version: int
