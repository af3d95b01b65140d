"""Reading council questions: about no person, so no journal. Drafts are for coordinators alone."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, bindparam, literal_column, select

from app.access.context import Context
from app.council_questions.models import CouncilQuestion
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One

_CITATIONS: ColumnElement[Any] = literal_column(
    """coalesce((SELECT json_agg(json_build_object('release_id', c.release_id, 'quarter', r.quarter,
        'table', c.table_name, 'sha256', c.sha256, 'release_sha256', r.sha256)
        ORDER BY r.quarter, c.table_name)
    FROM council_citations c
    JOIN published_releases r ON r.municipal_area_id = c.municipal_area_id AND r.id = c.release_id
    WHERE c.municipal_area_id = council_questions.municipal_area_id
        AND c.question_id = council_questions.id), '[]'::json)"""
)
_QUESTION = select(
    CouncilQuestion.id,
    CouncilQuestion.number,
    CouncilQuestion.asked_by,
    CouncilQuestion.asked_on,
    CouncilQuestion.question,
    CouncilQuestion.answer,
    CouncilQuestion.state,
    CouncilQuestion.answered_at,
    CouncilQuestion.sha256,
    _CITATIONS.label("citations"),
    CouncilQuestion.version,
)
ONE = One(_QUESTION.where(CouncilQuestion.id == bindparam("id")))
ALL = Many(_QUESTION, order=("asked_on", "id"), descending=True)

_WHOLE = """SELECT q.number, q.asked_by, q.asked_on, q.question, q.answer, q.state, q.answered_at, q.sha256,
    (SELECT name FROM municipal_areas WHERE id = q.municipal_area_id) AS area,
    (SELECT coalesce(array_agg(t.json_de ORDER BY r.quarter, t.name), '{}')
        FROM council_citations c
        JOIN published_releases r ON r.municipal_area_id = c.municipal_area_id AND r.id = c.release_id
        JOIN published_tables t ON t.municipal_area_id = c.municipal_area_id
            AND t.release_id = c.release_id AND t.name = c.table_name
        WHERE c.municipal_area_id = q.municipal_area_id AND c.question_id = q.id) AS tables,
    (SELECT coalesce(array_agg(c.sha256 ORDER BY r.quarter, c.table_name), '{}')
        FROM council_citations c
        JOIN published_releases r ON r.municipal_area_id = c.municipal_area_id AND r.id = c.release_id
        WHERE c.municipal_area_id = q.municipal_area_id AND c.question_id = q.id) AS digests
FROM council_questions q WHERE q.id = $1"""


async def read_question(ctx: Context, question_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, id=question_id)


async def list_questions(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return questions, those asked last first."""
    return await ALL.answer(ctx.db, page)


async def read_whole(ctx: Context, question_id: UUID) -> dict[str, Any]:
    """Return a question with the tables that it cites, as they were published."""
    driver = await ctx.db.driver()
    row = await driver.fetchrow(_WHOLE, question_id)
    if row is None:
        raise NotFound
    return {**row, "tables": [orjson.loads(each) for each in row["tables"]]}
