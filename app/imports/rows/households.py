"""A row of households: who is what to whom."""

from typing import Any

from app.clients.schemas import HouseholdMemberCreate
from app.imports.rows.prepared import Draft


def content_of(draft: Draft) -> dict[str, Any]:
    """Return what will be written of a member; clients are named by their keys, and found later."""
    values = draft.values
    if ("member_key" in values) == ("name" in values) or ("member_key" in values and "birth_year" in values):
        draft.find("name", "one_of")
    if values.get("member_key") is not None and values.get("member_key") == values.get("client_key"):
        draft.find("member_key", "same_person")
    sent: dict[str, Any] = {
        name: values[name] for name in ("name", "birth_year", "relation", "is_kept_apart") if name in values
    }
    member = draft.check(HouseholdMemberCreate, {"relation": "", **sent}, lambda place: str(place[0]))
    return {} if member is None else {"household_members": member.model_dump(exclude={"client_id"})}
