"""What the guard asks of a machine beside its session: its scopes, its allowance, and a proof that is new.

The allowance and the proof are taken in a short transaction before that of the request: a proof is used up
also when the request fails, and nobody waits for a machine's own slow request.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from app.access.permissions import Permission
from app.access.scopes import opens, scope_of
from app.kit.database import Database
from app.kit.errors import Forbidden, NotSignedIn, TooMany


@dataclass(frozen=True, slots=True)
class Machine:
    """What the token of a machine may be used for, and the proof that came with it (DPoP)."""

    scopes: frozenset[str]
    proof: bytes | None = None
    proof_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a request shows of who sends it: a session, or the credential of a machine; and whose it is."""

    session_id: UUID
    subject: UUID
    machine: Machine | None = None


@dataclass(slots=True)
class _Admission:
    """Uses the proof up and takes one request of the allowance."""

    shown: Shown
    machine: Machine
    now: datetime
    is_new: bool = True
    wait: int | None = None

    def statement(self) -> tuple[str, tuple[Any, ...]]:
        sql = """SELECT $1::bytea IS NULL OR use_proof($1, $2) AS is_new, take_request($3, $4) AS wait"""
        return sql, (self.machine.proof, self.machine.proof_expires_at, self.shown.session_id, self.now)

    def receive(self, row: asyncpg.Record | None) -> None:
        assert row is not None
        self.is_new, self.wait = row["is_new"], row["wait"]


async def admit(database: Database, shown: Shown, machine: Machine, now: datetime) -> None:
    """Let a machine's request go on.

    Raises 401 for a credential that opens nothing any more or a proof that was used before, 429 for more
    requests than it may make.
    """
    admission = _Admission(shown, machine, now)
    async with database.transaction(admission):
        pass
    if admission.wait is None:
        raise NotSignedIn("The credential opens nothing any more.", code="session_ended")
    if not admission.is_new:
        raise proof_refused("The proof was used before.")
    if admission.wait:
        raise TooMany("More requests than this machine may make.", retry_after=admission.wait)


def require_scope(scopes: Collection[str], permission: Permission) -> None:
    """Raise 403 where none of these scopes opens the verb; the answer names the one that would."""
    if opens(scopes, permission):
        return
    needed = scope_of(permission)
    which = f"The token does not have the scope {needed}." if needed else "No scope opens this to a machine."
    refusal = Forbidden(which, code="scope_missing", scope=needed)
    challenge = 'Bearer error="insufficient_scope"'
    refusal.headers["WWW-Authenticate"] = f'{challenge}, scope="{needed}"' if needed else challenge
    raise refusal


def proof_refused(detail: str) -> NotSignedIn:
    """Return the 401 for a token that is bound to a key and comes without a good proof of it."""
    refusal = NotSignedIn(detail, code="proof_refused")
    refusal.headers["WWW-Authenticate"] = 'DPoP error="invalid_dpop_proof", algs="ES256"'
    return refusal
