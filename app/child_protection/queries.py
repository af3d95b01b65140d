"""Reading child protection; each read writes its journal entry."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, case, cast, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.types import Text

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import reading
from app.cases.queries.plan import PSEUDONYM
from app.child_protection.models import ChildProtection
from app.child_protection.rules import TEAM, WAY, State
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_CHILD: ColumnElement[Any] = literal_column(
    """CASE WHEN child_protections.relation IS NOT NULL THEN json_build_object(
        'client_id', child_protections.member_client_id,
        'name', coalesce(child_protections.member_name, (SELECT m.given_name || ' ' || m.family_name
            FROM clients m WHERE m.municipal_area_id = child_protections.municipal_area_id
                AND m.id = child_protections.member_client_id)),
        'relation', child_protections.relation) END"""
)
_SAID = (
    "note", "counsellor", "is_pseudonymised", "is_danger", "with_guardians", "with_child", "is_accepted",
    "family_told", "why_not", "referral_id", "outcome",
)  # fmt: skip
_STEPS: ColumnElement[Any] = literal_column(
    f"""(SELECT json_agg(json_build_object('id', s.id, 'at', s.at, 'step', s.step, 'to_state', s.target,
        'happened_on', s.happened_on, 'user', (SELECT json_build_object('id', u.id, 'name', u.display_name)
            FROM users u WHERE u.municipal_area_id = s.municipal_area_id AND u.id = s.user_id),
        {", ".join(f"'{name}', s.said -> '{name}'" for name in _SAID)}) ORDER BY s.at, s.id)
    FROM child_protection_steps s WHERE s.municipal_area_id = child_protections.municipal_area_id
        AND s.child_protection_id = child_protections.id)"""
)
_ALLOWED = case(
    {str(state): cast(array(WAY.steps_from(state, TEAM), type_=Text), ARRAY(Text)) for state in State},
    value=ChildProtection.state,
)
_COURSE = select(
    ChildProtection.id,
    ChildProtection.case_id,
    _CHILD.label("child"),
    ChildProtection.state,
    ChildProtection.indications,
    ChildProtection.noticed_on,
    ChildProtection.look_again_on,
    ChildProtection.referral_id,
    ChildProtection.outcome,
    ChildProtection.ended_at,
    _ALLOWED.label("allowed"),
    _STEPS.label("steps"),
    ChildProtection.version,
    PSEUDONYM,
).where(ChildProtection.case_id == bindparam("case_id"))
ONE_COURSE = reading.one(
    "child_protection.read", "child_protection", _COURSE.where(ChildProtection.id == bindparam("id"))
)
COURSES = reading.many("child_protection.list", "child_protection", _COURSE, order=("id",), descending=True)


async def list_courses(ctx: Context, case_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the courses of a case, the newest first; 404 for a case that is not the actor's."""
    await require_relation(ctx, case_id=case_id)
    return await COURSES.answer(ctx.db, page, case_id=case_id)


async def read_course(ctx: Context, case_id: UUID, course_id: UUID, *, status: int = 200) -> JsonBytes:
    await require_relation(ctx, case_id=case_id)
    return await ONE_COURSE.answer(ctx.db, status=status, case_id=case_id, id=course_id)
