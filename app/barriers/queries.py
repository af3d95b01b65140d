"""Reading reports and proposals (each read writes its journal entry) and observations (about nobody)."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, and_, bindparam, case, func, literal_column, null, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import reading
from app.barriers.models import BarrierPerson, BarrierProposal, BarrierReport, Observation
from app.cases.models import Case
from app.clients.models import Client
from app.kit.pages import PageRequest
from app.kit.reading import AnySelect, JsonBytes, Many, One

_PERSONS = (
    select(func.coalesce(func.json_agg(Client.id), literal_column("'[]'::json")))
    .join_from(
        BarrierPerson,
        Client,
        and_(
            Client.municipal_area_id == BarrierPerson.municipal_area_id, Client.id == BarrierPerson.client_id
        ),
    )
    .where(
        BarrierPerson.municipal_area_id == BarrierReport.municipal_area_id,
        BarrierPerson.report_id == BarrierReport.id,
    )
    .correlate(BarrierReport)
    .scalar_subquery()
)
_PSEUDONYMS = (
    select(func.array_agg(Client.pseudonym, type_=ARRAY(Uuid)))
    .join(
        BarrierPerson,
        and_(
            BarrierPerson.municipal_area_id == Client.municipal_area_id, BarrierPerson.client_id == Client.id
        ),
    )
    .where(
        BarrierPerson.municipal_area_id == BarrierReport.municipal_area_id,
        BarrierPerson.report_id == BarrierReport.id,
    )
    .correlate(BarrierReport)
    .scalar_subquery()
)


def interface_of(row: Any) -> Any:
    """Return the interface of a report or proposal as an object, or null."""
    return case(
        (row.interface_from.is_(None), null()),
        else_=func.json_build_object(
            literal_column("'from_legal_domain'"),
            row.interface_from,
            literal_column("'to_legal_domain'"),
            row.interface_to,
        ),
    ).label("interface")


_REPORT = select(
    BarrierReport.id,
    BarrierReport.case_id,
    BarrierReport.barrier_type,
    BarrierReport.institution_id,
    interface_of(BarrierReport),
    BarrierReport.effect,
    BarrierReport.since,
    _PERSONS.label("persons"),
    BarrierReport.level,
    BarrierReport.duration_days,
    BarrierReport.workaround,
    BarrierReport.suggestion,
    BarrierReport.note,
    BarrierReport.reported_by,
    BarrierReport.reported_on,
    BarrierReport.resolved_on,
    BarrierReport.version,
    _PSEUDONYMS.label("_clients"),
)


def _journal(object_id: str, seen: str) -> str:
    """Return the journal's part of the statement: one entry with everybody whom the reports concern."""
    return (
        ", journal AS (INSERT INTO audit_journal (action, object_type, object_id, client_pseudonyms)"
        f" SELECT 'barrier.read', 'barrier', {object_id}, coalesce((SELECT array_agg(DISTINCT c)"
        f" FROM shown, unnest(_clients) AS c), '{{}}'){seen})"
    )


def _one(statement: AnySelect) -> One:
    return One(statement, _journal("(SELECT id FROM shown)", " WHERE EXISTS (SELECT FROM shown)"))


ONE_REPORT = _one(_REPORT.where(BarrierReport.id == bindparam("id")))
REPORTS = Many(
    _REPORT.where(BarrierReport.case_id == bindparam("case_id")),
    order=("id",),
    descending=True,
    beside=_journal("NULL", ""),
)

_PROPOSAL: Select[*tuple[object, ...]] = (
    select(
        BarrierProposal.id,
        BarrierProposal.case_id,
        BarrierProposal.referral_id,
        BarrierProposal.school_entry_id,
        BarrierProposal.institution_id,
        interface_of(BarrierProposal),
        BarrierProposal.barrier_type,
        BarrierProposal.outcome,
        BarrierProposal.effect,
        BarrierProposal.since,
        BarrierProposal.state,
        BarrierProposal.report_id,
        BarrierProposal.version,
        Client.pseudonym.label("_client"),
    )
    .join(
        Case,
        and_(Case.municipal_area_id == BarrierProposal.municipal_area_id, Case.id == BarrierProposal.case_id),
    )
    .join(Client, and_(Client.municipal_area_id == Case.municipal_area_id, Client.id == Case.client_id))
)
ONE_PROPOSAL = reading.one(
    "barrier_proposal.read", "barrier_proposal", _PROPOSAL.where(BarrierProposal.id == bindparam("id"))
)
PROPOSALS = reading.many(
    "barrier_proposal.read",
    "barrier_proposal",
    _PROPOSAL.where(BarrierProposal.case_id == bindparam("case_id")),
    order=("id",),
    descending=True,
)

_OBSERVATION = select(
    Observation.id,
    Observation.institution_type,
    Observation.barrier_type,
    Observation.quarter,
    Observation.text,
)
ONE_OBSERVATION = One(_OBSERVATION.where(Observation.id == bindparam("id")))
# By what it is about, and then at random: neither the order nor the cursor tells when it was written.
OBSERVATIONS = Many(_OBSERVATION, order=("quarter", "institution_type", "barrier_type", "id"))


async def read_barrier(ctx: Context, report_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_REPORT.answer(ctx.db, status=status, id=report_id)


async def list_barriers(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the reports of a case, newest first; 404 for a case that is not the actor's."""
    await require_relation(ctx, case_id=case_id)
    return await REPORTS.answer(ctx.db, page, case_id=case_id)


async def read_proposal(ctx: Context, proposal_id: UUID) -> JsonBytes:
    return await ONE_PROPOSAL.answer(ctx.db, id=proposal_id)


async def list_proposals(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the proposals of a case, newest first; 404 for a case that is not the actor's."""
    await require_relation(ctx, case_id=case_id)
    return await PROPOSALS.answer(ctx.db, page, case_id=case_id)


async def read_observation(ctx: Context, observation_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_OBSERVATION.answer(ctx.db, status=status, id=observation_id)


async def list_observations(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return what was observed about the system, up to the end of last week."""
    return await OBSERVATIONS.answer(ctx.db, page)
