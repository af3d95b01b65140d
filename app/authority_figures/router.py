"""Figures of component 3 over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.authority_figures import actions, queries
from app.authority_figures.schemas import (
    AuthorityFigureCorrect,
    AuthorityFigureEnter,
    AuthorityFigureRead,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.quarters import QuarterCode
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatchOptional

router = Router(prefix="/v1/authority-figures", tags=["authority figures"])
Officer = Annotated[Context, allow(Permission.AUTHORITY_FIGURE_ENTER)]


@router.get("", response_model=Page[AuthorityFigureRead])
async def list_authority_figures(
    ctx: Officer,
    page: Paging,
    quarter: Annotated[QuarterCode | None, Query(description="one quarter only")] = None,
) -> JsonBytes:
    """List what one's own authority entered, the latest quarter first."""
    return await queries.list_figures(ctx, page, quarter)


@router.post("", status_code=201, response_model=AuthorityFigureRead)
async def enter_authority_figure(ctx: Officer, once: Idempotent, body: AuthorityFigureEnter) -> JsonBytes:
    """Enter a figure of a quarter that has ended; others read it protected, in a release."""
    made = await once.run(ctx.db, actions.enter_figure(ctx, body))
    return await queries.read_figure(ctx, made, status=201)


@router.get("/{figure_id}", response_model=AuthorityFigureRead)
async def read_authority_figure(ctx: Officer, figure_id: UUID) -> JsonBytes:
    """Read a figure of one's own authority."""
    return await queries.read_figure(ctx, figure_id)


@router.post("/{figure_id}/correct", response_model=AuthorityFigureRead)
async def correct_authority_figure(
    ctx: Officer, once: Idempotent, expected: IfMatchOptional, figure_id: UUID, body: AuthorityFigureCorrect
) -> JsonBytes:
    """Say what is believed instead; answers the new figure."""
    made = await once.run(ctx.db, actions.correct_figure(ctx, figure_id, body, expected))
    return await queries.read_figure(ctx, made)
