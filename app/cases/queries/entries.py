"""Reading contacts and tasks."""

from uuid import UUID

from sqlalchemy import Boolean, bindparam, case, func, null, or_, select
from sqlalchemy.orm import aliased

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import reading
from app.cases.models import Contact, Task
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

_IS_DONE = bindparam("is_done", type_=Boolean)
_TASK = select(
    Task.id,
    Task.title,
    Task.note,
    Task.due_on,
    person(Task.municipal_area_id, Task.assignee_id).label("assignee"),
    Task.done_at,
    Task.done_by,
    Task.version,
    PSEUDONYM,
).where(Task.case_id == bindparam("case_id"))
ONE_TASK = reading.one("task.read", "task", _TASK.where(Task.id == bindparam("id")))
TASKS = reading.many(
    "task.list",
    "task",
    _TASK.where(or_(_IS_DONE.is_(None), Task.done_at.is_not(None) == _IS_DONE)),
    order=("due_on", "id"),
)


async def read_contact(ctx: Context, case_id: UUID, contact_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_CONTACT.answer(ctx.db, status=status, case_id=case_id, id=contact_id)


async def list_contacts(ctx: Context, case_id: UUID, page: PageRequest, *, with_corrected: bool) -> JsonBytes:
    """Return what happened, newest first; entries that were corrected only on demand."""
    await require_relation(ctx, case_id=case_id)
    return await CONTACTS.answer(ctx.db, page, case_id=case_id, with_corrected=with_corrected)


async def read_task(ctx: Context, case_id: UUID, task_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_TASK.answer(ctx.db, status=status, case_id=case_id, id=task_id)


async def list_tasks(ctx: Context, case_id: UUID, page: PageRequest, *, is_done: bool | None) -> JsonBytes:
    """Return the tasks of a case, the earliest due first."""
    await require_relation(ctx, case_id=case_id)
    return await TASKS.answer(ctx.db, page, case_id=case_id, is_done=is_done)
