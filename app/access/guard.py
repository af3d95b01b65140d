"""No permission, no database: a router gets a session only by naming the verb.

`allow(permission)` answers 401 without a living session and 403 without a role; a refusal, and what could
not be seen (404), leaves its trace in the journal in a short transaction of its own. The request's
transaction commits before the answer leaves (`scope="function"`).
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import Depends, Request
from sqlalchemy.orm.exc import StaleDataError

from app.access.context import Actor, Context, Membership, PublicContext
from app.access.machines import Shown, admit, require_scope
from app.access.permissions import Permission
from app.access.policy import POLICY
from app.access.roles import Role
from app.access.scopes import opens
from app.access.turns import Turns
from app.audit.journal import record_refusal
from app.kit.clock import Clock
from app.kit.database import Database, Db, Nobody
from app.kit.errors import Forbidden, NotFound, NotSignedIn, Problem
from app.kit.events import Wiring
from app.kit.parameters import refuse_unknown_parameters
from app.kit.sources import source_of

PUBLIC = "public"
PERMISSION = "permission"
"""The name under which a guard carries its permission, for the contract and the tests."""

OF_ONESELF = frozenset({Permission.SELF_READ, Permission.SELF_CHANGE})
"""What whoever has a living session may do: see who they are, sign out, set their password.

It is all that is possible without a role, and with an initial password, which somebody else knows too.
"""

PERSONAL = {
    "document_id": "document",
    "inquiry_id": "inquiry",
    "report_id": "barrier_report",
    "proposal_id": "barrier_proposal",
    "review_id": "access_review",
    "duty_id": "duty",
    "child_protection_id": "child_protection",
    "case_id": "case",
    "referral_id": "referral",
    "transfer_id": "transfer",
    "incoming_id": "incoming_referral",
    "consent_id": "consent",
    "client_id": "client",
}
"""Parameters that name somebody's record, the nearest first: a refusal is written down with it."""

Authenticate = Callable[[Request, datetime], Shown]


@dataclass(frozen=True, slots=True)
class Gate:
    """What the guard needs from the application: set once by `create_app`."""

    database: Database
    authenticate: Authenticate
    wiring: Wiring
    clock: Clock
    turns: Turns


@dataclass(slots=True)
class SessionOpening:
    """Opens the transaction as the person of a session; only memberships of these roles count."""

    session_id: UUID
    roles: tuple[str, ...]
    request_id: str
    actor: Actor | None = field(default=None)
    must_change_password: bool = field(default=False)
    scopes: frozenset[str] | None = field(default=None)
    """Those a machine has now, as far as its token goes; None for people."""

    def statement(self) -> tuple[str, tuple[Any, ...]]:
        return "SELECT * FROM open_session($1, $2, $3)", (self.session_id, list(self.roles), self.request_id)

    def receive(self, row: asyncpg.Record | None) -> None:
        if row is None:
            raise NotSignedIn("The session has ended.", code="session_ended")
        held = zip(row["roles"], row["places"], strict=True)
        self.actor = Actor(
            user_id=row["user_id"],
            account_id=row["account_id"],
            session_id=self.session_id,
            municipal_area_id=row["municipal_area_id"],
            memberships=tuple(Membership(Role(role), place) for role, place in held),
        )
        self.must_change_password = row["must_change_password"]
        self.scopes = None if row["scopes"] is None else frozenset(row["scopes"])


def _context(gate: Gate, opening: SessionOpening, permission: Permission, db: Db) -> Context:
    actor = opening.actor
    assert actor is not None
    if opening.scopes is not None:
        require_scope(opening.scopes, permission)
    if opening.must_change_password and permission not in OF_ONESELF:
        sentence = "Set a password of your own first: PUT /v1/me/password."
        raise Forbidden(sentence, code="password_change_required")
    if not actor.memberships and permission not in OF_ONESELF:
        raise Forbidden("None of your roles includes this.", code="role_missing")
    return Context(db, actor, permission, gate.clock(), gate.wiring, scopes=opening.scopes)


def allow(permission: Permission) -> Any:
    """Return the dependency that lets only holders of the permission in."""

    async def guard(request: Request) -> AsyncIterator[Context]:
        async with entered(request, permission) as ctx:
            yield ctx

    setattr(guard, PERMISSION, permission)
    return Depends(guard, scope="function")


