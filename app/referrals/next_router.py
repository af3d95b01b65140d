"""What comes after a referral, over HTTP: another institution, a suggestion, and the area's deadlines."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.idempotency import Idempotent, IdempotentForSure
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Code, Page
from app.kit.versions import IfMatch, IfMatchOptional
from app.referrals import deadline_queries, partner_queries
from app.referrals.actions import anew, deadlines, giving_back, proposing
from app.referrals.partner_schemas import PartnerReferralMoved, PartnerReferralRead
from app.referrals.recall_schemas import ReferralReturn
from app.referrals.schemas import DeadlineRead, DeadlineSet, ReferralAnew, ReferralAnewRead

router = Router(prefix="/v1")


@router.post(
    "/referrals/{referral_id}/re-referral",
    status_code=201,
    response_model=ReferralAnewRead,
    tags=["referrals"],
)
async def refer_anew(
    ctx: Annotated[Context, allow(Permission.REFERRAL_SEND)],
    once: Idempotent,
    referral_id: UUID,
    body: ReferralAnew,
) -> JsonBytes:
    """Draft an ended referral anew for another institution, and see what may not go along, and why."""
    draft_id = await once.run(ctx.db, anew.refer_anew(ctx, referral_id, body))
    return await anew.read_anew(ctx, draft_id)


@router.post("/referrals/{referral_id}/propose-invitation", status_code=204, tags=["referrals"])
async def propose_invitation(
    ctx: Annotated[Context, allow(Permission.REFERRAL_SEND)], referral_id: UUID
) -> None:
    """Propose to the administrators that the recipient be invited to read referrals here."""
    await proposing.propose_invitation(ctx, referral_id)


@router.post(
    "/partner/referrals/{referral_id}/return",
    response_model=PartnerReferralRead | PartnerReferralMoved,
    tags=["partner referrals"],
)
async def return_referral(
    ctx: Annotated[Context, allow(Permission.PARTNER_REFERRAL_ANSWER)],
    once: IdempotentForSure,
    expected: IfMatchOptional,
    referral_id: UUID,
    body: ReferralReturn,
) -> JsonBytes:
    """Send it back as not responsible, and suggest the kind of institution that is."""
    await once.run(ctx.db, giving_back.return_referral(ctx, referral_id, body, expected))
    return await partner_queries.read_after_step(ctx, referral_id)


@router.get("/referral-deadlines", response_model=Page[DeadlineRead], tags=["referrals"])
async def list_referral_deadlines(
    ctx: Annotated[Context, allow(Permission.REFERRAL_DEADLINE_READ)], page: Paging
) -> JsonBytes:
    """List within how many days each kind of institution answers and when it is reminded."""
    return await deadline_queries.list_deadlines(ctx, page)


@router.put("/referral-deadlines/{institution_type}", response_model=DeadlineRead, tags=["referrals"])
async def set_referral_deadline(
    ctx: Annotated[Context, allow(Permission.REFERRAL_DEADLINE_CHANGE)],
    expected: IfMatch,
    institution_type: Code,
    body: DeadlineSet,
) -> JsonBytes:
    """Set it for referrals that are sent from now on; those under way keep theirs."""
    deadline_id = await deadlines.set_deadline(ctx, institution_type, body, expected)
    return await deadline_queries.read_deadline(ctx, deadline_id)
