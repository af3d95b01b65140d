"""Reading conferences with their participants and what was agreed."""

from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, ScalarSelect, Text, Uuid, bindparam, column, func, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import reading
from app.cases.queries.plan import PSEUDONYM
from app.cases.queries.shapes import json_list, json_object, person
from app.conferences.models import Conference, ConferenceAgreement, ConferenceParticipant
from app.directory.models import Institution
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes


def _institution(area: Any, institution: Any) -> ScalarSelect[Any]:
    named = json_object(id=Institution.id, name=Institution.name)
    wanted = select(named).where(Institution.municipal_area_id == area, Institution.id == institution)
    return wanted.scalar_subquery()


_PARTICIPANT = json_object(
    id=ConferenceParticipant.id,
    user=person(ConferenceParticipant.municipal_area_id, ConferenceParticipant.user_id),
    institution=_institution(ConferenceParticipant.municipal_area_id, ConferenceParticipant.institution_id),
    name=ConferenceParticipant.name,
    function=ConferenceParticipant.function,
    legal_basis=ConferenceParticipant.legal_basis,
    consent_id=ConferenceParticipant.consent_id,
    necessity=ConferenceParticipant.necessity,
    data_categories=ConferenceParticipant.data_categories,
    attended=ConferenceParticipant.attended,
    removed_at=ConferenceParticipant.removed_at,
    removed_because=ConferenceParticipant.removed_because,
    handed_out_at=ConferenceParticipant.handed_out_at,
)
_AGREEMENT = json_object(
    id=ConferenceAgreement.id,
    measure_id=ConferenceAgreement.measure_id,
    task_id=ConferenceAgreement.task_id,
    institution=_institution(ConferenceAgreement.municipal_area_id, ConferenceAgreement.institution_id),
)


def _of_conference(item: Any, model: type[ConferenceParticipant] | type[ConferenceAgreement]) -> Any:
    return (
        select(json_list(item, by=model.id))
        .where(model.municipal_area_id == Conference.municipal_area_id, model.conference_id == Conference.id)
        .correlate(Conference)
        .scalar_subquery()
    )


_CONFERENCE = select(
    Conference.id,
    Conference.form,
    Conference.occasion,
    Conference.mode,
    Conference.starts_at,
    Conference.minutes,
    Conference.place_id,
    Conference.client_takes_part,
    Conference.state,
    Conference.record,
    Conference.cancel_reason,
    Conference.ended_at,
    _of_conference(_PARTICIPANT, ConferenceParticipant).label("participants"),
    _of_conference(_AGREEMENT, ConferenceAgreement).label("agreements"),
    Conference.version,
    PSEUDONYM,
).where(Conference.case_id == bindparam("case_id"))
ONE = reading.one("conference.read", "conference", _CONFERENCE.where(Conference.id == bindparam("id")))
ALL = reading.many("conference.list", "conference", _CONFERENCE, order=("starts_at", "id"), descending=True)

_OWN = (
    func.own_conferences()
    .table_valued(
        column("id", Uuid),
        column("case_id", Uuid),
        column("form", Text),
        column("mode", Text),
        column("starts_at", DateTime(timezone=True)),
        column("minutes", Integer),
        column("place_id", Uuid),
        column("state", Text),
        column("planned_by", Uuid),
    )
    .alias("own")
)
OWN = reading.many(
    "conference.list",
    "conference",
    select(
        _OWN.c.id,
        _OWN.c.case_id,
        _OWN.c.form,
        _OWN.c.mode,
        _OWN.c.starts_at,
        _OWN.c.minutes,
        _institution(func.ctx_area(), _OWN.c.place_id).label("place"),
        _OWN.c.state,
        person(func.ctx_area(), _OWN.c.planned_by).label("planned_by"),
        func.case_pseudonym(_OWN.c.case_id).label("_client"),
    ),
    order=("starts_at", "id"),
    descending=True,
)


async def list_own_conferences(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return the conferences in which the actor takes part, the latest first."""
    return await OWN.answer(ctx.db, page)


async def read_conference(
    ctx: Context, case_id: UUID, conference_id: UUID, *, status: int = 200
) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, case_id=case_id, id=conference_id)


async def list_conferences(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the conferences about a case, the latest first."""
    await require_relation(ctx, case_id=case_id)
    return await ALL.answer(ctx.db, page, case_id=case_id)
