"""The marks of disputed entries as parts of other reads, and as they go into a package."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, any_, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from app.clients.disputes.models import Dispute
from app.clients.disputes.rules import CLIENT, PACKAGE_FIELDS

_MARK = ("id", "field", "says", "disputed_by", "disputed_on", "recorded_by", "outcome", "version")
_NONE: ColumnElement[Any] = literal_column("'{}'::text[]", ARRAY(Text))

_PERIODS: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    "residence_documents": (("residence", None), ("work", "work_permissions")),
    "legal_domains": (("benefits", "current"),),
    "addresses": (("contact", "address"), ("housing", None)),
    "languages": (("education_language", "languages"),),
    "schooling": (("education_language", "schooling"),),
}
"""Where the periods of a person stand in a package; without a name, under that of their strand."""


def disputes_of_one() -> Any:
    """Return the disputes of the person `:id`, looked up once for all parts of a statement."""
    here = select(func.ctx_area()).scalar_subquery()
    rows = select(Dispute).where(
        Dispute.municipal_area_id == here, Dispute.client_id == bindparam("id"), _shown(Dispute)
    )
    return aliased(Dispute, rows.cte("disputes_of_one"))


def disputes_of_entry(model: Any, among: Any = Dispute) -> ColumnElement[Any]:
    """Return the marks of the period or member in the enclosing select as JSON, oldest first."""
    return _marks(model, among, among.client_id == model.client_id, model.id == any_(among.entry_ids))


def disputes_of_client(model: Any, among: Any = Dispute) -> ColumnElement[Any]:
    """Return the marks of the person's own fields as JSON, oldest first."""
    return _marks(model, among, *_own(model, among))


def disputed_fields(model: Any, among: Any = Dispute) -> ColumnElement[Any]:
    """Return the names of the person's own fields that are disputed."""
    names = (
        select(func.coalesce(func.array_agg(among.field.distinct()), _NONE))
        .where(among.municipal_area_id == model.municipal_area_id, *_own(model, among), _shown(among))
        .correlate(model)
    )
    return names.scalar_subquery()


def _shown(among: Any) -> ColumnElement[bool]:
    return or_(among.outcome.is_(None), among.outcome == literal_column("'undecidable'", Text))


def _own(model: Any, among: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return among.client_id == model.id, among.entry == literal_column(f"'{CLIENT}'", Text)


def _marks(model: Any, among: Any, *of_the_entry: ColumnElement[bool]) -> ColumnElement[Any]:
    rows = (
        select(*(getattr(among, name) for name in _MARK))
        .where(among.municipal_area_id == model.municipal_area_id, *of_the_entry, _shown(among))
        .order_by(among.id)
        .correlate(model)
        .subquery()
    )
    return select(
        func.coalesce(func.json_agg(rows.table_valued()), func.json_build_array())
    ).scalar_subquery()


def marks_in_package(
    person: Mapping[str, Any], data: Mapping[str, Mapping[str, Any]], today: date
) -> dict[str, list[str]]:
    """Return by category which parts of what leaves are disputed; nothing of what does not leave."""
    found: dict[str, set[str]] = {}
    for mark in person["disputes"]:
        category, name = PACKAGE_FIELDS[mark["field"]]
        if name in data.get(category, {}):
            found.setdefault(category, set()).add(name)
    for history, places in _PERIODS.items():
        for period in person[history]:
            if _runs(period, today) and period["disputes"]:
                for category, told_as in places:
                    name = told_as or period["strand"]
                    if name in data.get(category, {}):
                        found.setdefault(category, set()).add(name)
    if "members" in data.get("household", {}) and any(
        member["disputes"] and not member["is_kept_apart"] for member in person["household_members"]
    ):
        found.setdefault("household", set()).add("members")
    return {category: sorted(names) for category, names in sorted(found.items())}


def _runs(period: Mapping[str, Any], today: date) -> bool:
    day = today.isoformat()
    return (period["valid_from"] or day) <= day <= (period["valid_until"] or day)
