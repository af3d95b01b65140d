"""What others say of a person who is registered already: what protects them stays, whoever said it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.clients.merging.rules import SAFETY, stricter
from app.clients.models import Client
from app.clients.touch import processing_restricted
from app.kit.changes import apply, locked
from app.kit.errors import Invalid, NotFound
from app.kit.schema import LONGEST_NOTE

_HIDING = {"is_restricted"}


async def keep_warnings(ctx: Context, client_id: UUID, said: Mapping[str, Any]) -> UUID:
    """Let warnings that came with somebody hold for the client they are, and loosen none that is there.

    Returns the pseudonym for the journal.
    Raises 404 for an unseen client, alike for one merged into another, 409 for one whose data are only kept
    when more than hiding follows, and 422 where the persons who must not learn anything no longer fit.
    """
    client = await locked(ctx.db, Client, client_id)
    if client.merged_into is not None:
        raise NotFound
    ours = {name: getattr(client, name) for name in SAFETY}
    joined = {name: stricter(name, ours[name], said.get(name)) for name in SAFETY}
    changes = {name: value for name, value in joined.items() if value != ours[name]}
    if not changes:
        return client.pseudonym
    if client.processing_restricted_at is not None and changes.keys() - _HIDING:
        raise processing_restricted()
    if len(changes.get("must_not_learn") or "") > LONGEST_NOTE:
        raise Invalid.at(
            "body.client_id", "too_long", "Both say who must not learn anything: shorten what the client has."
        )
    changed = apply(client, changes)
    await ctx.db.flush()
    await journal.record(
        ctx.db, "client.change", "client", client_id, clients=[client.pseudonym], changed=changed
    )
    return client.pseudonym
