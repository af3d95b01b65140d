"""Reading threads; policies show the recipient one only while it can read the package."""

from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Select, bindparam, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.access.context import Context
from app.access.permissions import Permission
from app.access.relations import require_relation
from app.access.scopes import may_also
from app.audit import reading
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.referrals.messages.models import ReferralAttachment, ReferralMessage
from app.referrals.models import Referral, ReferralPackage, ReferralRequest

_NOW = bindparam("now", type_=DateTime(timezone=True))
_SHOWN = ("id", "category", "kind", "size_bytes", "sha256")


def _attachments(*names: str) -> Any:
    pairs: list[Any] = []
    for name in names:
        pairs += [literal_column(f"'{name}'"), getattr(ReferralAttachment, name)]
    rows = func.json_agg(aggregate_order_by(func.json_build_object(*pairs), ReferralAttachment.id))
    listed = select(func.coalesce(rows, func.json_build_array())).where(
        ReferralAttachment.municipal_area_id == ReferralMessage.municipal_area_id,
        ReferralAttachment.referral_id == ReferralMessage.referral_id,
        ReferralAttachment.message_id == ReferralMessage.id,
    )
    return listed.correlate(ReferralMessage).scalar_subquery().label("attachments")


def _thread(*names: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ReferralMessage.id,
            ReferralMessage.referral_id,
            ReferralMessage.at,
            ReferralMessage.side,
            ReferralMessage.kind,
            ReferralMessage.code,
            ReferralMessage.text,
            ReferralMessage.data_categories,
            ReferralMessage.answers_id,
            ReferralMessage.result,
            ReferralMessage.state,
            ReferralMessage.due_at,
            ReferralMessage.decline_reason,
            ReferralMessage.closed_at,
            ReferralMessage.read_at,
            _attachments(*names),
            ReferralRequest.client_pseudonym.label("_client"),
        )
        .join(
            ReferralRequest,
            (ReferralRequest.municipal_area_id == ReferralMessage.municipal_area_id)
            & (ReferralRequest.id == ReferralMessage.referral_id),
        )
        .where(ReferralMessage.referral_id == bindparam("referral_id"))
    )


_OWN = _thread(*_SHOWN, "document_id")
# The policies say it with the clock of the database; here it is the application's own.
_ADDRESSED = _thread(*_SHOWN).join(
    ReferralPackage,
    (ReferralPackage.municipal_area_id == ReferralMessage.municipal_area_id)
    & (ReferralPackage.id == ReferralMessage.referral_id)
    & or_(ReferralPackage.readable_until.is_(None), ReferralPackage.readable_until > _NOW),
)
_ONE = ReferralMessage.id == bindparam("id")

ONE_MESSAGE = reading.one("referral.read_messages", "referral_message", _OWN.where(_ONE))
THREAD = reading.many("referral.read_messages", "referral_message", _OWN, order=("id",))
ONE_ADDRESSED = reading.one("partner_referral.read_messages", "referral_message", _ADDRESSED.where(_ONE))
MARKED = reading.one(
    "partner_referral.read_messages",
    "referral_message",
    _ADDRESSED.where(_ONE).with_only_columns(
        ReferralMessage.id,
        ReferralMessage.referral_id,
        ReferralMessage.state,
        ReferralMessage.read_at,
        ReferralRequest.client_pseudonym.label("_client"),
        maintain_column_froms=True,
    ),
)
"""That a message was marked, for a machine that may not read."""
ADDRESSED = reading.many("partner_referral.read_messages", "referral_message", _ADDRESSED, order=("id",))


async def list_messages(ctx: Context, referral_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the thread of a referral of one's case, the first message first."""
    case_id = await ctx.db.scalar(select(Referral.case_id).where(Referral.id == referral_id))
    if case_id is None:
        raise NotFound
    await require_relation(ctx, case_id=case_id)
    return await THREAD.answer(ctx.db, page, referral_id=referral_id)


async def read_message(ctx: Context, referral_id: UUID, message_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_MESSAGE.answer(ctx.db, status=status, referral_id=referral_id, id=message_id)


async def list_addressed(ctx: Context, referral_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the thread of a referral to one's institution; empty while its package cannot be read."""
    seen = select(ReferralRequest.id).where(ReferralRequest.id == referral_id)
    if await ctx.db.scalar(seen) is None:
        raise NotFound
    return await ADDRESSED.answer(ctx.db, page, referral_id=referral_id, now=ctx.now)


async def read_addressed(
    ctx: Context, referral_id: UUID, message_id: UUID, *, status: int = 200
) -> JsonBytes:
    return await ONE_ADDRESSED.answer(
        ctx.db, status=status, referral_id=referral_id, id=message_id, now=ctx.now
    )


async def read_after_mark(ctx: Context, referral_id: UUID, message_id: UUID) -> JsonBytes:
    """Return a message that was marked or taken back; to a machine that may not read, only that it was."""
    which = ONE_ADDRESSED if may_also(ctx.scopes, Permission.PARTNER_REFERRAL_READ) else MARKED
    return await which.answer(ctx.db, referral_id=referral_id, id=message_id, now=ctx.now)
