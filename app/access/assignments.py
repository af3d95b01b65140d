"""The ways an assignment comes and goes; the definer functions behind them check the right themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import asyncpg

from app.access.context import Context
from app.kit.errors import Conflict, Invalid, WrongState
from app.kit.ids import new_id

TEAM_NOW = """SELECT DISTINCT t.user_id FROM case_team($1) t
WHERE t.kind <> 'break_glass' AND t.active_from <= now()"""
"""Who works on a case now and may be given something to do: nobody who stands in from a later day."""


async def register_client(ctx: Context, client_id: UUID) -> None:
    """Make the creator of a new client its registrar, so that they can see it."""
    driver = await ctx.db.driver()
    await driver.execute("SELECT register_client($1, $2)", new_id(), client_id)


async def assign_case(
    ctx: Context,
    case_id: UUID,
    user_id: UUID,
    kind: str,
    *,
    active_from: datetime | None = None,
    active_until: datetime | None = None,
    reason: str | None = None,
) -> UUID:
    """Assign a case and return the assignment's id.

    The database refuses (42501, answered as 404) without the right. Raises 409 for a lead or member who is
    that already and for who takes over while the lead works at the unit, 422 for somebody who is no case
    manager of the case's unit, known or not.
    """
    assignment_id = new_id()
    driver = await ctx.db.driver()
    values = (assignment_id, case_id, user_id, kind, active_from, active_until, reason)
    with _refused_by_the_database():
        await driver.execute("SELECT assign_case($1, $2, $3, $4, $5, $6, $7)", *values)
    return assignment_id


async def name_lead(ctx: Context, vacancy_id: UUID, user_id: UUID) -> UUID | None:
    """Name who has what nobody works on any more, and return what a review is of (none: not hidden).

    Which case or client it is the actor never learns; the database writes it into the journal.
    """
    driver = await ctx.db.driver()
    with _refused_by_the_database():
        named = await driver.fetchval("SELECT name_lead($1, $2, $3)", new_id(), vacancy_id, user_id)
    return None if named is None else UUID(str(named))


@contextmanager
def _refused_by_the_database() -> Iterator[None]:
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "uq_assignments_held":
            raise
        raise Conflict("They are that already.", code="assigned_already") from None
    except asyncpg.CheckViolationError as error:
        if error.constraint_name == "ck_assignments_lead_left":
            raise WrongState("The lead of the case works at the unit.", state="led", allowed=[]) from None
        if error.constraint_name != "ck_assignments_same_unit":
            raise
        raise Invalid.at(
            "body.user_id", "not_of_the_unit", "There is no such case manager at the unit of the case."
        ) from None


async def end_assignment(ctx: Context, assignment_id: UUID) -> bool:
    """End a membership, deputyship or break-glass; False when there is none that the actor may end."""
    driver = await ctx.db.driver()
    return bool(await driver.fetchval("SELECT end_assignment($1)", assignment_id))


async def end_registrar(ctx: Context, case_id: UUID, assignment_id: UUID) -> bool:
    """End what a registrar of the case's client sees; False when there is none that the actor may end."""
    driver = await ctx.db.driver()
    return bool(await driver.fetchval("SELECT end_registrar($1, $2)", case_id, assignment_id))
