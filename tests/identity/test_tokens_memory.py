"""The memory of verified tokens is bounded, never outlives a token, and holds none."""

from datetime import datetime, timedelta
from uuid import UUID

from app.identity import tokens
from app.identity.tokens import Claims, KeyRing, VerifiedTokens
from tests.identity.token_forgery import AUDIENCE, ISSUER, NOW, SESSION, SUBJECT, private_pem

RING = KeyRing(tokens.load_key(private_pem()))
LIFETIME = timedelta(minutes=10)


def token_at(now: datetime = NOW) -> tuple[str, Claims]:
    token = tokens.issue(
        RING,
        subject=UUID(SUBJECT),
        session_id=UUID(SESSION),
        issuer=ISSUER,
        audience=AUDIENCE,
        now=now,
        lifetime=LIFETIME,
    )
    return token, tokens.verify(RING, token, issuer=ISSUER, audience=AUDIENCE, now=now)


def remembered(memory: VerifiedTokens, now: datetime = NOW) -> str:
    token, claims = token_at(now)
    memory.remember(token, claims, now)
    return token


def test_a_verified_token_is_remembered_until_it_expires() -> None:
    memory = VerifiedTokens()
    token, claims = token_at()
    memory.remember(token, claims, NOW)
    end = NOW + LIFETIME
    assert memory.lookup(token, end - timedelta(microseconds=1)) == claims
    assert memory.lookup(token, end) is None
    assert memory.lookup(token, NOW - timedelta(microseconds=1)) is None


def test_a_token_that_was_never_verified_is_not_remembered() -> None:
    memory = VerifiedTokens()
    remembered(memory)
    assert memory.lookup(token_at()[0], NOW) is None
    assert memory.lookup("\ud800", NOW) is None


def test_the_memory_of_tokens_forgets_the_oldest_when_it_is_full() -> None:
    memory = VerifiedTokens(size=3)
    known = [remembered(memory) for _ in range(5)]
    assert len(memory) == 3
    assert [memory.lookup(token, NOW) is not None for token in known] == [False, False, True, True, True]


def test_the_memory_of_tokens_lets_go_of_expired_ones() -> None:
    memory = VerifiedTokens()
    for _ in range(4):
        remembered(memory)
    remembered(memory, NOW + LIFETIME)
    assert len(memory) == 1


def test_the_memory_of_tokens_holds_no_token() -> None:
    memory = VerifiedTokens()
    token = remembered(memory)
    assert token not in repr(vars(memory))
    assert token.rpartition(".")[2] not in repr(vars(memory))
