"""A row of contacts: an entry in an imported case, checked as writing one is."""

from datetime import datetime
from typing import Any

from app.cases.contact import KEPT, check_contact
from app.cases.schemas.entries import ContactCreate
from app.imports.rows.prepared import Draft
from app.kit.clock import local_date

_PLACES = {"institution_id": "institution_name"}


def content_of(draft: Draft, now: datetime) -> dict[str, Any]:
    """Return what will be written of a contact."""
    sent = {name: draft.values[name] for name in KEPT if name in draft.values}
    happened = sent.get("happened_at")
    if happened is not None and happened > now and local_date(happened) == local_date(now):
        sent["happened_at"] = now  # a day without a time, read as its noon, on the morning of that day

    def field_of(place: tuple[Any, ...]) -> str:
        return _PLACES.get(str(place[0]), str(place[0]))

    contact = draft.check(ContactCreate, sent, field_of)
    if contact is None:
        return {}
    values: dict[str, Any] = contact.model_dump()
    draft.settle(lambda: check_contact(now, values), field_of)
    return values
