"""Council questions over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request, Response

from app.access.context import Context
from app.access.guard import allow, allow_first, entered
from app.access.permissions import Permission
from app.council_questions import actions, queries
from app.council_questions.papers import question_paper
from app.council_questions.schemas import (
    CouncilQuestionChange,
    CouncilQuestionCreate,
    CouncilQuestionRead,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch, IfMatchOptional
from app.reporting.forms_router import PDF, Draws
from app.reporting.pictures.kinds import Form

router = Router(prefix="/v1/council-questions", tags=["council questions"])
Reader = Annotated[Context, allow(Permission.COUNCIL_QUESTION_READ)]
Writer = Annotated[Context, allow(Permission.COUNCIL_QUESTION_WRITE)]
_PAPER: dict[int | str, dict[str, Any]] = {
    200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}, "description": "The answer"}
}


@router.get("", response_model=Page[CouncilQuestionRead])
async def list_council_questions(ctx: Reader, page: Paging) -> JsonBytes:
    """List questions of the council, those asked last first; drafts are seen by coordinators alone."""
    return await queries.list_questions(ctx, page)


@router.post("", status_code=201, response_model=CouncilQuestionRead)
async def open_council_question(ctx: Writer, once: Idempotent, body: CouncilQuestionCreate) -> JsonBytes:
    """Write down a question, with a draft of the answer and the published tables it rests on."""
    made = await once.run(ctx.db, actions.open_question(ctx, body))
    return await queries.read_question(ctx, made, status=201)


@router.get("/{question_id}", response_model=CouncilQuestionRead)
async def read_council_question(ctx: Reader, question_id: UUID) -> JsonBytes:
    """Read one question."""
    return await queries.read_question(ctx, question_id)


@router.patch("/{question_id}", response_model=CouncilQuestionRead)
async def change_council_question(
    ctx: Writer, expected: IfMatch, question_id: UUID, body: CouncilQuestionChange
) -> JsonBytes:
    """Change a draft."""
    await actions.change_question(ctx, question_id, body, expected)
    return await queries.read_question(ctx, question_id)


@router.post("/{question_id}/answer", response_model=CouncilQuestionRead)
async def answer_council_question(
    ctx: Writer, once: Idempotent, expected: IfMatchOptional, question_id: UUID
) -> JsonBytes:
    """Give the answer; it is frozen and the steering group reads it."""
    await once.run(ctx.db, actions.answer_question(ctx, question_id, expected))
    return await queries.read_question(ctx, question_id)


@router.get(
    "/{question_id}/paper",
    response_class=Response,
    responses=_PAPER,
    dependencies=[allow_first(Permission.COUNCIL_QUESTION_READ)],
)
async def read_council_paper(request: Request, draws: Draws, question_id: UUID) -> Response:
    """Read a question with its answer and the cited tables as an accessible PDF, in German."""
    async with entered(request, Permission.COUNCIL_QUESTION_READ) as ctx:
        whole = await queries.read_whole(ctx, question_id)
    headers = {"Content-Language": "de", "Content-Disposition": 'attachment; filename="kim-anfrage.pdf"'}
    body = await draws.make(Form.PAPER, {**question_paper(whole)})
    return Response(body, media_type=PDF, headers=headers)
