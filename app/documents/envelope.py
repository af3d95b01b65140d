"""Sealing a file under a key of its own, in chunks, so that it can be opened while it is read.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): each chunk is AES-256-GCM with a
counter and a mark of the last one as its nonce, so a chunk that is changed, moved, left out or cut off does
not open. The key is random for each file, which is why counters may begin at zero. Every chunk is bound to
where the file belongs. The key itself is sealed with the keys of fields (`app.kit.sealing`).
"""

import base64
import os
from collections.abc import AsyncIterable, AsyncIterator, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.kit.sealing import KEY_BYTES, FieldKeys, Unsealable

CHUNK = 64 * 1024
_TAG = 16
_FORM = b"KIM1"


def new_key() -> bytes:
    """Return a key for one file."""
    return os.urandom(KEY_BYTES)


def seal_key(keys: FieldKeys, key: bytes, area: str, document_id: str) -> str:
    """Return a file's key as it is stored."""
    return keys.seal(base64.b64encode(key).decode(), *_place(area, document_id))


def unseal_key(keys: FieldKeys, sealed: str, area: str, document_id: str) -> bytes:
    """Return a file's key. Raises Unsealable."""
    return base64.b64decode(keys.unseal(sealed, *_place(area, document_id)))


def sealed(content: bytes, key: bytes, area: str, document_id: str) -> Iterator[bytes]:
    """Yield a file as it is stored."""
    cipher, bound = AESGCM(key), _bound(area, document_id)
    yield _FORM
    last = max(0, (len(content) - 1) // CHUNK)
    view = memoryview(content)
    for number in range(last + 1):
        part = view[number * CHUNK : (number + 1) * CHUNK]
        yield cipher.encrypt(_nonce(number, is_last=number == last), part, bound)


async def sealed_anew(
    pieces: AsyncIterator[bytes], key: bytes, area: str, document_id: str
) -> AsyncIterator[bytes]:
    """Yield a file as it is stored under another key, from the pieces of `opened`: each one chunk."""
    cipher, bound = AESGCM(key), _bound(area, document_id)
    yield _FORM
    number, kept = 0, await anext(pieces)
    async for piece in pieces:
        yield cipher.encrypt(_nonce(number, is_last=False), kept, bound)
        number, kept = number + 1, piece
    yield cipher.encrypt(_nonce(number, is_last=True), kept, bound)


async def opened(
    stored: AsyncIterable[bytes], key: bytes, area: str, document_id: str
) -> AsyncIterator[bytes]:
    """Yield a file chunk by chunk, each proven before it is given out. Raises Unsealable."""
    cipher, bound = AESGCM(key), _bound(area, document_id)
    waiting, number, begun = bytearray(), 0, False
    async for part in stored:
        waiting += part
        if not begun and len(waiting) >= len(_FORM):
            if not waiting.startswith(_FORM):
                raise Unsealable
            del waiting[: len(_FORM)]
            begun = True
        # The last chunk is known only when nothing follows, so one is always kept back.
        while begun and len(waiting) > CHUNK + _TAG:
            yield _open(cipher, number, bytes(waiting[: CHUNK + _TAG]), bound, is_last=False)
            del waiting[: CHUNK + _TAG]
            number += 1
    if not begun:
        raise Unsealable
    yield _open(cipher, number, bytes(waiting), bound, is_last=True)


def _open(cipher: AESGCM, number: int, chunk: bytes, bound: bytes, *, is_last: bool) -> bytes:
    try:
        return cipher.decrypt(_nonce(number, is_last=is_last), chunk, bound)
    except (InvalidTag, ValueError):
        raise Unsealable from None


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _place(area: str, document_id: str) -> tuple[str, str, str]:
    return area, "document", document_id


def _bound(area: str, document_id: str) -> bytes:
    return _FORM + b"\x00".join((area.encode(), document_id.encode()))
