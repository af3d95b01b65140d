"""Signed receipts: what both sides keep of each step on the platform, and verify without asking anybody.

A receipt is a compact JWS (ES256, `typ` of its own) over a row that never changes; it is signed when it is
read, so the same receipt can come with another signature, and is known by its `jti`. It names institution and
unit, never a person, and no reason. To the recipient it tells the digest of a package only while that can be
read, or when it was taken over: a digest of few facts is guessed from a register. How it is verified says
docs/receipts.md.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends, Request
from sqlalchemy import DateTime, Text, bindparam, case, literal_column, or_, select
from sqlalchemy.sql.selectable import Select

from app.access.context import Context
from app.audit import reading
from app.identity.tokens import KeyRing, attest
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.referrals.models import Referral, ReferralPackage, ReferralReceipt, ReferralRequest
from app.referrals.rules import Delivery, Side, Step

KIND = "kim-receipt+jwt"
"""The `typ`: nothing else of ours carries it, and it opens nothing."""

_RECEIPTS: Select[*tuple[Any, ...]] = (
    select(
        ReferralReceipt.id,
        ReferralReceipt.number,
        ReferralReceipt.at,
        ReferralReceipt.step,
        ReferralReceipt.state,
        ReferralReceipt.side,
        ReferralReceipt.referral_id,
        ReferralReceipt.institution_id,
        ReferralRequest.unit_id,
        ReferralRequest.client_pseudonym.label("_client"),
    )
    .join(
        ReferralRequest,
        (ReferralRequest.municipal_area_id == ReferralReceipt.municipal_area_id)
        & (ReferralRequest.id == ReferralReceipt.referral_id),
    )
    .where(ReferralReceipt.referral_id == bindparam("referral_id"))
)
OF_ONES_CASE = reading.many(
    "referral.receipts",
    "referral",
    _RECEIPTS.add_columns(ReferralReceipt.package_sha256),
    order=("number",),
)
_FETCHED = literal_column(f"'{Delivery.FETCHED}'", Text)
_NOW = bindparam("now", type_=DateTime(timezone=True))
# The package is found as row-level security shows it now; its end by time is the application's own clock's.
OF_THE_RECIPIENT = reading.many(
    "partner_referral.receipts",
    "referral",
    _RECEIPTS.outerjoin(
        ReferralPackage,
        (ReferralPackage.municipal_area_id == ReferralReceipt.municipal_area_id)
        & (ReferralPackage.id == ReferralReceipt.referral_id)
        & or_(ReferralPackage.readable_until.is_(None), ReferralPackage.readable_until > _NOW),
    ).add_columns(
        case(
            (
                or_(ReferralRequest.delivery == _FETCHED, ReferralPackage.id.is_not(None)),
                ReferralReceipt.package_sha256,
            )
        ).label("package_sha256")
    ),
    order=("number",),
)
_ONE_OF_THE_RECIPIENT = f"""SELECT row_to_json(r)::text FROM (
    SELECT s.id, s.number, s.at, s.step, s.state, s.side, s.referral_id, s.institution_id, q.unit_id,
        CASE WHEN q.delivery = '{Delivery.FETCHED}' OR p.id IS NOT NULL THEN s.package_sha256 END
            AS package_sha256
    FROM referral_receipts s
    JOIN referral_requests q ON q.municipal_area_id = s.municipal_area_id AND q.id = s.referral_id
    LEFT JOIN referral_packages p ON p.municipal_area_id = q.municipal_area_id AND p.id = q.id
        AND (p.readable_until IS NULL OR p.readable_until > $2::timestamptz)
    WHERE s.id = $1) r"""
_NEWEST = """SELECT id FROM referral_receipts WHERE referral_id = $1 AND side = 'recipient' AND step = $2
ORDER BY number DESC LIMIT 1"""
_FIRST = """SELECT id FROM referral_receipts WHERE referral_id = $1 AND side = 'recipient'
ORDER BY step = 'fetched' DESC, number LIMIT 1"""


class Notary:
    """Signs receipts in the name of this server."""

    def __init__(self, ring: KeyRing, issuer: str) -> None:
        self._ring, self._issuer = ring, issuer

    def signed(self, fact: dict[str, Any]) -> str:
        """Return a row of the table as a receipt."""
        claims = claims_of(fact, self._issuer)
        return attest(self._ring, kind=KIND, claims=claims)


def claims_of(fact: dict[str, Any], issuer: str) -> dict[str, Any]:
    """Return what a receipt says: the same row, the same claims, but for a digest that is not told (null)."""
    unit, institution = f"urn:uuid:{fact['unit_id']}", f"urn:uuid:{fact['institution_id']}"
    by = {Side.SENDER: unit, Side.RECIPIENT: institution, Side.SYSTEM: issuer}
    return {
        "iss": issuer,
        "aud": [unit, institution],
        "jti": fact["id"],
        "sub": f"urn:uuid:{fact['referral_id']}",
        "toe": int(datetime.fromisoformat(fact["at"]).timestamp()),
        "number": fact["number"],
        "step": fact["step"],
        "state": fact["state"],
        "by": {"side": fact["side"], "id": by[Side(fact["side"])]},
        "package_sha256": fact["package_sha256"],
    }


async def receipt_of(ctx: Context, referral_id: UUID, step: Step) -> UUID | None:
    """Return the id of the recipient's newest receipt of a step; none where it was never taken."""
    driver = await ctx.db.driver()
    found: UUID | None = await driver.fetchval(_NEWEST, referral_id, step)
    return found


