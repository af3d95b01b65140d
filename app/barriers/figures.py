"""The rows that statistics count, written with a report and corrected with it; never read here."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.barriers.models import BarrierFigure, BarrierReport
from app.barriers.rules import Counted, counted, quarter_of
from app.cases.models import Case
from app.clients.attributes import attributes_at
from app.directory.models import Institution
from app.organisations.models import Unit

_PLACE = (
    select(Case.unit_id, Unit.municipality)
    .join(Unit, (Unit.municipal_area_id == Case.municipal_area_id) & (Unit.id == Case.unit_id))
    .where(Case.id == bindparam("case_id"))
)
_INSTITUTION_TYPE = select(Institution.institution_type).where(Institution.id == bindparam("id"))

_CORRECT = "SELECT correct_barrier_figures($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"


@dataclass(frozen=True, slots=True)
class Concerned:
    """A client whom a report concerns."""

    client_id: UUID
    pseudonym: UUID
    is_restricted: bool
    birth_date: date | None


async def write_figures(ctx: Context, report: BarrierReport, persons: Iterable[Concerned]) -> None:
    """Write one row for each person, as they were on the day of the report; none for a restricted one."""
    place = (await ctx.db.execute(_PLACE, {"case_id": report.case_id})).one()
    counts = asdict(await _counted(ctx, report))
    for person in persons:
        if person.is_restricted:
            continue
        attributes = await attributes_at(ctx.db, person.client_id, report.reported_on)
        ctx.db.add(
            BarrierFigure(
                municipal_area_id=report.municipal_area_id,
                report_id=report.id,
                reported_on=report.reported_on,
                quarter=quarter_of(report.reported_on),
                year=report.reported_on.year,
                person_key=person.pseudonym,
                household_key=attributes.household_key,
                contributor_id=report.reported_by,
                unit_id=place.unit_id,
                municipality=place.municipality,
                institution_id=report.institution_id,
                effect=report.effect,
                level=report.level,
                residence_group=attributes.residence_group,
                nationality_group=attributes.nationality_group,
                age_band=attributes.age_band,
                sex=attributes.sex,
                **counts,
            )
        )


async def correct_figures(ctx: Context, report: BarrierReport, persons: Sequence[Concerned]) -> None:
    """Let the rows of a report follow its correction; rows of other persons than these go."""
    counts = await _counted(ctx, report)
    driver = await ctx.db.driver()
    await driver.execute(
        _CORRECT,
        report.id,
        [person.pseudonym for person in persons],
        report.institution_id,
        counts.institution_type,
        counts.institution_group,
        counts.interface_from,
        counts.interface_to,
        counts.barrier_type,
        counts.barrier_category,
        counts.is_sensitive,
        report.effect,
        report.level,
    )


async def _counted(ctx: Context, report: BarrierReport) -> Counted:
    kind = None
    if report.institution_id is not None:
        kind = (await ctx.db.execute(_INSTITUTION_TYPE, {"id": report.institution_id})).scalar_one()
    return counted(report.barrier_type, kind, (report.interface_from, report.interface_to))
