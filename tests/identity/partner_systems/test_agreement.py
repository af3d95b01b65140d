"""Of drawn assertions and proofs none is accepted that joserfc refuses; both accept the good ones."""

import json
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from app.identity.partner_systems.proofs import (
    CLOCKS_APART,
    accepted_assertion,
    accepted_proof,
    asserted,
    token_digest,
)
from app.identity.token_form import InvalidToken
from app.identity.tokens import VerificationKey, public_key
from tests.identity import token_forgery as forge
from tests.identity.token_forgery import FOREIGN_KEY, ISSUER, NOW, OUR_KEY, SECONDS, Json, sign
from tests.identity.token_mutations import ALGORITHMS, CARRIED, VALUES, replaced

SEED, DRAWN = 20261129, 6_000
ADDRESS, METHOD, ACCESS = f"{ISSUER}/v1/partner/referrals", "GET", "an.access.token"
CLIENT = forge.SUBJECT
SKEW = int(CLOCKS_APART.total_seconds())

Drawn = tuple[Json, Json]
Verifier = Callable[[str], bool]


def our_key() -> VerificationKey:
    jwk = forge.public_jwk()
    return public_key(jwk["x"], jwk["y"])


KEY = our_key()
REFERENCE = ECKey.import_key(forge.public_jwk())


def good_assertion(draw: Random) -> Drawn:
    claims: Json = {"iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "jti": str(draw.random())}
    claims |= {"exp": SECONDS + draw.randint(1, 300), "iat": SECONDS - draw.randint(0, 60)}
    return {"alg": "ES256", "kid": KEY.kid}, claims


def good_proof(draw: Random) -> Drawn:
    claims: Json = {"jti": str(draw.random()), "htm": METHOD, "htu": ADDRESS, "ath": token_digest(ACCESS)}
    claims["iat"] = SECONDS - draw.randint(0, 59)
    return {"alg": "ES256", "typ": "dpop+jwt", "jwk": forge.public_jwk()}, claims


def ours_assertion(token: str) -> bool:
    try:
        asserted(token)
        accepted_assertion(token, KEY, audience=ISSUER, now=NOW)
    except InvalidToken:
        return False
    return True


def ours_proof(token: str) -> bool:
    try:
        accepted_proof(token, method=METHOD, address=ADDRESS, now=NOW, access_token=ACCESS)
    except InvalidToken:
        return False
    return True


def reference(token: str, key: Callable[[Json], ECKey], registry: jwt.JWTClaimsRegistry) -> Json | None:
    """Return the header that joserfc accepts with the same demands."""
    try:
        header = json.loads(forge_decoded(token.split(".", maxsplit=1)[0]))
        found = jwt.decode(token, key(header), algorithms=["ES256"])
        registry.validate(found.claims)
    except (JoseError, ValueError, TypeError, RecursionError, AttributeError, KeyError, AssertionError):
        return None
    return dict(found.header)


def forge_decoded(segment: str) -> bytes:
    from joserfc.util import urlsafe_b64decode

    return urlsafe_b64decode(segment.encode())


def said(**values: str) -> Json:
    return {name: {"essential": True, "value": value} for name, value in values.items()}


_ASSERTIONS = jwt.JWTClaimsRegistry(
    now=SECONDS, leeway=SKEW, **said(iss=CLIENT, sub=CLIENT, aud=ISSUER),
    exp={"essential": True}, jti={"essential": True},
)  # fmt: skip
_PROOFS = jwt.JWTClaimsRegistry(
    now=SECONDS, leeway=SKEW, **said(htm=METHOD, htu=ADDRESS, ath=token_digest(ACCESS)),
    iat={"essential": True}, jti={"essential": True},
)  # fmt: skip


def theirs_assertion(token: str) -> bool:
    return reference(token, lambda _: REFERENCE, _ASSERTIONS) is not None


def theirs_proof(token: str) -> bool:
    header = reference(token, lambda header: ECKey.import_key(header["jwk"]), _PROOFS)
    return header is not None and header.get("typ") == "dpop+jwt"


def changed(draw: Random, good: Drawn) -> str:
    """Return a token that was changed in one of the ways an attacker would try."""
    header, claims = good
    way = draw.randrange(7)
    if way == 0:
        header = replaced(draw, header, CARRIED, [*VALUES, *ALGORITHMS])
    elif way == 1:
        claims = replaced(draw, claims, ["nbf", "scope", "nonce", "admin"], VALUES)
    elif way == 2:
        claims = forge.without(claims, *draw.sample(sorted(claims), draw.randint(1, 3)))
    elif way == 3:
        header = forge.without(header, draw.choice(sorted(header)))
    elif way == 4:
        return forge.mac({**header, "alg": "HS256"}, claims, forge.public_pem().encode())
    elif way == 5:
        token = sign(header, claims)
        at = draw.randrange(len(token))
        return token[:at] + draw.choice("AZaz09-_.=\0é") + token[at + 1 :]
    return sign(header, claims, key=draw.choice([OUR_KEY, FOREIGN_KEY]) if way < 6 else FOREIGN_KEY)


KINDS = pytest.mark.parametrize(
    ("good", "ours", "theirs"),
    [(good_assertion, ours_assertion, theirs_assertion), (good_proof, ours_proof, theirs_proof)],
    ids=["assertions", "proofs"],
)


@KINDS
@pytest.mark.asvs("9.1.1", "9.1.2", "9.1.3", "9.2.1")
def test_nothing_is_accepted_that_joserfc_refuses(
    good: Callable[[Random], Drawn], ours: Verifier, theirs: Verifier
) -> None:
    draw, counted = Random(SEED), Counter[Any]()
    for number in range(DRAWN):
        token = changed(draw, good(draw))
        accepted = ours(token)
        counted[accepted] += 1
        assert not accepted or theirs(token), f"token {number}, seed {SEED}: {token}"
    assert counted[False] > DRAWN * 0.8


@KINDS
def test_good_ones_are_accepted_by_both(
    good: Callable[[Random], Drawn], ours: Verifier, theirs: Verifier
) -> None:
    draw = Random(SEED)
    for _ in range(300):
        token = sign(*good(draw))
        assert ours(token), token
        assert theirs(token), token


def test_comparison_finds_a_verifier_that_is_too_lenient() -> None:
    draw = Random(SEED)
    tokens = [changed(draw, good_assertion(draw)) for _ in range(500)]
    assert any(token.count(".") == 2 and not theirs_assertion(token) for token in tokens)
