"""The package of a referral in German: labels of its fields and codes, days as they are written."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from app.catalogues.check import vocabulary

FIELDS: Final[Mapping[str, tuple[str, str | None]]] = {
    "name": ("Name", None), "given": ("Vorname", None), "family": ("Familienname", None),
    "former_names": ("Frühere Namen", None), "other_names": ("Weitere Namen", None),
    "birth_date": ("Geburtsdatum", None), "birth_precision": ("Genauigkeit des Datums", None),
    "birth_year": ("Geburtsjahr", None), "sex": ("Geschlecht", "sex"),
    "nationalities": ("Staatsangehörigkeit", "nationality"),
    "marital_status": ("Familienstand", "marital_status"),
    "phone": ("Telefon", None), "email": ("E-Mail", None), "address": ("Anschrift", None),
    "channels": ("Erreichbar über", None), "times": ("Erreichbar", None), "language": ("Sprache", "language"),
    "no_voicemail": ("Keine Nachricht auf dem Anrufbeantworter", None),
    "needs_interpreter": ("Braucht Sprachmittlung", None),
    "no_interpreter_of_same_circle": ("Keine Sprachmittlung aus demselben Umfeld", None),
    "care_of": ("bei", None), "street": ("Straße", None), "postcode": ("PLZ", None), "town": ("Ort", None),
    "housing_type": ("Wohnform", "housing_type"), "valid_from": ("seit", None), "valid_until": ("bis", None),
    "registered": ("Gemeldet", None), "actual": ("Tatsächlich", None),
    "title": ("Aufenthaltstitel", None), "certificate": ("Bescheinigung", None),
    "residence_status": ("Status", "residence_status"), "residence_group": ("Gruppe", "residence_group"),
    "printed_end": ("aufgedrucktes Ende", None), "continued_effect": ("gilt fort nach", "continued_effect"),
    "continued_until": ("gilt fort bis", None), "work_permission": ("Erwerbstätigkeit", "work_permission"),
    "work_permissions": ("Erwerbstätigkeit", "work_permission"),
    "has_residence_obligation": ("Wohnsitzauflage", None),
    "residence_obligation_place": ("Wohnsitzauflage für", None),
    "residence_obligation_until": ("Wohnsitzauflage bis", None),
    "eu_ground": ("Freizügigkeit als", "eu_ground"),
    "current": ("Zurzeit", None), "strand": ("Art", None), "legal_domain": ("Rechtskreis", "legal_domain"),
    "livelihood": ("Lebensunterhalt", "livelihood"), "household_type": ("Haushalt", "household_type"),
    "members": ("Mitglieder", None), "relation": ("Verhältnis", "relation"),
    "literacy": ("Alphabetisierung", "literacy"), "languages": ("Sprachen", None),
    "is_native": ("Muttersprache", None), "overall": ("Niveau", None), "listening": ("Hören", None),
    "speaking": ("Sprechen", None), "reading": ("Lesen", None), "writing": ("Schreiben", None),
    "evidence": ("Nachweis", "language_evidence"), "schooling": ("Schule", None),
    "school_step": ("Stand", "school_step"), "school": ("Schule", None),
}  # fmt: skip
"""What each field of a package is called, and the vocabulary of its codes."""

WORDS: Final = {
    "phone": "Telefon", "sms": "SMS", "messenger": "Messenger", "email": "E-Mail", "post": "Post",
    "in_person": "persönlich", "month": "auf den Monat", "year": "auf das Jahr", "unknown": "unbekannt",
    "health": "Gesundheit", "child_benefit": "Kindergeld",
}  # fmt: skip
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def package_lines(
    package: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """Yield each category of a package with its fields: label and lines."""
    for category, fields in package.items():
        yield category, [(_label(name), _lines(name, value)) for name, value in fields.items()]


def _label(name: str) -> str:
    return FIELDS[name][0] if name in FIELDS else name.replace("_", " ")


def _lines(name: str, value: Any) -> list[str]:
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [_one(each) for each in value]
    if isinstance(value, list):
        return [", ".join(_word(name, each) for each in value)]
    return [_one(value) if isinstance(value, Mapping) else _word(name, value)]


def _one(fields: Mapping[str, Any]) -> str:
    if fields.keys() <= {"given", "family"}:
        return " ".join(str(fields[part]) for part in ("given", "family") if part in fields)
    if fields.keys() <= {"care_of", "street", "postcode", "town"}:
        town = " ".join(str(fields[part]) for part in ("postcode", "town") if part in fields)
        parts = [
            f"bei {fields['care_of']}" if "care_of" in fields else "",
            str(fields.get("street", "")),
            town,
        ]
        return ", ".join(part for part in parts if part)
    return "; ".join(f"{_label(name)}: {' / '.join(_lines(name, value))}" for name, value in fields.items())


def _word(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    text = str(value)
    named = FIELDS[name][1] if name in FIELDS else None
    if named is not None and text in vocabulary(named):
        return vocabulary(named)[text].label_de
    if _DAY.fullmatch(text):
        return f"{date.fromisoformat(text):%d.%m.%Y}"
    return WORDS.get(text, text)
