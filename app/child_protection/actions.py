"""Noting indications and taking the steps of § 4 KKG."""

from datetime import date
from typing import Any
from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.cases.subject import Subject, find_case, open_case, require_usable
from app.child_protection.models import ChildProtection, ChildProtectionStep
from app.child_protection.rules import AFTER_CLOSING, LETS_OUT, NEEDS, TEAM, WAY, State, Step, needs_excuse
from app.child_protection.schemas import ChildProtectionNote, ChildProtectionStepTake
from app.clients.ages import is_surely_of_full_age
from app.clients.members import member_of, require_member_processing
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.deadlines import require_not_past
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected

# Of the package above: the draft that is to inform, and of this case.
_DRAFT = """SELECT EXISTS (SELECT FROM referrals r
JOIN referral_requests q ON q.municipal_area_id = r.municipal_area_id AND q.id = r.id
WHERE r.id = $1 AND r.case_id = $2 AND r.legal_basis = 'kkg_4' AND q.state = 'draft')"""
_FULL_AGE = "This person is of full age: § 4 KKG is about children and adolescents under 18."
_LOOK = "The day to look again"
_FREE = frozenset({"step", "on", "look_again_on"})


async def note_indications(ctx: Context, case_id: UUID, body: ChildProtectionNote) -> UUID:
    """Write down weighty indications; from then on the steps of § 4 KKG are to be taken.

    Raises 422 for somebody who is surely of full age: § 4 KKG is about children and adolescents alone.
    """
    subject = await open_case(ctx, case_id)
    member = await member_of(ctx, subject.client_id, body.member_id, "body.member_id")
    if await is_surely_of_full_age(ctx, subject.client_id, member["member_client_id"], member["member_name"]):
        raise Invalid.at("body.member_id", "of_full_age", f"{_FULL_AGE} Name the child of the household.")
    require_not_past(body.look_again_on, local_date(ctx.now), "body.look_again_on", what=_LOOK)
    day = _past(ctx, body.noticed_on, "body.noticed_on")
    course = ChildProtection(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        case_id=case_id,
        state=State.NOTED,
        indications=body.indications,
        noticed_on=day,
        look_again_on=body.look_again_on,
        created_by=ctx.actor.user_id,
        **member,
    )
    ctx.db.add(course)
    await ctx.db.flush()
    note_step(ctx, course, Step.NOTE, None, day, {})
    await _record(ctx, course, Step.NOTE, subject)
    return course.id


async def take_step(
    ctx: Context, case_id: UUID, course_id: UUID, body: ChildProtectionStepTake, expected: Expected
) -> UUID:
    """Take a step; 409 from a state that it does not lead on from, 422 for what it lacks or does not take.

    Nobody decides to inform about a person who has come of age (409 `of_full_age`).
    """
    step = Step(body.step)
    if step in AFTER_CLOSING:
        subject = await find_case(ctx, case_id)
        require_usable(subject)
    else:
        subject = await open_case(ctx, case_id)
    course = await locked(ctx.db, ChildProtection, course_id)
    if course.case_id != case_id:
        raise NotFound
    expected.check(course)
    await require_member_processing(ctx, course.member_client_id)
    day = _past(ctx, body.on, "body.on")
    today, before = local_date(ctx.now), course.look_again_on
    require_not_past(body.look_again_on, today, "body.look_again_on", before=before, what=_LOOK)
    source, target = course.state, target_of(course, step, TEAM)
    if step in LETS_OUT:
        await require_child(ctx, subject.client_id, course)
    said = _said(step, body)
    if body.referral_id is not None:
        driver = await ctx.db.driver()
        if not await driver.fetchval(_DRAFT, body.referral_id, case_id):
            raise Invalid.at("body.referral_id", "no_draft", "This is no draft of the case on § 4 KKG.")
        course.referral_id = body.referral_id
    course.state = target
    course.look_again_on = body.look_again_on or course.look_again_on
    if step is Step.END:
        course.outcome, course.ended_at = body.outcome, ctx.now
    note_step(ctx, course, step, source, day, said)
    await _record(ctx, course, step, subject)
    return course.id


def target_of(course: ChildProtection, step: Step, by: str) -> State:
    """Return where a step leads a locked course; 409 names the steps that lead on."""
    target = WAY.target_of(step, course.state, by)
    if target is None:
        raise WrongState(
            "The course does not take this step now.",
            state=course.state,
            allowed=WAY.steps_from(course.state, TEAM),
        )
    return target


async def require_child(ctx: Context, client_id: UUID, course: ChildProtection) -> None:
    """Raise 409 where nobody is informed any more, because the person has come of age."""
    if await is_surely_of_full_age(ctx, client_id, course.member_client_id, course.member_name):
        raise Conflict(_FULL_AGE, code="of_full_age")


def note_step(
    ctx: Context,
    course: ChildProtection,
    step: Step,
    source: str | None,
    day: date,
    said: dict[str, Any],
) -> None:
    """Write one line of the history."""
    ctx.db.add(
        ChildProtectionStep(
            municipal_area_id=course.municipal_area_id,
            id=new_id(),
            child_protection_id=course.id,
            case_id=course.case_id,
            at=ctx.now,
            step=step,
            source=source,
            target=course.state,
            happened_on=day,
            user_id=ctx.actor.user_id,
            said=said,
        )
    )


def _said(step: Step, body: ChildProtectionStepTake) -> dict[str, Any]:
    """Return what a step says; 422 for what it lacks, and for what belongs to another."""
    sent = body.model_dump(mode="json", exclude_unset=True, exclude_none=True, exclude=set(_FREE))
    for name in NEEDS[step]:
        if name not in sent:
            raise Invalid.at(f"body.{name}", "missing", f"The step {step} says this.")
    excuse = needs_excuse(step, sent)
    if excuse != ("why_not" in sent):
        raise Invalid.at(
            "body.why_not",
            "missing" if excuse else "nothing_left_out",
            "Say why, where something was left out.",
        )
    extra = sorted(set(sent) - set(NEEDS[step]) - {"why_not"})
    if extra:
        raise Invalid.at(f"body.{extra[0]}", "other_step", f"The step {step} does not say this.")
    return sent


def _past(ctx: Context, day: date | None, place: str) -> date:
    today = local_date(ctx.now)
    if day is not None and day > today:
        raise Invalid.at(place, "in_the_future", "It is written down when it has happened.")
    return day or today


async def _record(ctx: Context, course: ChildProtection, step: Step, subject: Subject) -> None:
    await journal.record(
        ctx.db, f"child_protection.{step}", "child_protection", course.id,
        clients=[subject.pseudonym], legal_basis="kkg_4",
    )  # fmt: skip
