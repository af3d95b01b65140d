"""What holds for invitations: how long they are good, how a code looks, where one stands. Pure rules."""

import hashlib
import secrets
from datetime import timedelta

from app.access.roles import AT_AN_INSTITUTION, HELD_BY_PEOPLE

LASTS = timedelta(days=14)
CODE_BYTES = 32
"""256 bits: a plain digest keeps it secret, and nobody guesses one."""

ROLES = tuple(role for role in HELD_BY_PEOPLE if role in AT_AN_INSTITUTION)
"""What somebody of an institution is; which of them fits is the administrator's to say, as for a user."""


def new_code() -> str:
    """Return a random code."""
    return secrets.token_urlsafe(CODE_BYTES)


def code_digest(code: str) -> bytes:
    """Return what is stored of a code."""
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()
