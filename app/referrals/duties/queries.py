"""Reading duties; each read writes its journal entry, that of a package too."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, bindparam, case, literal_column, or_, select
from sqlalchemy.types import Boolean, Uuid

from app.access.context import Context
from app.audit import journal, reading
from app.cases.queries.shapes import json_object, person
from app.directory.models import Institution
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.referrals.duties.models import Duty
from app.referrals.duties.rules import NORMS

_CASE = bindparam("case_id", type_=Uuid)
_IS_OPEN = bindparam("is_open", type_=Boolean)


def _rows(column: str, name: str, value: str) -> ColumnElement[Any]:
    """Return a JSON object of the table as a list of objects, in the order of its keys."""
    return literal_column(
        f"(SELECT coalesce(json_agg(json_build_object({name}, e.key, {value}) ORDER BY e.key), '[]'::json)"
        f" FROM jsonb_each(duties.{column}) e)"
    )


_SUMMARY = (
    Duty.id,
    Duty.referral_id,
    Duty.case_id,
    Duty.unit_id,
    json_object(
        id=Institution.id, name=Institution.name, institution_type=Institution.institution_type
    ).label("institution"),
    Duty.state,
    Duty.norm,
    Duty.legal_basis,
    person(Duty.municipal_area_id, Duty.prepared_by).label("prepared_by"),
    Duty.requested_at,
    Duty.valid_until,
    person(Duty.municipal_area_id, Duty.decided_by).label("decided_by"),
    Duty.decided_at,
    Duty.ended_at,
)
_TO = (Institution.municipal_area_id == Duty.municipal_area_id) & (Institution.id == Duty.institution_id)

ONE_DUTY = reading.one(
    "duty.read",
    "duty",
    select(
        *_SUMMARY,
        case({code: norm.paragraph for code, norm in NORMS.items()}, value=Duty.norm).label("paragraph"),
        Duty.law_as_of,
        Duty.asked_by,
        Duty.asked_on,
        Duty.occasion,
        _rows("necessity", "'data_category'", "'why', e.value").label("necessity"),
        _rows("answers", "'question'", "'answer', e.value -> 'answer', 'note', e.value -> 'note'").label(
            "answers"
        ),
        Duty.data_categories,
        Duty.sha256,
        Duty.reason,
        Duty.version,
        Duty.client_pseudonym.label("_client"),
    )
    .join(Institution, _TO)
    .where(Duty.id == bindparam("id")),
)
DUTIES = reading.many(
    "duty.list",
    "duty",
    select(*_SUMMARY, Duty.client_pseudonym.label("_client"))
    .join(Institution, _TO)
    .where(
        or_(_CASE.is_(None), Duty.case_id == _CASE),
        or_(_IS_OPEN.is_(None), Duty.ended_at.is_(None) == _IS_OPEN),
    ),
    order=("id",),
    descending=True,
)

_PACKAGE = """SELECT d.id, d.sha256, p.content, d.client_pseudonym FROM duties d
JOIN duty_packages p ON p.municipal_area_id = d.municipal_area_id AND p.id = d.id WHERE d.id = $1"""


async def list_duties(
    ctx: Context, page: PageRequest, *, case_id: UUID | None, is_open: bool | None
) -> JsonBytes:
    """Return the duties of one's cases and, for a team lead, of their unit, the newest first."""
    return await DUTIES.answer(ctx.db, page, case_id=case_id, is_open=is_open)


async def read_duty(ctx: Context, duty_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_DUTY.answer(ctx.db, status=status, id=duty_id)


async def read_duty_package(ctx: Context, duty_id: UUID) -> JsonBytes:
    """Return what would leave, byte by byte as it is approved; 404 once a second person needs it no more."""
    row = await (await ctx.db.driver()).fetchrow(_PACKAGE, duty_id)
    if row is None:
        raise NotFound
    await journal.record(ctx.db, "duty.read_package", "duty", duty_id, clients=[row["client_pseudonym"]])
    shown = {"id": row["id"], "sha256": row["sha256"], "content": orjson.Fragment(row["content"])}
    return JsonBytes(orjson.dumps(shown, default=str))
