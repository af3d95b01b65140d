"""Signing in, renewing a session, signing out."""

from typing import Any
from uuid import UUID

import asyncpg

from app.access.context import Context, PublicContext
from app.audit import journal
from app.identity import throttle
from app.identity.account_rules import initial_password_expired
from app.identity.office import SignInOffice, new_refresh_token, refresh_digest
from app.identity.password_acceptance import matches
from app.identity.schemas import SessionTokens, SignIn
from app.kit.errors import Conflict, NotFound, NotSignedIn, SignInRefused, TooMany
from app.kit.ids import new_id

_FIND = "SELECT * FROM find_sign_in($1)"
_START = "SELECT * FROM start_session($1, $2, $3, $4, $5, $6)"
_RENEW = "SELECT * FROM use_refresh_token($1, $2)"
_END_REUSED = "SELECT end_reused_session($1)"
_JOURNAL_FAILURE = "SELECT journal_failed_sign_in($1)"
_END = "SELECT end_session($1)"


async def sign_in(ctx: PublicContext, office: SignInOffice, body: SignIn) -> SessionTokens:
    """Start a session in one area.

    Nobody of that name, a wrong password, a disabled person and an area that is not theirs are one and the
    same 401 after the same work. 409 names the areas when there are several to choose from; 429 says when
    to come back.
    """
    keys = throttle.SignInKeys.of(body.email, ctx.source)
    try:
        await throttle.take_sign_in_turn(ctx.db, keys, ctx.now)
    except TooMany:
        office.alarm("sign_in_throttled")
        raise
    driver = await ctx.db.driver()
    account = await driver.fetchrow(_FIND, body.email)
    stored = account["password_hash"] if account else None
    if not await matches(body.password.get_secret_value(), stored) or account is None:
        raise await _failed(ctx, office, keys, body.email)
    await _require_living_password(ctx, office, account, body.email)
    area = _chosen_area(account, body.area)
    if area is None:
        raise await _failed(ctx, office, keys, body.email)
    started = await _start(ctx, office, account, area)
    if started is None:
        raise await _failed(ctx, office, keys, body.email)
    await throttle.note_success(ctx.db, [keys.here, keys.account], ctx.now)
    return started


async def renew_session(ctx: PublicContext, office: SignInOffice, token: str) -> SessionTokens:
    """Exchange a refresh token for the next pair of tokens, until the session's own end.

    A token is good once, without grace: a second use, even at the same moment, ends the session for
    whoever holds it (RFC 9700, 4.14.2). Every refusal is a 401.
    """
    following = new_refresh_token()
    driver = await ctx.db.driver()
    row = await driver.fetchrow(_RENEW, refresh_digest(token), refresh_digest(following))
    if row["verdict"] == "used":
        ctx.keep()
        await driver.execute(_END_REUSED, refresh_digest(token))
        office.alarm("refresh_token_reused")
    elif row["verdict"] == "unknown":
        office.alarm("refresh_token_unknown")
    if row["verdict"] != "renewed":
        raise NotSignedIn("The session has ended.", code="session_ended")
    await journal.record(ctx.db, "session.renew", "session", row["session_id"])
    return _tokens(ctx, office, following, **row)


async def end_session(ctx: Context, session_id: UUID) -> None:
    """End a living session of one's own account; 404 for any other."""
    driver = await ctx.db.driver()
    if not await driver.fetchval(_END, session_id):
        raise NotFound
    await journal.record(ctx.db, "session.end", "session", session_id)


async def _failed(
    ctx: PublicContext, office: SignInOffice, keys: throttle.SignInKeys, email: str
) -> SignInRefused:
    ctx.keep()
    await throttle.count_failure(ctx.db, keys.all(), ctx.now)
    driver = await ctx.db.driver()
    await driver.execute(_JOURNAL_FAILURE, email)
    office.alarm("sign_in_failed")
    return SignInRefused("E-mail address and password do not open this.")


async def _require_living_password(
    ctx: PublicContext, office: SignInOffice, account: asyncpg.Record, email: str
) -> None:
    expired = initial_password_expired(
        must_change=account["must_change_password"], set_at=account["password_changed_at"], now=ctx.now
    )
    if expired:
        ctx.keep()
        await (await ctx.db.driver()).execute(_JOURNAL_FAILURE, email)
        office.alarm("initial_password_expired")
        raise SignInRefused(
            "The initial password has expired. Ask for a new one.", code="initial_password_expired"
        )


def _chosen_area(account: asyncpg.Record, wanted: str | None) -> str | None:
    """Return the area to enter, or None for one that is not theirs."""
    ids: list[str] = account["area_ids"]
    if wanted is not None:
        return wanted if wanted in ids else None
    if len(ids) > 1:
        areas = [{"id": id_, "name": name} for id_, name in zip(ids, account["area_names"], strict=True)]
        raise Conflict("Say in which area.", code="area_needed", areas=areas)
    return ids[0]


async def _start(
    ctx: PublicContext, office: SignInOffice, account: asyncpg.Record, area: str
) -> SessionTokens | None:
    """Return the tokens of a new session; None for who was disabled or has another password by now."""
    session_id, refresh_token = new_id(), new_refresh_token()
    driver = await ctx.db.driver()
    digest, hours = refresh_digest(refresh_token), office.settings.session_hours
    compared = account["password_hash"]
    row = await driver.fetchrow(_START, session_id, account["account_id"], area, digest, hours, compared)
    if row is None:
        return None
    await journal.record(ctx.db, "session.start", "session", session_id)
    return _tokens(
        ctx,
        office,
        refresh_token,
        session_id=session_id,
        account_id=account["account_id"],
        municipal_area_id=area,
        must_change_password=account["must_change_password"],
        **row,
    )


def _tokens(ctx: PublicContext, office: SignInOffice, refresh_token: str, **session: Any) -> SessionTokens:
    return SessionTokens(
        access_token=office.access_token(session["account_id"], session["session_id"], ctx.now),
        expires_in=int(office.access_lifetime.total_seconds()),
        refresh_token=refresh_token,
        refresh_expires_at=session["expires_at"],
        session_id=session["session_id"],
        municipal_area_id=session["municipal_area_id"],
        user_id=session["user_id"],
        must_change_password=session["must_change_password"],
    )
