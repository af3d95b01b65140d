"""The answer that carries a document: always something to save, never something to show.

Neither the media type nor the name comes from who uploaded it, and where a browser opens it all the same it
is in a sandbox without scripts.
"""

import re
from collections.abc import AsyncIterator
from typing import Protocol
from urllib.parse import quote

from anyascii import anyascii
from starlette.responses import StreamingResponse

from app.documents.kinds import BY_CODE
from app.kit.octets import OCTETS

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\\/:*?\"<>|%;]+")
_LONGEST = 80


class Attachment(StreamingResponse):
    """A file to be saved."""

    media_type = OCTETS


class Named(Protocol):
    """What is said of a file that is saved."""

    @property
    def title(self) -> str | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...


def attachment(document: Named, content: AsyncIterator[bytes]) -> Attachment:
    """Return the answer with a document's content."""
    name = file_name(document.title or "", BY_CODE[document.kind].extension)
    headers = {
        "Content-Disposition": disposition(name),
        "Content-Length": str(document.size_bytes),
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Attachment(content, headers=headers)


def file_name(title: str, extension: str) -> str:
    """Return a title as the name of a file: without signs that a system reads as more than text."""
    stem = _UNSAFE.sub(" ", title)
    stem = re.sub(r"\s+", " ", stem).strip(" .")[:_LONGEST].strip(" .")
    return f"{stem or 'Dokument'}.{extension}"


def disposition(name: str) -> str:
    """Return the header for a name (RFC 6266): once for old programs in ASCII, once in full (RFC 8187)."""
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", anyascii(name))
    full = quote(name, safe="!#$&+-.^_`|~")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{full}"
