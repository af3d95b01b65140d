"""PDF: not encrypted, without scripts, attached files or programs to start.

Nothing is interpreted: the names that would do such things are looked for, also where they are written with
hex digits (`/#4AavaScript`) or lie in compressed object streams, which are unpacked up to a limit.
"""

import re
import zlib

from app.documents.inspection.refusals import Reason, Refused, has_second_identity
from app.documents.kinds import PDF, Kind

MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of object streams of one file, unpacked."""

_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAME = re.compile(rb"/[^\x00\t\n\f\r ()<>\[\]{}/%]*#[^\x00\t\n\f\r ()<>\[\]{}/%]*")
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE|Rendition|Movie|Sound)"
    rb"(?![A-Za-z0-9])"
)
_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_OBJECT_STREAM = re.compile(rb"/ObjStm(?![A-Za-z0-9])")
_STREAM = re.compile(rb"stream\r?\n")
_END = b"%%EOF"


def inspect_pdf(content: bytes) -> Kind:
    """Return PDF as the kind. Raises Refused."""
    end = content.rfind(_END)
    if end < 0:
        raise Refused(Reason.DAMAGED)
    if content[end + len(_END) :].strip(b"\x00\t\n\f\r "):
        raise Refused(Reason.AMBIGUOUS)
    if has_second_identity(content, own="pdf"):
        raise Refused(Reason.AMBIGUOUS)
    outside, hidden = _structure(content)
    if _ENCRYPTED.search(outside):
        raise Refused(Reason.ENCRYPTED)
    if _ACTIVE.search(outside) or _ACTIVE.search(hidden):
        raise Refused(Reason.ACTIVE)
    return PDF


def _structure(content: bytes) -> tuple[bytes, bytes]:
    """Return what stands outside of streams, and what the object streams hold; names spelled out."""
    outside, hidden, left, at = [], [], MOST_UNPACKED, 0
    while (begin := _STREAM.search(content, at)) is not None:
        before = content[at : begin.start()]
        outside.append(before)
        finish = content.find(b"endstream", begin.end())
        at = len(content) if finish < 0 else finish + len(b"endstream")
        dictionary = before[before.rfind(b" obj") + 1 :]
        if _OBJECT_STREAM.search(_spelled_out(dictionary)):
            unpacked = _unpacked(content[begin.end() : finish if finish >= 0 else len(content)], left)
            left -= len(unpacked)
            hidden.append(unpacked)
    outside.append(content[at:])
    return _spelled_out(b"".join(outside)), _spelled_out(b"\n".join(hidden))


def _unpacked(packed: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(packed, most + 1)
    except zlib.error:
        return packed  # not compressed, or by another filter: looked at as it is
    if len(unpacked) > most:
        raise Refused(Reason.BOMB)
    return unpacked


def _spelled_out(part: bytes) -> bytes:
    return _NAME.sub(lambda name: _HEX.sub(lambda code: bytes([int(code[1], 16)]), name[0]), part)
