"""Who works on a case: handing it over, joining its team, deputies, break-glass."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.access.assignments import assign_case, end_assignment, end_registrar
from app.access.context import Context
from app.access.policy import Relation
from app.access.relations import relations_to
from app.access.roles import Role
from app.audit import journal
from app.cases.events import GlassBroken
from app.cases.schemas.team import BreakGlass, CaseAssign, DeputyCreate
from app.kit.clock import BERLIN, local_date
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound

LONGEST_DEPUTYSHIP = timedelta(days=366)

_SHELL = "SELECT unit_id, case_pseudonym(id) AS pseudonym FROM cases WHERE id = $1"
_HELD = "SELECT EXISTS (SELECT FROM case_team($1) WHERE user_id = $2 AND kind = $3)"
_OF_CASE = "SELECT EXISTS (SELECT FROM case_team($1) WHERE id = $2 AND kind = $3)"
# Two requests at once for the same person come one after the other.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('deputy:' || $1::uuid || ':' || $2::uuid, 0))"
_DEPUTISES = """SELECT EXISTS (SELECT FROM case_team($1) WHERE user_id = $2 AND kind = 'deputy'
AND tstzrange(active_from, active_until) && tstzrange(coalesce($3, now()), $4))"""
# The database's own clock says when three hours are over, so it says when they begin.
_GLASS_ENDS = "SELECT now() + interval '3 hours'"


async def assign(ctx: Context, case_id: UUID, body: CaseAssign) -> UUID:
    """Hand a case to a new lead, whose predecessor loses sight of it, or add somebody to its team.

    Raises 404 outside one's units and for restricted cases, 409 for somebody who is that already, 422 for
    somebody who is no case manager of the unit.
    """
    pseudonym = await _of_unit(ctx, case_id)
    assignment_id = await assign_case(ctx, case_id, body.user_id, body.kind)
    await journal.record(ctx.db, "case.assign", "case", case_id, clients=[pseudonym], changed=[body.kind])
    return assignment_id


async def add_deputy(ctx: Context, case_id: UUID, body: DeputyCreate) -> UUID:
    """Name who stands in; by the lead of the case or the team lead of its unit.

    Raises 409 for somebody who stands in on some of these days already, 422 for oneself and for the lead.
    """
    pseudonym = await _of_lead_or_unit(ctx, case_id)
    await _require_colleague(ctx, case_id, body.user_id)
    today = local_date(ctx.now)
    if body.last_day < max(body.first_day, today):
        raise Invalid.at(
            "body.until", "before_from", "A deputyship ends today or later, and not before it begins."
        )
    if body.last_day - body.first_day > LONGEST_DEPUTYSHIP:
        raise Invalid.at("body.until", "too_long", "A deputyship lasts at most a year.")
    begin = _begin_of(body.first_day) if body.first_day > today else None
    end = _begin_of(body.last_day + timedelta(days=1))
    await _require_no_deputyship(ctx, case_id, body.user_id, begin, end)
    assignment_id = await assign_case(
        ctx, case_id, body.user_id, "deputy", active_from=begin, active_until=end
    )
    await journal.record(ctx.db, "case.deputise", "case", case_id, clients=[pseudonym], changed=["deputy"])
    return assignment_id


async def end_deputyship(ctx: Context, case_id: UUID, assignment_id: UUID) -> None:
    """End a deputyship now; 404 for anything else."""
    pseudonym = await _of_lead_or_unit(ctx, case_id)
    await _end(ctx, case_id, assignment_id, "deputy", pseudonym)


async def remove_member(ctx: Context, case_id: UUID, assignment_id: UUID) -> None:
    """Take somebody off the team of a case, who is not its lead; by the lead or the team lead of its unit."""
    await _end(ctx, case_id, assignment_id, "member", await _of_lead_or_unit(ctx, case_id))


async def require_ends_registrars(ctx: Context, case_id: UUID) -> UUID:
    """Return the pseudonym of the case's client to those who may end a registrar's right; 403 or 404."""
    return await _of_lead_or_unit(ctx, case_id)


async def end_registrars_right(ctx: Context, case_id: UUID, assignment_id: UUID) -> None:
    """End what somebody sees of the client because they registered them; 404 for anything else."""
    pseudonym = await require_ends_registrars(ctx, case_id)
    if not await end_registrar(ctx, case_id, assignment_id):
        raise NotFound
    await journal.record(
        ctx.db, "case.end_registrar", "case", case_id, clients=[pseudonym], changed=["registrar"]
    )


async def break_glass(ctx: Context, case_id: UUID, body: BreakGlass) -> UUID:
    """Let a team lead see the content of a case of their unit for three hours.

    The reason is kept; the case's lead and the privacy officer are told, and the officer reviews it.
    """
    pseudonym = await _of_unit(ctx, case_id)
    driver = await ctx.db.driver()
    until = await driver.fetchval(_GLASS_ENDS)
    assignment_id = await assign_case(
        ctx, case_id, ctx.actor.user_id, "break_glass", active_until=until, reason=body.reason
    )
    await journal.record(
        ctx.db, "case.break_glass", "case", case_id, clients=[pseudonym], purpose="break_glass"
    )
    await ctx.publish(GlassBroken(assignment_id, case_id))
    return assignment_id


async def _of_unit(ctx: Context, case_id: UUID) -> UUID:
    """Return the pseudonym of a case's client to the team lead of its unit; 404 for others."""
    unit_id, pseudonym = await _shell(ctx, case_id)
    if unit_id not in ctx.actor.places(Role.TEAM_LEAD):
        raise NotFound
    return pseudonym


async def _of_lead_or_unit(ctx: Context, case_id: UUID) -> UUID:
    unit_id, pseudonym = await _shell(ctx, case_id)
    if unit_id in ctx.actor.places(Role.TEAM_LEAD):
        return pseudonym
    if Relation.LEAD not in await relations_to(ctx, client_id=None, case_id=case_id):
        raise Forbidden(
            "This is for the lead of the case or the team lead of its unit.", code="relation_missing"
        )
    return pseudonym


async def _shell(ctx: Context, case_id: UUID) -> tuple[UUID, UUID]:
    driver = await ctx.db.driver()
    row = await driver.fetchrow(_SHELL, case_id)
    if row is None:
        raise NotFound
    return row["unit_id"], row["pseudonym"]


async def _require_colleague(ctx: Context, case_id: UUID, user_id: UUID) -> None:
    driver = await ctx.db.driver()
    if user_id == ctx.actor.user_id or await driver.fetchval(_HELD, case_id, user_id, "lead"):
        raise Invalid.at(
            "body.user_id",
            "somebody_else",
            "A deputy is a colleague: neither the lead of the case nor you yourself.",
        )


async def _require_no_deputyship(
    ctx: Context, case_id: UUID, user_id: UUID, begin: datetime | None, end: datetime
) -> None:
    driver = await ctx.db.driver()
    await driver.execute(_ONE_AT_A_TIME, case_id, user_id)
    if await driver.fetchval(_DEPUTISES, case_id, user_id, begin, end):
        raise Conflict(
            "They stand in on some of these days already. End that deputyship, or name other days.",
            code="deputy_already",
        )


async def _end(ctx: Context, case_id: UUID, assignment_id: UUID, kind: str, pseudonym: UUID) -> None:
    driver = await ctx.db.driver()
    of_case = await driver.fetchval(_OF_CASE, case_id, assignment_id, kind)
    if not of_case or not await end_assignment(ctx, assignment_id):
        raise NotFound
    await journal.record(ctx.db, "case.unassign", "case", case_id, clients=[pseudonym], changed=[kind])


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), BERLIN)
