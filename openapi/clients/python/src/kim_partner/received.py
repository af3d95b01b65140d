"""Webhooks that arrive at the institution: verified over the bytes that came, before anything is read.

The kind of the secret says which form is accepted, never the message: `whsec_...` is HMAC-SHA256 and
`whpk_...` Ed25519 (Standard Webhooks), hexadecimal digits are the callback form of submission transport.
"""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kim_partner.problems import NotGenuine

TOLERANCE_SECONDS = 300
_HMAC, _PUBLIC = "whsec_", "whpk_"
_FEWEST_BYTES, _KEY_BYTES = 24, 32
_OF_CALLBACKS = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. `id` is the key: note it when the message has taken effect, and do nothing twice."""

    id: str
    """The `webhook-id`; in the callback form, which does not sign it, a digest of the body instead."""
    kind: str
    at: str
    referral_id: str | None
    """Of a referral to the institution."""
    incoming_id: str | None = None
    """Of one that the institution sent to KIM."""


def verify_webhook(
    headers: Mapping[str, str],
    body: bytes,
    secrets: Sequence[str],
    *,
    now: float | None = None,
    tolerance: float = TOLERANCE_SECONDS,
) -> Event:
    """Return the event of a genuine message; raise `NotGenuine`, also for one that is too old or too new.

    Several secrets are for the time of an exchange: one of them is enough. Raises ValueError for a secret
    that is of none of the three forms, before anything is verified: a fault of the set-up.
    """
    for secret in secrets:
        _require_form(secret)
    given = {name.lower(): value for name, value in headers.items()}
    moment = time.time() if now is None else now
    signing = next((each for each in secrets if _is_signed(given, body, each, moment, tolerance)), None)
    if signing is None:
        raise NotGenuine("Not signed with a secret that is known, or not of these minutes.")
    try:
        said = json.loads(body)
        return Event(
            id=hashlib.sha256(body).hexdigest() if _is_of_callbacks(signing) else given["webhook-id"],
            kind=said["type"],
            at=said["timestamp"],
            referral_id=said["data"].get("referral_id"),
            incoming_id=said["data"].get("incoming_id"),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotGenuine("This is no message.") from error


def _require_form(secret: str) -> None:
    """Raise ValueError unless this is a secret as the server makes them."""
    if secret.startswith(_HMAC):
        is_one = len(_decoded(secret.removeprefix(_HMAC))) >= _FEWEST_BYTES
    elif secret.startswith(_PUBLIC):
        is_one = len(_decoded(secret.removeprefix(_PUBLIC))) == _KEY_BYTES
    else:
        is_one = _OF_CALLBACKS.fullmatch(secret) is not None
    if not is_one:
        raise ValueError("This is no secret of a webhook.")


def _is_of_callbacks(secret: str) -> bool:
    return not secret.startswith((_HMAC, _PUBLIC))


def _is_signed(headers: Mapping[str, str], body: bytes, secret: str, now: float, tolerance: float) -> bool:
    callback = _is_of_callbacks(secret)
    moment = headers.get("callback-timestamp" if callback else "webhook-timestamp", "")
    if not (_MOMENT.fullmatch(moment) and abs(now - int(moment)) <= tolerance):
        return False
    if callback:
        expected = hmac.digest(secret.encode(), f"{moment}.".encode() + body, "sha512").hex()
        return hmac.compare_digest(expected.encode(), _bytes(headers.get("callback-authentication", "")))
    message = _bytes(f"{headers.get('webhook-id', '')}.{moment}.") + body
    offered = headers.get("webhook-signature", "").split()
    if secret.startswith(_PUBLIC):
        key = Ed25519PublicKey.from_public_bytes(_decoded(secret.removeprefix(_PUBLIC)))
        return any(_verifies(key, each, message) for each in _of_version("v1a", offered))
    digest = hmac.digest(_decoded(secret.removeprefix(_HMAC)), message, "sha256")
    expected = base64.b64encode(digest).decode()
    return any(hmac.compare_digest(expected.encode(), _bytes(each)) for each in _of_version("v1", offered))


def _of_version(version: str, offered: Sequence[str]) -> Iterator[str]:
    for each in offered:
        name, _, signature = each.partition(",")
        if name == version:
            yield signature


def _verifies(key: Ed25519PublicKey, signature: str, message: bytes) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _bytes(text: str) -> bytes:
    """Return the bytes of a header, whatever the server in front made of it."""
    return text.encode("utf-8", "surrogatepass")


def _decoded(text: str) -> bytes:
    """Return the bytes of a secret. Raises ValueError for what is none: a fault of the set-up."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:  # also for what is not ASCII
        raise ValueError("This is no secret of a webhook.") from error
