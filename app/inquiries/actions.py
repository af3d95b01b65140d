"""Inquiries: recording, waiting, taking from the list, and what becomes of them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.access.context import Context
from app.access.roles import Role
from app.audit import journal
from app.catalogues.check import require_code
from app.inquiries import rules
from app.inquiries.models import Inquiry, InquiryContent, InquiryFigure
from app.inquiries.schemas import InquiryChange, InquiryFinish, InquiryRecord, InquiryWait
from app.kit.changes import apply, locked
from app.kit.clock import local_date, months_later
from app.kit.database import Db
from app.kit.errors import Conflict, Incomplete, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected

_UNANSWERED = "SELECT i.id FROM inquiries i WHERE i.referral = 'unanswered'"
_FORGET = f"""UPDATE inquiry_contents SET name = NULL, reachable = NULL, note = NULL, forgotten_at = $2
WHERE forgotten_at IS NULL AND changed_at < $1 AND NOT id = ANY (ARRAY({_UNANSWERED}))"""
_LAPSE = """UPDATE inquiries SET state = 'lapsed' WHERE state IN ('open', 'waiting')
AND id = ANY (ARRAY(SELECT c.id FROM inquiry_contents c WHERE c.forgotten_at = $1))"""
PERSONAL = ("name", "reachable", "note")


@dataclass(slots=True)
class InquiryVersion:
    """The version that a reader has seen: of both parts together."""

    version: int


async def record_inquiry(ctx: Context, body: InquiryRecord) -> UUID:
    """Write down that somebody asks; the writer is responsible. Counted at once."""
    today = local_date(ctx.now)
    received_on = body.received_on or today
    _check(body)
    if received_on > today:
        raise Invalid.at("body.received_on", "in_the_future", "An inquiry is recorded after it was made.")
    area, inquiry_id = ctx.actor.municipal_area_id, new_id()
    inquiry = Inquiry(
        municipal_area_id=area,
        id=inquiry_id,
        unit_id=_unit(ctx, body.unit_id),
        responsible_id=ctx.actor.user_id,
        state="open",
        language=body.language,
    )
    ctx.db.add(inquiry)
    await ctx.db.flush()
    said = body.model_dump(exclude={"language", "unit_id", "received_on"})
    content = InquiryContent(municipal_area_id=area, id=inquiry_id, received_on=received_on, **said)
    ctx.db.add(content)
    count(ctx, inquiry, content, rules.RECEIVED, on=received_on)
    await journal.record(ctx.db, "inquiry.record", "inquiry", inquiry_id)
    return inquiry_id


async def change_inquiry(ctx: Context, inquiry_id: UUID, body: InquiryChange, expected: Expected) -> None:
    """Change what was written down; 409 when it is finished."""
    inquiry, content = await mine(ctx, inquiry_id, expected)
    if not following(inquiry):
        raise _wrong(inquiry)
    _check(body)
    changed = apply(content, body.model_dump(exclude_unset=True), required=("access_route", "concerns"))
    if inquiry.state == "waiting":
        _require_reachable(content)
    await journal.record(ctx.db, "inquiry.change", "inquiry", inquiry_id, changed=changed)


async def put_on_waiting_list(ctx: Context, inquiry_id: UUID, body: InquiryWait, expected: Expected) -> UUID:
    """Put an open inquiry on the unit's waiting list; who was on it before waits since then.

    Whoever puts one back is not responsible any more and has read what was said for the last time. What was
    said of its urgency stays unless something else is sent.
    """
    inquiry, content = await mine(ctx, inquiry_id, expected)
    _step(inquiry, "waiting")
    _require_reachable(content)
    changed = ["state"]
    if inquiry.waiting_since is not None:
        inquiry.responsible_id = None
        changed.append("responsible_id")
    inquiry.waiting_since = inquiry.waiting_since or local_date(ctx.now)
    if "priority_reason" in body.model_fields_set:
        inquiry.priority_reason = body.priority_reason
    await journal.record(ctx.db, "inquiry.wait", "inquiry", inquiry_id, changed=changed)
    return inquiry_id


async def take_from_waiting_list(ctx: Context, inquiry_id: UUID, expected: Expected) -> UUID:
    """Become responsible for who waits at one's unit; the one before loses sight of it and is told.

    Two who take at once come one after the other, and the second finds nothing (404).
    """
    inquiry = await locked(ctx.db, Inquiry, inquiry_id)
    expected.check(inquiry)
    _step(inquiry, "open")
    inquiry.responsible_id = ctx.actor.user_id
    await journal.record(ctx.db, "inquiry.take", "inquiry", inquiry_id, changed=["responsible_id"])
    return inquiry_id


async def finish_inquiry(ctx: Context, inquiry_id: UUID, body: InquiryFinish, expected: Expected) -> UUID:
    """Say what became of it, counted once; 422 where the outcome needs a reason or an institution."""
    inquiry, content = await mine(ctx, inquiry_id, expected)
    _check_outcome(body)
    require_answered(inquiry)
    _step(inquiry, body.outcome)
    content.finished_on = local_date(ctx.now)
    content.reason = body.reason
    content.institution_id, content.institution_name = body.institution_id, body.institution_name
    count(ctx, inquiry, content, body.outcome, on=content.finished_on)
    await journal.record(ctx.db, "inquiry.finish", "inquiry", inquiry_id, changed=["state"])
    return inquiry_id


async def forget(db: Db, now: datetime, months: int) -> None:
    """Delete name, reachability and note of an area's inquiries that nobody touched for so many months.

    What is still open or waits then lapses: nobody could call them any more. A referral that nobody has
    answered is never forgotten: its silence is told again and again.
    """
    driver = await db.driver()
    before = months_later(local_date(now), -months)
    await driver.execute(_FORGET, datetime.combine(before, datetime.min.time(), now.tzinfo), now)
    await driver.execute(_LAPSE, now)


async def mine(ctx: Context, inquiry_id: UUID, expected: Expected) -> tuple[Inquiry, InquiryContent]:
    """Return both parts of an inquiry for which the actor is responsible, locked; 404 for others."""
    inquiry = await locked(ctx.db, Inquiry, inquiry_id)
    if inquiry.responsible_id != ctx.actor.user_id:
        raise NotFound
    content = await locked(ctx.db, InquiryContent, inquiry_id)
    expected.check(InquiryVersion(inquiry.version + content.version))
    return inquiry, content


def count(ctx: Context, inquiry: Inquiry, content: InquiryContent, event: str, *, on: date) -> None:
    """Count an inquiry: the quarter, never the day, and nothing that leads back to it."""
    ctx.db.add(
        InquiryFigure(
            municipal_area_id=inquiry.municipal_area_id,
            unit_id=inquiry.unit_id,
            contributor_id=ctx.actor.user_id,
            quarter=rules.quarter_of(on),
            event=event,
            access_route=content.access_route,
            concerns=sorted(set(content.concerns)),
            language=inquiry.language,
            is_anonymous=content.name is None,
            reason=content.reason,
        )
    )


def require_answered(inquiry: Inquiry) -> None:
    """Raise 409 while an institution that referred them waits for an answer."""
    if inquiry.referral == rules.UNANSWERED:
        raise Conflict(
            "An institution referred them and waits: accept or reject the referral first.",
            code="referral_unanswered",
        )


def following(inquiry: Inquiry) -> list[str]:
    """Return the states to which an inquiry can come now by somebody's hand."""
    return rules.following(inquiry.state, has_waited=inquiry.waiting_since is not None)


