"""What a file is and whether it is harmless enough to be kept: pure, from its bytes alone.

Refused with a reason: what is of no kept kind, is two kinds at once, is encrypted (nobody could look into
it), carries programs or reaches for other places, or unpacks to far more than it is.
"""

from app.documents.inspection.archives import inspect_archive
from app.documents.inspection.images import inspect_image
from app.documents.inspection.pdf import inspect_pdf
from app.documents.inspection.refusals import Reason, Refused
from app.documents.inspection.text import inspect_text
from app.documents.kinds import Kind

__all__ = ["Reason", "Refused", "kind_of"]

_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(content: bytes) -> Kind:
    """Return the kind of a file. Raises Refused with the reason."""
    if not content:
        raise Refused(Reason.EMPTY)
    if content.startswith(b"%PDF-"):
        return inspect_pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return inspect_archive(content)
    if content.startswith(_IMAGES):
        return inspect_image(content)
    if content.startswith(_OLD_OFFICE):
        # Word and Excel wrap what they encrypt into the container of their old formats.
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise Refused(Reason.ENCRYPTED if encrypted else Reason.KIND)
    return inspect_text(content)
