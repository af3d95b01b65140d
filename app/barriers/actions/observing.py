"""Writing an observation: held against everything known of the household, then cut off from its author."""

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.barriers.identifying import Known, identifying_passages
from app.barriers.models import BarrierPerson, BarrierReport, Observation, ObservationSource
from app.barriers.rules import quarter_of, visible_from
from app.barriers.schemas import ObservationWrite
from app.cases.models import Case
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
_OF_THE_CASE = select(Case.client_id).where(Case.id == bindparam("case_id"))
_OF_THE_REPORT = select(BarrierPerson.client_id).where(BarrierPerson.report_id == bindparam("report_id"))
_NUMBERS = select(Case.number).where(Case.client_id.in_(bindparam("clients", expanding=True)))


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
    """Return what is known of everybody whom the text may not tell of."""
    clients: set[UUID] = set()
    if about.case_id is None:
        driver = await ctx.db.driver()
        clients.update(await driver.fetchval("SELECT my_clients()"))
    else:
        clients.update(await ctx.db.scalars(_OF_THE_CASE.params(case_id=about.case_id)))
        clients.update(await ctx.db.scalars(_OF_THE_REPORT.params(report_id=about.report_id)))
    facts = [await known_facts(ctx, client) for client in sorted(clients)]
    numbers = (await ctx.db.execute(_NUMBERS, {"clients": sorted(clients)})).scalars()
    return Known(
        names=frozenset(name for fact in facts for name in fact.names),
        birth_dates=frozenset(born for fact in facts for born in fact.birth_dates),
        addresses=frozenset(address for fact in facts for address in fact.addresses),
        phones=frozenset(phone for fact in facts for phone in fact.phones),
        numbers=frozenset(numbers),
    )
