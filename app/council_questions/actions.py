"""Writing down a question, drafting its answer, and giving it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.audit import journal
from app.council_questions.models import CouncilCitation, CouncilQuestion
from app.council_questions.rules import ANSWERED, digest, table_digest
from app.council_questions.schemas import Citation, CouncilQuestionChange, CouncilQuestionCreate
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.obstacles.wording import require_impersonal

_REQUIRED = ("number", "asked_by", "asked_on", "question")
_PUBLISHED = """SELECT json_de FROM published_tables
WHERE municipal_area_id = ctx_area() AND release_id = $1 AND name = $2"""
_TOUCH = "UPDATE council_questions SET version = version WHERE id = $1"
_FORGET = "DELETE FROM council_citations WHERE question_id = $1"


async def open_question(ctx: Context, body: CouncilQuestionCreate) -> UUID:
    """Write down a question.

    Raises 409 for a number that is there, 422 for a day to come and for a citation that is not published.
    """
    _require_about_nobody(body)
    _require_asked(ctx, body)
    question = CouncilQuestion(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        created_by=ctx.actor.user_id,
        **body.model_dump(exclude={"citations"}),
    )
    ctx.db.add(question)
    await ctx.db.flush()
    await _cite(ctx, question.id, body.citations)
    await journal.record(ctx.db, "council_question.open", "council_question", question.id)
    return question.id


async def change_question(
    ctx: Context, question_id: UUID, body: CouncilQuestionChange, expected: Expected
) -> None:
    """Change a draft; 409 for what is answered."""
    question = await _draft(ctx, question_id, expected)
    _require_about_nobody(body)
    _require_asked(ctx, body)
    changes = body.model_dump(exclude_unset=True)
    cited = changes.pop("citations", None)
    changed = apply(question, changes, required=_REQUIRED) if changes or cited is None else []
    if cited is not None:
        driver = await ctx.db.driver()
        await driver.execute(_FORGET, question_id)
        await _cite(ctx, question_id, body.citations or [])
        if not changed:
            await driver.execute(_TOUCH, question_id)
        changed.append("citations")
    await journal.record(ctx.db, "council_question.change", "council_question", question_id, changed=changed)


async def answer_question(ctx: Context, question_id: UUID, expected: Expected | None) -> UUID:
    """Give the answer: from now on nothing of it changes; 409 without an answer."""
    question = await _draft(ctx, question_id, expected)
    if question.answer is None:
        raise Conflict("Write the answer first.", code="answer_missing")
    cited = await ctx.db.execute(
        select(CouncilCitation.release_id, CouncilCitation.table_name, CouncilCitation.sha256).where(
            CouncilCitation.question_id == question_id
        )
    )
    question.sha256 = digest(
        question.number,
        question.asked_by,
        question.asked_on,
        question.question,
        question.answer,
        [(str(row.release_id), row.table_name, row.sha256) for row in cited],
    )
    question.state, question.answered_at, question.answered_by = ANSWERED, ctx.now, ctx.actor.user_id
    await journal.record(ctx.db, "council_question.answer", "council_question", question_id)
    return question_id


async def _draft(ctx: Context, question_id: UUID, expected: Expected | None) -> CouncilQuestion:
    # Not locked where it is answered: the database lets nobody lock what nobody may change.
    state = await ctx.db.scalar(select(CouncilQuestion.state).where(CouncilQuestion.id == question_id))
    if state == ANSWERED:
        raise _answered()
    try:
        return await locked(ctx.db, CouncilQuestion, question_id, expected)
    except NotFound:
        if state is None:
            raise
        raise _answered() from None  # somebody else was faster


def _answered() -> WrongState:
    return WrongState("An answer that was given stays as it is.", state=ANSWERED, allowed=())


def _require_about_nobody(body: CouncilQuestionCreate | CouncilQuestionChange) -> None:
    """Raise 422 `text_identifies` for words that point to a person; the council and its readers are many."""
    texts = {"asked_by": body.asked_by, "question": body.question, "answer": body.answer}
    require_impersonal({}, decisions=texts)


def _require_asked(ctx: Context, body: CouncilQuestionCreate | CouncilQuestionChange) -> None:
    if body.asked_on is not None and body.asked_on > local_date(ctx.now):
        raise Invalid.at("body.asked_on", "in_the_future", "A question is written down once it was asked.")


async def _cite(ctx: Context, question_id: UUID, citations: Sequence[Citation]) -> None:
    """Record what an answer rests on, each table once, with the digest of what is published."""
    driver = await ctx.db.driver()
    for number, each in enumerate(citations):
        text = await driver.fetchval(_PUBLISHED, each.release_id, each.table)
        if text is None:
            raise Invalid.at(
                f"body.citations.{number}",
                "not_published",
                "Only a table of a published release can be cited.",
            )
        if (each.release_id, each.table) in {(one.release_id, one.table) for one in citations[:number]}:
            raise Invalid.at(f"body.citations.{number}", "twice", "This table is cited already.")
        ctx.db.add(
            CouncilCitation(
                municipal_area_id=ctx.actor.municipal_area_id,
                question_id=question_id,
                release_id=each.release_id,
                table_name=each.table,
                sha256=table_digest(text),
            )
        )
    await ctx.db.flush()
