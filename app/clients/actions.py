"""Changing what is written of a person."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.clients.histories.models import Address
from app.clients.models import Client
from app.clients.person import settle_person
from app.clients.rules import SHELTER
from app.clients.schemas import ClientChange
from app.clients.touch import processing_restricted
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Forbidden, Invalid
from app.kit.versions import Expected

_NAMES = ("given_name", "family_name", "former_names", "other_names")
_DERIVED = {"sort_key", "name_forms", "name_keys"}
_MAY_LIFT = "SELECT may_lift_restriction($1)"


async def change_client(ctx: Context, client_id: UUID, body: ClientChange, expected: Expected) -> None:
    """Change a person; what makes them restricted reaches their cases and assignments at once.

    Raises 409 after the consent to documentation was withdrawn, for everything but hiding them, and 403 for
    whoever would show somebody hidden whom another one leads.
    """
    await require_relation(ctx, client_id=client_id)
    client = await locked(ctx.db, Client, client_id, expected)
    changes = body.model_dump(exclude_unset=True)
    if client.processing_restricted_at is not None and changes != {"is_restricted": True}:
        raise processing_restricted()
    if changes.keys() & set(_NAMES):
        _require_names(changes)
        changes = {name: getattr(client, name) for name in _NAMES} | changes
    if client.is_restricted and changes.get("is_restricted") is False:
        await _require_lead(ctx, client_id)
        await _require_no_shelter(ctx, client_id)
    settle_person(local_date(ctx.now), changes)
    changed = apply(client, changes)
    await journal.record(
        ctx.db,
        "client.change",
        "client",
        client_id,
        clients=[client.pseudonym],
        changed=set(changed) - _DERIVED,
    )


def _require_names(changes: dict[str, Any]) -> None:
    for name in ("given_name", "family_name"):
        if name in changes and changes[name] is None:
            raise Invalid.at(f"body.{name}", "missing", "Everybody has a name.")


async def _require_lead(ctx: Context, client_id: UUID) -> None:
    driver = await ctx.db.driver()
    if not await driver.fetchval(_MAY_LIFT, client_id):
        raise Forbidden(
            "Who leads a running case of the client lifts a restriction; without one, who led the last.",
            code="relation_missing",
        )


async def _require_no_shelter(ctx: Context, client_id: UUID) -> None:
    in_shelter = select(Address.id).where(
        Address.client_id == client_id,
        Address.housing_type == SHELTER,
        Address.superseded_at.is_(None),
        func.coalesce(func.upper(Address.valid), date.max) > local_date(ctx.now),
    )
    if await ctx.db.scalar(in_shelter.limit(1)) is not None:
        raise Conflict("Whoever lives in a women's shelter stays restricted.", code="in_shelter")
