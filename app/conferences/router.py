"""Conferences over HTTP."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.conferences import queries
from app.conferences.actions import agreeing, inviting, planning
from app.conferences.schemas import (
    ConferenceAgree,
    ConferenceChange,
    ConferencePlan,
    ConferenceRead,
    ConferenceStepTake,
    OwnConferenceRead,
    ParticipantInvite,
    RecordHandOut,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch, IfMatchOptional

router = Router(prefix="/v1/cases/{case_id}/conferences", tags=["conferences"])
own = Router(prefix="/v1/me/conferences", tags=["conferences"])
Reader = Annotated[Context, allow(Permission.CASE_READ)]
Worker = Annotated[Context, allow(Permission.CASE_WORK)]


@router.get("", response_model=Page[ConferenceRead])
async def list_conferences(ctx: Reader, page: Paging, case_id: UUID) -> JsonBytes:
    """List the conferences about a case, the latest first."""
    return await queries.list_conferences(ctx, case_id, page)


@router.post("", status_code=201, response_model=ConferenceRead)
async def plan_conference(ctx: Worker, once: Idempotent, case_id: UUID, body: ConferencePlan) -> JsonBytes:
    """Plan a conference, or an anonymised discussion."""
    made = await once.run(ctx.db, planning.plan_conference(ctx, case_id, body))
    return await queries.read_conference(ctx, case_id, made, status=201)


@router.get("/{conference_id}", response_model=ConferenceRead)
async def read_conference(ctx: Reader, case_id: UUID, conference_id: UUID) -> JsonBytes:
    """Read a conference with its participants, its record and what was agreed."""
    return await queries.read_conference(ctx, case_id, conference_id)


@router.patch("/{conference_id}", response_model=ConferenceRead)
async def change_conference(
    ctx: Worker, expected: IfMatch, case_id: UUID, conference_id: UUID, body: ConferenceChange
) -> JsonBytes:
    """Change what is planned, or write the record of what was held."""
    await planning.change_conference(ctx, case_id, conference_id, body, expected)
    return await queries.read_conference(ctx, case_id, conference_id)


@router.post("/{conference_id}/step", response_model=ConferenceRead)
async def take_conference_step(
    ctx: Worker,
    once: Idempotent,
    expected: IfMatchOptional,
    case_id: UUID,
    conference_id: UUID,
    body: ConferenceStepTake,
) -> JsonBytes:
    """Write down that it was held and who was there, or cancel it."""
    await once.run(ctx.db, planning.take_conference_step(ctx, case_id, conference_id, body, expected))
    return await queries.read_conference(ctx, case_id, conference_id)


@router.post("/{conference_id}/participants", response_model=ConferenceRead)
async def invite_participant(
    ctx: Worker, once: Idempotent, case_id: UUID, conference_id: UUID, body: ParticipantInvite
) -> JsonBytes:
    """Invite a colleague, or somebody of an institution on a basis that holds."""
    await once.run(ctx.db, inviting.invite(ctx, case_id, conference_id, body))
    return await queries.read_conference(ctx, case_id, conference_id)


@router.delete("/{conference_id}/participants/{participant_id}", status_code=204)
async def uninvite_participant(ctx: Worker, case_id: UUID, conference_id: UUID, participant_id: UUID) -> None:
    """Take somebody off a planned conference."""
    await inviting.uninvite(ctx, case_id, conference_id, participant_id)


@router.post("/{conference_id}/agreements", response_model=ConferenceRead)
async def agree_in_conference(
    ctx: Worker, once: Idempotent, case_id: UUID, conference_id: UUID, body: ConferenceAgree
) -> JsonBytes:
    """Write down what was agreed: a measure of the plan, or a task."""
    await once.run(ctx.db, agreeing.agree(ctx, case_id, conference_id, body))
    return await queries.read_conference(ctx, case_id, conference_id)


@router.post("/{conference_id}/hand-out", response_model=ConferenceRead)
async def hand_out_record(
    ctx: Worker, once: Idempotent, case_id: UUID, conference_id: UUID, body: RecordHandOut
) -> JsonBytes:
    """Write down that somebody of an institution gets the record; refused without a basis that holds now."""
    await once.run(ctx.db, agreeing.hand_out_record(ctx, case_id, conference_id, body))
    return await queries.read_conference(ctx, case_id, conference_id)


@own.get("", response_model=Page[OwnConferenceRead])
async def list_own_conferences(ctx: Worker, page: Paging) -> JsonBytes:
    """List the conferences in which one takes part, of the last thirty days and to come, the latest first."""
    return await queries.list_own_conferences(ctx, page)
