"""Writing an observation: held against everything known of the household, then cut off from its author."""

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.barriers.identifying import Known, identifying_passages
from app.barriers.models import BarrierReport, Observation, ObservationSource
from app.barriers.rules import quarter_of, visible_from
from app.barriers.schemas import ObservationWrite
from app.cases.subject import find_case, require_usable
from app.catalogues.check import require_code
from app.clients.known import known_facts
from app.directory.models import Institution
from app.kit.clock import local_date
from app.kit.errors import Invalid, NotFound
from app.kit.ids import new_id, random_id

_REPORT = (
    select(BarrierReport.case_id, BarrierReport.barrier_type, Institution.institution_type)
    .outerjoin(
        Institution,
        (Institution.municipal_area_id == BarrierReport.municipal_area_id)
        & (Institution.id == BarrierReport.institution_id),
    )
    .where(BarrierReport.id == bindparam("id"))
)
_WHOM_THE_AUTHOR_KNOWS = """SELECT ARRAY(SELECT unnest(my_clients())
    UNION SELECT c.client_id FROM cases c WHERE c.id = $1
    UNION SELECT p.client_id FROM barrier_persons p WHERE p.report_id = $2)"""
_NUMBERS = "SELECT ARRAY(SELECT number FROM cases WHERE client_id = ANY ($1))"


@dataclass(frozen=True, slots=True)
class _About:
    """What an observation is about and where it comes from."""

    barrier_type: str
    institution_type: str
    case_id: UUID | None
    report_id: UUID | None


async def write_observation(ctx: Context, body: ObservationWrite) -> UUID:
    """Write an observation; 422 `observation_identifies` with the places that tell of a person.

    Raises 409 for one from the case of a client whose data are only kept.
    """
    about = await _about(ctx, body)
    known = await _known(ctx, about)
    passages = identifying_passages(body.text, known)
    if passages:
        raise Invalid(
            "The observation tells of a person. Say it without names, dates, numbers and addresses.",
            code="observation_identifies",
            passages=[asdict(passage) for passage in passages],
        )
    today = local_date(ctx.now)
    observation = Observation(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=random_id(),
        institution_type=about.institution_type,
        barrier_type=about.barrier_type,
        quarter=quarter_of(today),
        text=body.text,
        visible_from=visible_from(today),
    )
    ctx.db.add(observation)
    await ctx.db.flush()
    ctx.db.add(
        ObservationSource(
            municipal_area_id=ctx.actor.municipal_area_id,
            id=new_id(),
            observation_id=observation.id,
            author_id=ctx.actor.user_id,
            case_id=about.case_id,
            report_id=about.report_id,
        )
    )
    # The journal says that one was written, not which: it must not lead from a sentence to its author.
    await journal.record(ctx.db, "observation.write", "observation", None)
    return observation.id


async def _about(ctx: Context, body: ObservationWrite) -> _About:
    if body.barrier_report_id is None:
        if body.case_id is not None:
            await _require_usable(ctx, body.case_id)
        about = _About(str(body.barrier_type), str(body.institution_type), body.case_id, None)
    else:
        report = (await ctx.db.execute(_REPORT, {"id": body.barrier_report_id})).one_or_none()
        if report is None:
            raise NotFound
        await _require_usable(ctx, report.case_id)
        kind = body.institution_type or report.institution_type
        if kind is None:
            raise Invalid.at("body.institution_type", "missing", "The report names no institution.")
        about = _About(report.barrier_type, kind, report.case_id, body.barrier_report_id)
    require_code("barrier_type", about.barrier_type, "body.barrier_type")
    require_code("institution_type", about.institution_type, "body.institution_type")
    return about


async def _require_usable(ctx: Context, case_id: UUID) -> None:
    await require_relation(ctx, case_id=case_id)
    require_usable(await find_case(ctx, case_id))


async def _known(ctx: Context, about: _About) -> Known:
    """Return what is known of everybody whom the text may not tell of: also where it is about one case."""
    driver = await ctx.db.driver()
    clients = await driver.fetchval(_WHOM_THE_AUTHOR_KNOWS, about.case_id, about.report_id)
    facts = await known_facts(ctx, clients)
    numbers = await driver.fetchval(_NUMBERS, clients)
    return Known(
        names=facts.names,
        birth_dates=facts.birth_dates,
        birth_years=facts.birth_years,
        addresses=facts.addresses,
        phones=facts.phones,
        numbers=frozenset(numbers),
        emails=facts.emails,
    )
