"""What the actions about pathways share: finding one, beginning one, and its lines."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.cases.subject import Subject
from app.clients.members import Member, require_member_processing
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, NotFound
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.pathways.models import Pathway, PathwayRequirement, PathwayStep
from app.pathways.rules import RUNNING, State, Step, requirements_of, version_on, versions_of

_RUNS = """SELECT EXISTS (SELECT FROM pathways WHERE case_id = $1 AND pathway = $2
    AND member_client_id IS NOT DISTINCT FROM $3 AND member_name IS NOT DISTINCT FROM $4
    AND state = ANY ($5::text[]))"""


async def locked_pathway(ctx: Context, case_id: UUID, pathway_id: UUID, expected: Expected) -> Pathway:
    """Return a pathway of this case, locked; 404 for another's, 409 where its person's data are only kept."""
    row = await locked(ctx.db, Pathway, pathway_id)
    if row.case_id != case_id:
        raise NotFound
    expected.check(row)
    await require_member_processing(ctx, row.member_client_id)
    return row


async def entries_of(ctx: Context, pathway_id: UUID) -> dict[str, PathwayRequirement]:
    """Return what is known of each requirement."""
    statement = select(PathwayRequirement).where(PathwayRequirement.pathway_id == pathway_id)
    return {each.requirement: each for each in await ctx.db.scalars(statement)}


async def begin(
    ctx: Context,
    subject: Subject,
    pathway: str,
    person: Member,
    *,
    together_with_id: UUID | None = None,
) -> Pathway:
    """Begin a pathway by the law of today; 409 where that has run out, or where one runs."""
    version = version_on(pathway, local_date(ctx.now))
    if version is None:
        follows = [name for each in versions_of(pathway) for name in _words(each.attributes["followed_by"])]
        raise Conflict(
            "The law of this pathway has run out; look at those that follow, and ask the authority.",
            code="pathway_ended",
            followed_by=follows,
        )
    who = (person["member_client_id"], person["member_name"])
    await require_none_runs(ctx, subject.case_id, pathway, who)
    row = Pathway(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        case_id=subject.case_id,
        pathway=pathway,
        law_version=version.code,
        together_with_id=together_with_id,
        state=State.PREPARING,
        started_by=ctx.actor.user_id,
        **person,
    )
    ctx.db.add(row)
    await ctx.db.flush()
    ask(ctx, row, list(requirements_of(version.code)))
    note_step(ctx, row, Step.START, None, State.PREPARING)
    return row


async def require_none_runs(
    ctx: Context, case_id: UUID, pathway: str, who: tuple[UUID | None, str | None]
) -> None:
    """Raise 409 while the same pathway runs for this person."""
    driver = await ctx.db.driver()
    if await driver.fetchval(_RUNS, case_id, pathway, *who, list(RUNNING)):
        raise Conflict("This pathway runs for this person already.", code="pathway_runs")


def ask(ctx: Context, row: Pathway, requirements: list[str]) -> None:
    """Open requirements."""
    for name in requirements:
        ctx.db.add(
            PathwayRequirement(
                municipal_area_id=row.municipal_area_id,
                id=new_id(),
                pathway_id=row.id,
                case_id=row.case_id,
                requirement=name,
            )
        )


def note_step(ctx: Context, row: Pathway, step: str, source: str | None, target: str, **said: Any) -> None:
    """Write one line of the history."""
    ctx.db.add(
        PathwayStep(
            municipal_area_id=row.municipal_area_id,
            id=new_id(),
            pathway_id=row.id,
            case_id=row.case_id,
            at=ctx.now,
            step=step,
            source=source,
            target=target,
            user_id=ctx.actor.user_id,
            **said,
        )
    )


def _words(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
