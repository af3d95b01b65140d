"""Pictures: their headers are read, nothing is decoded. A picture of far too many pixels is a bomb."""

import warnings
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from app.documents.inspection.refusals import Reason, Refused, has_second_identity
from app.documents.kinds import JPEG, PNG, TIFF, Kind

MOST_PIXELS = 150_000_000
"""A page scanned in A3 at 600 dpi has 70 million, a telephone's largest picture some 110 million."""

_KINDS = {"JPEG": JPEG, "MPO": JPEG, "PNG": PNG, "TIFF": TIFF}


def inspect(content: bytes) -> Kind:
    """Return the kind of a picture. Raises Refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(BytesIO(content), formats=("JPEG", "PNG", "TIFF"))
    except Image.DecompressionBombError:
        raise Refused(Reason.BOMB) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, OverflowError):
        raise Refused(Reason.DAMAGED) from None
    kind = _KINDS[str(picture.format)]
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused(Reason.BOMB)
    if kind is PNG and not content.endswith(b"IEND\xaeB`\x82"):
        raise Refused(Reason.AMBIGUOUS if b"IEND\xaeB`\x82" in content else Reason.DAMAGED)
    if kind is JPEG and b"\xff\xd9" not in content:
        raise Refused(Reason.DAMAGED)
    if has_second_identity(content, own="image"):
        raise Refused(Reason.AMBIGUOUS)
    return kind
