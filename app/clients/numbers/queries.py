"""Reading which numbers are held, and finding a person by one; no number is ever in these answers."""

from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, bindparam, func, select

from app.access.context import Context
from app.audit import reading
from app.clients.models import Client
from app.clients.numbers.kinds import accepted_number
from app.clients.numbers.models import OfficialNumber
from app.clients.numbers.schemas import NumberFind
from app.clients.queries import line
from app.kit.pages import MAXIMUM, PageRequest
from app.kit.reading import JsonBytes
from app.kit.sealing import FieldKeys

_LINES = (
    select(OfficialNumber.id, OfficialNumber.kind, OfficialNumber.recorded_at, OfficialNumber.recorded_by)
    .where(
        OfficialNumber.municipal_area_id == Client.municipal_area_id, OfficialNumber.client_id == Client.id
    )
    .order_by(OfficialNumber.kind)
    .correlate(Client)
    .subquery()
)
_ITEMS = select(func.coalesce(func.json_agg(_LINES.table_valued()), func.json_build_array()))
HELD = reading.one(
    "official_number.list",
    "client",
    select(
        Client.id, Client.version, _ITEMS.scalar_subquery().label("items"), Client.pseudonym.label("_client")
    ).where(Client.id == bindparam("id")),
)
_OF_THE_NUMBER = (OfficialNumber.municipal_area_id == Client.municipal_area_id) & (
    OfficialNumber.client_id == Client.id
)
FOUND = reading.many(
    "official_number.find",
    "client",
    select(*line(), Client.sort_key.label("_sort"), Client.pseudonym.label("_client"))
    .join_from(OfficialNumber, Client, _OF_THE_NUMBER)
    .where(
        Client.merged_into.is_(None),
        Client.processing_restricted_at.is_(None),
        OfficialNumber.mark == any_(bindparam("marks", type_=ARRAY(Text))),
    ),
    order=("_sort", "id"),
    unsaid=("_sort",),
)


async def read_numbers(ctx: Context, client_id: UUID, *, status: int = 200) -> JsonBytes:
    return await HELD.answer(ctx.db, status=status, id=client_id)


async def find_by_number(ctx: Context, keys: FieldKeys, body: NumberFind) -> JsonBytes:
    """Return the persons among those one sees whose number this is, but nobody whose data are only kept."""
    number = accepted_number(body.kind, body.value, "body")
    marks = keys.marks(number, ctx.actor.municipal_area_id, body.kind)
    return await FOUND.answer(ctx.db, PageRequest(None, MAXIMUM), marks=marks)
