"""A token has one form: whatever is written differently is refused, even when we signed it ourselves."""

import json
from typing import Any

import pytest

from app.identity import tokens
from app.identity.tokens import InvalidToken, KeyRing
from tests.identity import token_forgery as forge
from tests.identity.token_forgery import AUDIENCE, ISSUER, NOW, SECONDS, good_claims, good_header, sign

RING = KeyRing(tokens.load_key(forge.private_pem()))
GOOD = sign()
HEADER, CLAIMS, SIGNATURE = GOOD.split(".")


def refusal(token: Any) -> str:
    with pytest.raises(InvalidToken) as refused:
        tokens.verify(RING, token, issuer=ISSUER, audience=AUDIENCE, now=NOW)
    return refused.value.reason


def with_trailing_bits(segment: str) -> str:
    """Return another spelling of the same bytes: the last character carries bits that nobody reads."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = segment[:-1] + alphabet[alphabet.index(segment[-1]) + 1]
    assert forge.unb64(other) == forge.unb64(segment)
    return other


FLATTENED = json.dumps({"protected": HEADER, "payload": CLAIMS, "signature": SIGNATURE})

MISSHAPEN: dict[str, Any] = {
    "empty": "",
    "two dots": "..",
    "one segment": HEADER,
    "two segments": f"{HEADER}.{CLAIMS}",
    "four segments": f"{GOOD}.{SIGNATURE}",
    "five segments, as a JWE": f"{HEADER}.{CLAIMS}.{CLAIMS}.{CLAIMS}.{SIGNATURE}",
    "two tokens": f"{GOOD}.{GOOD}",
    "detached claims": f"{HEADER}..{SIGNATURE}",
    "JSON serialisation": FLATTENED,
    "general JSON serialisation": json.dumps({"payload": CLAIMS, "signatures": [{"signature": SIGNATURE}]}),
    "bytes": GOOD.encode(),
    "nothing": None,
    "list": [GOOD],
    "a space in front": f" {GOOD}",
    "a newline behind": f"{GOOD}\n",
    "a newline within": GOOD.replace(".", ".\n", 1),
    "NUL behind": f"{GOOD}\0",
    "scheme in front": f"Bearer {GOOD}",
    "padding": f"{GOOD}==",
    "padding of the header": f"{HEADER}=.{CLAIMS}.{SIGNATURE}",
    "letters of another alphabet": GOOD.replace("e", "е"),
    "full width digits": GOOD + "１",
    "lone surrogate": GOOD + "\ud800",
    "foreign characters that decoders skip": GOOD.replace(".", ".*!", 1),
    "segment of an impossible length": f"{GOOD}A",
    "other trailing bits of the signature": f"{HEADER}.{CLAIMS}.{with_trailing_bits(SIGNATURE)}",
}


@pytest.mark.asvs("9.1.1")
@pytest.mark.parametrize("token", MISSHAPEN.values(), ids=MISSHAPEN)
def test_a_token_of_another_shape_is_refused(token: Any) -> None:
    assert refusal(token) in {"malformed", "header", "signature"}


def test_other_trailing_bits_are_refused_even_under_our_signature() -> None:
    header = forge.b64(forge.as_json(good_header()) + b" ")
    while len(header) % 4 == 0:
        header = forge.b64(forge.unb64(header) + b" ")
    good = forge.sign_text(f"{header}.{CLAIMS}")
    assert tokens.verify(RING, good, issuer=ISSUER, audience=AUDIENCE, now=NOW)
    assert refusal(forge.sign_text(f"{with_trailing_bits(header)}.{CLAIMS}")) == "malformed"
    assert refusal(forge.sign_text(f"{header}=.{CLAIMS}")) == "malformed"


def test_the_standard_alphabet_of_base64_is_refused_even_under_our_signature() -> None:
    claims = next(
        forge.b64(forge.as_json(good_claims()) + b" " * spaces + b"\n?>~")
        for spaces in range(3)
        if "-" in forge.b64(forge.as_json(good_claims()) + b" " * spaces + b"\n?>~")
    )
    assert refusal(forge.sign_text(f"{HEADER}.{claims.replace('-', '+')}")) == "malformed"


OBJECT = json.dumps(good_claims())

WRITTEN_DIFFERENTLY = {
    "a claim twice": OBJECT[:-1] + f', "aud": "{AUDIENCE}"' + "}",
    "a name twice within a claim": OBJECT[:-1] + ', "x": {"a": 1, "a": 2}}',
    "a claim twice, once escaped": OBJECT[:-1] + f', "\\u0061ud": "{AUDIENCE}"' + "}",
    "a list": f"[{OBJECT}]",
    "text": json.dumps(OBJECT),
    "null": "null",
    "nothing": "",
    "two objects": OBJECT + OBJECT,
    "a comment": OBJECT + "//",
    "a comma too many": OBJECT[:-1] + ",}",
    "single quotes": OBJECT.replace('"', "'"),
    "a byte order mark": "\ufeff" + OBJECT,
    "NaN": OBJECT.replace(str(SECONDS + 540), "NaN"),
    "Infinity": OBJECT.replace(str(SECONDS + 540), "Infinity"),
    "nested until the parser gives up": '{"aud":' + "[" * 2900,
    "nested and closed": '{"aud":' + "[" * 1400 + "]" * 1400 + "}",
}


@pytest.mark.parametrize("claims", WRITTEN_DIFFERENTLY.values(), ids=WRITTEN_DIFFERENTLY)
def test_claims_that_two_parsers_could_read_differently_are_refused(claims: str) -> None:
    assert refusal(sign(claims=claims.encode())) in {"malformed", "claims"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "latin-1"])
def test_claims_in_another_encoding_are_refused(encoding: str) -> None:
    text = json.dumps(good_claims(iss="Köln"), ensure_ascii=False)
    with pytest.raises(InvalidToken):
        tokens.verify(RING, sign(claims=text.encode(encoding)), issuer="Köln", audience=AUDIENCE, now=NOW)
    assert tokens.verify(RING, sign(claims=text.encode()), issuer="Köln", audience=AUDIENCE, now=NOW)


HEADER_TEXT = json.dumps(good_header())


@pytest.mark.parametrize(
    "header",
    [
        HEADER_TEXT[:-1] + ', "alg": "ES256"}',
        HEADER_TEXT[:-1] + ', "alg": "none"}',
        '{"alg": "none", ' + HEADER_TEXT[1:],
        f"[{HEADER_TEXT}]",
        '"ES256"',
        "{}",
        "[" * 380,
        "\ufeff" + HEADER_TEXT,
    ],
)
def test_a_header_that_two_parsers_could_read_differently_is_refused(header: str) -> None:
    assert refusal(sign(header.encode())) in {"malformed", "header"}


@pytest.mark.asvs("9.2.1")
@pytest.mark.parametrize("name", ["exp", "iat", "nbf"])
@pytest.mark.parametrize("turn", [str, float, lambda number: [number], lambda _: True, lambda _: None])
def test_a_time_is_an_integer_and_nothing_that_resembles_one(name: str, turn: Any) -> None:
    assert refusal(sign(claims=good_claims(**{name: turn(good_claims()[name])}))) == "claims"


@pytest.mark.asvs("9.2.1", "9.2.3")
@pytest.mark.parametrize("name", sorted(good_claims()))
def test_no_claim_may_be_missing(name: str) -> None:
    assert refusal(sign(claims=forge.without(good_claims(), name))) == "claims"


def test_no_claim_may_be_added() -> None:
    assert refusal(sign(claims=good_claims(role="administrator"))) == "claims"


NO_IDS = [
    forge.SESSION.upper(),
    forge.SESSION.replace("-", ""),
    f"{{{forge.SESSION}}}",
    f"urn:uuid:{forge.SESSION}",
]


@pytest.mark.parametrize("name", ["sub", "sid", "jti"])
@pytest.mark.parametrize("value", [*NO_IDS, "", "admin", 7, None, True, [forge.SESSION], {}])
def test_an_id_in_a_token_is_a_uuid_in_its_one_spelling(name: str, value: Any) -> None:
    assert refusal(sign(claims=good_claims(**{name: value}))) in {"claims", "malformed"}


@pytest.mark.asvs("9.2.2")
@pytest.mark.parametrize("issuer", ["https://kim.example/", "https://KIM.example", "", None, 1, [ISSUER]])
def test_a_token_of_another_issuer_is_refused(issuer: Any) -> None:
    assert refusal(sign(claims=good_claims(iss=issuer))) == "claims"


def padded_claims(length: int) -> bytes:
    text = json.dumps(good_claims())
    return (text + " " * (length - len(text))).encode()


def accepted(token: str) -> bool:
    try:
        tokens.verify(RING, token, issuer=ISSUER, audience=AUDIENCE, now=NOW)
    except InvalidToken:
        return False
    return True


def test_a_token_has_at_most_4096_characters() -> None:
    around_the_limit = [sign(claims=padded_claims(length)) for length in range(2850, 2950)]
    assert {4096, 4097} <= {len(token) for token in around_the_limit}
    assert all(accepted(token) == (len(token) <= 4096) for token in around_the_limit)


def test_a_header_has_at_most_512_characters() -> None:
    text = forge.as_json(good_header())
    fits, exceeds = (sign(text + b" " * (length - len(text))) for length in (384, 385))
    assert tokens.verify(RING, fits, issuer=ISSUER, audience=AUDIENCE, now=NOW)
    assert refusal(exceeds) == "header"
