"""Reading interpretings, and putting together what a provider is told."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, literal_column, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal, reading
from app.cases.models import Case
from app.cases.queries.plan import PSEUDONYM
from app.cases.queries.shapes import json_list, json_object, person
from app.catalogues.check import vocabulary
from app.clients.models import Client
from app.interpreting.models import Interpreting, InterpretingStep
from app.interpreting.schemas import InterpretingRequest
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_WARNINGS: ColumnElement[Any] = literal_column(
    """to_json(array_remove(ARRAY[
    CASE WHEN clients.no_interpreter_of_same_circle THEN 'not_of_same_circle' END,
    CASE WHEN NOT 'phone' = ANY (clients.contact_channels) THEN 'no_phone' END,
    CASE WHEN clients.must_not_learn IS NOT NULL THEN 'somebody_must_not_learn' END], NULL))"""
)
_STEP = json_object(
    at=InterpretingStep.at,
    step=InterpretingStep.step,
    to_state=InterpretingStep.target,
    user_id=InterpretingStep.user_id,
    reason=InterpretingStep.reason,
)
_STEPS = (
    select(json_list(_STEP, by=InterpretingStep.id))
    .where(
        InterpretingStep.municipal_area_id == Interpreting.municipal_area_id,
        InterpretingStep.interpreting_id == Interpreting.id,
    )
    .correlate(Interpreting)
    .scalar_subquery()
)
_INTERPRETING = (
    select(
        Interpreting.id,
        Interpreting.state,
        Interpreting.language,
        Interpreting.mode,
        Interpreting.starts_at,
        Interpreting.minutes,
        Interpreting.place_id,
        Interpreting.wished_sex,
        Interpreting.payer,
        Interpreting.note,
        Interpreting.provider_id,
        person(Interpreting.municipal_area_id, Interpreting.colleague_id).label("colleague"),
        Interpreting.circle_excluded,
        Interpreting.contact_id,
        _WARNINGS.label("warnings"),
        _STEPS.label("steps"),
        Interpreting.version,
        PSEUDONYM,
    )
    .join(Case, Case.id == Interpreting.case_id)
    .join(Client, Client.id == Case.client_id)
    .where(
        Interpreting.case_id == bindparam("case_id"),
        Case.municipal_area_id == Interpreting.municipal_area_id,
        Client.municipal_area_id == Interpreting.municipal_area_id,
    )
)
ONE = reading.one(
    "interpreting.read", "interpreting", _INTERPRETING.where(Interpreting.id == bindparam("id"))
)
ALL = reading.many(
    "interpreting.list", "interpreting", _INTERPRETING, order=("starts_at", "id"), descending=True
)

# Nothing of the client but what stands for them in the journal, nothing of the case or the note is read here.
_REQUEST = """SELECT i.language, i.mode, i.starts_at, i.minutes, i.wished_sex,
coalesce(p.name || coalesce(', ' || p.street, ''), u.name) AS place,
me.display_name AS caller, own.email AS caller_email, k.pseudonym AS _client
FROM interpretings i
JOIN cases c ON c.municipal_area_id = i.municipal_area_id AND c.id = i.case_id
JOIN clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
JOIN units u ON u.municipal_area_id = c.municipal_area_id AND u.id = c.unit_id
LEFT JOIN institutions p ON p.municipal_area_id = i.municipal_area_id AND p.id = i.place_id
JOIN users me ON me.municipal_area_id = i.municipal_area_id AND me.id = ctx_user()
CROSS JOIN own_account() own
WHERE i.case_id = $1 AND i.id = $2"""


async def read_interpreting(
    ctx: Context, case_id: UUID, interpreting_id: UUID, *, status: int = 200
) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, case_id=case_id, id=interpreting_id)


async def list_interpretings(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the interpretings of a case, the latest first."""
    await require_relation(ctx, case_id=case_id)
    return await ALL.answer(ctx.db, page, case_id=case_id)


async def read_request(ctx: Context, case_id: UUID, interpreting_id: UUID) -> InterpretingRequest:
    """Return what the provider is told: language, time, place, whom to call; 404 for what one cannot see."""
    driver = await ctx.db.driver()
    row = await driver.fetchrow(_REQUEST, case_id, interpreting_id)
    if row is None:
        raise NotFound
    told = dict(row)
    await journal.record(
        ctx.db, "interpreting.read_request", "interpreting", interpreting_id, clients=[told.pop("_client")]
    )
    label = vocabulary("language")[told["language"]].label_de
    return InterpretingRequest(**told, language_label=label)
