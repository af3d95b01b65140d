"""What is signed for others to keep is no access token, and outlives the keys that tokens are taken from."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from app.identity import tokens
from app.identity.tokens import InvalidToken, KeyRing
from tests.identity.token_forgery import (
    AUDIENCE,
    FOREIGN_KEY,
    ISSUER,
    NOW,
    SESSION,
    SUBJECT,
    private_pem,
    public_pem,
    unb64,
)

RING = KeyRing(tokens.load_key(private_pem()))
KIND = "kim-receipt+jwt"
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "step": "accept"}


def token(ring: KeyRing = RING) -> str:
    return tokens.issue(
        ring,
        subject=UUID(SUBJECT),
        session_id=UUID(SESSION),
        issuer=ISSUER,
        audience=AUDIENCE,
        now=NOW,
        lifetime=timedelta(minutes=5),
    )


def test_statement_is_a_compact_jws_of_its_own_kind() -> None:
    statement = tokens.attest(RING, kind=KIND, claims=CLAIMS)
    header, claims, _ = statement.split(".")
    kid = RING.current.public.kid
    assert json.loads(unb64(header)) == {"alg": "ES256", "kid": kid, "typ": KIND}
    assert json.loads(unb64(claims)) == CLAIMS
    key = ECKey.import_key(RING.public_keys()["keys"][0])
    assert json.loads(jws.deserialize_compact(statement, key, algorithms=["ES256"]).payload) == CLAIMS


@pytest.mark.parametrize("kind", ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"])
def test_nothing_is_attested_under_the_kind_of_an_access_token(kind: str) -> None:
    with pytest.raises(ValueError, match="no statement"):
        tokens.attest(RING, kind=kind, claims=CLAIMS)


def test_statement_with_every_claim_of_a_token_is_still_none() -> None:
    claims = json.loads(unb64(token().split(".")[1]))
    statement = tokens.attest(RING, kind=KIND, claims=claims)
    with pytest.raises(InvalidToken, match="header"):
        tokens.verify(RING, statement, issuer=ISSUER, audience=AUDIENCE, now=NOW)


def test_retired_key_is_published_and_its_tokens_are_refused() -> None:
    old = RING
    rotated = KeyRing(
        tokens.load_key(private_pem(FOREIGN_KEY)), retired=[tokens.load_public_key(public_pem())]
    )
    assert old.current.public.jwk in rotated.public_keys()["keys"]
    with pytest.raises(InvalidToken, match="key"):
        tokens.verify(rotated, token(old), issuer=ISSUER, audience=AUDIENCE, now=NOW)


def test_key_named_twice_is_published_once_and_its_tokens_are_accepted() -> None:
    public = tokens.load_public_key(public_pem())
    rotated = KeyRing(tokens.load_key(private_pem(FOREIGN_KEY)), [public], [public])
    assert len(rotated.public_keys()["keys"]) == 2
    assert tokens.verify(rotated, token(), issuer=ISSUER, audience=AUDIENCE, now=NOW)
