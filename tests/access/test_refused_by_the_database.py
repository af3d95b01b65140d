"""What the application let through and the database refuses: answered as unknown, and written down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import asyncpg
import pytest

from app.access.assignments import assign_case
from app.access.context import Context
from app.kit.clock import utc_now
from tests.cases.arrange import a_case, team_lead
from tests.world import World

_ASSIGN = "FUNCTION assign_case(uuid, uuid, uuid, text, timestamptz, timestamptz, text)"


@asynccontextmanager
async def without_the_right(world: World) -> AsyncIterator[None]:
    """Take from the application what it may execute, as if the second lock alone refused."""
    await world.admin.execute(f"REVOKE EXECUTE ON {_ASSIGN} FROM kim_app")
    try:
        yield
    finally:
        await world.admin.execute(f"GRANT EXECUTE ON {_ASSIGN} TO kim_app")


async def test_refusal_by_the_second_lock_looks_like_an_unknown_case_and_leaves_a_trace(world: World) -> None:
    lead, member, chief = await world.case_manager(), await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, lead)
    body = {"user_id": str(member.user_id), "kind": "member"}
    async with without_the_right(world):
        refused = await chief.post(f"/v1/cases/{case_id}/assign", body)
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    row = await world.admin.fetchrow(
        """SELECT action, object_id, reason FROM audit_journal
        WHERE user_id = $1 AND outcome = 'refused'""",
        chief.user_id,
    )
    assert tuple(row) == ("case.assign", UUID(case_id), "not_found")
    assert (await chief.post(f"/v1/cases/{case_id}/assign", body)).status_code == 201


async def test_fault_of_our_own_is_not_told_as_a_wrong_colleague(world: World) -> None:
    lead, other = await world.case_manager(), await world.case_manager()
    case_id = UUID(await a_case(world, lead))
    now = utc_now()

    async def backwards() -> None:
        async with world.sql(lead) as db:
            ctx = cast("Context", cast("Any", SimpleNamespace(db=db)))
            before = now - timedelta(days=1)
            await assign_case(ctx, case_id, other.user_id, "deputy", active_from=now, active_until=before)

    with pytest.raises(asyncpg.CheckViolationError) as fault:
        await backwards()
    assert fault.value.constraint_name == "ck_assignments_period"
