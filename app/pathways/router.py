"""Pathways over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.catalogues.language import Preferred
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch, IfMatchOptional
from app.pathways import actions, queries, steps
from app.pathways.schemas import (
    PathwayChange,
    PathwayMove,
    PathwayRead,
    PathwayStart,
    PathwayStepRead,
    PathwayStepTake,
    RequirementChange,
    VersionComparison,
)

router = Router(prefix="/v1/cases/{case_id}/pathways", tags=["pathways"])
Reader = Annotated[Context, allow(Permission.CASE_READ)]
Worker = Annotated[Context, allow(Permission.CASE_WORK)]
RequirementCode = Annotated[str, Path(max_length=60, pattern=r"^[a-z_]+$")]


@router.get("", response_model=Page[PathwayRead])
async def list_pathways(ctx: Reader, language: Preferred, page: Paging, case_id: UUID) -> JsonBytes:
    """List the pathways of a case, the latest first."""
    return await queries.list_pathways(ctx, language, page, case_id)


@router.post("", status_code=201, response_model=PathwayRead)
async def start_pathway(
    ctx: Worker, once: Idempotent, language: Preferred, case_id: UUID, body: PathwayStart
) -> JsonBytes:
    """Start a pathway by the law of today."""
    made = await once.run(ctx.db, actions.start_pathway(ctx, case_id, body))
    return await queries.read_pathway(ctx, language, case_id, made, status=201)


@router.get("/{pathway_id}", response_model=PathwayRead)
async def read_pathway(ctx: Reader, language: Preferred, case_id: UUID, pathway_id: UUID) -> JsonBytes:
    """Read a pathway with its requirements, and what is missing."""
    return await queries.read_pathway(ctx, language, case_id, pathway_id)


@router.patch("/{pathway_id}", response_model=PathwayRead)
async def change_pathway(
    ctx: Worker, expected: IfMatch, language: Preferred, case_id: UUID, pathway_id: UUID, body: PathwayChange
) -> JsonBytes:
    """Change the next date or the note."""
    await actions.change_pathway(ctx, case_id, pathway_id, body, expected)
    return await queries.read_pathway(ctx, language, case_id, pathway_id)


@router.patch("/{pathway_id}/requirements/{requirement}", response_model=PathwayRead)
async def change_pathway_requirement(
    ctx: Worker,
    expected: IfMatch,
    language: Preferred,
    case_id: UUID,
    pathway_id: UUID,
    requirement: RequirementCode,
    body: RequirementChange,
) -> JsonBytes:
    """Write down what is known of a requirement; the ETag is that of the pathway."""
    await actions.change_requirement(ctx, case_id, pathway_id, requirement, body, expected)
    return await queries.read_pathway(ctx, language, case_id, pathway_id)


@router.get("/{pathway_id}/steps", response_model=Page[PathwayStepRead])
async def list_pathway_steps(
    ctx: Reader, language: Preferred, page: Paging, case_id: UUID, pathway_id: UUID
) -> JsonBytes:
    """List what was written down of a pathway, the latest first."""
    return await queries.list_steps(ctx, language, page, case_id, pathway_id)


@router.post("/{pathway_id}/step", response_model=PathwayRead)
async def take_pathway_step(
    ctx: Worker,
    once: Idempotent,
    expected: IfMatchOptional,
    language: Preferred,
    case_id: UUID,
    pathway_id: UUID,
    body: PathwayStepTake,
) -> JsonBytes:
    """Write down that it was applied for, what the authority decided, or how it ended."""
    await once.run(ctx.db, steps.take_pathway_step(ctx, case_id, pathway_id, body, expected))
    return await queries.read_pathway(ctx, language, case_id, pathway_id)


@router.get("/{pathway_id}/newer-version")
async def compare_pathway_versions(
    ctx: Reader, language: Preferred, case_id: UUID, pathway_id: UUID
) -> VersionComparison:
    """Compare the version of the law that is used with the one that holds today."""
    return await queries.compare_versions(ctx, language, case_id, pathway_id)


@router.post("/{pathway_id}/move", response_model=PathwayRead)
async def move_pathway(
    ctx: Worker,
    once: Idempotent,
    expected: IfMatchOptional,
    language: Preferred,
    case_id: UUID,
    pathway_id: UUID,
    body: PathwayMove,
) -> JsonBytes:
    """Take the version of the law that holds today; all entries are kept."""
    await once.run(ctx.db, actions.move_pathway(ctx, case_id, pathway_id, body, expected))
    return await queries.read_pathway(ctx, language, case_id, pathway_id)
