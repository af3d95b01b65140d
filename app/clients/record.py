"""What of a person goes along when their case is transferred: enough to register them anew, and no more.

Where a referral tells how things stand today, this keeps the periods, so that the histories go on. Left out
as in every package: what tells of a shelter, members who are kept apart or restricted, periods that are only
kept, statuses that tell of trafficking, testimony or lost rights. Official numbers are never in it.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from app.access.context import Context
from app.catalogues.check import vocabulary
from app.clients.histories.schemas import (
    AddressCreate,
    LanguageLevelCreate,
    LegalDomainCreate,
    PeriodInput,
    ResidenceDocumentCreate,
    SchoolingCreate,
)
from app.clients.package import Data, chosen_of, contact_of, keep_restricted_apart, running_on, usable
from app.clients.queries import ONE_CLIENT
from app.clients.restrictions.gate import require_processing
from app.clients.rules import SHELTER
from app.kit.clock import local_date
from app.kit.reading import One

_PERSON = One(ONE_CLIENT.statement)
_ALWAYS = (
    "given_name", "family_name", "former_names", "other_names", "birth_date", "birth_precision", "sex",
    "marital_status", "nationalities", "is_restricted",
)  # fmt: skip
_SAFE_CONTACT = (
    "contact_channels", "contact_times", "contact_language", "no_post", "no_voicemail",
    "no_interpreter_of_same_circle", "must_not_learn", "needs_interpreter",
)  # fmt: skip
HISTORIES: Mapping[str, tuple[str, type[PeriodInput]]] = {
    "residence_documents": ("residence", ResidenceDocumentCreate),
    "legal_domains": ("benefits", LegalDomainCreate),
    "addresses": ("housing", AddressCreate),
    "languages": ("education_language", LanguageLevelCreate),
    "schooling": ("education_language", SchoolingCreate),
}
"""Each history with the data category it leaves with, and the shape in which it is registered again."""


async def collect_record(ctx: Context, client_id: UUID, categories: Collection[str]) -> Data:
    """Return person, household and histories as far as the categories reach; 404 for an unseen person."""
    today = local_date(ctx.now)
    await require_processing(ctx, client_id)
    answer = await _PERSON.answer(ctx.db, id=client_id, today=today)
    person: Data = usable(orjson.loads(answer.body))
    await keep_restricted_apart(ctx, client_id, person)
    leaving = {
        name: _periods(name, shape, person, today)
        for name, (category, shape) in HISTORIES.items()
        if category in categories
    }
    return {
        "person": _person(person, categories, today),
        "household": _members(person) if "household" in categories else [],
        "histories": {name: periods for name, periods in leaving.items() if periods},
        "disputed": person["disputed"],
    }


def _person(person: Data, categories: Collection[str], today: date) -> Data:
    """Return the person with the rules of safe contact: a call without them can put somebody in danger."""
    known = {name: person[name] for name in _ALWAYS}
    if "contact" in categories:
        safe = contact_of(person, today)
        known |= {name: person[name] for name in _SAFE_CONTACT}
        known |= {"phone": safe["phone"], "email": safe["email"]}
    if "household" in categories:
        known["household_type"] = person["household_type"]
    if "education_language" in categories:
        known["literacy"] = person["literacy"]
    leaving = {name: value for name, value in known.items() if value not in (None, [])}
    # That no way of contact is safe is said as well: left out, it would read as if nobody was asked.
    return leaving | ({"contact_channels": []} if known.get("contact_channels") == [] else {})


def _members(person: Data) -> list[Data]:
    return [
        {name: member[name] for name in ("name", "birth_year", "relation")}
        for member in person["household_members"]
        if not member["is_kept_apart"] and member["relation"] != "no_contact"
    ]


def _periods(name: str, shape: type[PeriodInput], person: Data, today: date) -> list[Data]:
    fields = tuple(shape.model_fields)
    return [
        chosen_of(period, fields)
        for period in person[name]
        if period["superseded_at"] is None and _may_leave(name, period, person, today)
    ]


def _may_leave(name: str, period: Data, person: Data, today: date) -> bool:
    if name == "addresses":
        lives_sheltered = any(each["housing_type"] == SHELTER for each in running_on(person[name], today))
        return not (person["is_restricted"] or lives_sheltered or period["housing_type"] == SHELTER)
    if name == "residence_documents":
        attributes: dict[str, Any] = dict(
            vocabulary("residence_status")[period["residence_status"]].attributes
        )
        return attributes["sensitivity"] == "normal" and bool(attributes["selectable"])
    return True
