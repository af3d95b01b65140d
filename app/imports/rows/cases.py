"""A row of cases: each begins in intake, like every case, with no basis of its own."""

from typing import Any
from uuid import UUID

from app.cases.schemas.cases import CaseOpen
from app.imports.rows.prepared import Draft

_LATER = UUID(int=0)
"""The client is found by their key when the rows are matched."""
_FIELDS = ("kind", "access_route", "concern", "summary")


def content_of(draft: Draft) -> dict[str, Any]:
    """Return what will be written of a case."""
    sent = {name: draft.values[name] for name in _FIELDS if name in draft.values}
    case = draft.check(CaseOpen, {"client_id": _LATER, **sent}, lambda place: str(place[0]))
    return {} if case is None else case.model_dump(include=set(_FIELDS))
