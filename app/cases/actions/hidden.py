"""A new lead for the running case of somebody hidden, of whom the team lead of the unit knows nothing.

The lead hands it on; when they have left the unit, whoever is still on the team takes it over; where nobody
is left, the team lead names somebody for a case that they do not see. The database refuses all else
(`assign_case`, `name_lead`).
"""

from uuid import UUID

from app.access.assignments import assign_case, name_lead
from app.access.context import Context
from app.audit import journal
from app.cases.events import LeadChangedAlone
from app.cases.rules import CLOSED
from app.cases.schemas.team import CaseHandOver, VacancyFill
from app.cases.subject import Subject, find_case
from app.kit.errors import Conflict, Invalid, NotFound, WrongState

_IS_HIDDEN = "SELECT is_restricted FROM cases WHERE id = $1"
_OWN = """SELECT id FROM case_handovers
WHERE case_id = $1 AND to_user_id = ctx_user() AND assigned_by = ctx_user()
ORDER BY at DESC, id DESC LIMIT 1"""


async def hand_over(ctx: Context, case_id: UUID, body: CaseHandOver) -> UUID:
    """Make a colleague the lead of one's own case; the rest of the team is told.

    Raises 403 for who does not lead it, 409 for a case that is not restricted or is closed, 422 for oneself
    and for somebody who is no case manager of the unit.
    """
    subject = await _hidden(ctx, case_id)
    if subject.phase == CLOSED:
        raise WrongState("A closed case is not handed on.", state=CLOSED, allowed=["reopen"])
    _require_somebody_else(ctx, body.user_id)
    assignment_id = await assign_case(ctx, case_id, body.user_id, "lead")
    await _record(ctx, subject, "case.hand_over")
    return assignment_id


async def take_over(ctx: Context, case_id: UUID) -> UUID:
    """Become the lead of a case that its lead has left; the rest of the team is told, an officer reviews it.

    Raises 403 for who is not on its team, 409 while its lead works at the unit, and for a case that is not
    restricted.
    """
    subject = await _hidden(ctx, case_id)
    assignment_id = await assign_case(ctx, case_id, ctx.actor.user_id, "lead")
    await _record(ctx, subject, "case.take_over")
    driver = await ctx.db.driver()
    await ctx.publish(LeadChangedAlone(await driver.fetchval(_OWN, case_id)))
    return assignment_id


async def fill_vacancy(ctx: Context, vacancy_id: UUID, body: VacancyFill) -> UUID:
    """Name who leads a case on which nobody is left, or looks after a client without one.

    The actor sees nothing of it; of somebody hidden an officer reviews it.

    Raises 404 for what is no vacancy of one's units any more, 422 for oneself and for somebody who is no case
    manager of the unit.
    """
    _require_somebody_else(ctx, body.user_id)
    handover_id = await name_lead(ctx, vacancy_id, body.user_id)
    if handover_id is not None:
        await ctx.publish(LeadChangedAlone(handover_id, body.reason))
    return vacancy_id


async def _hidden(ctx: Context, case_id: UUID) -> Subject:
    subject = await find_case(ctx, case_id, to_change=True)
    is_hidden = await (await ctx.db.driver()).fetchval(_IS_HIDDEN, case_id)
    if is_hidden is None:  # handed on while this waited for the case
        raise NotFound
    if not is_hidden:
        raise Conflict(
            "Who leads a case that is not restricted the team lead decides.", code="not_restricted"
        )
    return subject


def _require_somebody_else(ctx: Context, user_id: UUID) -> None:
    if user_id == ctx.actor.user_id:
        raise Invalid.at("body.user_id", "somebody_else", "Name a colleague.")


async def _record(ctx: Context, subject: Subject, action: str) -> None:
    await journal.record(
        ctx.db, action, "case", subject.case_id, clients=[subject.pseudonym], changed=["lead"]
    )
