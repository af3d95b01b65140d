"""What a file is and whether it is harmless enough to be kept: pure, from its bytes alone.

Refused with a reason: what is of no kept kind, is two kinds at once, is encrypted (nobody could look into
it), carries programs or reaches for other places, or unpacks to far more than it is. `kind_of` is for the
process of `app.documents.inspection.apart`: no process that serves others calls it on what somebody sent.
"""

from importlib import import_module

from app.documents.inspection.refusals import Reason, Refused
from app.documents.kinds import Kind

__all__ = ["Reason", "Refused", "kind_of"]

_BEGINNINGS = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "archives"),
    (b"\xff\xd8\xff", "images"),
    (b"\x89PNG\r\n\x1a\n", "images"),
    (b"II*\x00", "images"),
    (b"MM\x00*", "images"),
)
"""How files begin, and the module that looks at them; loaded only then, for each inspection starts anew."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(content: bytes) -> Kind:
    """Return the kind of a file. Raises Refused with the reason."""
    if not content:
        raise Refused(Reason.EMPTY)
    if content.startswith(_OLD_OFFICE):
        # Word and Excel wrap what they encrypt into the container of their old formats.
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise Refused(Reason.ENCRYPTED if encrypted else Reason.KIND)
    module = next((module for begins, module in _BEGINNINGS if content.startswith(begins)), "text")
    kind: Kind = import_module(f"{__name__}.{module}").inspect(content)
    return kind
