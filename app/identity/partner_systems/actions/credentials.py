"""Giving a machine keys and secrets, several beside each other, and taking each back at once."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from app.access.context import Context
from app.audit import journal
from app.identity.partner_systems.actions.systems import living_system
from app.identity.partner_systems.models import PartnerCredential
from app.identity.partner_systems.rules import (
    LONGEST_KEY_LIFE,
    LONGEST_SECRET_LIFE,
    MOST_CREDENTIALS,
    SECRET_BYTES,
    USUAL_KEY_LIFE,
    USUAL_SECRET_LIFE,
)
from app.identity.partner_systems.schemas import KeyRegister, PartnerSecret, SecretCreate
from app.identity.password_acceptance import hashed
from app.identity.tokens import UnusableKey, public_key
from app.kit.changes import locked
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.ids import new_id


async def register_key(ctx: Context, system_id: UUID, body: KeyRegister) -> UUID:
    """Register a public key beside those that are there.

    Raises 422 for what is no key on P-256, 409 for a key that is or was registered and for too many.
    """
    try:
        key = public_key(body.jwk.x, body.jwk.y)
    except UnusableKey:
        raise Invalid.at("body.jwk", "no_key", "Send a public key on the curve P-256.") from None
    await _require_room(ctx, system_id)
    expires_at = _end(ctx, body.expires_at, USUAL_KEY_LIFE, LONGEST_KEY_LIFE)
    point = {"kid": key.kid, "x": key.jwk["x"], "y": key.jwk["y"]}
    return await _add(ctx, system_id, expires_at, kind="key", **point)


async def create_secret(ctx: Context, system_id: UUID, body: SecretCreate) -> PartnerSecret:
    """Make a secret, shown this once, for a machine that cannot sign."""
    await _require_room(ctx, system_id)
    expires_at = _end(ctx, body.expires_at, USUAL_SECRET_LIFE, LONGEST_SECRET_LIFE)
    credential_id = new_id()
    # It begins with its name, so that one is looked up and one compared, whichever is sent.
    secret = f"{credential_id}.{secrets.token_urlsafe(SECRET_BYTES)}"
    await _add(ctx, system_id, expires_at, kind="secret", id=credential_id, secret_hash=await hashed(secret))
    return PartnerSecret(id=credential_id, client_id=system_id, client_secret=secret, expires_at=expires_at)


async def revoke_credential(ctx: Context, system_id: UUID, credential_id: UUID) -> None:
    """Take a key or secret back; tokens got with it open nothing with their next request."""
    credential = await locked(ctx.db, PartnerCredential, credential_id)
    if credential.partner_system_id != system_id:
        raise NotFound
    if credential.revoked_at is not None:
        raise WrongState("The credential is revoked.", state="revoked", allowed=())
    credential.revoked_at = ctx.now
    await journal.record(
        ctx.db, "partner_credential.revoke", "partner_credential", credential_id, changed=(credential.kind,)
    )


async def _add(ctx: Context, system_id: UUID, expires_at: datetime, *, kind: str, **parts: object) -> UUID:
    credential = PartnerCredential(
        **{"id": new_id(), **parts},
        municipal_area_id=ctx.actor.municipal_area_id,
        partner_system_id=system_id,
        kind=kind,
        created_by=ctx.actor.user_id,
        expires_at=expires_at,
    )
    ctx.db.add(credential)
    await ctx.db.flush()
    await journal.record(
        ctx.db, "partner_credential.create", "partner_credential", credential.id, changed=(kind,)
    )
    return credential.id


async def _require_room(ctx: Context, system_id: UUID) -> None:
    """Lock the machine, so that of two at once the second one counts the first."""
    await living_system(ctx, system_id)
    living = await ctx.db.scalar(
        select(func.count()).where(
            PartnerCredential.partner_system_id == system_id,
            PartnerCredential.revoked_at.is_(None),
            PartnerCredential.expires_at > func.now(),
        )
    )
    if living >= MOST_CREDENTIALS:
        raise Conflict("Revoke a credential first.", code="too_many_credentials")


def _end(ctx: Context, wanted: datetime | None, usual: timedelta, longest: timedelta) -> datetime:
    if wanted is None:
        return ctx.now + usual
    if not ctx.now < wanted <= ctx.now + longest:
        raise Invalid.at(
            "body.expires_at", "out_of_range", f"The end lies ahead, by {longest.days} days at most."
        )
    return wanted
