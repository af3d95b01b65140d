"""Every known attack on tokens is refused, each under its name; the token it was made of is accepted."""

import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.identity import tokens
from app.identity.tokens import InvalidToken, KeyRing
from tests.identity import token_forgery as forge
from tests.identity.token_forgery import AUDIENCE, ISSUER, NOW, SECONDS, good_claims, good_header, sign

RING = KeyRing(tokens.load_key(forge.private_pem()))
GOOD = sign()
HEADER, CLAIMS, SIGNATURE = GOOD.split(".")


def refusal(token: Any, **changes: Any) -> str:
    """Return the reason for which a token is refused."""
    with pytest.raises(InvalidToken) as refused:
        tokens.verify(RING, token, **{"issuer": ISSUER, "audience": AUDIENCE, "now": NOW, **changes})
    assert str(token) not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return refused.value.reason


def test_the_token_that_all_attacks_start_from_is_accepted() -> None:
    assert str(tokens.verify(RING, GOOD, issuer=ISSUER, audience=AUDIENCE, now=NOW).subject) == forge.SUBJECT


FOREIGN_CLAIMS = forge.b64(forge.as_json(good_claims(sub=forge.SESSION)))
FOREIGN_SIGNATURE = forge.unb64(sign(claims=good_claims(exp=SECONDS + 1)).split(".")[2])

TAMPERED = {
    "other claims under the same signature": f"{HEADER}.{FOREIGN_CLAIMS}.{SIGNATURE}",
    "signature of another token": forge.with_signature(GOOD, FOREIGN_SIGNATURE),
    "foreign key under our name": sign(key=forge.FOREIGN_KEY),
    "signature left out": f"{HEADER}.{CLAIMS}.",
    "signature of zeros": forge.with_signature(GOOD, bytes(64)),
    "r and s of the group order": forge.with_signature(GOOD, forge.raw(forge.ORDER, forge.ORDER)),
    "s beyond the group order": forge.with_signature(GOOD, forge.raw(1, 2**256 - 1)),
    "r is zero": forge.with_signature(GOOD, forge.raw(0, 1)),
    "63 bytes": forge.with_signature(GOOD, forge.unb64(SIGNATURE)[:-1]),
    "65 bytes": forge.with_signature(GOOD, forge.unb64(SIGNATURE) + b"\0"),
    "signature in DER": forge.der_signature(GOOD),
}


@pytest.mark.asvs("9.1.1")
@pytest.mark.parametrize("token", TAMPERED.values(), ids=TAMPERED)
def test_a_token_that_we_did_not_sign_is_refused(token: str) -> None:
    assert refusal(token) in {"signature", "malformed"}


@pytest.mark.asvs("9.1.1")
def test_a_signature_of_the_right_form_by_another_key_is_refused_as_such() -> None:
    assert refusal(sign(key=forge.FOREIGN_KEY)) == "signature"


@pytest.mark.asvs("9.1.1")
def test_the_second_signature_that_ecdsa_allows_is_refused() -> None:
    assert forge.high_s(forge.high_s(GOOD)) == GOOD
    assert refusal(forge.high_s(GOOD)) == "signature"


ALGORITHMS = [
    "none",
    "None",
    "nOnE",
    "NONE",
    "",
    "HS256",
    "HS512",
    "RS256",
    "PS256",
    "ES384",
    "ES256K",
    "EdDSA",
]


@pytest.mark.asvs("9.1.2")
@pytest.mark.parametrize("algorithm", [*ALGORITHMS, "es256", "ES256 ", "dir", None, ["ES256"], True])
def test_no_algorithm_but_es256_is_accepted_even_with_a_good_signature(algorithm: Any) -> None:
    assert refusal(sign(good_header(alg=algorithm))) == "header"


@pytest.mark.asvs("9.1.2")
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_an_unsigned_token_is_refused(algorithm: str) -> None:
    assert refusal(forge.compact(good_header(alg=algorithm), good_claims(), b"")) in {"header", "malformed"}


SECRETS = {
    "PEM": forge.public_pem().encode(),
    "PEM without its last newline": forge.public_pem().encode().strip(),
    "DER": forge.public_bytes(Encoding.DER),
    "point": forge.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
    "compressed point": forge.public_bytes(Encoding.X962, PublicFormat.CompressedPoint),
    "JWK": json.dumps(forge.public_jwk()).encode(),
    "kid": forge.OUR_KID.encode(),
    "nothing": b"",
}


@pytest.mark.asvs("9.1.2")
@pytest.mark.parametrize("algorithm", ["HS256", "ES256"])
@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_our_public_key_is_no_shared_secret(secret: bytes, algorithm: str) -> None:
    assert refusal(forge.mac(good_header(alg=algorithm), good_claims(), secret)) in {"header", "signature"}


