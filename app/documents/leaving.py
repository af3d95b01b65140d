"""Whose documents may leave the unit with something else: a transfer, a message.

A document shows what nobody has chosen: of a person who is hidden, or has a shelter among their addresses,
past ones too, none goes along. Another member of the household is another client, whose documents are not of
this one.
"""

from collections.abc import Collection
from uuid import UUID

from app.access.context import Context
from app.clients.rules import SHELTER

LEAVES = f"""NOT k.is_restricted AND NOT EXISTS (SELECT FROM addresses a
        WHERE a.municipal_area_id = k.municipal_area_id AND a.client_id = k.id
            AND a.superseded_at IS NULL AND a.housing_type = '{SHELTER}')"""
"""A condition on the client `k` of a document."""

_LEAVING = f"""SELECT count(*) FROM documents d
JOIN clients k ON k.municipal_area_id = d.municipal_area_id AND k.id = d.client_id
WHERE d.id = ANY ($1) AND {LEAVES}"""


async def may_leave(ctx: Context, ids: Collection[UUID]) -> bool:
    """Return whether each of these documents is of somebody whose documents may go along."""
    driver = await ctx.db.driver()
    return bool(await driver.fetchval(_LEAVING, ids) == len(set(ids)))
