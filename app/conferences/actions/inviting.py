"""Who takes part in a conference, and who no longer does."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.access.assignments import TEAM_NOW
from app.access.context import Context
from app.audit import journal
from app.cases.subject import Subject, open_case
from app.conferences.actions.planning import locked_conference, require_planned
from app.conferences.basis import Grounds, require_categories, require_grounds
from app.conferences.events import ColleagueInvited, ColleagueUninvited
from app.conferences.models import Conference, ConferenceParticipant
from app.conferences.rules import Removal, is_anonymised
from app.conferences.schemas import ParticipantInvite
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.ids import new_id
from app.referrals.actions.parties import institution_of

_ON_TEAM = f"SELECT EXISTS (SELECT FROM ({TEAM_NOW}) n WHERE n.user_id = $2)"
_AT_UNIT = "SELECT works_at($2, (SELECT unit_id FROM cases WHERE id = $1))"


async def invite(ctx: Context, case_id: UUID, conference_id: UUID, body: ParticipantInvite) -> UUID:
    """Invite a colleague or somebody of an institution, and return the conference.

    To one that has begun nobody is invited: it is written down that they take part, and nobody is told.

    Raises 409 `consent_missing` naming what the client has not agreed to, and `invited_already`; 422 for
    somebody who may not know of the person.
    """
    subject = await open_case(ctx, case_id)
    if (body.user_id is None) == (body.institution_id is None):
        raise Invalid.at("body.institution_id", "one_of_two", "Name a colleague or an institution.")
    form, on = await _plan(ctx, case_id, conference_id)
    row = ConferenceParticipant(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        conference_id=conference_id,
        case_id=case_id,
        invited_by=ctx.actor.user_id,
        invited_at=ctx.now,
        **body.model_dump(),
    )
    if body.institution_id is not None:
        row.consent_id = await _require_outside(ctx, subject, body, form=form, on=on)
    else:
        await _require_inside(ctx, case_id, body, form=form)
    conference = await locked_conference(ctx, case_id, conference_id)
    require_planned(conference)
    await _require_new(ctx, row)
    ctx.db.add(row)
    await journal.record(
        ctx.db, "conference.invite", "conference", conference_id, clients=[subject.pseudonym]
    )
    is_to_come = conference.starts_at > ctx.now  # nobody is invited to what has begun
    if is_to_come and body.user_id is not None and body.user_id != ctx.actor.user_id:
        await ctx.publish(ColleagueInvited(conference_id, body.user_id))
    return conference_id


async def uninvite(ctx: Context, case_id: UUID, conference_id: UUID, participant_id: UUID) -> None:
    """Take somebody off a planned conference; 404 for somebody who is off it already."""
    subject = await open_case(ctx, case_id)
    require_planned(await locked_conference(ctx, case_id, conference_id))
    row = await locked(ctx.db, ConferenceParticipant, participant_id)
    if row.conference_id != conference_id or row.removed_at is not None:
        raise NotFound
    row.removed_at, row.removed_because = ctx.now, Removal.UNINVITED
    await journal.record(
        ctx.db, "conference.uninvite", "conference", conference_id, clients=[subject.pseudonym]
    )
    if row.user_id not in (None, ctx.actor.user_id):
        await ctx.publish(ColleagueUninvited(conference_id, row.user_id))


async def _plan(ctx: Context, case_id: UUID, conference_id: UUID) -> tuple[str, date]:
    """Return form and day of a conference, not locked: the consent is locked before it."""
    wanted = select(Conference.form, Conference.starts_at).where(
        Conference.id == conference_id, Conference.case_id == case_id
    )
    found = (await ctx.db.execute(wanted)).one_or_none()
    if found is None:
        raise NotFound
    return found.form, local_date(found.starts_at)


async def _require_outside(
    ctx: Context, subject: Subject, body: ParticipantInvite, *, form: str, on: date
) -> UUID | None:
    assert body.institution_id is not None
    if body.name is None:
        raise Invalid.at("body.name", "missing", "Say who comes from there.")
    institution = await institution_of(ctx, body.institution_id)
    if is_anonymised(form):
        if body.legal_basis is not None or body.data_categories:
            raise Invalid.at(
                "body.legal_basis", "anonymised", "Nobody learns who it is about: there is no basis to name."
            )
        return None
    if body.legal_basis is None:
        raise Invalid.at("body.legal_basis", "missing", "Name the basis on which they take part.")
    require_categories(institution, body.data_categories)
    grounds = Grounds(body.institution_id, body.legal_basis, body.data_categories, body.necessity)
    return await require_grounds(ctx, subject, grounds, on)


async def _require_inside(ctx: Context, case_id: UUID, body: ParticipantInvite, *, form: str) -> None:
    outside = ("name", "function", "legal_basis", "necessity", "data_categories")
    named = next((name for name in outside if getattr(body, name)), None)
    if named is not None:
        raise Invalid.at(f"body.{named}", "institution_only", "This belongs to somebody of an institution.")
    driver = await ctx.db.driver()
    may_know = await driver.fetchval(_AT_UNIT if is_anonymised(form) else _ON_TEAM, case_id, body.user_id)
    if not may_know:
        raise Invalid.at(
            "body.user_id",
            "not_on_team",
            "Colleagues of the case's team take part; of the unit, where nobody learns who it is about.",
        )


async def _require_new(ctx: Context, row: ConferenceParticipant) -> None:
    same = select(ConferenceParticipant.id).where(
        ConferenceParticipant.conference_id == row.conference_id,
        ConferenceParticipant.removed_at.is_(None),
        ConferenceParticipant.user_id.is_not_distinct_from(row.user_id),
        ConferenceParticipant.institution_id.is_not_distinct_from(row.institution_id),
        ConferenceParticipant.name.is_not_distinct_from(row.name),
    )
    if await ctx.db.scalar(same) is not None:
        raise Conflict("They take part already.", code="invited_already")
