"""Reading how long each kind of institution has to answer; no personal data."""

from uuid import UUID

from sqlalchemy import bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.types import Integer

from app.access.context import Context
from app.catalogues.models import CatalogueEntry
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.referrals.deadline_models import ReferralDeadline
from app.referrals.rules import ANSWER_DAYS, REMINDER_DAYS

_DEADLINE = (
    select(
        CatalogueEntry.code.label("institution_type"),
        func.coalesce(ReferralDeadline.answer_days, literal(ANSWER_DAYS)).label("answer_days"),
        func.coalesce(
            ReferralDeadline.reminder_days, array(REMINDER_DAYS, type_=Integer), type_=ARRAY(Integer)
        ).label("reminder_days"),
        ReferralDeadline.id.is_not(None).label("is_set"),
        func.coalesce(ReferralDeadline.version, literal(0)).label("version"),
    )
    .outerjoin(ReferralDeadline, ReferralDeadline.institution_type == CatalogueEntry.code)
    .where(CatalogueEntry.vocabulary == "institution_type")
)
ONE_DEADLINE = One(_DEADLINE.where(ReferralDeadline.id == bindparam("id")))
DEADLINES = Many(_DEADLINE, order=("institution_type",))


async def list_deadlines(ctx: Context, page: PageRequest) -> JsonBytes:
    return await DEADLINES.answer(ctx.db, page)


async def read_deadline(ctx: Context, deadline_id: UUID) -> JsonBytes:
    return await ONE_DEADLINE.answer(ctx.db, id=deadline_id)
