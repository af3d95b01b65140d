"""What an institution does: report a barrier, and take a report back."""

from dataclasses import asdict
from datetime import timedelta
from hashlib import sha256
from math import ceil
from typing import Any
from uuid import UUID

from app.access.context import Context
from app.access.permissions import Permission
from app.access.scopes import may_also
from app.audit import journal
from app.barriers.actions.filing import check_codes, interface_columns
from app.barriers.identifying import Passage, identifying_passages
from app.barriers.models import Observation
from app.barriers.partners.known import known_to_institution
from app.barriers.partners.models import PartnerBarrier
from app.barriers.partners.rules import MOST_A_DAY
from app.barriers.partners.schemas import PartnerBarrierFile
from app.barriers.rules import counted, quarter_of, visible_from
from app.catalogues.check import require_code
from app.identity.throttle import count_failure, take_turn
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid, TooMany, WrongState
from app.kit.ids import new_id, random_id
from app.kit.versions import Expected
from app.referrals.feedback import feedback_agreed
from app.referrals.rules import OUT_OF_SIGHT

_DAY = timedelta(days=1)
_INSTITUTION = "SELECT institution_type FROM institutions WHERE id = $1"
_REFERRAL = "SELECT institution_id, state, client_pseudonym FROM referral_requests WHERE id = $1"
# Held until the end of the transaction: of two at once, the second counts the first.
_TURN = (
    "SELECT pg_advisory_xact_lock(hashtextextended('partner_barriers:' || ctx_area() || ':' || $1::text, 0))"
)
_FULL_SINCE = """SELECT created_at FROM partner_barriers
WHERE reporting_institution_id = $1 AND created_at > $2 ORDER BY created_at DESC OFFSET $3 LIMIT 1"""


async def file_partner_barrier(ctx: Context, body: PartnerBarrierFile) -> UUID:
    """File a report in the institution's own name.

    Raises 422 by place, and `observation_identifies` with the places that tell of a person; 409 for a
    referral that is over or without consent to feedback; 429 after too many reports or refused sentences.
    """
    today = local_date(ctx.now)
    reporting = await _reporting(ctx, body.reporting_institution_id)
    require_code("institution_type", body.institution_type, "body.institution_type")
    await check_codes(ctx, body, today)
    kind = body.institution_type or await _kind(ctx, body.institution_id)
    if body.observation is not None and kind is None:
        raise Invalid.at("body.institution_type", "missing", "Say at what kind of institution it was seen.")
    pseudonym = await _pseudonym(ctx, reporting, body.referral_id)
    await _take_turn(ctx, reporting)
    place = interface_columns(body.interface)
    counts = counted(body.barrier_type, kind, (place["interface_from"], place["interface_to"]))
    observation_id = await _observe(ctx, reporting, kind, body)
    report = PartnerBarrier(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        reporting_institution_id=reporting,
        reported_by=ctx.actor.user_id,
        reported_on=today,
        quarter=quarter_of(today),
        barrier_type=body.barrier_type,
        institution_id=body.institution_id,
        institution_type=kind,
        institution_group=counts.institution_group,
        **place,
        effect=body.effect,
        since=body.since,
        referral_id=body.referral_id,
        observation_id=observation_id,
    )
    ctx.db.add(report)
    await ctx.db.flush()
    clients = [] if pseudonym is None else [pseudonym]
    await journal.record(ctx.db, "partner_barrier.file", "partner_barrier", report.id, clients=clients)
    return report.id


async def withdraw_partner_barrier(ctx: Context, report_id: UUID, expected: Expected) -> UUID:
    """Take a report back: its sentence goes, an open proposal is dropped; 409 when it has been already."""
    report = await locked(ctx.db, PartnerBarrier, report_id, expected)
    if report.state != "received":
        raise WrongState("The report has been withdrawn.", state=report.state, allowed=[])
    report.state, report.withdrawn_on, report.observation_id = "withdrawn", local_date(ctx.now), None
    await ctx.db.flush()
    await journal.record(ctx.db, "partner_barrier.withdraw", "partner_barrier", report_id)
    return report_id


