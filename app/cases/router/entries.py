"""Contacts of a case."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.cases.actions import contacts
from app.cases.queries import entries
from app.cases.schemas.entries import (
    ContactCorrect,
    ContactCreate,
    ContactRead,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch

router = Router(prefix="/v1/cases", tags=["cases"])
Reader = Annotated[Context, allow(Permission.CASE_READ)]
Worker = Annotated[Context, allow(Permission.CASE_WORK)]


@router.get("/{case_id}/contacts", response_model=Page[ContactRead])
async def list_contacts(
    ctx: Reader,
    page: Paging,
    case_id: UUID,
    with_corrected: Annotated[bool, Query(description="also entries that were corrected")] = False,
) -> JsonBytes:
    """List what happened in a case, the newest first."""
    return await entries.list_contacts(ctx, case_id, page, with_corrected=with_corrected)


@router.post("/{case_id}/contacts", status_code=201, response_model=ContactRead)
async def record_contact(ctx: Worker, once: Idempotent, case_id: UUID, body: ContactCreate) -> JsonBytes:
    """Write down what happened."""
    return await contacts.record_contact(ctx, once, case_id, body)


@router.get("/{case_id}/contacts/{contact_id}", response_model=ContactRead)
async def read_contact(ctx: Reader, case_id: UUID, contact_id: UUID) -> JsonBytes:
    """Read one entry, corrected or not."""
    return await entries.read_contact(ctx, case_id, contact_id)


@router.patch("/{case_id}/contacts/{contact_id}", response_model=ContactRead)
async def correct_contact(
    ctx: Worker, expected: IfMatch, case_id: UUID, contact_id: UUID, body: ContactCorrect
) -> JsonBytes:
    """Put an entry right; the answer is the entry that counts from now on."""
    corrected_id = await contacts.correct_contact(ctx, case_id, contact_id, body, expected)
    return await entries.read_contact(ctx, case_id, corrected_id)
