"""Taking an invitation up, without being signed in.

Wrong, used, expired, revoked, of an inactive institution or for another address: one refusal after the same
work, and counted. What is wrong with what was sent itself is said before anything is looked up.
"""

import asyncpg

from app.access.context import PublicContext
from app.identity import throttle
from app.identity.invitations.rules import code_digest
from app.identity.invitations.schemas import InvitationAccept, InvitationAccepted
from app.identity.office import SignInOffice
from app.identity.password_acceptance import accepted_hash, matches
from app.kit.errors import Conflict, InvitationRefused, TooMany

_FIND = "SELECT * FROM find_invitation($1, $2)"
_JOURNAL_FAILURE = "SELECT journal_failed_sign_in($1)"
_ACCEPT = "SELECT * FROM accept_invitation($1, $2, $3, $4, $5)"


async def accept_invitation(
    ctx: PublicContext, office: SignInOffice, body: InvitationAccept
) -> InvitationAccepted:
    """Make the account and the membership that an invitation is for.

    Raises 422 for a weak password, 401 for whatever does not fit, 429 after too many failures, 409 for
    somebody who holds a role that must be apart or this one already. No success ends the failures of a
    source: whoever makes invitations could have one at any time.
    """
    key = throttle.invitation_key(ctx.source)
    try:
        await throttle.take_turn(ctx.db, key, ctx.now)
        row = await _accepted(ctx, office, body)
    except TooMany:
        office.alarm("invitation_throttled")
        raise
    if row is None:
        ctx.keep()
        await throttle.count_failure(ctx.db, [key], ctx.now)
        office.alarm("invitation_refused")
        raise InvitationRefused("This opens nothing.")
    return InvitationAccepted(**row)


async def _accepted(
    ctx: PublicContext, office: SignInOffice, body: InvitationAccept
) -> asyncpg.Record | None:
    """Do the same work whatever is found: a new hash and a comparison."""
    code, password = code_digest(body.invitation_code.get_secret_value()), body.password.get_secret_value()
    new_hash = await accepted_hash(
        password,
        place="body.password",
        shortest=office.settings.minimum_password_length,
        forbidden_words=(body.email, body.display_name),
    )
    driver = await ctx.db.driver()
    found = await driver.fetchrow(_FIND, code, body.email)
    if found is not None and found["has_account"]:
        if not await _is_theirs(ctx, body.email, password, found["password_hash"]):
            return None
    elif await matches(password, None) or found is None:
        return None
    used = None if found["has_account"] else new_hash
    try:
        return await driver.fetchrow(_ACCEPT, code, body.email, body.display_name, body.language, used)
    except asyncpg.CheckViolationError as error:
        if error.constraint_name != "ck_memberships_roles_apart":
            raise
        raise Conflict("These roles are never held together in one area.", code="roles_apart") from None


async def _is_theirs(ctx: PublicContext, email: str, password: str, stored: str) -> bool:
    """Say whether this is the password of the account; counted and written down as at a sign-in.

    Whoever makes invitations has codes for anybody's address: what they guess here is guessed at the account.
    """
    keys = throttle.SignInKeys.of(email, ctx.source)
    await throttle.take_sign_in_turn(ctx.db, keys, ctx.now)
    if await matches(password, stored):
        return True
    await throttle.count_failure(ctx.db, keys.all(), ctx.now)
    await (await ctx.db.driver()).execute(_JOURNAL_FAILURE, email)
    return False
