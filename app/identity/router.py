"""Sessions, oneself, users and keys over HTTP."""

import dataclasses
import hashlib
import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from app.access.context import Context, PublicContext
from app.access.guard import allow, everyone
from app.access.permissions import Permission
from app.identity import queries
from app.identity.actions import memberships, oneself, sessions, sites, users
from app.identity.office import Office
from app.identity.schemas import (
    ColleagueRead,
    InitialPassword,
    KeySet,
    MeChange,
    MembershipGrant,
    MembershipRead,
    MeRead,
    PasswordChange,
    SessionRead,
    SessionRenew,
    SessionTokens,
    SignIn,
    SitesSet,
    UserChange,
    UserCreate,
    UserRead,
)
from app.kit.idempotency import Idempotent, Once
from app.kit.ids import FIFTY_IDS
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Input, NamedRef, Page
from app.kit.versions import IfMatch, IfMatchOptional

OPEN_TO_ALL = re.compile(r"/v1/(?:sessions(?:/refresh)?|oauth/token|invitations/accept)")
"""What is sent to by whoever is not signed in."""

router = Router(prefix="/v1", tags=["identity"])

SelfRead = Annotated[Context, allow(Permission.SELF_READ)]
SelfChange = Annotated[Context, allow(Permission.SELF_CHANGE)]
Anybody = Annotated[PublicContext, everyone()]


@router.post("/sessions", status_code=201)
async def sign_in(ctx: Anybody, office: Office, body: SignIn) -> SessionTokens:
    """Sign in with e-mail address and password."""
    return await sessions.sign_in(ctx, office, body)


@router.post("/sessions/refresh")
async def renew_session(ctx: Anybody, office: Office, body: SessionRenew) -> SessionTokens:
    """Exchange a refresh token for new tokens; a second use of the same one ends the session."""
    return await sessions.renew_session(ctx, office, body.refresh_token.get_secret_value())


@router.get("/sessions", response_model=Page[SessionRead])
async def list_sessions(ctx: SelfRead, page: Paging) -> JsonBytes:
    """List the living sessions of one's account."""
    return await queries.list_own_sessions(ctx, page)


@router.delete("/sessions/current", status_code=204)
async def sign_out(ctx: SelfChange) -> None:
    """End this session; its tokens open nothing from now on."""
    await sessions.end_session(ctx, ctx.actor.session_id)


@router.delete("/sessions/{session_id:uuid}", status_code=204)
async def end_session(ctx: SelfChange, session_id: UUID) -> None:
    """End another session of one's account."""
    await sessions.end_session(ctx, session_id)


@router.get("/me", response_model=MeRead)
async def read_me(ctx: SelfRead) -> JsonBytes:
    """Read who one is here and what one may do."""
    return await queries.read_me(ctx)


@router.patch("/me", response_model=MeRead)
async def change_me(ctx: SelfChange, expected: IfMatch, body: MeChange) -> JsonBytes:
    """Choose the language in which one is written to."""
    await oneself.change_me(ctx, body, expected)
    return await queries.read_me(ctx)


@router.put("/me/password", status_code=204)
async def change_own_password(ctx: SelfChange, office: Office, body: PasswordChange) -> None:
    """Set one's own password; every other session of the account ends."""
    await oneself.change_own_password(ctx, office, body)


@router.get("/users", response_model=Page[UserRead])
async def list_users(ctx: Annotated[Context, allow(Permission.USER_READ)], page: Paging) -> JsonBytes:
    """List the users of the area."""
    return await queries.list_users(ctx, page)


@router.post("/users", status_code=201, response_model=UserRead)
async def create_user(
    ctx: Annotated[Context, allow(Permission.USER_CREATE)], once: Idempotent, office: Office, body: UserCreate
) -> JsonBytes:
    """Create a user with an initial password and roles; an account that exists keeps its password."""
    user_id = await _without_secrets(once, body).run(ctx.db, users.create_user(ctx, office, body))
    return await queries.read_user(ctx, user_id, status=201)


