"""Single values sealed under a key outside the database, and found again by equality without being opened.

A value is sealed with AES-256-GCM and bound to where it belongs: moved elsewhere it does not open. Equal
values have the same mark, an HMAC-SHA256 under another key, derived for each area. Both rings of keys are of
one file; the id of its key stands in every sealed value and mark, so keys change while the application runs.
A third ring makes pseudonyms for those outside: its current key stays, since a new one would make new names.
"""

import base64
import binascii
import hmac
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES, NONCE_BYTES = 32, 12
_KEY_ID = re.compile(r"[a-z0-9]{4,16}\Z")
_FORM = "v1"


class UnusableFieldKeys(ValueError):
    """The file holds no two rings of keys; the sentence says what is wrong, never a key."""


class Unsealable(Exception):
    """The value was changed, moved to another place, or sealed under a key that is not in the ring."""


@dataclass(frozen=True, slots=True)
class Ring:
    """The key that is used now, and older ones, by id."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class FieldKeys:
    """What seals values, and what marks them; `place` names where a value belongs, the area first."""

    sealing: Ring
    marking: Ring
    naming: Ring | None = None
    """What names persons to those outside; a file of before it came has none."""

    def seal(self, value: str, *place: str) -> str:
        """Return the value sealed for this place under the current key."""
        key_id, nonce = self.sealing.current, os.urandom(NONCE_BYTES)
        cipher = AESGCM(self.sealing.keys[key_id])
        sealed = cipher.encrypt(nonce, value.encode(), _bound(_FORM, key_id, *place))
        return f"{_FORM}.{key_id}.{_encoded(nonce + sealed)}"

    def unseal(self, sealed: str, *place: str) -> str:
        """Return the value that was sealed for this place. Raises Unsealable for anything else."""
        form, key_id, body = ([*sealed.split("."), "", ""])[:3]
        try:
            raw = base64.urlsafe_b64decode(body)
            cipher = AESGCM(self.sealing.keys[key_id])
            return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(form, key_id, *place)).decode()
        except (InvalidTag, KeyError, ValueError):
            raise Unsealable from None

    def mark(self, value: str, *place: str) -> str:
        """Return the mark of a value under the current key."""
        return self._marked(self.marking.current, value, place)

    def marks(self, value: str, *place: str) -> list[str]:
        """Return the marks that a stored value may have: one for each key of the ring."""
        return [self._marked(key_id, value, place) for key_id in self.marking.keys]

    def pseudonyms(self, value: str, *place: str) -> list[str]:
        """Return the pseudonyms of a value in a place, by the current key first: 40 hexadecimal digits behind
        `p`.

        Raises UnusableFieldKeys where the file has no ring for it. Who has no key can neither find the value
        nor tell whether pseudonyms of two places are of one.
        """
        if self.naming is None:
            raise UnusableFieldKeys("The file of keys has no ring `naming`: kim keys renew adds it.")
        info = _bound("pseudonym", *place)
        ordered = sorted(self.naming.keys, key=self.naming.current.__ne__)
        keys = (
            HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(self.naming.keys[each]) for each in ordered
        )
        return [f"p{hmac.digest(key, _bound(value), 'sha256').hex()[:40]}" for key in keys]

    def _marked(self, key_id: str, value: str, place: tuple[str, ...]) -> str:
        area, *rest = place
        derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=_bound("mark", area))
        key = derived.derive(self.marking.keys[key_id])
        return f"{key_id}.{_encoded(hmac.digest(key, _bound(*rest, value), 'sha256'))}"


def load_field_keys(text: str) -> FieldKeys:
    """Read the two rings of a key file. Raises UnusableFieldKeys with a sentence."""
    try:
        found = json.loads(text)
        rings = {name: _ring(found[name]) for name in ("sealing", "marking")}
        if "naming" in found:
            rings["naming"] = _ring(found["naming"])
    except (KeyError, TypeError, AttributeError, binascii.Error, json.JSONDecodeError):
        raise UnusableFieldKeys("It is no JSON with the rings `sealing` and `marking`.") from None
    every = [key for ring in rings.values() for key in set(ring.keys.values())]
    if len(set(every)) < len(every):
        raise UnusableFieldKeys("A key seals, marks or names, never two of them.")
    return FieldKeys(**rings)


def new_field_keys() -> str:
    """Return the content of a key file with fresh keys."""
    return _text({"sealing": _fresh_ring(), "marking": _fresh_ring(), "naming": _fresh_ring()})


def with_new_keys(text: str) -> str:
    """Return the content of a key file with a new current key in each ring, the older ones kept.

    The ring of pseudonyms keeps its key, by which those outside know whom a file is about; it is added where
    it is missing.
    """
    load_field_keys(text)
    rings: dict[str, Any] = json.loads(text)
    for name in ("sealing", "marking"):
        fresh = _fresh_ring()
        rings[name]["keys"] |= fresh["keys"]
        rings[name]["current"] = fresh["current"]
    return _text({**rings, "naming": rings.get("naming") or _fresh_ring()})


def _fresh_ring() -> dict[str, Any]:
    key_id = secrets.token_hex(4)
    return {"current": key_id, "keys": {key_id: base64.b64encode(os.urandom(KEY_BYTES)).decode()}}


def _text(rings: Mapping[str, Any]) -> str:
    return json.dumps(rings, indent=2) + "\n"


def _ring(found: Mapping[str, Any]) -> Ring:
    keys = {key_id: base64.b64decode(key, validate=True) for key_id, key in found["keys"].items()}
    if not all(_KEY_ID.match(key_id) for key_id in keys) or any(
        len(key) != KEY_BYTES for key in keys.values()
    ):
        raise UnusableFieldKeys("A key has 32 bytes and an id of 4 to 16 small letters and digits.")
    if found["current"] not in keys:
        raise UnusableFieldKeys("The current key is not in its ring.")
    return Ring(found["current"], keys)


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _bound(*parts: str) -> bytes:
    """Return parts as bytes from which they can be told apart again."""
    return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
