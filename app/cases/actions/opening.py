"""Opening a case, and changing what was written down about it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.assignments import assign_case
from app.access.context import Context
from app.access.relations import require_relation
from app.access.roles import Role
from app.audit import journal
from app.cases.models import Case, CaseContent, CasePhase
from app.cases.rules import CLOSED, COUNSELLING, IN_ORDER
from app.cases.schemas.cases import CaseChange, CaseOpen
from app.cases.subject import open_case
from app.catalogues.check import require_code
from app.clients.models import Client
from app.clients.restrictions.gate import require_processing
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.deadlines import require_not_past
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.ids import new_id
from app.kit.versions import Expected

_CLIENT = select(Client.unit_id, Client.pseudonym, Client.merged_into).where(Client.id == bindparam("id"))
_RUNS = "SELECT counselling_runs($1, $2)"
_RUNNING = """SELECT id::text FROM cases
WHERE client_id = $1 AND unit_id = $2 AND kind = $3 AND phase <> $4 ORDER BY id LIMIT 1"""
_NUMBER = "SELECT draw_case_number($1)"


@dataclass(slots=True)
class CaseVersion:
    """The version that a reader of a case has seen: that of the shell and of the content together."""

    version: int


async def open_new(ctx: Context, body: CaseOpen) -> UUID:
    """Open a case of a client whom the actor sees, and make the actor its lead.

    Raises 404 for an unknown client, alike for one merged into another, 422 for a unit that is not theirs
    or not the client's (`other_unit`), and 409 for one whose data are only kept or whom the unit counsels
    already.
    """
    require_code("access_route", body.access_route, "body.access_route")
    await require_relation(ctx, client_id=body.client_id)
    await require_processing(ctx, body.client_id)
    client = (await ctx.db.execute(_CLIENT, {"id": body.client_id})).one()
    if client.merged_into is not None:
        raise NotFound
    area, case_id, today = ctx.actor.municipal_area_id, new_id(), local_date(ctx.now)
    unit_id = _unit(ctx, body.unit_id, client.unit_id)
    if body.kind == COUNSELLING:
        await _require_one_counselling(ctx, body.client_id, unit_id)
    driver = await ctx.db.driver()
    case = Case(
        municipal_area_id=area,
        id=case_id,
        number=await driver.fetchval(_NUMBER, today.year),
        client_id=body.client_id,
        unit_id=unit_id,
        lead_user_id=ctx.actor.user_id,
        kind=body.kind,
        phase=IN_ORDER[0],
        opened_on=today,
    )
    ctx.db.add(case)
    await ctx.db.flush()
    await assign_case(ctx, case_id, ctx.actor.user_id, "lead")
    content = body.model_dump(include={"access_route", "concern", "summary"})
    ctx.db.add(CaseContent(municipal_area_id=area, id=case_id, **content))
    ctx.db.add(
        CasePhase(
            municipal_area_id=area,
            case_id=case_id,
            at=ctx.now,
            source=None,
            target=IN_ORDER[0],
            user_id=ctx.actor.user_id,
        )
    )
    await journal.record(ctx.db, "case.open", "case", case_id, clients=[client.pseudonym])
    return case_id


async def _require_one_counselling(ctx: Context, client_id: UUID, unit_id: UUID) -> None:
    """Raise 409 while the unit counsels this client; whoever opened meanwhile is waited for."""
    driver = await ctx.db.driver()
    if not await driver.fetchval(_RUNS, client_id, unit_id):
        return
    seen = await driver.fetchval(_RUNNING, client_id, unit_id, COUNSELLING, CLOSED)
    raise Conflict(
        "The unit counsels this client already.",
        code="counselling_runs",
        **({"case_id": seen} if seen is not None else {}),
    )


def _unit(ctx: Context, wanted: UUID | None, of_client: UUID) -> UUID:
    unit_id = wanted or of_client
    if unit_id not in ctx.actor.places(Role.CASE_MANAGER):
        raise Invalid.at("body.unit_id", "not_yours", "A case is opened at a unit where you work.")
    require_unit_of_client(of_client, unit_id)
    return unit_id


def require_unit_of_client(of_client: UUID, unit_id: UUID) -> None:
    """Raise 422 where a client of one unit would come into a case of another, which is another controller."""
    if of_client != unit_id:
        raise Invalid.at(
            "body.client_id",
            "other_unit",
            "The person is a client of another unit: a transfer with their consent takes them to this one.",
        )


async def change_case(ctx: Context, case_id: UUID, body: CaseChange, expected: Expected) -> None:
    """Change what was written down about an open case."""
    subject = await open_case(ctx, case_id, to_change=True)
    _, content = await locked_case(ctx, case_id, expected)
    changes = body.model_dump(exclude_unset=True)
    require_code("access_route", changes.get("access_route"), "body.access_route")
    require_code("language", body.client_feedback_language, "body.client_feedback_language")
    require_not_past(
        body.next_review_on,
        local_date(ctx.now),
        "body.next_review_on",
        before=content.next_review_on,
        what="The day of the next review",
    )
    changed = apply(content, changes, required=("access_route",))
    await journal.record(ctx.db, "case.change", "case", case_id, clients=[subject.pseudonym], changed=changed)


async def locked_case(ctx: Context, case_id: UUID, expected: Expected) -> tuple[Case, CaseContent]:
    """Return shell and content of a case for a change; 412 when one of them has moved on."""
    case, content = await locked(ctx.db, Case, case_id), await locked(ctx.db, CaseContent, case_id)
    expected.check(CaseVersion(case.version + content.version))
    return case, content
