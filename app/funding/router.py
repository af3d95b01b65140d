"""Cooperation contracts and the funding report over HTTP."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Path, Query, Request, Response

from app.access.context import Context
from app.access.guard import allow, allow_first, entered
from app.access.permissions import Permission
from app.funding import actions, queries
from app.funding.composing import funding_report
from app.funding.papers import funding_paper
from app.funding.schemas import ContractChange, ContractCreate, ContractRead, FundingReportRead
from app.kit.clock import local_date
from app.kit.idempotency import Idempotent
from app.kit.negotiation import Accept, wanted
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch
from app.reporting.forms_router import JSON, PDF, XLSX, Draws
from app.reporting.pictures.kinds import Form

router = Router(prefix="/v1", tags=["funding"])
Reader = Annotated[Context, allow(Permission.FUNDING_READ)]
Keeper = Annotated[Context, allow(Permission.FUNDING_KEEP)]
YearNumber = Annotated[int, Path(ge=2017, le=2100)]

_FORMS = {PDF: (Form.PAPER, "pdf"), XLSX: (Form.SHEETS, "xlsx")}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {PDF: _BINARY, XLSX: _BINARY}, "description": "The figures, or the paper or workbook"}
}


@router.get("/cooperation-contracts", response_model=Page[ContractRead])
async def list_contracts(
    ctx: Reader,
    page: Paging,
    year: Annotated[int | None, Query(ge=2017, le=2100, description="of one year only")] = None,
) -> JsonBytes:
    """List cooperation contracts with what they forward, those of the latest year first."""
    return await queries.list_contracts(ctx, page, year)


@router.post("/cooperation-contracts", status_code=201, response_model=ContractRead)
async def enter_contract(ctx: Keeper, once: Idempotent, body: ContractCreate) -> JsonBytes:
    """Enter what a cooperation contract gives a unit in one year, in whole cents."""
    contract_id = await once.run(ctx.db, actions.enter_contract(ctx, body))
    return await queries.read_contract(ctx, contract_id, status=201)


@router.get("/cooperation-contracts/{contract_id}", response_model=ContractRead)
async def read_contract(ctx: Reader, contract_id: UUID) -> JsonBytes:
    """Read one contract."""
    return await queries.read_contract(ctx, contract_id)


@router.patch("/cooperation-contracts/{contract_id}", response_model=ContractRead)
async def change_contract(
    ctx: Keeper, expected: IfMatch, contract_id: UUID, body: ContractChange
) -> JsonBytes:
    """Change a contract."""
    await actions.change_contract(ctx, contract_id, body, expected)
    return await queries.read_contract(ctx, contract_id)


@router.get(
    "/funding-reports/{year}",
    response_model=FundingReportRead,
    responses=_ANSWERS,
    dependencies=[allow_first(Permission.FUNDING_READ)],
)
async def read_funding_report(
    request: Request,
    draws: Draws,
    year: YearNumber,
    accept: Accept = JSON,
) -> Response:
    """Read the figures for Sachbericht and Verwendungsnachweis: JSON, a German PDF or a workbook."""
    media_type = wanted(accept, (JSON, *_FORMS))
    async with entered(request, Permission.FUNDING_READ) as ctx:
        today = local_date(ctx.now)
        found = funding_report(await queries.read_rows(ctx, year), year, ctx.now, today)
    headers = {"Vary": "Accept", "Content-Language": "de"}
    if media_type == JSON:
        return Response(orjson.dumps(found), media_type=JSON, headers=headers)
    form, ending = _FORMS[media_type]
    headers["Content-Disposition"] = f'attachment; filename="kim-foerderung-{year}.{ending}"'
    body = await draws.make(form, {**funding_paper(found, today)})
    return Response(body, media_type=media_type, headers=headers)
