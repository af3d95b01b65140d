"""Changing one's own account: the password and the language."""

from dataclasses import dataclass

from app.access.context import Context
from app.audit import journal
from app.identity import throttle
from app.identity.office import SignInOffice
from app.identity.password_acceptance import accepted_hash, matches
from app.identity.schemas import MeChange, PasswordChange
from app.kit.errors import Forbidden, Invalid, VersionStale
from app.kit.versions import Expected

_OWN = """SELECT own.email, own_password_hash() AS password_hash, u.display_name, area.name AS area_name
FROM own_account() own, users u JOIN municipal_areas area ON area.id = u.municipal_area_id
WHERE u.id = ctx_user()"""
_SET_PASSWORD = "SELECT set_password($1)"  # noqa: S105 - a statement
_VERSION = "SELECT version FROM users WHERE id = ctx_user()"
_SET_LANGUAGE = "SELECT set_own_language($1, $2)"


@dataclass(slots=True)
class _Seen:
    version: int


async def change_own_password(ctx: Context, office: SignInOffice, body: PasswordChange) -> None:
    """Set one's own password and end every other session of the account.

    Raises 403 for a wrong present password (counted: 429 after too many), 422 for a weak new one.
    """
    key = throttle.session_key(ctx.actor.session_id)
    await throttle.take_turn(ctx.db, key, ctx.now)
    driver = await ctx.db.driver()
    own = await driver.fetchrow(_OWN)
    current, following = body.current_password.get_secret_value(), body.new_password.get_secret_value()
    if not await matches(current, own["password_hash"]):
        ctx.keep()
        await throttle.count_failure(ctx.db, [key], ctx.now)
        office.alarm("own_password_refused")
        raise Forbidden("The present password is another one.", code="password_wrong")
    if current == following:
        raise Invalid("Use another password than until now.", code="password_unchanged")
    hashed = await accepted_hash(
        following,
        place="body.new_password",
        shortest=office.settings.minimum_password_length,
        forbidden_words=(own["email"], own["display_name"], own["area_name"]),
    )
    await driver.execute(_SET_PASSWORD, hashed)
    await throttle.note_success(ctx.db, [key], ctx.now)
    await journal.record(ctx.db, "account.change_password", "user", ctx.actor.user_id, changed=("password",))


async def change_me(ctx: Context, body: MeChange, expected: Expected) -> None:
    """Set the language in which one is written to; 412 when the user has changed in between."""
    driver = await ctx.db.driver()
    seen = _Seen(await driver.fetchval(_VERSION))
    expected.check(seen)
    if not await driver.fetchval(_SET_LANGUAGE, body.language, seen.version):
        raise VersionStale(version=await driver.fetchval(_VERSION))
    await journal.record(ctx.db, "account.change", "user", ctx.actor.user_id, changed=("language",))
