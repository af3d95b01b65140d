"""Access tokens are issued and read back, within their time and under the keys of the ring."""

import json
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.identity import tokens
from app.identity.tokens import Claims, InvalidToken, KeyRing
from tests.identity.token_forgery import (
    AUDIENCE,
    FOREIGN_KEY,
    ISSUER,
    NOW,
    ORDER,
    OUR_KID,
    SESSION,
    SUBJECT,
    private_pem,
    public_pem,
    unb64,
)

RING = KeyRing(tokens.load_key(private_pem()))
MINUTES = timedelta(minutes=1)


def issue(ring: KeyRing = RING, now: datetime = NOW, lifetime: timedelta = 10 * MINUTES) -> str:
    return tokens.issue(
        ring,
        subject=UUID(SUBJECT),
        session_id=UUID(SESSION),
        issuer=ISSUER,
        audience=AUDIENCE,
        now=now,
        lifetime=lifetime,
    )


def verify(token: str, ring: KeyRing = RING, now: datetime = NOW) -> Claims:
    return tokens.verify(ring, token, issuer=ISSUER, audience=AUDIENCE, now=now)


def test_a_token_that_was_issued_is_read_back() -> None:
    claims = verify(issue())
    assert (claims.subject, claims.session_id) == (UUID(SUBJECT), UUID(SESSION))
    assert (claims.valid_from, claims.expires_at) == (NOW, NOW + 10 * MINUTES)


def test_an_issued_token_has_the_one_form() -> None:
    header, claims, signature = (unb64(segment) for segment in issue().split("."))
    assert json.loads(header) == {"alg": "ES256", "kid": OUR_KID, "typ": "at+jwt"}
    assert set(json.loads(claims)) == {"iss", "sub", "aud", "iat", "nbf", "exp", "jti", "sid"}
    assert len(signature) == 64


def test_two_tokens_of_one_session_have_different_ids() -> None:
    assert verify(issue()).token_id != verify(issue()).token_id


def test_every_issued_signature_is_the_lower_of_its_pair() -> None:
    for _ in range(64):
        assert int.from_bytes(unb64(issue().rpartition(".")[2])[32:], "big") <= ORDER // 2


def test_a_fraction_of_a_second_does_not_delay_a_token() -> None:
    late = NOW + timedelta(milliseconds=900)
    assert verify(issue(now=late), now=late).valid_from == NOW


@pytest.mark.parametrize("lifetime", [timedelta(0), -MINUTES, 10 * MINUTES + timedelta(seconds=1)])
def test_no_token_lives_longer_than_ten_minutes_or_not_at_all(lifetime: timedelta) -> None:
    with pytest.raises(ValueError, match="ten minutes"):
        issue(lifetime=lifetime)


def test_a_time_without_zone_is_a_fault_of_the_caller_not_of_the_token() -> None:
    with pytest.raises(ValueError, match="zone"):
        issue(now=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="zone"):
        verify(issue(), now=NOW.replace(tzinfo=None))


def test_a_token_of_an_older_key_is_accepted_while_the_key_is_in_the_ring() -> None:
    old = issue()
    new_key = tokens.load_key(private_pem(FOREIGN_KEY))
    assert verify(old, KeyRing(new_key, [tokens.load_public_key(public_pem())])).subject == UUID(SUBJECT)
    with pytest.raises(InvalidToken) as refused:
        verify(old, KeyRing(new_key))
    assert refused.value.reason == "key"