def _step(inquiry: Inquiry, target: str) -> None:
    if target not in following(inquiry):
        raise _wrong(inquiry)
    inquiry.state = target


def _wrong(inquiry: Inquiry) -> WrongState:
    return WrongState("This is not possible now.", state=inquiry.state, allowed=following(inquiry))


def _require_reachable(content: InquiryContent) -> None:
    if content.reachable is None:
        raise Incomplete("Who waits must be reachable.", missing=["reachable"])


def _check_outcome(body: InquiryFinish) -> None:
    named = [body.institution_id, body.institution_name]
    if body.outcome == "passed_on" and (None not in named or not any(named)):
        raise Invalid.at("body.institution_id", "one_of_two", "Say to whom, by an id or by a name.")
    if body.outcome != "passed_on" and any(named):
        raise Invalid.at("body.institution_id", "not_passed_on", "Only what is passed on has an institution.")
    reasons = {"declined": rules.DECLINED, "removed": rules.REMOVED}.get(body.outcome, ())
    if reasons and body.reason not in reasons:
        raise Invalid.at("body.reason", "missing", f"Give one of these reasons: {', '.join(reasons)}.")
    if not reasons and body.reason is not None:
        raise Invalid.at("body.reason", "no_reason_here", "Reasons are for declining and removing.")


def _check(body: InquiryRecord | InquiryChange) -> None:
    require_code("access_route", body.access_route, "body.access_route")
    if isinstance(body, InquiryRecord):
        require_code("language", body.language, "body.language")
    for place, concern in enumerate(body.concerns or []):
        require_code("life_domain", concern, f"body.concerns.{place}")


def _unit(ctx: Context, wanted: UUID | None) -> UUID:
    units = ctx.actor.places(Role.CASE_MANAGER)
    if wanted is None and len(units) != 1:
        raise Invalid.at("body.unit_id", "missing", "You work at several units: name one.")
    unit_id = wanted or next(iter(units))
    if unit_id not in units:
        raise Invalid.at("body.unit_id", "not_your_unit", "You record inquiries for your own units.")
    return unit_id
