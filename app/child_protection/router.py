"""Child protection over HTTP: for the case managers of a case."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.child_protection import actions, queries
from app.child_protection.schemas import (
    ChildProtectionNote,
    ChildProtectionRead,
    ChildProtectionStepTake,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatchOptional

router = Router(prefix="/v1/cases/{case_id}/child-protections", tags=["child protection"])
Working = Annotated[Context, allow(Permission.CHILD_PROTECTION_WORK)]


@router.get("", response_model=Page[ChildProtectionRead])
async def list_child_protections(ctx: Working, page: Paging, case_id: UUID) -> JsonBytes:
    """List what is done for the children of a case, the newest first."""
    return await queries.list_courses(ctx, case_id, page)


@router.post("", status_code=201, response_model=ChildProtectionRead)
async def note_child_protection(
    ctx: Working, once: Idempotent, case_id: UUID, body: ChildProtectionNote
) -> JsonBytes:
    """Write down weighty indications that a child is in danger."""
    made = await once.run(ctx.db, actions.note_indications(ctx, case_id, body))
    return await queries.read_course(ctx, case_id, made, status=201)


@router.get("/{child_protection_id}", response_model=ChildProtectionRead)
async def read_child_protection(ctx: Working, case_id: UUID, child_protection_id: UUID) -> JsonBytes:
    """Read one with its steps and those that lead on."""
    return await queries.read_course(ctx, case_id, child_protection_id)


@router.post("/{child_protection_id}/step", response_model=ChildProtectionRead)
async def take_child_protection_step(
    ctx: Working,
    once: Idempotent,
    expected: IfMatchOptional,
    case_id: UUID,
    child_protection_id: UUID,
    body: ChildProtectionStepTake,
) -> JsonBytes:
    """Take a step of § 4 KKG."""
    await once.run(ctx.db, actions.take_step(ctx, case_id, child_protection_id, body, expected))
    return await queries.read_course(ctx, case_id, child_protection_id)