BROUGHT_ALONG = {
    "jwk": forge.public_jwk(forge.FOREIGN_KEY),
    "jku": "https://evil.example/keys",
    "x5u": "https://evil.example/certificate",
    "x5c": ["MIIB"],
    "x5t": "AAAA",
    "crit": ["exp"],
    "b64": True,
    "cty": "JWT",
    "zip": "DEF",
    "enc": "A256GCM",
    "epk": {},
    "unknown": None,
}


@pytest.mark.asvs("9.1.3")
@pytest.mark.parametrize("name", BROUGHT_ALONG)
@pytest.mark.parametrize("key", [forge.OUR_KEY, forge.FOREIGN_KEY], ids=["our key", "foreign key"])
def test_a_header_brings_nothing_along(name: str, key: Any) -> None:
    assert refusal(sign(good_header(**{name: BROUGHT_ALONG[name]}), key=key)) == "header"


KEY_NAMES = [
    "",
    "../../etc/passwd",
    "' OR 1=1 --",
    "\0",
    forge.OUR_KID.lower(),
    forge.OUR_KID + " ",
    "x" * 200,
]


@pytest.mark.asvs("9.1.3")
@pytest.mark.parametrize("kid", KEY_NAMES)
def test_a_key_that_we_do_not_know_is_not_looked_for(kid: str) -> None:
    assert refusal(sign(good_header(kid=kid))) == "key"


@pytest.mark.asvs("9.1.3")
@pytest.mark.parametrize("kid", [None, 1, True, [forge.OUR_KID], {"kid": forge.OUR_KID}])
def test_the_name_of_a_key_is_text(kid: Any) -> None:
    assert refusal(sign(good_header(kid=kid))) == "header"


@pytest.mark.asvs("9.2.2")
@pytest.mark.parametrize("kind", ["JWT", "at+JWT", "application/at+jwt", "dpop+jwt", "id+jwt", "", None, 7])
def test_a_token_of_another_kind_is_refused(kind: Any) -> None:
    assert refusal(sign(good_header(typ=kind))) == "header"


@pytest.mark.asvs("9.2.2")
@pytest.mark.parametrize("name", ["alg", "kid", "typ"])
def test_a_header_lacks_nothing(name: str) -> None:
    assert refusal(sign(forge.without(good_header(), name))) == "header"


AUDIENCES = ["kim", "kim-api ", "KIM-API", "", ["kim-api"], ["kim-api", "other"], None, 1, {"kim-api": 1}]


@pytest.mark.asvs("9.2.3")
@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_token_for_anyone_else_is_refused(audience: Any) -> None:
    assert refusal(sign(claims=good_claims(aud=audience))) == "claims"


@pytest.mark.asvs("9.2.3")
def test_a_good_token_is_refused_where_another_audience_or_issuer_is_expected() -> None:
    assert refusal(GOOD, audience="another") == "claims"
    assert refusal(GOOD, issuer="https://another.example") == "claims"


OUTSIDE_THE_TIME = {
    "expired at this second": {"exp": SECONDS},
    "expired long ago": {"iat": 0, "nbf": 0, "exp": 600},
    "not yet valid": {"nbf": SECONDS + 1},
    "issued in the future": {"iat": SECONDS + 1, "nbf": SECONDS + 1},
    "valid before it was issued": {"nbf": SECONDS - 61},
    "lives too long": {"exp": SECONDS + 541},
    "lives for ever": {"exp": 2**63},
    "number of four thousand digits": {"exp": 10**2000},
    "before the epoch": {"iat": -(10**18), "nbf": -(10**18)},
}


@pytest.mark.asvs("9.2.1")
@pytest.mark.parametrize("changes", OUTSIDE_THE_TIME.values(), ids=OUTSIDE_THE_TIME)
def test_a_token_outside_its_time_is_refused(changes: dict[str, int]) -> None:
    assert refusal(sign(claims=good_claims(**changes))) == "time"


@pytest.mark.asvs("9.2.1")
def test_the_limits_of_the_time_have_no_leeway() -> None:
    token = sign(claims=good_claims(iat=SECONDS, nbf=SECONDS, exp=SECONDS + 600))
    for moment in (NOW, NOW + timedelta(seconds=599, microseconds=999_999)):
        assert tokens.verify(RING, token, issuer=ISSUER, audience=AUDIENCE, now=moment)
    for moment in (NOW - timedelta(microseconds=1), NOW + timedelta(seconds=600)):
        assert refusal(token, now=moment) == "time"
