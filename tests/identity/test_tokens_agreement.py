"""Of twenty thousand drawn tokens none is accepted that joserfc refuses; both accept the good ones."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from math import inf
from random import Random
from uuid import uuid4

import pytest
from jose import jwt as bare_jose
from joserfc import jwt as reference
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from app.identity import tokens
from app.identity.tokens import InvalidToken, KeyRing
from tests.identity import token_forgery as forge
from tests.identity.token_forgery import AUDIENCE, ISSUER, NOW, SECONDS
from tests.identity.token_mutations import MUTATIONS, good

SEED = 20260302
DRAWN = 20_000

RING = KeyRing(tokens.load_key(forge.private_pem()))
REFERENCE_KEY = ECKey.import_key({**forge.public_jwk(), "kid": forge.OUR_KID})
REQUIRED = reference.JWTClaimsRegistry(
    now=SECONDS,
    leeway=0,
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": AUDIENCE},
    **{name: {"essential": True} for name in ("sub", "jti", "sid", "exp", "iat", "nbf")},
)

Verifier = Callable[[str], bool]


def ours(token: str) -> bool:
    """Ask the code under test; anything but its own refusal is a failure of the test."""
    try:
        tokens.verify(RING, token, issuer=ISSUER, audience=AUDIENCE, now=NOW)
    except InvalidToken:
        return False
    return True


def joserfc(token: str) -> bool:
    """Ask the reference with the same demands: our key, ES256, our kind of token, all claims, no leeway."""
    try:
        found = reference.decode(token, REFERENCE_KEY, algorithms=["ES256"])
        REQUIRED.validate(found.claims)
    except (JoseError, ValueError, TypeError, RecursionError, AttributeError, AssertionError):
        return False
    return found.header.get("typ") == "at+jwt" and found.header.get("kid") == forge.OUR_KID


def naive(token: str) -> bool:
    """Ask python-jose as its documentation shows it, but with our clock, which it does not take."""
    options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    expected = {"audience": AUDIENCE, "issuer": ISSUER, "options": options}
    try:
        claims = bare_jose.decode(token, forge.public_pem(), algorithms=["ES256"], **expected)
        return bool(claims.get("nbf", 0) <= SECONDS < claims.get("exp", inf))
    except Exception:  # noqa: BLE001 - only what it accepts counts here
        return False


def accepted_wrongly(verifier: Verifier, draw: Random, number: int) -> Counter[str]:
    """Count, by mutation, the tokens that a verifier accepts although joserfc refuses them."""
    wrong: Counter[str] = Counter()
    for index in range(number):
        mutate = MUTATIONS[index % len(MUTATIONS)]
        token = mutate(draw)
        wrong[mutate.__name__] += verifier(token) and not joserfc(token)
    return +wrong


@pytest.mark.asvs("9.1.1", "9.1.2", "9.1.3", "9.2.1", "9.2.2", "9.2.3")
def test_no_changed_token_is_accepted_whatever_joserfc_says() -> None:
    print(f"seed {SEED}")
    draw = Random(SEED)
    drawn: Counter[str] = Counter()
    accepted_by_reference: Counter[str] = Counter()
    for index in range(DRAWN):
        mutate = MUTATIONS[index % len(MUTATIONS)]
        token = mutate(draw)
        drawn[mutate.__name__] += 1
        accepted_by_reference[mutate.__name__] += joserfc(token)
        assert not ours(token), f"{mutate.__name__}, token {index}, seed {SEED}: {token}"
    print(drawn, accepted_by_reference)
    assert min(drawn.values()) >= DRAWN // len(MUTATIONS)
    assert accepted_by_reference.total() < DRAWN // 5, "the reference is too lenient to compare with"


def test_every_good_token_is_accepted_by_both() -> None:
    draw = Random(SEED)
    for _ in range(1_000):
        token = good(draw)
        assert ours(token), token
        assert joserfc(token), token


def test_what_we_issue_the_reference_accepts() -> None:
    token = tokens.issue(
        RING,
        subject=uuid4(),
        session_id=uuid4(),
        issuer=ISSUER,
        audience=AUDIENCE,
        now=NOW,
        lifetime=timedelta(minutes=10),
    )
    assert joserfc(token)


def test_the_comparison_finds_what_python_jose_alone_lets_through() -> None:
    wrong = accepted_wrongly(naive, Random(SEED), 4_000)
    print(wrong)
    assert {"claim_changed", "header_changed", "part_dropped"} <= wrong.keys()
    assert not accepted_wrongly(ours, Random(SEED), 1_000)
