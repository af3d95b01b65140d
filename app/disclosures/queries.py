"""Reading the disclosure log: metadata for the privacy officer; each read is journalled."""

from uuid import UUID

from sqlalchemy import any_, bindparam, func, or_, select
from sqlalchemy.types import Uuid

from app.access.context import Context
from app.audit import reading
from app.disclosures.models import Disclosure
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_CLIENT = bindparam("client_pseudonym", type_=Uuid)

DISCLOSURES = reading.many(
    "disclosure.read",
    "disclosure",
    select(
        Disclosure.id,
        Disclosure.at,
        Disclosure.case_id,
        Disclosure.client_pseudonym,
        Disclosure.unit_id,
        Disclosure.institution_id,
        Disclosure.receiving_area_id,
        Disclosure.receiving_unit_id,
        Disclosure.legal_basis,
        Disclosure.purpose,
        Disclosure.data_categories,
        Disclosure.channel,
        Disclosure.referral_id,
        Disclosure.transfer_id,
        Disclosure.duty_id,
        Disclosure.approved_by,
        Disclosure.document_ids,
        Disclosure.direction,
        Disclosure.disclosed_by,
        Disclosure.client_pseudonym.label("_client"),
    ).where(or_(_CLIENT.is_(None), Disclosure.client_pseudonym == any_(func.pseudonyms_of(_CLIENT)))),
    order=("at", "id"),
    descending=True,
)


async def list_disclosures(ctx: Context, client_pseudonym: UUID | None, page: PageRequest) -> JsonBytes:
    return await DISCLOSURES.answer(ctx.db, page, client_pseudonym=client_pseudonym)
