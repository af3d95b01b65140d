"""Histories of a person over HTTP: one path a history, the same five steps in each."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.clients.histories import kinds, periods, queries, schemas
from app.clients.histories.kinds import HISTORY, HistoryName
from app.clients.histories.schemas import (
    AddressRead,
    History,
    LanguageLevelRead,
    LegalDomainRead,
    ResidenceDocumentRead,
    SchoolingRead,
)
from app.kit.idempotency import Idempotent
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Moment

router = Router(prefix="/v1/clients/{client_id}", tags=["client histories"])

Reading = Annotated[Context, allow(Permission.CLIENT_READ)]
Changing = Annotated[Context, allow(Permission.CLIENT_CHANGE)]
Superseded = Annotated[bool, Query(description="also what was believed before")]
AsOf = Annotated[
    Moment | None,
    Query(description="what was believed at that moment, whatever has been corrected since"),
]
AnyPeriod = ResidenceDocumentRead | LegalDomainRead | AddressRead | LanguageLevelRead | SchoolingRead


@router.get("/residence-documents", response_model=History[ResidenceDocumentRead])
async def list_residence_documents(
    ctx: Reading, client_id: UUID, superseded: Superseded = False, as_of: AsOf = None
) -> JsonBytes:
    """Read a person's residence documents."""
    return await queries.read_history(
        ctx, HistoryName.RESIDENCE_DOCUMENTS, client_id, superseded=superseded, as_of=as_of
    )


@router.post("/residence-documents", status_code=201, response_model=ResidenceDocumentRead)
async def add_residence_document(
    ctx: Changing, once: Idempotent, client_id: UUID, body: schemas.ResidenceDocumentCreate
) -> JsonBytes:
    """Add a residence document; 409 `overlap` when its strand is taken."""
    made = await once.run(ctx.db, periods.add_period(ctx, kinds.RESIDENCE_DOCUMENTS, client_id, body))
    return await queries.read_period(ctx, HistoryName.RESIDENCE_DOCUMENTS, made, status=201)


@router.post("/residence-documents/{period_id}/correct", response_model=ResidenceDocumentRead)
async def correct_residence_document(
    ctx: Changing, once: Idempotent, client_id: UUID, period_id: UUID, body: schemas.ResidenceDocumentCorrect
) -> JsonBytes:
    """Say what is believed instead of a residence document."""
    act = periods.correct_period(ctx, kinds.RESIDENCE_DOCUMENTS, client_id, period_id, body)
    return await queries.read_period(ctx, HistoryName.RESIDENCE_DOCUMENTS, await once.run(ctx.db, act))


@router.get("/legal-domains", response_model=History[LegalDomainRead])
async def list_legal_domains(
    ctx: Reading, client_id: UUID, superseded: Superseded = False, as_of: AsOf = None
) -> JsonBytes:
    """Read a person's benefits and legal domains."""
    return await queries.read_history(
        ctx, HistoryName.LEGAL_DOMAINS, client_id, superseded=superseded, as_of=as_of
    )


@router.post("/legal-domains", status_code=201, response_model=LegalDomainRead)
async def add_legal_domain(
    ctx: Changing, once: Idempotent, client_id: UUID, body: schemas.LegalDomainCreate
) -> JsonBytes:
    """Add a legal domain; 409 `overlap` when its strand is taken."""
    made = await once.run(ctx.db, periods.add_period(ctx, kinds.LEGAL_DOMAINS, client_id, body))
    return await queries.read_period(ctx, HistoryName.LEGAL_DOMAINS, made, status=201)


@router.post("/legal-domains/{period_id}/correct", response_model=LegalDomainRead)
async def correct_legal_domain(
    ctx: Changing, once: Idempotent, client_id: UUID, period_id: UUID, body: schemas.LegalDomainCorrect
) -> JsonBytes:
    """Say what is believed instead of a legal domain."""
    act = periods.correct_period(ctx, kinds.LEGAL_DOMAINS, client_id, period_id, body)
    return await queries.read_period(ctx, HistoryName.LEGAL_DOMAINS, await once.run(ctx.db, act))


@router.get("/addresses", response_model=History[AddressRead])
async def list_addresses(
    ctx: Reading, client_id: UUID, superseded: Superseded = False, as_of: AsOf = None
) -> JsonBytes:
    """Read a person's addresses."""
    return await queries.read_history(
        ctx, HistoryName.ADDRESSES, client_id, superseded=superseded, as_of=as_of
    )


