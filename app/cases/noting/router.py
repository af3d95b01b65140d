"""Drafts and templates of contacts."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.cases.noting import drafts as drafting
from app.cases.noting import queries
from app.cases.noting import templates as keeping
from app.cases.noting.schemas import (
    ContactDraftRead,
    ContactDraftSave,
    TemplateChange,
    TemplateCreate,
    TemplateRead,
)
from app.cases.queries.entries import read_contact
from app.cases.schemas.entries import ContactRead
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch, IfMatchOptional

drafts = Router(prefix="/v1/cases/{case_id}/contact-drafts", tags=["cases"])
templates = Router(prefix="/v1/contact-templates", tags=["cases"])
Worker = Annotated[Context, allow(Permission.CASE_WORK)]
Reader = Annotated[Context, allow(Permission.TEMPLATE_READ)]
Keeper = Annotated[Context, allow(Permission.TEMPLATE_KEEP)]


@drafts.get("", response_model=Page[ContactDraftRead])
async def list_contact_drafts(ctx: Worker, page: Paging, case_id: UUID) -> JsonBytes:
    """List one's own drafts in a case; nobody sees those of others."""
    return await queries.list_drafts(ctx, case_id, page)


@drafts.post("", status_code=201, response_model=ContactDraftRead)
async def begin_contact_draft(
    ctx: Worker, once: Idempotent, case_id: UUID, body: ContactDraftSave
) -> JsonBytes:
    """Begin an entry that is not finished."""
    draft_id = await once.run(ctx.db, drafting.begin_draft(ctx, case_id, body))
    return await queries.read_draft(ctx, case_id, draft_id, status=201)


@drafts.get("/{draft_id}", response_model=ContactDraftRead)
async def read_contact_draft(ctx: Worker, case_id: UUID, draft_id: UUID) -> JsonBytes:
    """Read a draft of one's own."""
    return await queries.read_draft(ctx, case_id, draft_id)


@drafts.put("/{draft_id}", response_model=ContactDraftRead)
async def save_contact_draft(
    ctx: Worker, expected: IfMatch, case_id: UUID, draft_id: UUID, body: ContactDraftSave
) -> JsonBytes:
    """Save what is there so far; what is left out is emptied."""
    await drafting.save_draft(ctx, case_id, draft_id, body, expected)
    return await queries.read_draft(ctx, case_id, draft_id)


@drafts.delete("/{draft_id}", status_code=204)
async def discard_contact_draft(
    ctx: Worker, expected: IfMatchOptional, case_id: UUID, draft_id: UUID
) -> None:
    """Throw a draft away."""
    await drafting.discard_draft(ctx, case_id, draft_id, expected)


@drafts.post("/{draft_id}/publish", status_code=201, response_model=ContactRead)
async def publish_contact_draft(
    ctx: Worker, once: Idempotent, expected: IfMatchOptional, case_id: UUID, draft_id: UUID
) -> JsonBytes:
    """Make a draft a contact, once; the contact has the draft's id, and the draft is gone."""
    contact_id = await once.run(ctx.db, drafting.publish_draft(ctx, case_id, draft_id, expected))
    return await read_contact(ctx, case_id, contact_id, status=201)


@templates.get("", response_model=Page[TemplateRead])
async def list_contact_templates(ctx: Reader, page: Paging) -> JsonBytes:
    """List one's own templates and those of one's units, by name."""
    return await queries.list_templates(ctx, page)


@templates.post("", status_code=201, response_model=TemplateRead)
async def create_contact_template(ctx: Keeper, once: Idempotent, body: TemplateCreate) -> JsonBytes:
    """Keep a text for frequent entries: one's own, or as team lead the unit's."""
    template_id = await once.run(ctx.db, keeping.create_template(ctx, body))
    return await queries.read_template(ctx, template_id, status=201)


@templates.get("/{template_id}", response_model=TemplateRead)
async def read_contact_template(ctx: Reader, template_id: UUID) -> JsonBytes:
    """Read a template."""
    return await queries.read_template(ctx, template_id)


@templates.patch("/{template_id}", response_model=TemplateRead)
async def change_contact_template(
    ctx: Keeper, expected: IfMatch, template_id: UUID, body: TemplateChange
) -> JsonBytes:
    """Change a template that one keeps."""
    await keeping.change_template(ctx, template_id, body, expected)
    return await queries.read_template(ctx, template_id)


@templates.delete("/{template_id}", status_code=204)
async def remove_contact_template(ctx: Keeper, expected: IfMatchOptional, template_id: UUID) -> None:
    """Remove a template that one keeps."""
    await keeping.remove_template(ctx, template_id, expected)
