"""Registering a person with what is known at the first conversation, after a look for duplicates."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.access.assignments import register_client
from app.access.context import Context
from app.access.roles import Role
from app.audit import journal
from app.catalogues.check import require_code
from app.clients.duplicates import look_for_duplicates
from app.clients.histories.kinds import LANGUAGES, LEGAL_DOMAINS, RESIDENCE_DOCUMENTS, HistoryKind
from app.clients.histories.periods import place_period
from app.clients.histories.schemas import PeriodInput
from app.clients.household import place_member
from app.clients.matching.forms import forms_of
from app.clients.matching.keys import keys_of
from app.clients.models import Client
from app.clients.names import sort_key
from app.clients.nationalities import write_nationalities
from app.clients.rules import birth_fits
from app.clients.schemas import ClientCreate
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid
from app.kit.ids import new_id, random_id

PARTS = {
    "unit_id",
    "nationalities",
    "languages",
    "household_members",
    "residence_documents",
    "legal_domains",
    "not_duplicate_of",
    "confirm_new",
}
_CODES = {
    "marital_status": "marital_status",
    "literacy": "literacy",
    "contact_language": "language",
    "household_type": "household_type",
}


async def create_client(ctx: Context, body: ClientCreate) -> UUID:
    """Register a person and become their registrar.

    Raises 409 `possible_duplicate` with the ids of likely duplicates that the actor sees, unless they are
    named as somebody else or the person is confirmed to be new, and 429 past the limit of the hour.
    """
    values = body.model_dump(exclude=PARTS)
    settle_person(ctx, values)
    unit_id = _unit(ctx, body.unit_id)
    await _refuse_duplicate(ctx, body)
    client = Client(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        pseudonym=random_id(),
        household_key=random_id(),
        unit_id=unit_id,
        created_by=ctx.actor.user_id,
        **values,
    )
    ctx.db.add(client)
    await register_client(ctx, client.id)
    await _add_parts(ctx, client, body)
    await journal.record(ctx.db, "client.create", "client", client.id, clients=[client.pseudonym])
    return client.id


def settle_person(ctx: Context, values: dict[str, Any]) -> None:
    """Check codes and birth date of what is written of a person and complete what follows from it."""
    settle_person_on(local_date(ctx.now), values)


def settle_person_on(today: date, values: dict[str, Any]) -> None:
    """Do the same without a request. Raises 422."""
    for field, name in _CODES.items():
        require_code(name, values.get(field), f"body.{field}")
    if "birth_date" in values or "birth_precision" in values:
        _settle_birth(today, values)
    if {"given_name", "family_name", "former_names", "other_names"} <= values.keys():
        names = (values["given_name"], values["family_name"], *values["former_names"], *values["other_names"])
        forms = forms_of(names)
        values["sort_key"] = sort_key(values["family_name"], values["given_name"])
        values["name_forms"] = [form.stored() for form in forms]
        values["name_keys"] = keys_of(forms)


def _settle_birth(today: date, values: dict[str, Any]) -> None:
    born: date | None = values.get("birth_date")
    precision = values.get("birth_precision") or ("unknown" if born is None else "day")
    values["birth_precision"] = precision
    if not birth_fits(born, precision):
        raise Invalid.at(
            "body.birth_precision",
            "precision_wrong",
            "Send the first day of the month or year that is known, and no date when nothing is known.",
        )
    if born is not None and born > today:
        raise Invalid.at("body.birth_date", "in_the_future", "Nobody is born tomorrow.")


def _unit(ctx: Context, wanted: UUID | None) -> UUID:
    units = ctx.actor.places(Role.CASE_MANAGER)
    if wanted is not None:
        if wanted not in units:
            raise Invalid.at("body.unit_id", "not_your_unit", "You register persons for your own units.")
        return wanted
    if len(units) != 1:
        raise Invalid.at("body.unit_id", "missing", "You work at several units: name one.")
    return next(iter(units))


async def _refuse_duplicate(ctx: Context, body: ClientCreate) -> None:
    found = await look_for_duplicates(ctx, body, is_registration=True)
    others = {each.client_id for each in found} - set(body.not_duplicate_of)
    if others and not body.confirm_new:
        raise Conflict(
            "You see persons who may be the same one. Use them, or say that none of them is this person.",
            code="possible_duplicate",
            clients=sorted(str(each) for each in others),
        )


async def _add_parts(ctx: Context, client: Client, body: ClientCreate) -> None:
    write_nationalities(ctx, client.id, body.nationalities)
    await _add_periods(ctx, LANGUAGES, client.id, body.languages, "languages")
    await _add_periods(ctx, RESIDENCE_DOCUMENTS, client.id, body.residence_documents, "residence_documents")
    await _add_periods(ctx, LEGAL_DOMAINS, client.id, body.legal_domains, "legal_domains")
    for number, member in enumerate(body.household_members):
        await place_member(ctx, client.id, member, f"body.household_members.{number}")


async def _add_periods(
    ctx: Context, kind: HistoryKind, client_id: UUID, periods: Sequence[PeriodInput], field: str
) -> None:
    for number, period in enumerate(periods):
        await place_period(ctx, kind, client_id, period, f"body.{field}.{number}")