@router.get("/users/{user_id}", response_model=UserRead)
async def read_user(ctx: Annotated[Context, allow(Permission.USER_READ)], user_id: UUID) -> JsonBytes:
    """Read one user."""
    return await queries.read_user(ctx, user_id)


@router.patch("/users/{user_id}", response_model=UserRead)
async def change_user(
    ctx: Annotated[Context, allow(Permission.USER_CHANGE)], expected: IfMatch, user_id: UUID, body: UserChange
) -> JsonBytes:
    """Change name or standing of a user; disabling ends their sessions."""
    await users.change_user(ctx, user_id, body, expected)
    return await queries.read_user(ctx, user_id)


@router.post("/users/{user_id}/password", status_code=204)
async def reset_password(
    ctx: Annotated[Context, allow(Permission.USER_CHANGE)],
    office: Office,
    user_id: UUID,
    body: InitialPassword,
) -> None:
    """Give a user a new initial password; not for an account that other areas use too."""
    await users.reset_password(ctx, office, user_id, body)


@router.post("/users/{user_id}/memberships", status_code=201, response_model=MembershipRead)
async def grant_membership(
    ctx: Annotated[Context, allow(Permission.USER_CHANGE)],
    once: Idempotent,
    user_id: UUID,
    body: MembershipGrant,
) -> JsonBytes:
    """Give a user a role at a unit or institution."""
    membership_id = await once.run(ctx.db, memberships.grant_membership(ctx, user_id, body))
    return await queries.read_membership(ctx, user_id, membership_id, status=201)


@router.delete("/users/{user_id}/memberships/{membership_id}", status_code=204)
async def end_membership(
    ctx: Annotated[Context, allow(Permission.USER_CHANGE)],
    expected: IfMatchOptional,
    user_id: UUID,
    membership_id: UUID,
) -> None:
    """Take a role from a user at once."""
    await memberships.end_membership(ctx, user_id, membership_id, expected)


@router.put(
    "/users/{user_id}/memberships/{membership_id}/sites",
    response_model=MembershipRead,
)
async def set_membership_sites(
    ctx: Annotated[Context, allow(Permission.USER_CHANGE)],
    expected: IfMatch,
    user_id: UUID,
    membership_id: UUID,
    body: SitesSet,
) -> JsonBytes:
    """Say at which sites of their institution somebody works: they see what is for these, or for no site."""
    await sites.set_sites(ctx, user_id, membership_id, body, expected)
    return await queries.read_membership(ctx, user_id, membership_id)


@router.get("/colleagues", response_model=Page[ColleagueRead])
async def list_colleagues(
    ctx: Annotated[Context, allow(Permission.COLLEAGUE_READ)], page: Paging
) -> JsonBytes:
    """List the case managers of one's units, to name a deputy."""
    return await queries.list_colleagues(ctx, page)


@router.get("/names", response_model=Page[NamedRef])
async def list_names(
    ctx: Annotated[Context, allow(Permission.USER_NAME)],
    page: Paging,
    user_ids: Annotated[
        str, Query(pattern=FIFTY_IDS, description="one to fifty ids of users, separated by commas")
    ],
) -> JsonBytes:
    """Read the names behind ids of users, as in `recorded_by`; also of those who have left."""
    return await queries.list_names(ctx, page, [UUID(each) for each in user_ids.split(",")])


@router.get("/keys")
async def list_keys(ctx: Anybody, office: Office) -> KeySet:
    """List the public keys that verify access tokens."""
    del ctx
    return KeySet.model_validate(office.key_ring.public_keys())


def _without_secrets(once: Once, body: Input) -> Once:
    # The digest of a body is stored and quick to compute: a password in it could be guessed from there.
    shown: Any = body.model_dump_json()
    return dataclasses.replace(once, digest=hashlib.sha256(shown.encode()).digest())
