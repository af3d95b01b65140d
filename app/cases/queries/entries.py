"""Reading contacts."""

from uuid import UUID

from sqlalchemy import Boolean, bindparam, case, func, null, or_, select
from sqlalchemy.orm import aliased

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import reading
from app.cases.models import Contact
from app.cases.queries.plan import PSEUDONYM
from app.cases.queries.shapes import json_object, person
from app.directory.models import Institution
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_Original = aliased(Contact)
_CORRECTS = (
    select(_Original.id)
    .where(_Original.municipal_area_id == Contact.municipal_area_id, _Original.corrected_by_id == Contact.id)
    .scalar_subquery()
)
_INSTITUTION = (
    select(json_object(id=Institution.id, name=Institution.name))
    .where(
        Institution.municipal_area_id == Contact.municipal_area_id, Institution.id == Contact.institution_id
    )
    .scalar_subquery()
)
_NAMED = case((Contact.institution_name.is_not(None), json_object(id=null(), name=Contact.institution_name)))
_CONTACT = select(
    Contact.id,
    Contact.contact_type,
    Contact.happened_at,
    Contact.minutes,
    Contact.language,
    Contact.interpreter,
    func.coalesce(_INSTITUTION, _NAMED).label("institution"),
    Contact.basis,
    Contact.note,
    person(Contact.municipal_area_id, Contact.author_id).label("author"),
    Contact.created_at,
    _CORRECTS.label("corrects"),
    Contact.corrected_by_id.label("corrected_by"),
    Contact.version,
    PSEUDONYM,
).where(Contact.case_id == bindparam("case_id"))
_WITH_CORRECTED = bindparam("with_corrected", type_=Boolean)
ONE_CONTACT = reading.one("contact.read", "contact", _CONTACT.where(Contact.id == bindparam("id")))
CONTACTS = reading.many(
    "contact.list",
    "contact",
    _CONTACT.where(or_(_WITH_CORRECTED, Contact.corrected_by_id.is_(None))),
    order=("happened_at", "id"),
    descending=True,
)


async def read_contact(ctx: Context, case_id: UUID, contact_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_CONTACT.answer(ctx.db, status=status, case_id=case_id, id=contact_id)


async def list_contacts(ctx: Context, case_id: UUID, page: PageRequest, *, with_corrected: bool) -> JsonBytes:
    """Return what happened, newest first; entries that were corrected only on demand."""
    await require_relation(ctx, case_id=case_id)
    return await CONTACTS.answer(ctx.db, page, case_id=case_id, with_corrected=with_corrected)
