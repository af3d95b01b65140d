"""Who signs a consent, what a block says of it, and in what a consent differs from what was signed. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from app.consents.rules import Form

FORMAT = "kim-consent-signature-1"
FEWEST_POINTS, MOST_POINTS = 10, 8000
"""Points of all strokes together: a dot is no signature."""
LARGEST = 16383
"""A coordinate of a device, from 0."""

SIGNED = (
    "purpose", "institution_id", "unit_id", "receiving_unit_id", "data_categories", "special_categories",
    "direction", "text_language", "text_version", "text_sha256", "form", "given_by", "guardian", "given_at",
    "valid_until", "case_id",
)  # fmt: skip
"""What a block repeats of its consent; a later difference is found by verifying."""


class Device(StrEnum):
    """On what somebody signed."""

    TABLET = "tablet"
    PHONE = "phone"
    SIGNATURE_PAD = "signature_pad"
    COMPUTER = "computer"


def repeated(consent: Any) -> dict[str, Any]:
    """Return what a block says of its consent, as JSON values."""
    return {name: _plain(getattr(consent, name)) for name in SIGNED}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(map(str, value))
    return None if value is None else str(value)


def differing(signed: Mapping[str, Any], present: Mapping[str, Any]) -> list[str]:
    """Return what the consent says otherwise today than when it was signed."""
    return sorted(name for name in SIGNED if signed.get(name) != present.get(name))


def points_in(strokes: Sequence[Sequence[Any]]) -> int:
    """Return how many points were drawn."""
    return sum(map(len, strokes))


def takes_signature(form: str) -> bool:
    """Return whether a consent of this form is signed on a device: a paper has its own signature."""
    return form == Form.ELECTRONIC
