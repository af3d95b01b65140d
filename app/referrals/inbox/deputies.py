"""Naming a colleague who stands in for oneself, and ending that."""

from datetime import timedelta
from uuid import UUID

import asyncpg

from app.access.context import Context
from app.access.relations import require_place
from app.access.roles import Role
from app.audit import journal
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid, WrongState
from app.kit.ids import new_id
from app.referrals.inbox.models import PartnerDeputyship
from app.referrals.inbox.schemas import DeputyName

LONGEST = timedelta(days=366)

_NOBODY_THERE = ("ck_partner_deputyships_sees_no_less", "fk_partner_deputyships_deputy_id")
_ADD = """INSERT INTO partner_deputyships
(municipal_area_id, id, institution_id, user_id, deputy_id, first_day, last_day)
VALUES (ctx_area(), $1, $2, ctx_user(), $3, $4, $5)"""


async def name_deputy(ctx: Context, body: DeputyName) -> UUID:
    """Name a colleague as one's deputy at an institution, from the first to the last day.

    Raises 404 for an institution that is not one's own; 422 for days that are over or too many, and for
    somebody who is no colleague or sees less there than oneself; 409 when another deputy is named for one of
    the days.
    """
    require_place(ctx, body.institution_id, Role.PARTNER_USER, Role.AUTHORITY_OFFICER)
    _check_days(ctx, body)
    if body.deputy_id == ctx.actor.user_id:
        raise Invalid.at("body.deputy_id", "somebody_else", "Nobody stands in for themselves.")
    deputyship_id = new_id()
    await _add(ctx, deputyship_id, body)
    await journal.record(
        ctx.db, "partner_deputyship.name", "partner_deputyship", deputyship_id, changed=("deputy_id",)
    )
    return deputyship_id


async def end_deputyship(ctx: Context, deputyship_id: UUID) -> None:
    """End a deputyship at once, as either of the two; 409 when it has ended."""
    deputyship = await locked(ctx.db, PartnerDeputyship, deputyship_id)
    if deputyship.ended_at is not None:
        raise WrongState("It has ended.", state="ended", allowed=())
    deputyship.ended_at = ctx.now
    await journal.record(ctx.db, "partner_deputyship.end", "partner_deputyship", deputyship_id)


def _check_days(ctx: Context, body: DeputyName) -> None:
    if body.last_day < local_date(ctx.now):
        raise Invalid.at("body.last_day", "in_the_past", "These days are over.")
    if body.last_day - body.first_day >= LONGEST:
        raise Invalid.at("body.last_day", "too_long", "A deputy stands in for a year at most.")


async def _add(ctx: Context, deputyship_id: UUID, body: DeputyName) -> None:
    driver = await ctx.db.driver()
    days = (body.first_day, body.last_day)
    try:
        await driver.execute(_ADD, deputyship_id, body.institution_id, body.deputy_id, *days)
    except asyncpg.ExclusionViolationError:
        raise Conflict("Another deputy is named for one of these days.", code="deputy_named") from None
    except (asyncpg.CheckViolationError, asyncpg.ForeignKeyViolationError) as error:
        if error.constraint_name not in _NOBODY_THERE:
            raise
        raise Invalid.at(
            "body.deputy_id", "unknown_reference", "There is no such colleague who sees as much as you do."
        ) from None
