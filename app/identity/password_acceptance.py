"""Comparing a password that was sent and accepting a new one, in the errors of the API."""

from collections.abc import Iterable

from app.identity.password_rules import WeakPassword, check_password_policy
from app.identity.passwords import PasswordHashingBusy, hash_password, verify_password
from app.kit.errors import FieldError, Invalid, TooMany


async def matches(password: str, stored: str | None) -> bool:
    """Say whether a password is the stored one; costs the same without one. Raises 429 when all are busy."""
    try:
        return await verify_password(password, stored)
    except PasswordHashingBusy:
        raise TooMany("Too many people are signing in at this moment.", retry_after=1) from None


async def accepted_hash(password: str, *, place: str, shortest: int, forbidden_words: Iterable[str]) -> str:
    """Return the hash of a new password.

    Raises 422 at this place with what is wrong with it, and 429 when all are busy.
    """
    try:
        check_password_policy(password, forbidden_words=forbidden_words, shortest=shortest)
    except WeakPassword as weak:
        errors = [FieldError(place=place, kind=weak.code, message=weak.sentence)]
        raise Invalid(weak.sentence, code=weak.code, errors=errors) from None
    return await hashed(password)


async def hashed(secret: str) -> str:
    """Return the hash of a password or a secret that is good enough. Raises 429 when all are busy."""
    try:
        return await hash_password(secret)
    except PasswordHashingBusy:
        raise TooMany("Too many people are signing in at this moment.", retry_after=1) from None