@router.post("/addresses", status_code=201, response_model=AddressRead)
async def add_address(
    ctx: Changing, once: Idempotent, client_id: UUID, body: schemas.AddressCreate
) -> JsonBytes:
    """Add an address; 409 `overlap` when its strand is taken."""
    made = await once.run(ctx.db, periods.add_period(ctx, kinds.ADDRESSES, client_id, body))
    return await queries.read_period(ctx, HistoryName.ADDRESSES, made, status=201)


@router.post("/addresses/{period_id}/correct", response_model=AddressRead)
async def correct_address(
    ctx: Changing, once: Idempotent, client_id: UUID, period_id: UUID, body: schemas.AddressCorrect
) -> JsonBytes:
    """Say what is believed instead of an address."""
    act = periods.correct_period(ctx, kinds.ADDRESSES, client_id, period_id, body)
    return await queries.read_period(ctx, HistoryName.ADDRESSES, await once.run(ctx.db, act))


@router.get("/languages", response_model=History[LanguageLevelRead])
async def list_languages(
    ctx: Reading, client_id: UUID, superseded: Superseded = False, as_of: AsOf = None
) -> JsonBytes:
    """Read a person's language levels."""
    return await queries.read_history(
        ctx, HistoryName.LANGUAGES, client_id, superseded=superseded, as_of=as_of
    )


@router.post("/languages", status_code=201, response_model=LanguageLevelRead)
async def add_language_level(
    ctx: Changing, once: Idempotent, client_id: UUID, body: schemas.LanguageLevelCreate
) -> JsonBytes:
    """Add a language level; 409 `overlap` when its strand is taken."""
    made = await once.run(ctx.db, periods.add_period(ctx, kinds.LANGUAGES, client_id, body))
    return await queries.read_period(ctx, HistoryName.LANGUAGES, made, status=201)


@router.post("/languages/{period_id}/correct", response_model=LanguageLevelRead)
async def correct_language_level(
    ctx: Changing, once: Idempotent, client_id: UUID, period_id: UUID, body: schemas.LanguageLevelCorrect
) -> JsonBytes:
    """Say what is believed instead of a language level."""
    act = periods.correct_period(ctx, kinds.LANGUAGES, client_id, period_id, body)
    return await queries.read_period(ctx, HistoryName.LANGUAGES, await once.run(ctx.db, act))


@router.get("/schooling", response_model=History[SchoolingRead])
async def list_schooling(
    ctx: Reading, client_id: UUID, superseded: Superseded = False, as_of: AsOf = None
) -> JsonBytes:
    """Read a person's way into school."""
    return await queries.read_history(
        ctx, HistoryName.SCHOOLING, client_id, superseded=superseded, as_of=as_of
    )


@router.post("/schooling", status_code=201, response_model=SchoolingRead)
async def add_schooling(
    ctx: Changing, once: Idempotent, client_id: UUID, body: schemas.SchoolingCreate
) -> JsonBytes:
    """Add a step of schooling; 409 `overlap` when its strand is taken."""
    made = await once.run(ctx.db, periods.add_period(ctx, kinds.SCHOOLING, client_id, body))
    return await queries.read_period(ctx, HistoryName.SCHOOLING, made, status=201)


@router.post("/schooling/{period_id}/correct", response_model=SchoolingRead)
async def correct_schooling(
    ctx: Changing, once: Idempotent, client_id: UUID, period_id: UUID, body: schemas.SchoolingCorrect
) -> JsonBytes:
    """Say what is believed instead of a step of schooling."""
    act = periods.correct_period(ctx, kinds.SCHOOLING, client_id, period_id, body)
    return await queries.read_period(ctx, HistoryName.SCHOOLING, await once.run(ctx.db, act))


@router.post("/{history}/{period_id}/end", response_model=AnyPeriod)
async def end_period(
    ctx: Changing,
    once: Idempotent,
    client_id: UUID,
    history: HistoryName,
    period_id: UUID,
    body: schemas.PeriodEnd,
) -> JsonBytes:
    """Say on which day a period ended."""
    act = periods.end_period(ctx, HISTORY[history], client_id, period_id, body)
    return await queries.read_period(ctx, history, await once.run(ctx.db, act))


@router.post("/{history}/{period_id}/withdraw", response_model=AnyPeriod)
async def withdraw_period(
    ctx: Changing, once: Idempotent, client_id: UUID, history: HistoryName, period_id: UUID
) -> JsonBytes:
    """Mark a period as entered in error."""
    act = periods.withdraw_period(ctx, HISTORY[history], client_id, period_id)
    return await queries.read_period(ctx, history, await once.run(ctx.db, act))
