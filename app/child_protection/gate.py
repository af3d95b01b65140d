"""What lets a draft inform the youth welfare office: a course that decided on it, locked in the sending."""

from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.child_protection.actions import note_step, require_child, target_of
from app.child_protection.models import ChildProtection
from app.child_protection.rules import SENDING, State, Step
from app.kit.clock import local_date
from app.kit.errors import Conflict


async def inform(ctx: Context, case_id: UUID, client_id: UUID, referral_id: UUID) -> None:
    """Take the step that this sending is; 409 unless the case's course has decided on this very draft.

    409 `of_full_age` too, for somebody who has come of age since.
    """
    statement = (
        select(ChildProtection)
        .where(
            ChildProtection.case_id == case_id,
            ChildProtection.referral_id == referral_id,
            ChildProtection.state == State.TO_INFORM,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    course = (await ctx.db.scalars(statement)).first()
    if course is None:
        raise Conflict(
            "Take the steps of § 4 KKG first: the decision to inform names the draft.",
            code="child_protection_required",
        )
    await require_child(ctx, client_id, course)
    source = course.state
    course.state = target_of(course, Step.INFORM, SENDING)
    note_step(ctx, course, Step.INFORM, source, local_date(ctx.now), {"referral_id": str(referral_id)})