async def _reporting(ctx: Context, wanted: UUID | None) -> UUID:
    """Return in whose name is reported; 422 for one that is not the actor's, or which of several."""
    mine = {each.place_id for each in ctx.actor.memberships}
    if wanted is None and len(mine) != 1:
        detail = "You act for several institutions: name one."
        raise Invalid.at("body.reporting_institution_id", "missing", detail)
    if wanted is not None and wanted not in mine:
        detail = "You report in your own name only."
        raise Invalid.at("body.reporting_institution_id", "not_your_institution", detail)
    return wanted or next(iter(mine))


async def _kind(ctx: Context, institution_id: UUID | None) -> str | None:
    if institution_id is None:
        return None
    row = await (await ctx.db.driver()).fetchrow(_INSTITUTION, institution_id)
    return str(row["institution_type"])


async def _pseudonym(ctx: Context, reporting: UUID, referral_id: UUID | None) -> Any:
    """Return whose referral it is about: what an institution tells of it is a disclosure of its own."""
    if referral_id is None:
        return None
    agreed = await feedback_agreed(ctx, referral_id)
    row = await (await ctx.db.driver()).fetchrow(_REFERRAL, referral_id)
    if row is None or row["institution_id"] != reporting:
        detail = "No such referral is addressed to your institution."
        raise Invalid.at("body.referral_id", "unknown_reference", detail)
    if row["state"] in OUT_OF_SIGHT:
        raise Conflict("The referral is over: report without it.", code="referral_over")
    if not agreed:
        raise Conflict(
            "The client agreed to no feedback: report what you see of the system, without the referral.",
            code="feedback_not_agreed",
        )
    return row["client_pseudonym"]


async def _take_turn(ctx: Context, reporting: UUID) -> None:
    driver = await ctx.db.driver()
    await driver.execute(_TURN, str(reporting))
    full = await driver.fetchval(_FULL_SINCE, reporting, ctx.now - _DAY, MOST_A_DAY - 1)
    if full is not None:
        wait = ceil((full + _DAY - ctx.now).total_seconds())
        detail = (
            f"Your institution has filed {MOST_A_DAY} reports in 24 hours, its people and machines together."
        )
        raise TooMany(detail, retry_after=wait)


async def _observe(ctx: Context, reporting: UUID, kind: str | None, body: PartnerBarrierFile) -> UUID | None:
    if body.observation is None:
        return None
    # Who tries names to see which are refused waits ever longer, as with passwords. A machine that may not
    # read referrals is told no place, and each of its sentences is a try.
    is_blind = not may_also(ctx.scopes, Permission.PARTNER_REFERRAL_READ)
    key = sha256(f"observation\0{ctx.actor.user_id}".encode()).digest()
    await take_turn(ctx.db, key, ctx.now)
    passages = identifying_passages(body.observation, await known_to_institution(ctx, reporting))
    if passages or is_blind:
        await count_failure(ctx.db, [key], ctx.now)
    if passages:
        ctx.keep()
        raise _identifies([] if is_blind else passages)
    today = local_date(ctx.now)
    observation = Observation(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=random_id(),
        institution_type=kind,
        barrier_type=body.barrier_type,
        quarter=quarter_of(today),
        text=body.observation,
        visible_from=visible_from(today),
    )
    ctx.db.add(observation)
    await ctx.db.flush()
    await journal.record(ctx.db, "observation.write", "observation", None)
    return observation.id


def _identifies(passages: list[Passage]) -> Invalid:
    return Invalid(
        "The observation tells of a person. Say it without names, dates, numbers and addresses.",
        code="observation_identifies",
        passages=[asdict(passage) for passage in passages],
    )
