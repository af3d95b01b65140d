"""Access tokens: issued and verified here, the only module that imports jose; and what else is signed.

A token says which session it was issued for, or by which credential a machine got it. Whether that still
stands is asked of its row, and roles come from the database. What jose may see is decided by `token_form`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from jose import jwk, jws
from jose.backends.base import Key
from jose.exceptions import JWSError

from app.identity.token_form import (
    ALGORITHM,
    LONGEST_LIFETIME,
    P256_BYTES,
    TOKEN_TYPE,
    Claims,
    InvalidToken,
    OfMachine,
    accepted_claims,
    decode,
    encode,
    json_object,
    key_named_in,
    low_s,
)

__all__ = [
    "Claims",
    "InvalidToken",
    "KeyRing",
    "OfMachine",
    "SigningKey",
    "UnusableKey",
    "VerificationKey",
    "VerifiedTokens",
    "attest",
    "issue",
    "load_key",
    "load_public_key",
    "payload_signed_by",
    "public_key",
    "verify",
]


class UnusableKey(ValueError):
    """The key is not one PEM block with a key on the curve P-256."""


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key under its `kid`, the thumbprint of RFC 7638."""

    kid: str
    jwk: dict[str, str]
    prepared: Key = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its public half."""

    public: VerificationKey
    prepared: Key = field(repr=False, compare=False)


class KeyRing:
    """The key that signs now, older public keys whose tokens are still accepted, and retired ones.

    The retired ones are only published: what they signed for others to keep remains verifiable.
    """

    def __init__(
        self,
        current: SigningKey,
        older: Iterable[VerificationKey] = (),
        retired: Iterable[VerificationKey] = (),
    ) -> None:
        self.current = current
        self._by_kid = {key.kid: key for key in (current.public, *older)}
        self._published = {key.kid: key for key in (*self._by_kid.values(), *retired)}

    def find(self, kid: str) -> VerificationKey:
        """Return the key of that name, or raise InvalidToken: nobody else's tokens are looked at."""
        key = self._by_kid.get(kid)
        if key is None:
            raise InvalidToken("key")
        return key

    def public_keys(self) -> dict[str, list[dict[str, str]]]:
        """Return the public halves as a JWK set (RFC 7517), the current key first."""
        return {"keys": [key.jwk for key in self._published.values()]}


class VerifiedTokens:
    """Remembers by digest which tokens were verified: at most `size`, and none beyond its expiry.

    Spares the signature, a fifth of a request, and nothing else: the session row is read all the same.
    Belongs to one key ring, issuer and audience.
    """

    def __init__(self, size: int = 10_000) -> None:
        self._size = size
        self._claims: dict[bytes, Claims] = {}

    def __len__(self) -> int:
        return len(self._claims)

    def remember(self, token: str, claims: Claims, now: datetime) -> None:
        """Keep the claims of a token that `verify` has just returned."""
        while self._claims:
            oldest = next(iter(self._claims))
            if len(self._claims) < self._size and now < self._claims[oldest].expires_at:
                break
            del self._claims[oldest]
        self._claims[_digest(token)] = claims

    def lookup(self, token: str, now: datetime) -> Claims | None:
        """Return the claims of a remembered token that is valid now, or nothing: then `verify` it."""
        claims = self._claims.get(_digest(token))
        return claims if claims and claims.valid_from <= now < claims.expires_at else None


def load_key(pem: str) -> SigningKey:
    """Read the private key that signs (`openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`).

    Raises UnusableKey for anything but one unencrypted PEM block, PKCS 8 or SEC 1, with a key on P-256.
    """
    block = _only_block(pem, "-----BEGIN PRIVATE KEY-----", "-----BEGIN EC PRIVATE KEY-----")
    try:
        key = load_pem_private_key(block, password=None)
    except Exception:  # noqa: BLE001 - one error for every way to be unreadable
        raise UnusableKey("The private key cannot be read.") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UnusableKey("The private key is not on the curve P-256.")
    return SigningKey(_verification_key(key.public_key()), jwk.construct(key, ALGORITHM))


def load_public_key(pem: str) -> VerificationKey:
    """Read a public key whose tokens are still accepted. Raises UnusableKey as `load_key` does."""
    block = _only_block(pem, "-----BEGIN PUBLIC KEY-----")
    try:
        key = load_pem_public_key(block)
    except Exception:  # noqa: BLE001 - one error for every way to be unreadable
        raise UnusableKey("The public key cannot be read.") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UnusableKey("The public key is not on the curve P-256.")
    return _verification_key(key)


