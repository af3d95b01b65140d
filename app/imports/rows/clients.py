"""A row of persons: columns of the client and of what belongs to them, checked as creation checks them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from app.clients.histories.kinds import ADDRESSES, LANGUAGES, LEGAL_DOMAINS, RESIDENCE_DOCUMENTS, HistoryKind
from app.clients.histories.schemas import (
    AddressCreate,
    LanguageLevelCreate,
    LegalDomainCreate,
    PeriodInput,
    ResidenceDocumentCreate,
)
from app.clients.person import PARTS, settle_person
from app.clients.rules import SHELTER
from app.clients.schemas import ClientCreate
from app.imports.rows.prepared import Draft
from app.kit.clock import local_date
from app.kit.schema import Input

_GERMAN = "deu"
_PERSON = (
    "given_name", "family_name", "former_names", "other_names", "sex", "nationalities", "marital_status",
    "literacy", "needs_interpreter", "phone", "email", "contact_channels", "contact_times",
    "contact_language", "no_post", "no_voicemail", "no_interpreter_of_same_circle", "must_not_learn",
    "household_type", "is_restricted",
)  # fmt: skip
_RESIDENCE = {
    "residence_status": "residence_status",
    "valid_from": "residence_from",
    "printed_end": "residence_printed_end",
}
_DOMAIN = {"legal_domain": "legal_domain", "valid_from": "legal_domain_from"}
_ADDRESS = {
    "street": "street",
    "postcode": "postcode",
    "town": "town",
    "housing_type": "housing_type",
    "valid_from": "address_from",
}


def content_of(draft: Draft, now: datetime) -> dict[str, Any]:
    """Return what will be written of a person; with findings, what of it could be read."""
    values, today = draft.values, local_date(now)
    sent = {name: values[name] for name in _PERSON if name in values}
    if "birth_date" in values:
        sent["birth_date"] = values["birth_date"].day
        sent["birth_precision"] = values["birth_date"].precision
    person = draft.check(ClientCreate, sent, lambda place: str(place[0]))
    parts = {
        "addresses": _periods(draft, ADDRESSES, AddressCreate, _ADDRESS, {"strand": "actual"}, "street"),
        "residence_documents": _periods(
            draft, RESIDENCE_DOCUMENTS, ResidenceDocumentCreate, _RESIDENCE, {}, "residence_status"
        ),
        "legal_domain_periods": _periods(
            draft, LEGAL_DOMAINS, LegalDomainCreate, _DOMAIN, {"strand": "livelihood"}, "legal_domain"
        ),
        "language_levels": _languages(draft),
    }
    if person is None:
        return {}
    columns = person.model_dump(exclude=PARTS)
    draft.settle(lambda: settle_person(today, columns), lambda place: str(place[0]))
    if len(set(person.nationalities)) < len(person.nationalities):
        draft.find("nationalities", "twice")
    if any(period["housing_type"] == SHELTER for period in parts["addresses"]):
        columns["is_restricted"] = True
    nationalities = [
        {"nationality": key, "position": position} for position, key in enumerate(person.nationalities)
    ]
    return {"clients": columns, "client_nationalities": nationalities, **parts}


def _languages(draft: Draft) -> list[dict[str, Any]]:
    native = list(dict.fromkeys(draft.values.get("native_languages", ())))
    rows = [
        row
        for code in native
        for row in _period(
            draft,
            LANGUAGES,
            LanguageLevelCreate,
            {"language": code, "is_native": True},
            _always("native_languages"),
        )
    ]
    level, on = draft.values.get("german"), draft.values.get("german_on")
    if level is None and on is not None:
        draft.find("german", "missing")
    if level is not None and _GERMAN in native:
        draft.find("german", "twice")
    elif level is not None:
        sent = {"language": _GERMAN, "overall": level, "valid_from": on}
        rows += _period(draft, LANGUAGES, LanguageLevelCreate, sent, _always("german"))
    return rows


def _periods(
    draft: Draft,
    kind: HistoryKind,
    shape: type[Input],
    fields: Mapping[str, str],
    constant: Mapping[str, Any],
    needed: str,
) -> list[dict[str, Any]]:
    """Return the one period that a row can tell of; none where its columns are empty."""
    sent = {name: draft.values[field] for name, field in fields.items() if field in draft.values}
    if not sent:
        return []
    if kind is not ADDRESSES and needed not in draft.values:
        draft.find(needed, "missing")
        return []

    def field_of(place: tuple[Any, ...]) -> str:
        return fields.get(str(place[0]), needed) if place else needed

    return _period(draft, kind, shape, {**sent, **constant}, field_of)


def _period(
    draft: Draft,
    kind: HistoryKind,
    shape: type[Input],
    sent: Mapping[str, Any],
    field_of: Callable[[tuple[Any, ...]], str],
) -> list[dict[str, Any]]:
    body = draft.check(shape, sent, field_of)
    if not isinstance(body, PeriodInput):
        return []
    values = body.model_dump(exclude={"ends_previous"})
    first, last = values.pop("valid_from"), values.pop("valid_until")
    row = draft.settle(lambda: kind.values(values, "body"), field_of)
    return [] if row is None else [{**row, "valid": _range(first, last)}]


def _range(first: date | None, last: date | None) -> str:
    """Return a period as PostgreSQL reads it: the upper end is the day after the last."""
    upper = "" if last is None else (last + timedelta(days=1)).isoformat()
    return f"[{first.isoformat() if first else ''},{upper})"


def _always(field: str) -> Callable[[tuple[Any, ...]], str]:
    return lambda _: field
