"""What an administrator does with the users of the area."""

from typing import Any
from uuid import UUID

import asyncpg

from app.access.context import Context
from app.audit import journal
from app.identity.actions.memberships import grant, person, require_possible, require_somebody_else
from app.identity.models import User
from app.identity.office import SignInOffice
from app.identity.password_acceptance import accepted_hash
from app.identity.schemas import InitialPassword, UserChange, UserCreate
from app.kit.changes import apply
from app.kit.errors import Conflict, Invalid
from app.kit.ids import new_id
from app.kit.versions import Expected

_ENSURE_ACCOUNT = "SELECT ensure_account($1, $2, $3)"
_END_SESSIONS = "SELECT end_user_sessions($1, 'disabled')"
_EMAIL = "SELECT email FROM user_emails() WHERE user_id = $1"
_RESET = "SELECT reset_password($1, $2)"


async def create_user(ctx: Context, office: SignInOffice, body: UserCreate) -> UUID:
    """Create a user with an initial password and roles.

    Raises 409 for an address that has an account, here or elsewhere (only the operator links one), 422 for a
    weak password or roles kept apart.
    """
    require_possible(ctx, {each.role for each in body.memberships})
    hashed = await accepted_hash(
        body.initial_password.get_secret_value(),
        place="body.initial_password",
        shortest=office.settings.minimum_password_length,
        forbidden_words=(body.email, body.display_name),
    )
    driver = await ctx.db.driver()
    try:
        account_id = await driver.fetchval(_ENSURE_ACCOUNT, new_id(), body.email, hashed)
    except asyncpg.UniqueViolationError:
        raise Conflict(
            "This address has an account already. One of another area the operator links.", code="duplicate"
        ) from None
    user = User(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        account_id=account_id,
        display_name=body.display_name,
        language=body.language,
    )
    ctx.db.add(user)
    await ctx.db.flush()
    await journal.record(ctx.db, "user.create", "user", user.id)
    for membership in body.memberships:
        await grant(ctx, user.id, membership)
    return user.id


async def change_user(ctx: Context, user_id: UUID, body: UserChange, expected: Expected) -> None:
    """Change name or standing of a user; disabling ends their sessions in this area at once."""
    user = await person(ctx, user_id, expected)
    changes: dict[str, Any] = body.model_dump(exclude_unset=True)
    if "is_disabled" in changes:
        is_disabled = changes.pop("is_disabled")
        if is_disabled is None:
            raise Invalid.at("body.is_disabled", "missing", "This cannot be empty.")
        require_somebody_else(ctx, user_id)
        changes["disabled_at"] = (user.disabled_at or ctx.now) if is_disabled else None
        if is_disabled:
            await (await ctx.db.driver()).execute(_END_SESSIONS, user_id)
    changed = apply(user, changes, required=("display_name",))
    await journal.record(ctx.db, "user.change", "user", user_id, changed=changed)


async def reset_password(ctx: Context, office: SignInOffice, user_id: UUID, body: InitialPassword) -> None:
    """Give a user a new initial password and end their sessions.

    Raises 403 for oneself, 404 for a stranger, and 409 for an account that other areas use too: its owner
    changes the password, no administrator.
    """
    require_somebody_else(ctx, user_id)
    user = await person(ctx, user_id)
    driver = await ctx.db.driver()
    email = await driver.fetchval(_EMAIL, user_id)
    hashed = await accepted_hash(
        body.initial_password.get_secret_value(),
        place="body.initial_password",
        shortest=office.settings.minimum_password_length,
        forbidden_words=(email, user.display_name),
    )
    if not await driver.fetchval(_RESET, user_id, hashed):
        raise Conflict("Other areas use this account too: only its owner sets the password.", code="shared")
    await journal.record(ctx.db, "user.reset_password", "user", user_id, changed=("password",))
