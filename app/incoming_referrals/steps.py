"""Taking one step of an incoming referral: the table decides, the journal and the other side hear of it."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.incoming_referrals.events import IncomingReferralMoved
from app.incoming_referrals.models import IncomingMessage, IncomingReferral
from app.incoming_referrals.rules import CONSENT, WAITING, WAY, Side, State, Step, led_to
from app.kit.errors import WrongState
from app.kit.ids import new_id


def require_led(incoming: IncomingReferral, step: Step, side: Side) -> State:
    """Return where a step leads from here; 409 names the steps that lead on."""
    target = led_to(step, incoming.state, side)
    if target is None:
        led = WAY.steps_from(incoming.state, side)
        allowed = [each for each in led if each != Step.WITHDRAW_CONSENT or incoming.legal_basis == CONSENT]
        raise WrongState("The referral is in another state.", state=incoming.state, allowed=allowed)
    return target


async def take(
    ctx: Context, incoming: IncomingReferral, step: Step, side: Side, *, clients: tuple[UUID, ...] = ()
) -> None:
    """Move a locked referral; who waits for an answer until when is set before."""
    incoming.state = require_led(incoming, step, side)
    if incoming.state not in WAITING:
        incoming.deadline_at = None
    await ctx.db.flush()
    action = f"incoming_referral.{step.replace('-', '_')}"
    await journal.record(ctx.db, action, "incoming_referral", incoming.id, clients=clients)
    await publish(ctx, incoming, step)


async def publish(ctx: Context, incoming: IncomingReferral, step: Step) -> None:
    """Let the others hear of a step."""
    moved = IncomingReferralMoved(
        incoming.id, incoming.institution_id, incoming.unit_id, str(step), str(incoming.state)
    )
    await ctx.publish(moved)


def say(
    ctx: Context,
    incoming: IncomingReferral,
    step: Step,
    side: Side,
    text: str | None,
    question: str | None = None,
) -> None:
    """Add a message."""
    ctx.db.add(
        IncomingMessage(
            municipal_area_id=incoming.municipal_area_id,
            id=new_id(),
            incoming_id=incoming.id,
            institution_id=incoming.institution_id,
            at=ctx.now,
            side=side,
            step=step,
            question=question,
            text=text,
        )
    )
