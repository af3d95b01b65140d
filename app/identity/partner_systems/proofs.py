"""What machines sign: the assertion that gets a token (RFC 7523), the proof of a request (DPoP, RFC 9449).

Parsers of their own in front of jose, stricter than the standards: ES256 only, no header or claim that is not
named here, our own address the only audience, each good once and not for long.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from app.identity.token_form import ALGORITHM, P256_BYTES, InvalidToken, decode, encode, json_object, opened
from app.identity.tokens import VerificationKey, payload_signed_by, public_key

T = TypeVar("T")

LONGEST_ASSERTION = timedelta(minutes=5)
PROOF_LASTS = timedelta(minutes=1)
CLOCKS_APART = timedelta(seconds=30)
"""How far the clock of an institution may run ahead of ours; one that runs behind has less time."""

LONGEST_ID = 128
LONGEST_HEADER = 512
ASSERTION_TYPES = frozenset({"JWT", "client-authentication+jwt"})
PROOF_TYPE = "dpop+jwt"

_ASSERTION_CLAIMS = frozenset({"iss", "sub", "aud", "exp", "jti"})
_PROOF_CLAIMS = frozenset({"jti", "htm", "htu", "iat"})
_PROOF_KEY = frozenset({"kty", "crv", "x", "y"})


@dataclass(frozen=True, slots=True)
class Used:
    """What is kept of an assertion or proof until it is too old: a second one like it is refused."""

    digest: bytes
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Asserted:
    """What an assertion says of itself; whether it is genuine is not known yet."""

    client_id: UUID
    kid: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A genuine proof: the thumbprint of its key, and what is kept of it."""

    jkt: str
    used: Used


def asserted(assertion: str) -> Asserted:
    """Read whose assertion this is. Raises InvalidToken for what has not the one form."""
    return _malformed(lambda: _asserted(assertion))


def accepted_assertion(assertion: str, key: VerificationKey, *, audience: str, now: datetime) -> Used:
    """Return what is kept of an assertion that this key has signed for us. Raises InvalidToken."""
    claims = payload_signed_by(key, assertion)
    client = _malformed(lambda: _asserted(assertion)).client_id
    if not _ASSERTION_CLAIMS <= claims.keys() <= _ASSERTION_CLAIMS | {"iat", "nbf"}:
        raise InvalidToken("claims")
    if claims["aud"] != audience or not isinstance(claims["aud"], str):
        raise InvalidToken("audience")
    identity = _identity(claims["jti"])
    expires_at = _moment(claims["exp"])
    begins = [_moment(claims[name]) for name in ("iat", "nbf") if name in claims]
    if not now < expires_at <= now + LONGEST_ASSERTION + CLOCKS_APART:
        raise InvalidToken("time")
    if any(each > now + CLOCKS_APART for each in begins):
        raise InvalidToken("time")
    return Used(_digest("assertion", str(client), identity), expires_at)


def accepted_proof(
    proof: str, *, method: str, address: str, now: datetime, access_token: str | None = None
) -> Proof:
    """Return a proof for one request, by the key it carries. Raises InvalidToken.

    With an access token it must name that one; without, at the token endpoint, it must name none.
    """
    key = _malformed(lambda: _key_in(proof))
    claims = payload_signed_by(key, proof)
    if claims.keys() != _PROOF_CLAIMS | ({"ath"} if access_token is not None else set()):
        raise InvalidToken("claims")
    if claims["htm"] != method or claims["htu"] != address:
        raise InvalidToken("other_request")
    if access_token is not None and claims["ath"] != token_digest(access_token):
        raise InvalidToken("other_token")
    identity, signed_at = _identity(claims["jti"]), _moment(claims["iat"])
    if not signed_at - CLOCKS_APART <= now < signed_at + PROOF_LASTS:
        raise InvalidToken("time")
    return Proof(key.kid, Used(_digest("proof", key.kid, identity), signed_at + PROOF_LASTS))


def token_digest(access_token: str) -> str:
    """Return `ath` of RFC 9449: the digest by which a proof names its token."""
    return encode(hashlib.sha256(access_token.encode()).digest())


def _asserted(assertion: str) -> Asserted:
    header = _header(assertion)
    kid, kind = header.get("kid"), header.get("typ", "JWT")
    if header.keys() - {"typ"} != {"alg", "kid"} or header["alg"] != ALGORITHM:
        raise InvalidToken("header")
    if not isinstance(kid, str) or kind not in ASSERTION_TYPES:
        raise InvalidToken("header")
    claims = json_object(decode(assertion.split(".")[1]))
    client = UUID(claims["sub"])
    if claims["iss"] != claims["sub"] or str(client) != claims["sub"]:
        raise InvalidToken("claims")
    return Asserted(client, kid)


def _header(text: str) -> dict[str, Any]:
    header, signature = opened(text, longest_header=LONGEST_HEADER)
    if len(signature) != 2 * P256_BYTES:
        raise InvalidToken("signature")
    return header


def _key_in(proof: str) -> VerificationKey:
    header = _header(proof)
    jwk = header.get("jwk")
    if header.keys() != {"alg", "jwk", "typ"} or (header["alg"], header["typ"]) != (ALGORITHM, PROOF_TYPE):
        raise InvalidToken("header")
    if not isinstance(jwk, dict) or jwk.keys() != _PROOF_KEY or (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
        raise InvalidToken("key")
    return public_key(jwk["x"], jwk["y"])


def _malformed(read: Callable[[], T]) -> T:
    try:
        return read()
    except InvalidToken:
        raise
    except Exception:  # noqa: BLE001 - what a hostile text provokes (RecursionError too) is a refusal, not 500
        raise InvalidToken("malformed") from None


def _identity(jti: Any) -> str:
    if not isinstance(jti, str) or not 1 <= len(jti) <= LONGEST_ID:
        raise InvalidToken("claims")
    return jti


def _moment(seconds: Any) -> datetime:
    if type(seconds) is not int or not 0 <= seconds < 1 << 33:
        raise InvalidToken("claims")
    return datetime.fromtimestamp(seconds, UTC)


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
