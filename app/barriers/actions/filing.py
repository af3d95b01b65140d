"""Filing a barrier report from a case."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.audit import journal
from app.barriers.figures import Concerned, write_figures
from app.barriers.models import BarrierPerson, BarrierReport
from app.barriers.schemas import BarrierFile, Interface
from app.cases.subject import Subject, open_case
from app.catalogues.check import require_code
from app.clients.attributes import attributes_at
from app.clients.lifetime import require_born
from app.clients.models import Client
from app.directory.models import Institution
from app.kit.clock import local_date
from app.kit.errors import Invalid
from app.kit.ids import new_id

# Held, so that a report and a restriction at the same moment wait for each other: the later one finds what
# the other did, and nobody who is restricted stays in the figures.
_CLIENTS = (
    select(Client.id, Client.pseudonym, Client.is_restricted, Client.birth_date)
    .where(Client.id.in_(bindparam("ids", expanding=True)))
    .order_by(Client.id)
    .with_for_update(read=True)
)
_INSTITUTION = select(Institution.id).where(Institution.id == bindparam("id"))


async def file_barrier(ctx: Context, body: BarrierFile) -> UUID:
    """File a report; 409 in a closed case, 422 for a person outside the household or before their birth."""
    case = await open_case(ctx, body.case_id)
    today = local_date(ctx.now)
    await check_codes(ctx, body, today)
    if body.institution_id is None and body.interface is None:
        raise Invalid.at("body.institution_id", "missing", "Name an institution or an interface.")
    persons = await concerned(ctx, case, body.persons, today)
    require_since_born(persons, body.since)
    report = BarrierReport(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        reported_by=ctx.actor.user_id,
        reported_on=today,
        **interface_columns(body.interface),
        **body.model_dump(exclude={"interface", "persons"}),
    )
    ctx.db.add(report)
    await ctx.db.flush()
    add_persons(ctx, report, persons)
    await write_figures(ctx, report, persons)
    pseudonyms = [person.pseudonym for person in persons]
    await journal.record(ctx.db, "barrier.file", "barrier", report.id, clients=pseudonyms)
    return report.id


async def check_codes(ctx: Context, body: object, today: date) -> None:
    """Raise 422 for an unknown code or institution, one domain twice, or a beginning in the future."""
    for name in ("barrier_type", "effect", "level"):
        require_code(_VOCABULARIES[name], getattr(body, name, None), f"body.{name}")
    interface: Interface | None = getattr(body, "interface", None)
    if interface is not None:
        require_code("legal_domain", interface.from_legal_domain, "body.interface.from_legal_domain")
        require_code("legal_domain", interface.to_legal_domain, "body.interface.to_legal_domain")
        if interface.from_legal_domain == interface.to_legal_domain:
            raise Invalid.at("body.interface", "one_domain", "An interface lies between two legal domains.")
    institution_id: UUID | None = getattr(body, "institution_id", None)
    if institution_id is not None and await ctx.db.scalar(_INSTITUTION.params(id=institution_id)) is None:
        raise Invalid.at("body.institution_id", "unknown_reference", "This institution is not known.")
    since: date | None = getattr(body, "since", None)
    if since is not None and since > today:
        raise Invalid.at("body.since", "in_the_future", "A barrier is reported once it is there.")


_VOCABULARIES = {"barrier_type": "barrier_type", "effect": "barrier_effect", "level": "barrier_level"}


async def concerned(ctx: Context, case: Subject, named: Sequence[UUID] | None, on: date) -> list[Concerned]:
    """Return the clients whom a report concerns: those named, of the household of the case's client.

    Raises 422 for anybody else.
    """
    ids = set(named or [case.client_id])
    found = [
        Concerned(row.id, row.pseudonym, row.is_restricted, row.birth_date)
        for row in await ctx.db.execute(_CLIENTS, {"ids": sorted(ids)})
    ]
    if len(found) < len(ids) or not await _one_household(ctx, case.client_id, ids, on):
        raise Invalid.at(
            "body.persons", "not_of_the_household", "A report concerns persons of one household."
        )
    return found


def require_since_born(persons: Sequence[Concerned], since: date) -> None:
    """Raise 422 for a barrier that began before anybody whom it concerns was born."""
    births = [person.birth_date for person in persons]
    known = [born for born in births if born is not None]
    if known and len(known) == len(births):
        require_born(min(known), since, "body.since")


async def _one_household(ctx: Context, client_id: UUID, ids: set[UUID], on: date) -> bool:
    others = ids - {client_id}
    if not others:
        return True
    own = (await attributes_at(ctx.db, client_id, on)).household_key
    keys = [(await attributes_at(ctx.db, other, on)).household_key for other in sorted(others)]
    return all(key == own for key in keys)


def interface_columns(interface: Interface | None) -> dict[str, str | None]:
    """Return the columns of an interface."""
    return {
        "interface_from": interface.from_legal_domain if interface else None,
        "interface_to": interface.to_legal_domain if interface else None,
    }


def add_persons(ctx: Context, report: BarrierReport, persons: Sequence[Concerned]) -> None:
    """Tie persons to a report."""
    ctx.db.add_all(
        BarrierPerson(
            municipal_area_id=report.municipal_area_id,
            id=new_id(),
            report_id=report.id,
            case_id=report.case_id,
            client_id=person.client_id,
        )
        for person in persons
    )
