"""Evidence that somebody was linked to help, which the phase linking is left with.

The referrals package, above this one, records its referrals here; in any phase, because emergencies do not
wait.
"""

from uuid import UUID

from app.access.context import Context
from app.cases.models import CaseLinking
from app.kit.ids import new_id

_RECORD = """INSERT INTO case_linkings (municipal_area_id, id, case_id, referral_id, recorded_at, recorded_by)
VALUES (ctx_area(), $1, $2, $3, $4, ctx_user()) ON CONFLICT DO NOTHING"""


async def record_linking(ctx: Context, case_id: UUID, referral_id: UUID) -> None:
    """Record a referral as evidence; once, however often it is said."""
    driver = await ctx.db.driver()
    await driver.execute(_RECORD, new_id(), case_id, referral_id, ctx.now)


def record_reason(ctx: Context, case_id: UUID, reason: str) -> None:
    """Record why nobody had to be brought in."""
    ctx.db.add(
        CaseLinking(
            municipal_area_id=ctx.actor.municipal_area_id,
            id=new_id(),
            case_id=case_id,
            reason=reason,
            recorded_at=ctx.now,
            recorded_by=ctx.actor.user_id,
        )
    )
