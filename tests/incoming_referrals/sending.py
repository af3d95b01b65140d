"""Arrangement for the feed of a sender: referrals behind the API, and a program that follows."""

from typing import Any
from uuid import UUID

import asyncpg

from tests.incoming_referrals.arrange import SENT
from tests.referrals.following import Follower
from tests.world import Person, World

_MANY = """INSERT INTO incoming_referrals (municipal_area_id, id, institution_id, unit_id, created_by,
    urgency, legal_basis, state, requested_at, waits_since, deadline_at, sha256)
SELECT $1, gen_random_uuid(), $2, $3, $4, 'normal', 'consent', 'requested', now(), now(),
    now() + interval '14 days', 'x' FROM generate_series(1, $5::int) RETURNING id::text"""


def follower(person: Person, limit: int = 200) -> Follower:
    """Return a program of the sender that has read nothing yet."""
    return Follower(person, limit=limit, path=SENT)


async def many_sent(
    world: World,
    person: Person,
    count: int,
    connection: asyncpg.Connection | None = None,
    institution: UUID | None = None,
) -> list[str]:
    """Let somebody's institution, or another one, have referred so many; return the ids."""
    rows: list[Any] = await (connection or world.admin).fetch(
        _MANY, world.area, institution or person.place_id, await world.unit(), person.user_id, count
    )
    return [row["id"] for row in rows]
