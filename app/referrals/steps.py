"""Taking one step of the task: the table decides, the history remembers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.access.context import Context
from app.kit.database import Db
from app.kit.errors import WrongState
from app.kit.ids import new_id
from app.referrals.models import ReferralEvent, ReferralRequest
from app.referrals.rules import PLATFORM, TASK, Side, Step, Task, allowed_steps, steps_before

_STAYS_SHUT = "SELECT stays_shut($1)"


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes a step: a side, and off the platform what the sender knows it from."""

    side: Side
    user_id: UUID | None
    source: str | None = None

    @property
    def writes_as(self) -> Side:
        """Return whose hand it is: what the sender records for the recipient is the sender's entry."""
        return Side.SENDER if self.source is not None else self.side


def sender(ctx: Context) -> Taker:
    """Return the case's team as taker."""
    return Taker(Side.SENDER, ctx.actor.user_id)


def recipient(ctx: Context) -> Taker:
    """Return the addressed institution as taker."""
    return Taker(Side.RECIPIENT, ctx.actor.user_id)


def reported(ctx: Context, source: str) -> Taker:
    """Return the recipient as the sender reports it, off the platform."""
    return Taker(Side.RECIPIENT, ctx.actor.user_id, source)


async def stays_shut(ctx: Context, referral_id: UUID) -> bool:
    """Return whether a shut package is opened to nobody again, its person having been restricted since."""
    return bool(await (await ctx.db.driver()).fetchval(_STAYS_SHUT, referral_id))


SYSTEM = Taker(Side.SYSTEM, None)


def take(
    db: Db, request: ReferralRequest, step: Step, taker: Taker, at: datetime, *, reason: str | None = None
) -> Task:
    """Move the locked request and return its new state; 409 names the steps that lead on."""
    target = TASK.target_of(step, request.state, taker.side)
    if target is None:
        raise refused(request, taker.writes_as) if taker.source is None else _not_recorded(request, step)
    note_step(db, request, step, target, taker, at, reason=reason)
    request.state = target
    return target


def refused(request: ReferralRequest, side: Side) -> WrongState:
    """Return the error for a step that does not lead on from here."""
    paths = allowed_steps(
        request.state,
        side,
        on_platform=request.channel == PLATFORM,
        sent_back=request.sent_back_at is not None,
    )
    return WrongState("The referral is in another state.", state=request.state, allowed=paths)


def _not_recorded(request: ReferralRequest, step: Step) -> WrongState:
    """Return the error for a step of the recipient that is not its turn, naming those that come before."""
    error = refused(request, Side.SENDER)
    before = steps_before(step, request.state)
    if not before:
        return error
    detail = f"Record first what came before it: {', '.join(before)}."
    return WrongState(detail, state=request.state, allowed=error.members["allowed"], missing=before)


def note_step(
    db: Db,
    request: ReferralRequest,
    step: Step,
    target: str,
    taker: Taker,
    at: datetime,
    *,
    reason: str | None = None,
) -> None:
    """Write one line of the history."""
    db.add(
        ReferralEvent(
            municipal_area_id=request.municipal_area_id,
            id=new_id(),
            referral_id=request.id,
            institution_id=request.institution_id,
            at=at,
            step=step,
            from_state=request.state if step is not Step.DRAFT else None,
            to_state=target,
            side=taker.writes_as,
            user_id=taker.user_id,
            reason=reason,
            source=taker.source,
        )
    )
