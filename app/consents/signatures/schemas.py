"""Shapes of signature blocks."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.consents.rules import GivenBy
from app.consents.signatures.rules import FEWEST_POINTS, LARGEST, MOST_POINTS, Device, points_in
from app.kit.schema import Input, Moment, Name, Read

Coordinate = Annotated[int, Field(strict=True, ge=0, le=LARGEST)]
Point = Annotated[list[Coordinate], Field(min_length=2, max_length=2)]
Stroke = Annotated[list[Point], Field(min_length=1, max_length=2000)]


class ConsentSign(Input):
    """What the device showed and what was drawn on it."""

    text_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the text as it was shown; it must be the one that the consent names."""
    guardian_id: UUID | None = None
    """Which of the consent's recorded guardians signs; each of them signs for themselves."""
    signer_name: Name
    """As whoever signs gives it."""
    signed_at: Moment
    device: Device
    strokes: Annotated[list[Stroke], Field(min_length=1, max_length=100)]
    """What was drawn: each stroke a list of points `[x, y]` of the device."""

    @model_validator(mode="after")
    def _drawn(self) -> Self:
        if not FEWEST_POINTS <= points_in(self.strokes) <= MOST_POINTS:
            raise PydanticCustomError("no_signature", "Too little or too much was drawn to be a signature")
        return self


class EvidenceAdd(Input):
    """The signed paper, which was not at hand when the consent was recorded."""

    document_id: UUID


class ConsentSignatureRead(Read):
    """A signature block, without what was drawn."""

    id: UUID
    consent_id: UUID
    signed_by: GivenBy
    guardian_id: UUID | None
    text_sha256: str
    signed_at: datetime
    device: Device
    recorded_at: datetime
    recorded_by: UUID


class SignatureVerification(Read):
    """Whether a block still stands for its consent. A simple electronic signature proves no more."""

    signature_id: UUID
    state: Literal["matches", "consent_differs", "text_differs", "unreadable"]
    """`unreadable`: what is stored was changed behind the application, or its key is gone."""
    differs: list[str]
    """Members of the consent that say something else today than what was signed."""
    text_matches: bool
    """The stored text of this version has the digest that was signed."""
    signer_name: str | None
    signed_at: datetime
    device: Device
    strokes: list[Stroke] | None
    """To be drawn; null where nothing opens."""