def public_key(x: str, y: str) -> VerificationKey:
    """Return the key of a point on P-256, as a JWK names it. Raises UnusableKey for what is no such point."""
    try:
        across, up = (decode(part) for part in (x, y))
        if len(across) != P256_BYTES or len(up) != P256_BYTES:
            raise UnusableKey("A coordinate has 32 bytes.")  # noqa: TRY301 - one error for every fault
        point = int.from_bytes(across, "big"), int.from_bytes(up, "big")
        return _verification_key(ec.EllipticCurvePublicNumbers(*point, ec.SECP256R1()).public_key())
    except Exception:  # noqa: BLE001 - one error for every way to be no point
        raise UnusableKey("The key is no point on the curve P-256.") from None


def issue(
    ring: KeyRing,
    *,
    subject: UUID,
    session_id: UUID,
    issuer: str,
    audience: str,
    now: datetime,
    lifetime: timedelta,
    machine: OfMachine | None = None,
) -> str:
    """Sign a token for a session, or for a credential of a machine.

    Raises ValueError for a lifetime under a second or over ten minutes.
    """
    if not timedelta(seconds=1) <= lifetime <= LONGEST_LIFETIME:
        raise ValueError("A token lives between one second and ten minutes.")
    issued_at = int(_seconds(now))
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": str(subject),
        "aud": audience,
        "iat": issued_at,
        "nbf": issued_at,
        "exp": issued_at + int(lifetime.total_seconds()),
        "jti": str(uuid4()),
        "sid": str(session_id),
    }
    if machine is not None:
        claims |= {"client_id": str(subject), "scope": " ".join(sorted(machine.scopes))}
        claims |= {"cnf": {"jkt": machine.jkt}} if machine.jkt else {}
    return _signed(ring, TOKEN_TYPE, claims)


def attest(ring: KeyRing, *, kind: str, claims: Mapping[str, Any]) -> str:
    """Sign a statement for others to keep and verify by themselves; `kind` is its `typ`.

    Raises ValueError for the kind of an access token, which is issued for a session only.
    """
    if kind.lower().removeprefix("application/") == TOKEN_TYPE:
        raise ValueError("An access token is no statement.")
    return _signed(ring, kind, claims)


def verify(ring: KeyRing, token: str, *, issuer: str, audience: str, now: datetime) -> Claims:
    """Return what a token says, or raise InvalidToken whatever is wrong with it. There is no leeway."""
    moment = _seconds(now)
    try:
        key = ring.find(key_named_in(token))
        payload = jws.verify(token, key.prepared, algorithms=[ALGORITHM])
        return accepted_claims(json_object(payload), issuer=issuer, audience=audience, now=moment)
    except InvalidToken:
        raise
    except JWSError:
        raise InvalidToken("signature") from None
    except Exception:  # noqa: BLE001 - what a hostile token provokes (RecursionError too) is 401, not 500
        raise InvalidToken("malformed") from None


def payload_signed_by(key: VerificationKey, token: str) -> dict[str, Any]:
    """Return what another's key has signed, or raise InvalidToken; `token_form.opened` looked before."""
    try:
        return json_object(jws.verify(token, key.prepared, algorithms=[ALGORITHM]))
    except InvalidToken:
        raise
    except JWSError:
        raise InvalidToken("signature") from None
    except Exception:  # noqa: BLE001 - as in `verify`
        raise InvalidToken("malformed") from None


def _signed(ring: KeyRing, kind: str, claims: Mapping[str, Any]) -> str:
    headers = {"typ": kind, "kid": ring.current.public.kid}
    signed: str = jws.sign(dict(claims), ring.current.prepared, headers=headers, algorithm=ALGORITHM)
    signing_input, _, signature = signed.rpartition(".")
    return f"{signing_input}.{encode(low_s(decode(signature)))}"


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _seconds(now: datetime) -> float:
    if now.tzinfo is None:
        raise ValueError("The time must carry its zone.")
    return now.timestamp()


def _only_block(pem: str, *beginnings: str) -> bytes:
    text = pem.strip()
    if not text.startswith(beginnings) or text.count("-----BEGIN ") != 1:
        raise UnusableKey(f"Expected one PEM block that opens with {' or '.join(beginnings)}.")
    return text.encode()


def _verification_key(key: ec.EllipticCurvePublicKey) -> VerificationKey:
    numbers = key.public_numbers()
    x, y = (encode(number.to_bytes(P256_BYTES, "big")) for number in (numbers.x, numbers.y))
    required = {"crv": "P-256", "kty": "EC", "x": x, "y": y}  # RFC 7638: these, in this order, no others
    kid = encode(hashlib.sha256(json.dumps(required, separators=(",", ":")).encode()).digest())
    public_jwk = {**required, "alg": ALGORITHM, "kid": kid, "use": "sig"}
    return VerificationKey(kid, public_jwk, jwk.construct(key, ALGORITHM))
