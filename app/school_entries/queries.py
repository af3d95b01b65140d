"""Reading school entries, one's own waiting children, and a unit's waiting in bands without anybody."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, bindparam, cast, literal_column, select

from app.access.context import Context
from app.access.relations import require_place, require_relation
from app.access.roles import Role
from app.audit import reading
from app.cases.models import Case
from app.cases.queries.plan import PSEUDONYM
from app.cases.queries.shapes import json_list, json_object, person
from app.clients.models import Client
from app.kit.clock import local_date
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.school_entries.models import SchoolEntry, SchoolEntryStep
from app.school_entries.rules import BANDS, NORM, OVER, STAGES

AT_LEAST = 3
"""So many children at least are counted in a band; fewer are not told."""

_TODAY = cast(bindparam("today"), Date).label("today")
_DAY = select(_TODAY).subquery("reading")
_MEMBER: ColumnElement[Any] = literal_column(
    """CASE WHEN school_entries.relation IS NOT NULL THEN json_build_object(
        'client_id', school_entries.member_client_id,
        'name', coalesce(school_entries.member_name, (SELECT m.given_name || ' ' || m.family_name
            FROM clients m WHERE m.municipal_area_id = school_entries.municipal_area_id
                AND m.id = school_entries.member_client_id)),
        'relation', school_entries.relation) END"""
)
_SCHOOL: ColumnElement[Any] = literal_column(
    """CASE WHEN school_entries.school_id IS NOT NULL
        THEN (SELECT json_build_object('id', i.id, 'name', i.name)
        FROM institutions i WHERE i.municipal_area_id = school_entries.municipal_area_id
            AND i.id = school_entries.school_id)
    WHEN school_entries.school_name IS NOT NULL
        THEN json_build_object('id', NULL, 'name', school_entries.school_name) END"""
)
_DAYS: ColumnElement[Any] = literal_column(
    """greatest(0, least(coalesce(school_entries.first_day, reading.today),
        coalesce(school_entries.ended_on, reading.today), reading.today) - school_entries.waiting_since)"""
)
_STEPS = (
    select(
        json_list(
            json_object(
                id=SchoolEntryStep.id,
                at=SchoolEntryStep.at,
                step=SchoolEntryStep.step,
                to_state=SchoolEntryStep.target,
                happened_on=SchoolEntryStep.happened_on,
                user=person(SchoolEntryStep.municipal_area_id, SchoolEntryStep.user_id),
                refusal=SchoolEntryStep.refusal,
                reason=SchoolEntryStep.reason,
                school=SchoolEntryStep.school,
                corrected_by_id=SchoolEntryStep.corrected_by_id,
            ),
            by=SchoolEntryStep.id,
        )
    )
    .where(
        SchoolEntryStep.municipal_area_id == SchoolEntry.municipal_area_id,
        SchoolEntryStep.school_entry_id == SchoolEntry.id,
    )
    .correlate(SchoolEntry)
    .scalar_subquery()
)
_ENTRY = (
    select(
        SchoolEntry.id,
        SchoolEntry.case_id,
        _MEMBER.label("member"),
        SchoolEntry.stage,
        SchoolEntry.school_type,
        _SCHOOL.label("school"),
        SchoolEntry.support_form,
        SchoolEntry.way_note,
        SchoolEntry.note,
        SchoolEntry.state,
        SchoolEntry.registered_on,
        SchoolEntry.waiting_since,
        SchoolEntry.listed_on,
        SchoolEntry.first_day,
        SchoolEntry.ended_on,
        _DAYS.label("waiting_days"),
        literal_column(f"'{NORM}'").label("norm"),
        _STEPS.label("steps"),
        SchoolEntry.version,
        PSEUDONYM,
    )
    .join(_DAY, literal_column("true"))
    .where(SchoolEntry.case_id == bindparam("case_id"))
)
ONE = reading.one("school_entry.read", "school_entry", _ENTRY.where(SchoolEntry.id == bindparam("id")))
ALL = reading.many("school_entry.list", "school_entry", _ENTRY, order=("id",), descending=True)

WAITING = reading.many(
    "school_entry.waiting",
    "school_entry",
    select(
        SchoolEntry.id,
        json_object(id=Case.id, number=Case.number).label("case"),
        json_object(id=Client.id, given_name=Client.given_name, family_name=Client.family_name).label(
            "client"
        ),
        _MEMBER.label("member"),
        SchoolEntry.stage,
        SchoolEntry.state,
        SchoolEntry.waiting_since,
        SchoolEntry.listed_on,
        _DAYS.label("waiting_days"),
        Client.pseudonym.label("_client"),
    )
    .select_from(SchoolEntry)
    .join(_DAY, literal_column("true"))
    .join(Case, and_(Case.municipal_area_id == SchoolEntry.municipal_area_id, Case.id == SchoolEntry.case_id))
    .join(Client, and_(Client.municipal_area_id == Case.municipal_area_id, Client.id == Case.client_id))
    .where(
        SchoolEntry.first_day.is_(None),
        SchoolEntry.ended_on.is_(None),
        Case.closed_on.is_(None),
    ),
    order=("waiting_since", "id"),
)

_BANDS = " UNION ALL ".join(
    f"SELECT {place} AS place, '{name}' AS band, {first} AS first, {last} AS last"
    for place, (name, (first, last)) in enumerate(
        [*BANDS.items(), (OVER, (BANDS["up_to_26"][1] + 1, 99_999))]
    )
)
_GRID = ", ".join(f"({place}, '{stage}')" for place, stage in enumerate(STAGES))
UNIT = f"""WITH waiting AS MATERIALIZED (SELECT stage, days FROM unit_school_waiting($1, $2::date)),
grid AS (SELECT s.place AS stage_place, s.stage, b.place, b.band,
        (SELECT count(*) FROM waiting w WHERE w.stage = s.stage AND w.days BETWEEN b.first AND b.last) AS n
    FROM (VALUES {_GRID}) AS s(place, stage) CROSS JOIN ({_BANDS}) b),
journal AS (INSERT INTO audit_journal (action, object_type, object_id, client_pseudonyms)
    VALUES ('school_waiting.read', 'unit', $1, '{{}}'))
SELECT json_build_object(
    'unit', (SELECT json_build_object('id', t.id, 'name', t.name) FROM units t
        WHERE t.municipal_area_id = (SELECT ctx_area()) AND t.id = $1),
    'on', $2::date, 'at_least', {AT_LEAST},
    'bands', (SELECT json_agg(json_build_object('stage', g.stage, 'band', g.band,
        'children', CASE WHEN g.n >= {AT_LEAST} THEN g.n END) ORDER BY g.stage_place, g.place)
        FROM grid g))::text"""


async def read_school_entry(ctx: Context, case_id: UUID, entry_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, case_id=case_id, id=entry_id, today=local_date(ctx.now))


async def list_school_entries(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the school entries of a case, the latest first."""
    await require_relation(ctx, case_id=case_id)
    return await ALL.answer(ctx.db, page, case_id=case_id, today=local_date(ctx.now))


async def list_waiting(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return the children of one's own cases that wait, who has waited longest first."""
    return await WAITING.answer(ctx.db, page, today=local_date(ctx.now))


async def read_unit_waiting(ctx: Context, unit_id: UUID) -> JsonBytes:
    """Return how many children of a unit wait how long; 404 where the actor leads no team."""
    require_place(ctx, unit_id, Role.TEAM_LEAD)
    driver = await ctx.db.driver()
    return JsonBytes(await driver.fetchval(UNIT, unit_id, local_date(ctx.now)))
