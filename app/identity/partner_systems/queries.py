"""Reading machines and their credentials, as their administrators; what proves them is not among it."""

from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.directory.models import Institution
from app.identity.partner_systems.models import PartnerAllowance, PartnerCredential, PartnerSystem
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One

_SYSTEM = (
    select(
        PartnerSystem.id,
        PartnerSystem.institution_id,
        Institution.name.label("institution_name"),
        PartnerSystem.name,
        PartnerSystem.scopes,
        PartnerSystem.requests_per_minute,
        PartnerSystem.created_at,
        PartnerSystem.revoked_at,
        PartnerAllowance.last_used_at,
        PartnerSystem.version,
    )
    .join(
        Institution,
        (Institution.municipal_area_id == PartnerSystem.municipal_area_id)
        & (Institution.id == PartnerSystem.institution_id),
    )
    .outerjoin(
        PartnerAllowance,
        (PartnerAllowance.municipal_area_id == PartnerSystem.municipal_area_id)
        & (PartnerAllowance.id == PartnerSystem.id),
    )
)
_CREDENTIAL = select(
    PartnerCredential.id,
    PartnerCredential.kind,
    PartnerCredential.kid,
    PartnerCredential.created_at,
    PartnerCredential.expires_at,
    PartnerCredential.revoked_at,
    PartnerCredential.last_used_at,
).where(PartnerCredential.partner_system_id == bindparam("system"))

ONE_SYSTEM = One(_SYSTEM.where(PartnerSystem.id == bindparam("id")))
SYSTEMS = Many(_SYSTEM, order=("id",), descending=True)
ONE_CREDENTIAL = One(_CREDENTIAL.where(PartnerCredential.id == bindparam("id")))
CREDENTIALS = Many(_CREDENTIAL, order=("id",), descending=True)

_EXISTS = "SELECT EXISTS (SELECT FROM partner_systems WHERE id = $1)"


async def read_system(ctx: Context, system_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_SYSTEM.answer(ctx.db, status=status, id=system_id)


async def list_systems(ctx: Context, page: PageRequest) -> JsonBytes:
    return await SYSTEMS.answer(ctx.db, page)


async def read_credential(
    ctx: Context, system_id: UUID, credential_id: UUID, *, status: int = 200
) -> JsonBytes:
    return await ONE_CREDENTIAL.answer(ctx.db, status=status, id=credential_id, system=system_id)


async def list_credentials(ctx: Context, system_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the credentials of a machine, revoked ones too; 404 for an unknown machine."""
    driver = await ctx.db.driver()
    if not await driver.fetchval(_EXISTS, system_id):
        raise NotFound
    return await CREDENTIALS.answer(ctx.db, page, system=system_id)
