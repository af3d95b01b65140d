"""PDF: not encrypted, without scripts, attached files, programs to start or places to reach for.

Looked at twice. qpdf reads the file as a reader would, and every object of it is asked what it does
(`pdf_objects`). And the bytes are searched for the names that would do such things: also where they are
written with hex digits (`/#4AavaScript`), in parts that no reader should reach, and in whatever is packed
like an object stream; so what another reader finds by repairing a file is seen as well.
"""

import re
import zlib
from io import BytesIO

import pikepdf

from app.documents.inspection.pdf_objects import check_objects
from app.documents.inspection.refusals import Reason, Refused, has_second_identity
from app.documents.kinds import PDF, Kind

MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of what is packed like object streams of one file, unpacked."""

_STEP = 256 * 1024
_LONGEST_NAME = 64
_END = b"%%EOF"
_STREAM = re.compile(rb"stream[ \t]{0,9}(?:\r\n|\n|\r)")
_OBJECTS = re.compile(rb"\s{0,40}(?:%|\d{1,10}\s{1,40}\d)")
"""How an object stream begins, unpacked: numbers of objects and where they stand."""


def _spelled(*names: str) -> "re.Pattern[bytes]":
    """Return what finds these names, each letter plain or as hex digits."""
    each = "|".join("".join(f"(?:{letter}|#{ord(letter):02x})" for letter in name) for name in names)
    # Hex digits are written in either case, and names are longer than chance makes them in packed bytes.
    text = re.sub(r"#(\d)([a-f])", lambda code: f"#{code[1]}[{code[2]}{code[2].upper()}]", each)
    return re.compile(rb"/(?:" + text.encode() + rb")(?![A-Za-z0-9])")


_ENCRYPTED = _spelled("Encrypt")
_ACTIVE = _spelled(
    "JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "SubmitForm", "ImportData", "GoToE",
    "GoToR", "Rendition",
)  # fmt: skip


def inspect(content: bytes) -> Kind:
    """Return PDF as the kind. Raises Refused."""
    end = content.rfind(_END)
    if end < 0:
        raise Refused(Reason.DAMAGED)
    if content[end + len(_END) :].strip(b"\x00\t\n\f\r "):
        raise Refused(Reason.AMBIGUOUS)
    if has_second_identity(content, own="pdf"):
        raise Refused(Reason.AMBIGUOUS)
    _check_bytes(content)
    _check_packed(content)
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as read:
            if read.is_encrypted:
                raise Refused(Reason.ENCRYPTED)
            check_objects(read)
    except pikepdf.PasswordError:
        raise Refused(Reason.ENCRYPTED) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError):
        raise Refused(Reason.DAMAGED) from None
    return PDF


def _check_bytes(part: bytes) -> None:
    if _ENCRYPTED.search(part):
        raise Refused(Reason.ENCRYPTED)
    if _ACTIVE.search(part):
        raise Refused(Reason.ACTIVE)


def _check_packed(content: bytes) -> None:
    """Look into everything that is packed by Deflate and begins like an object stream, listed or not."""
    left = MOST_UNPACKED
    for begin in _STREAM.finditer(content):
        at = begin.end()
        try:
            head = zlib.decompressobj().decompress(content[at : at + 512], 128)
        except zlib.error:
            continue
        if _OBJECTS.match(head):
            left -= _check_unpacked(content, at, left)


def _check_unpacked(content: bytes, at: int, most: int) -> int:
    """Look into one packed stream piece by piece; return how much it was. Raises Refused."""
    unpacker, size, before = zlib.decompressobj(), 0, b""
    for start in range(at, len(content), _STEP):
        waiting = content[start : start + _STEP]
        while waiting and not unpacker.eof:
            try:
                piece = unpacker.decompress(waiting, _STEP)
            except zlib.error:
                return size
            waiting = unpacker.unconsumed_tail
            size += len(piece)
            if size > most:
                raise Refused(Reason.BOMB)
            _check_bytes(before + piece)
            before = (before + piece)[-_LONGEST_NAME:]
        if unpacker.eof:
            break
    return size
