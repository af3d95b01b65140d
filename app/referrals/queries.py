"""Reading referrals from the sender's side; each read writes its journal entry."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import reading
from app.directory.models import Institution
from app.directory.offers.models import Offer
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.referrals.models import (
    Referral,
    ReferralAnswer,
    ReferralEvent,
    ReferralPackage,
    ReferralRequest,
)

_OFFER = select(
    func.json_build_object(literal_column("'id'"), Offer.id, literal_column("'name'"), Offer.name)
).where(Offer.municipal_area_id == Referral.municipal_area_id, Offer.id == Referral.offer_id)
_SUMMARY = (
    Referral.id,
    Referral.case_id,
    ReferralRequest.institution_id,
    Institution.name.label("institution_name"),
    ReferralRequest.site_id,
    ReferralRequest.channel,
    ReferralRequest.state,
    ReferralRequest.delivery,
    ReferralRequest.urgency,
    Referral.concern_code,
    Referral.concern_text,
    ReferralRequest.requested_at,
    ReferralRequest.deadline_at,
    ReferralRequest.outcome,
    _OFFER.correlate(Referral).scalar_subquery().label("offer"),
)


def _objects(table: type[ReferralEvent | ReferralAnswer], *names: str) -> Select[tuple[str]]:
    """Return the rows of a referral, oldest first, as a list of objects."""
    pairs: list[Any] = []
    for name in names:
        pairs += [literal_column(f"'{name}'"), getattr(table, name)]
    rows = func.json_agg(aggregate_order_by(func.json_build_object(*pairs), table.at, table.id))
    return select(func.coalesce(rows, func.json_build_array())).where(
        table.municipal_area_id == Referral.municipal_area_id, table.referral_id == Referral.id
    )


_HISTORY = _objects(
    ReferralEvent, "at", "step", "from_state", "to_state", "side", "user_id", "reason", "source"
)
_ANSWERS = _objects(ReferralAnswer, "at", "step", "text", "source")
_DIGEST = select(ReferralPackage.sha256).where(
    ReferralPackage.municipal_area_id == Referral.municipal_area_id, ReferralPackage.id == Referral.id
)


def _joined(statement: Select[*tuple[object, ...]]) -> Select[*tuple[object, ...]]:
    return (
        statement.select_from(Referral)
        .join(
            ReferralRequest,
            (ReferralRequest.municipal_area_id == Referral.municipal_area_id)
            & (ReferralRequest.id == Referral.id),
        )
        .join(
            Institution,
            (Institution.municipal_area_id == ReferralRequest.municipal_area_id)
            & (Institution.id == ReferralRequest.institution_id),
        )
    )


ONE_REFERRAL = reading.one(
    "referral.read",
    "referral",
    _joined(
        select(
            *_SUMMARY,
            Referral.consent_id,
            Referral.legal_basis,
            Referral.necessity,
            Referral.data_categories,
            Referral.left_out,
            Referral.follows_id,
            Referral.waiting_list_ok,
            Referral.note,
            ReferralRequest.answered_at,
            ReferralRequest.closed_at,
            ReferralRequest.rejection_reason,
            ReferralRequest.hold_reason,
            ReferralRequest.cancel_reason,
            ReferralRequest.revoke_reason,
            ReferralRequest.suggested_type,
            ReferralRequest.consent_ends_at,
            ReferralRequest.last_message_at,
            _DIGEST.correlate(Referral).scalar_subquery().label("package_sha256"),
            Referral.created_by,
            _HISTORY.correlate(Referral).scalar_subquery().label("history"),
            _ANSWERS.correlate(Referral).scalar_subquery().label("answers"),
            ReferralRequest.version,
            ReferralRequest.client_pseudonym.label("_client"),
        )
    ).where(Referral.id == bindparam("id")),
)
REFERRALS = reading.many(
    "referral.read",
    "referral",
    _joined(select(*_SUMMARY, ReferralRequest.client_pseudonym.label("_client"))).where(
        Referral.case_id == bindparam("case_id")
    ),
    order=("id",),
    descending=True,
)


async def read_referral(ctx: Context, referral_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_REFERRAL.answer(ctx.db, status=status, id=referral_id)


async def list_referrals(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the referrals of a case, newest first; 404 for a case that is not the actor's."""
    await require_relation(ctx, case_id=case_id)
    return await REFERRALS.answer(ctx.db, page, case_id=case_id)