async def receipt_of_fetching(ctx: Context, referral_id: UUID) -> UUID | None:
    """Return the id of the receipt that shows that the recipient has it: fetched, or else its first step."""
    driver = await ctx.db.driver()
    found: UUID | None = await driver.fetchval(_FIRST, referral_id)
    return found


def receipt_there(receipt_id: UUID | None) -> UUID:
    """Return the receipt of a step just taken."""
    # The trigger has written it with the step: what is addressed over the platform has a package.
    assert receipt_id is not None
    return receipt_id


async def signed_receipt(ctx: Context, notary: Notary, receipt_id: UUID) -> str:
    """Return one receipt as its recipient reads it; raise `NotFound` for one that is not the actor's."""
    driver = await ctx.db.driver()
    found = await driver.fetchval(_ONE_OF_THE_RECIPIENT, receipt_id, ctx.now)
    if found is None:
        raise NotFound
    return notary.signed(orjson.loads(found))


async def with_receipt(ctx: Context, notary: Notary, answer: JsonBytes, receipt_id: UUID) -> JsonBytes:
    """Return an answer to the recipient that is an object with a receipt in it; it keeps its ETag."""
    receipt = await signed_receipt(ctx, notary, receipt_id)
    body = bytes(answer.body)[:-1] + b',"receipt":"' + receipt.encode() + b'"}'
    etag = answer.headers.get("etag")
    return JsonBytes(body, headers={"ETag": etag} if etag else {})


async def list_of_ones_case(ctx: Context, notary: Notary, referral_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the receipts of a referral of one's case, the first step first."""
    await _require(ctx, f"SELECT FROM {Referral.__tablename__} WHERE id = $1", referral_id)
    answer = await OF_ONES_CASE.answer(ctx.db, page, referral_id=referral_id)
    return _signed(notary, answer)


async def list_of_the_recipient(
    ctx: Context, notary: Notary, referral_id: UUID, page: PageRequest
) -> JsonBytes:
    """Return the receipts of a referral to one's institution, the first step first."""
    await _require(ctx, f"SELECT FROM {ReferralRequest.__tablename__} WHERE id = $1", referral_id)
    answer = await OF_THE_RECIPIENT.answer(ctx.db, page, referral_id=referral_id, now=ctx.now)
    return _signed(notary, answer)


async def _require(ctx: Context, seen: str, referral_id: UUID) -> None:
    driver = await ctx.db.driver()
    if await driver.fetchrow(seen, referral_id) is None:
        raise NotFound


def _signed(notary: Notary, answer: JsonBytes) -> JsonBytes:
    body = orjson.loads(answer.body)
    shown = ("id", "number", "at", "step", "state")
    body["items"] = [
        {name: fact[name] for name in shown} | {"receipt": notary.signed(fact)} for fact in body["items"]
    ]
    return JsonBytes(orjson.dumps(body))


async def _notary(request: Request) -> Notary:
    state = request.app.state
    return Notary(state.key_ring, state.settings.public_url)


Signing = Annotated[Notary, Depends(_notary)]
