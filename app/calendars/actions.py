"""Sharing one's dates, taking the address back, and letting a calendar program in."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from app.access.context import Context, PublicContext
from app.audit import journal
from app.calendars.schemas import CalendarSecret
from app.kit.errors import NotFound, TooMany
from app.kit.ids import new_id

SECRET_BYTES = 32
WINDOW = timedelta(hours=1)
READS_A_WINDOW = 60

_REVOKE = "UPDATE calendar_feeds SET revoked_at = $1 WHERE revoked_at IS NULL"
_SHARE = """INSERT INTO calendar_feeds (municipal_area_id, id, user_id, secret_sha256, created_at)
VALUES (ctx_area(), $1, ctx_user(), $2, $3)"""
_OPEN = "SELECT * FROM open_calendar($1, $2, $3, $4)"


async def share_calendar(ctx: Context) -> CalendarSecret:
    """Make a new address; the one before opens nothing from now on."""
    secret, feed_id = secrets.token_urlsafe(SECRET_BYTES), new_id()
    driver = await ctx.db.driver()
    await driver.execute(_REVOKE, ctx.now)
    await driver.execute(_SHARE, feed_id, digest(secret), ctx.now)
    await journal.record(ctx.db, "calendar.share", "calendar_feed", feed_id)
    return CalendarSecret(id=feed_id, secret=secret, created_at=ctx.now)


async def revoke_calendar(ctx: Context) -> None:
    """Take the address back; 404 when there is none."""
    driver = await ctx.db.driver()
    if await driver.execute(_REVOKE, ctx.now) == "UPDATE 0":
        raise NotFound
    await journal.record(ctx.db, "calendar.revoke", "user", ctx.actor.user_id)


async def open_calendar(ctx: PublicContext, secret: str) -> UUID:
    """Continue this transaction as the case manager who shared the address, and return who that is.

    The secret is looked up by its digest, so how long it takes says nothing. Raises 404 alike for an
    unknown or revoked one and for one whose owner is no case manager any more, 429 after `READS_A_WINDOW`
    an hour.
    """
    driver = await ctx.db.driver()
    row = await driver.fetchrow(_OPEN, digest(secret), ctx.now, WINDOW, READS_A_WINDOW)
    if row is None:
        raise NotFound
    if row["wait_seconds"] > 0:
        raise TooMany("This calendar is read too often.", retry_after=row["wait_seconds"])
    await journal.record(ctx.db, "calendar.read", "calendar_feed", row["feed_id"])
    owner: UUID = row["user_id"]
    return owner


def digest(secret: str) -> bytes:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
