"""Reading drafts and templates.

Reading a draft writes no journal: its author reads their own unfinished words, and nobody else can.
"""

from uuid import UUID

from sqlalchemy import bindparam, case, select

from app.access.context import Context
from app.access.relations import require_relation
from app.cases.noting.models import ContactDraft, ContactTemplate
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One

_DRAFT = select(
    ContactDraft.id,
    ContactDraft.case_id,
    ContactDraft.contact_type,
    ContactDraft.happened_at,
    ContactDraft.minutes,
    ContactDraft.language,
    ContactDraft.interpreter,
    ContactDraft.institution_id,
    ContactDraft.institution_name,
    ContactDraft.basis,
    ContactDraft.note,
    ContactDraft.created_at,
    ContactDraft.changed_at,
    ContactDraft.version,
).where(ContactDraft.case_id == bindparam("case_id"))
ONE_DRAFT = One(_DRAFT.where(ContactDraft.id == bindparam("id")))
DRAFTS = Many(_DRAFT, order=("id",))

_TEMPLATE = select(
    ContactTemplate.id,
    case((ContactTemplate.owner_id.is_(None), "unit"), else_="own").label("scope"),
    ContactTemplate.unit_id,
    ContactTemplate.name,
    ContactTemplate.contact_type,
    ContactTemplate.text,
    ContactTemplate.version,
)
ONE_TEMPLATE = One(_TEMPLATE.where(ContactTemplate.id == bindparam("id")))
TEMPLATES = Many(_TEMPLATE, order=("name", "id"), unsaid=("name",))


async def list_drafts(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    """Return one's own drafts in a case, the one begun first first."""
    await require_relation(ctx, case_id=case_id)
    return await DRAFTS.answer(ctx.db, page, case_id=case_id)


async def read_draft(ctx: Context, case_id: UUID, draft_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_DRAFT.answer(ctx.db, status=status, case_id=case_id, id=draft_id)


async def list_templates(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return one's own templates and those of one's units, by name."""
    return await TEMPLATES.answer(ctx.db, page)


async def read_template(ctx: Context, template_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_TEMPLATE.answer(ctx.db, status=status, id=template_id)
