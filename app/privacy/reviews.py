"""Access reviews: what is to be judged by a second person, and their judgement."""

from uuid import UUID

from sqlalchemy import Boolean, bindparam, case, func, or_, select

from app.access.context import Context
from app.audit import journal, reading
from app.cases.queries.shapes import json_object, person
from app.kit.changes import locked
from app.kit.errors import Forbidden, Invalid, WrongState
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.kit.versions import Expected
from app.organisations.models import Unit
from app.privacy.models import AccessReview
from app.privacy.rules import ReviewOutcome
from app.privacy.schemas import ReviewClose

_OPEN = bindparam("is_open", type_=Boolean)
_REVIEW = select(
    AccessReview.id,
    AccessReview.kind,
    AccessReview.object_id,
    # It leads into the journal, which a team lead does not read.
    case((func.ctx_is("privacy_officer"), AccessReview.client_pseudonym)).label("client"),
    json_object(id=Unit.id, name=Unit.name).label("unit"),
    person(AccessReview.municipal_area_id, AccessReview.acted_by).label("acted_by"),
    AccessReview.acted_at,
    AccessReview.reason,
    AccessReview.due_at,
    person(AccessReview.municipal_area_id, AccessReview.reviewed_by).label("reviewed_by"),
    AccessReview.reviewed_at,
    AccessReview.outcome,
    AccessReview.note,
    AccessReview.version,
    AccessReview.client_pseudonym.label("_client"),
).join(Unit, (Unit.municipal_area_id == AccessReview.municipal_area_id) & (Unit.id == AccessReview.unit_id))

ONE_REVIEW = reading.one(
    "access_review.read",
    "access_review",
    _REVIEW.where(AccessReview.id == bindparam("id")),
    withheld=("client",),
)
REVIEWS = reading.many(
    "access_review.list",
    "access_review",
    _REVIEW.where(or_(_OPEN.is_(None), AccessReview.reviewed_at.is_(None) == _OPEN)),
    order=("due_at", "id"),
    withheld=("client",),
)


async def list_reviews(ctx: Context, page: PageRequest, *, is_open: bool | None) -> JsonBytes:
    """Return what the actor may judge, the earliest due first."""
    return await REVIEWS.answer(ctx.db, page, is_open=is_open)


async def read_review(ctx: Context, review_id: UUID) -> JsonBytes:
    return await ONE_REVIEW.answer(ctx.db, id=review_id)


async def close_review(ctx: Context, review_id: UUID, body: ReviewClose, expected: Expected) -> UUID:
    """Write the judgement, once.

    Raises 403 for one's own act, 409 when it is closed already, 422 for a finding without what follows.
    """
    review = await locked(ctx.db, AccessReview, review_id, expected)
    if review.acted_by == ctx.actor.user_id:
        raise Forbidden("Nobody reviews what they did themselves.", code="own_act")
    if review.reviewed_at is not None:
        raise WrongState("It has been reviewed.", state="reviewed", allowed=[])
    if body.outcome is ReviewOutcome.NOT_JUSTIFIED and body.note is None:
        raise Invalid.at("body.note", "missing", "Say what follows from it.")
    review.reviewed_by = ctx.actor.user_id
    review.reviewed_at = ctx.now
    review.outcome = body.outcome
    review.note = body.note
    await journal.record(
        ctx.db, "access_review.close", "access_review", review_id,
        clients=[review.client_pseudonym], changed=["outcome"],
    )  # fmt: skip
    return review_id
