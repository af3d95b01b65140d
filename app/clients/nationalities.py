"""A person's nationalities: one list, replaced as a whole."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.catalogues.check import require_code
from app.clients.models import Client, ClientNationality
from app.clients.schemas import NationalitiesReplace
from app.clients.touch import touch_client
from app.kit.changes import locked
from app.kit.errors import Invalid
from app.kit.ids import new_id
from app.kit.versions import Expected


async def replace_nationalities(
    ctx: Context, client_id: UUID, body: NationalitiesReplace, expected: Expected
) -> None:
    """Replace the nationalities of a person, the most important first."""
    await require_relation(ctx, client_id=client_id)
    client = await locked(ctx.db, Client, client_id, expected)
    await touch_client(ctx, client_id)
    await ctx.db.execute(delete(ClientNationality).where(ClientNationality.client_id == client_id))
    write_nationalities(ctx, client_id, body.nationalities)
    await journal.record(
        ctx.db, "client.change", "client", client_id, clients=[client.pseudonym], changed=["nationalities"]
    )


def write_nationalities(ctx: Context, client_id: UUID, nationalities: Sequence[str]) -> None:
    """Write the nationalities of a person who has none yet; 422 for a code that is none or stands twice."""
    for position, key in enumerate(nationalities):
        place = f"body.nationalities.{position}"
        require_code("nationality", key, place)
        if key in nationalities[:position]:
            raise Invalid.at(place, "twice", "This nationality stands twice.")
    ctx.db.add_all(
        ClientNationality(
            municipal_area_id=ctx.actor.municipal_area_id,
            id=new_id(),
            client_id=client_id,
            nationality=key,
            position=position,
        )
        for position, key in enumerate(nationalities)
    )
