"""Undoing a merge: what was is restored; what was written since stays where it is, or is named."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import delete, select
from sqlalchemy.orm import aliased

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.clients.merging.models import ClientMerge
from app.clients.models import Client
from app.clients.numbers.models import OfficialNumber
from app.clients.touch import processing_restricted
from app.kit.changes import locked
from app.kit.errors import Conflict, Forbidden, NotFound, WrongState
from app.kit.versions import Expected

_UNDO = "SELECT undo_merge($1, $2, $3)"
_DATES = {"birth_date"}
DERIVED = {"sort_key", "name_forms", "name_keys"}


def stored(value: Any) -> Any:
    """Return a value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def _restored(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in _DATES and value is not None else value


async def undo(ctx: Context, client_id: UUID, merge_id: UUID) -> UUID:
    """Make two records of one again.

    Raises 409 when it has been undone, is final, or another merge came after it; 403 for whoever knows the
    survivor by the merge alone.
    """
    await require_relation(ctx, client_id=client_id)
    client = await locked(ctx.db, Client, client_id, Expected(None))
    merge = await _merge(ctx, client_id, merge_id)
    if client.processing_restricted_at is not None:
        raise processing_restricted()
    changes = merge.changes or {"fields": {}, "numbers": []}
    kept = _restore(client, changes["fields"])
    numbers = [UUID(each) for each in changes["numbers"]]
    await ctx.db.execute(delete(OfficialNumber).where(OfficialNumber.id.in_(numbers)))
    driver = await ctx.db.driver()
    try:
        await driver.execute(_UNDO, merge_id, ctx.now, kept)
    except asyncpg.InsufficientPrivilegeError as error:
        if error.constraint_name != "ck_client_merges_knows_survivor":
            raise
        raise Forbidden(
            "This is possible only for those who knew the person before the merge.", code="relation_missing"
        ) from None
    await journal.record(
        ctx.db,
        "client.undo_merge",
        "client",
        client_id,
        clients=[client.pseudonym, merge.merged_pseudonym],
        changed=sorted(changes["fields"].keys() - DERIVED - set(kept)),
    )
    return merge_id


def _restore(client: Client, fields: dict[str, list[Any]]) -> list[str]:
    """Give the survivor's fields back what they were; return those that somebody has changed since."""
    names = {"given_name", "family_name", "former_names", "other_names"} & fields.keys()
    changed = {name for name, (_, after) in fields.items() if stored(getattr(client, name)) != after}
    if changed & names:
        changed |= names | DERIVED  # what is looked for is made of all names together
    if changed & {"birth_date", "birth_precision"}:
        changed |= {"birth_date", "birth_precision"}
    for name, (before, _) in fields.items():
        if name not in changed:
            setattr(client, name, _restored(name, before))
    return sorted((changed & fields.keys()) - DERIVED)


async def _merge(ctx: Context, client_id: UUID, merge_id: UUID) -> ClientMerge:
    found: ClientMerge | None = await ctx.db.scalar(
        select(ClientMerge)
        .where(ClientMerge.id == merge_id, ClientMerge.client_id == client_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if found.undone_at is not None or found.final_at is not None or ctx.now > found.undo_until:
        state = "undone" if found.undone_at is not None else "final"
        raise WrongState("The merge cannot be undone any more.", state=state, allowed=())
    await _require_last(ctx, found)
    return found


async def _require_last(ctx: Context, merge: ClientMerge) -> None:
    later = aliased(ClientMerge)
    statement = select(later.id).where(
        later.client_id == merge.client_id, later.id > merge.id, later.undone_at.is_(None)
    )
    found = [str(each) for each in await ctx.db.scalars(statement.order_by(later.id.desc()))]
    if found:
        raise Conflict(
            "Merges are undone in the opposite order: this one first.", code="merged_since", merges=found
        )
