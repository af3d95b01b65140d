"""Makes access tokens by hand, good ones and forged ones, without the code under test and without jose."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ISSUER = "https://kim.example"
AUDIENCE = "kim-api"
SUBJECT = "0195c5a0-0000-7000-8000-000000000001"
SESSION = "0195c5a0-0000-7000-8000-000000000002"
TOKEN_ID = "0195c5a0-0000-4000-8000-000000000003"

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
OUR_KEY = ec.derive_private_key(0x1234567890ABCDEF, ec.SECP256R1())
FOREIGN_KEY = ec.derive_private_key(0xFEDCBA0987654321, ec.SECP256R1())

Json = dict[str, Any]


def private_pem(key: ec.EllipticCurvePrivateKey = OUR_KEY) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def public_bytes(
    encoding: serialization.Encoding,
    form: serialization.PublicFormat = serialization.PublicFormat.SubjectPublicKeyInfo,
    key: ec.EllipticCurvePrivateKey = OUR_KEY,
) -> bytes:
    return key.public_key().public_bytes(encoding, form)


def public_pem(key: ec.EllipticCurvePrivateKey = OUR_KEY) -> str:
    return public_bytes(serialization.Encoding.PEM, key=key).decode()


def public_jwk(key: ec.EllipticCurvePrivateKey = OUR_KEY) -> Json:
    numbers = key.public_key().public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": b64(numbers.x.to_bytes(32, "big")),
        "y": b64(numbers.y.to_bytes(32, "big")),
    }


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def as_json(value: Json | bytes) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()


OUR_KID = b64(
    hashlib.sha256(json.dumps(public_jwk(), sort_keys=True, separators=(",", ":")).encode()).digest()
)


def good_header(**changes: Any) -> Json:
    return {"alg": "ES256", "kid": OUR_KID, "typ": "at+jwt", **changes}


def good_claims(**changes: Any) -> Json:
    return {
        "iss": ISSUER,
        "sub": SUBJECT,
        "aud": AUDIENCE,
        "iat": SECONDS - 60,
        "nbf": SECONDS - 60,
        "exp": SECONDS + 540,
        "jti": TOKEN_ID,
        "sid": SESSION,
        **changes,
    }


def without(members: Json, *names: str) -> Json:
    return {name: value for name, value in members.items() if name not in names}


def compact(header: Json | bytes, claims: Json | bytes, signature: bytes) -> str:
    return f"{b64(as_json(header))}.{b64(as_json(claims))}.{b64(signature)}"


def pair(signing_input: bytes, key: ec.EllipticCurvePrivateKey = OUR_KEY) -> tuple[int, int]:
    """Return (r, s) with the smaller s, the same for the same input (RFC 6979)."""
    der = key.sign(signing_input, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    r, s = decode_dss_signature(der)
    return r, min(s, ORDER - s)


def raw(r: int, s: int) -> bytes:
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def sign_text(signing_input: str, key: ec.EllipticCurvePrivateKey = OUR_KEY) -> str:
    return f"{signing_input}.{b64(raw(*pair(signing_input.encode(), key)))}"


def sign(
    header: Json | bytes | None = None,
    claims: Json | bytes | None = None,
    key: ec.EllipticCurvePrivateKey = OUR_KEY,
) -> str:
    """Return a token that is genuinely signed, whatever its header and claims say."""
    header = good_header() if header is None else header
    claims = good_claims() if claims is None else claims
    return sign_text(f"{b64(as_json(header))}.{b64(as_json(claims))}", key)


def mac(header: Json | bytes, claims: Json | bytes, secret: bytes) -> str:
    """Return a token with an HMAC in place of the signature."""
    signing_input = f"{b64(as_json(header))}.{b64(as_json(claims))}"
    digest = hmac.digest(secret, signing_input.encode(), "sha256")
    return f"{signing_input}.{b64(digest)}"


def with_signature(token: str, signature: bytes) -> str:
    return f"{token.rpartition('.')[0]}.{b64(signature)}"


def high_s(token: str) -> str:
    """Return the other signature of the same token that every lenient verifier accepts as well."""
    signature = unb64(token.rpartition(".")[2])
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    return with_signature(token, raw(r, ORDER - s))


def der_signature(token: str) -> str:
    header, claims, _ = token.split(".")
    return with_signature(token, OUR_KEY.sign(f"{header}.{claims}".encode(), ec.ECDSA(hashes.SHA256())))
