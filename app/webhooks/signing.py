"""Secrets, and what they sign: Standard Webhooks (`v1`, `v1a`), and the callbacks of submission transport.

Pure. A secret is text: `whsec_...` for HMAC-SHA256, `whsk_...` for the private half of an Ed25519 pair, whose
public half (`whpk_...`) may be shown, and hexadecimal digits for a callback.
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.webhooks.rules import Signature

_HMAC, _PRIVATE, _PUBLIC = "whsec_", "whsk_", "whpk_"
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secret:
    """What signs, and what the institution verifies with: the same, or the public half."""

    value: str = field(repr=False)
    public_key: str | None = None

    @property
    def shown(self) -> str | None:
        """What is shown once; a private key never is."""
        return self.value if self.public_key is None else None


def new_secret(signature: str) -> Secret:
    """Return a fresh secret for a way of signing."""
    if signature == Signature.HMAC_SHA256:
        return Secret(_HMAC + _encoded(secrets.token_bytes(_BYTES)))
    if signature == Signature.CALLBACK:
        return Secret(secrets.token_hex(_BYTES))
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    return Secret(_PRIVATE + _encoded(private.private_bytes_raw()), _PUBLIC + _encoded(public))


def place_of(area: str, webhook_id: UUID) -> tuple[str, str, str]:
    """Return where a secret is sealed to: moved to another webhook it does not open."""
    return area, "webhook", str(webhook_id)


def body_of(kind: str, happened_at: datetime, data: dict[str, str]) -> bytes:
    """Return what is sent: always the same bytes for the same event."""
    moment = happened_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return orjson.dumps({"type": kind, "timestamp": moment, "data": data})


def headers_of(
    signature: str, signing: Sequence[str], event_id: str, moment: int, body: bytes
) -> dict[str, str]:
    """Return the headers of one attempt, signed by every secret, the newest first.

    A callback has room for one: the newest signs it.
    """
    if signature == Signature.CALLBACK:
        signed = hmac.digest(signing[0].encode(), f"{moment}.".encode() + body, "sha512").hex()
        return {
            "webhook-id": event_id,
            "callback-timestamp": str(moment),
            "callback-authentication": signed,
        }
    message = f"{event_id}.{moment}.".encode() + body
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(_signature(secret, message) for secret in signing),
    }


def _signature(secret: str, message: bytes) -> str:
    if secret.startswith(_PRIVATE):
        private = Ed25519PrivateKey.from_private_bytes(_decoded(secret, _PRIVATE))
        return f"v1a,{_encoded(private.sign(message))}"
    return f"v1,{_encoded(hmac.digest(_decoded(secret, _HMAC), message, 'sha256'))}"


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decoded(secret: str, prefix: str) -> bytes:
    """Return the bytes of a secret. Raises ValueError for one of another kind."""
    if not secret.startswith(prefix):
        raise ValueError("a secret of another kind")
    try:
        return base64.b64decode(secret.removeprefix(prefix), validate=True)
    except binascii.Error:
        raise ValueError("no secret") from None
