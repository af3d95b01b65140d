"""Taking a sheet of official figures; a later one for the same day takes its place."""

from uuid import UUID

import orjson

from app.access.context import Context
from app.audit import journal
from app.kit.clock import local_date
from app.kit.errors import Invalid
from app.kit.ids import new_id
from app.population.rules import towns_of
from app.population.schemas import PopulationImport, PopulationReport
from app.population.sheet import read_sheet

_TAKE = """INSERT INTO populations AS p
    (municipal_area_id, id, stated_on, source, licence, residents, figures, imported_by)
VALUES (ctx_area(), $1, $2, $3, $4, $5, $6, ctx_user())
ON CONFLICT (municipal_area_id, stated_on) DO UPDATE SET source = EXCLUDED.source,
    licence = EXCLUDED.licence, residents = EXCLUDED.residents, figures = EXCLUDED.figures,
    imported_by = EXCLUDED.imported_by
RETURNING id"""


async def import_population(ctx: Context, body: PopulationImport) -> PopulationReport:
    """Take the figures of a day, or report every bad line and take nothing; 422 for a day to come.

    Releases that are frozen keep the figures that they were made with.
    """
    if body.stated_on > local_date(ctx.now):
        raise Invalid.at("body.stated_on", "day_to_come", "Figures are stated for a day that has been.")
    sheet = read_sheet(body.csv, towns_of(ctx.actor.municipal_area_id))
    residents = sum(line[-1] for line in sheet.lines)
    if sheet.faults:
        return PopulationReport(population_id=None, lines=0, residents=0, faults=list(sheet.faults))
    driver = await ctx.db.driver()
    values = (body.stated_on, body.source, body.licence, residents)
    made = UUID(str(await driver.fetchval(_TAKE, new_id(), *values, orjson.dumps(sheet.lines).decode())))
    await journal.record(ctx.db, "population.import", "population", made)
    return PopulationReport(population_id=made, lines=len(sheet.lines), residents=residents, faults=[])
