"""How a row becomes JSON inside a select."""

from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.access.models import Membership
from app.access.roles import Role
from app.identity.models import User


def json_object(**fields: Any) -> ColumnElement[Any]:
    """Return a JSON object; the names are ours and stand in the SQL itself, not among its parameters."""
    pairs: list[tuple[ColumnElement[str], Any]] = [
        (literal_column(f"'{name}'"), value) for name, value in fields.items()
    ]
    return func.json_build_object(*chain.from_iterable(pairs))


def json_list(item: ColumnElement[Any], by: Any) -> ColumnElement[Any]:
    """Return a JSON list of objects in this order, empty rather than null."""
    return func.coalesce(func.json_agg(aggregate_order_by(item, by)), literal_column("'[]'"))


def colleague(area: Any, user: Any, unit: Any) -> ScalarSelect[Any]:
    """Return a colleague by name, and whether they are a case manager of the unit and can sign in."""
    held = exists().where(
        Membership.municipal_area_id == User.municipal_area_id,
        Membership.user_id == User.id,
        Membership.unit_id == unit,
        Membership.role == Role.CASE_MANAGER,
        Membership.started_at <= func.now(),
        or_(Membership.ended_at.is_(None), Membership.ended_at > func.now()),
    )
    named = json_object(
        id=User.id,
        name=User.display_name,
        is_active=and_(User.disabled_at.is_(None), held.correlate_except(Membership)),
    )
    return select(named).where(User.municipal_area_id == area, User.id == user).scalar_subquery()


def person(area: Any, user: Any) -> ScalarSelect[Any]:
    """Return a colleague by name."""
    named = json_object(id=User.id, name=User.display_name)
    return select(named).where(User.municipal_area_id == area, User.id == user).scalar_subquery()
