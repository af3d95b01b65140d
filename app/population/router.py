"""Official figures of residents over HTTP."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.population import actions, queries
from app.population.schemas import PopulationImport, PopulationRead, PopulationReport, PopulationWhole

router = Router(prefix="/v1/populations", tags=["population"])
Reader = Annotated[Context, allow(Permission.POPULATION_READ)]


@router.get("", response_model=Page[PopulationRead])
async def list_populations(ctx: Reader, page: Paging) -> JsonBytes:
    """List the days for which there are official figures of residents, the latest first."""
    return await queries.list_populations(ctx, page)


@router.post("/import")
async def import_population(
    ctx: Annotated[Context, allow(Permission.POPULATION_KEEP)], body: PopulationImport
) -> PopulationReport:
    """Take official figures of a day from a sheet; with a bad line nothing is, and the report names each."""
    return await actions.import_population(ctx, body)


@router.get("/{population_id:uuid}", response_model=PopulationWhole)
async def read_population(ctx: Reader, population_id: UUID) -> JsonBytes:
    """Read official figures of a day with every line."""
    return await queries.read_population(ctx, population_id)
