"""What is written of a person, checked and completed without asking a database."""

from datetime import date
from typing import Any

from app.catalogues.check import require_code
from app.clients.matching.forms import forms_of
from app.clients.matching.keys import keys_of
from app.clients.names import sort_key
from app.clients.rules import birth_fits
from app.kit.errors import Invalid

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


def settle_person(today: date, values: dict[str, Any]) -> None:
    """Check codes and birth date of what is written of a person and complete what follows. Raises 422."""
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