def allow_first(permission: Permission) -> Any:
    """Return the dependency that refuses all others before anything else of a request is looked at.

    For operations that then read in a transaction of their own, which is over before something slow is made.
    """

    async def guard_first(request: Request) -> None:
        async with entered(request, permission):
            pass

    setattr(guard_first, PERMISSION, permission)
    return Depends(guard_first)


@asynccontextmanager
async def asked_again(
    gate: Gate, session_id: UUID, request_id: str, permission: Permission
) -> AsyncIterator[Context]:
    """Open another transaction for a request that goes on; session and roles are asked anew."""
    opening = SessionOpening(session_id, tuple(sorted(POLICY[permission].roles)), request_id)
    async with gate.database.transaction(opening) as db:
        yield _context(gate, opening, permission, db)


@asynccontextmanager
async def entered(request: Request, permission: Permission) -> AsyncIterator[Context]:
    """Open the transaction of a request for a holder of the permission, when it is their turn.

    For what must be known before the request's own transaction begins: who may send a large body at all.
    """
    async with turn_of(request) as shown, _admitted(request, shown, permission) as ctx:
        yield ctx


@asynccontextmanager
async def turn_of(request: Request) -> AsyncIterator[Shown]:
    """Wait, without a connection, until it is the turn of whoever signed a request; hold it meanwhile."""
    gate: Gate = request.app.state.gate
    known: Shown | None = getattr(request.state, "shown", None)
    shown = known or gate.authenticate(request, gate.clock())
    async with gate.turns.turn(shown.subject):
        if known is None:
            # Once, though an upload enters twice: a proof is good once.
            if shown.machine is not None:
                await admit(gate.database, shown, shown.machine, gate.clock())
            request.state.shown = shown
        yield shown


@asynccontextmanager
async def _admitted(request: Request, shown: Shown, permission: Permission) -> AsyncIterator[Context]:
    gate: Gate = request.app.state.gate
    roles = tuple(sorted(POLICY[permission].roles))
    if shown.machine is not None:
        # Without the scope the database gives it no role either.
        roles = roles if opens(shown.machine.scopes, permission) else ()
    opening = SessionOpening(shown.session_id, roles, request.state.request_id)
    kept: Problem | None = None
    try:
        async with gate.database.transaction(opening) as db:
            if shown.machine is not None:
                require_scope(shown.machine.scopes, permission)
                opening.scopes = shown.machine.scopes & (opening.scopes or frozenset())
            ctx = _context(gate, opening, permission, db)
            refuse_unknown_parameters(request)
            try:
                yield ctx
            except Problem as problem:
                if not ctx.kept:
                    raise
                kept = problem
        if kept is not None:
            raise kept
    except (Forbidden, NotFound) as refusal:
        await _note(gate, opening, permission, request, refusal.problem_code)
        raise
    except (asyncpg.InsufficientPrivilegeError, StaleDataError):
        await _note(gate, opening, permission, request, NotFound.code)
        raise


async def _note(
    gate: Gate, opening: SessionOpening, permission: Permission, request: Request, reason: str
) -> None:
    again = SessionOpening(opening.session_id, opening.roles, opening.request_id)
    async with gate.database.transaction(again) as db:
        await record_refusal(db, action=permission, reason=reason, asked_for=_asked_for(request))


def _asked_for(request: Request) -> tuple[str, UUID] | None:
    """Return the personal record that a request names in its path or query."""
    named = {**request.query_params, **request.path_params}
    for parameter, kind in PERSONAL.items():
        if parameter in named:
            try:
                return kind, UUID(str(named[parameter]))
            except ValueError:
                return None
    return None


def everyone() -> Any:
    """Return the dependency for the few operations without sign-in."""

    async def guard(request: Request) -> AsyncIterator[PublicContext]:
        gate: Gate = request.app.state.gate
        refuse_unknown_parameters(request)
        source = request.client.host if request.client else ""
        kept: Problem | None = None
        async with (
            gate.turns.turn(source_of(source)),
            gate.database.transaction(Nobody(request.state.request_id)) as db,
        ):
            ctx = PublicContext(db, gate.clock(), source)
            try:
                yield ctx
            except Problem as problem:
                if not ctx.kept:
                    raise
                kept = problem
        if kept is not None:
            raise kept

    setattr(guard, PERMISSION, PUBLIC)
    return Depends(guard, scope="function")
