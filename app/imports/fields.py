"""The fields of each kind of sheet: their headings in the template, and how a cell is read. Data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.imports.rules import CASES, CLIENTS, CONTACTS, HOUSEHOLDS

Cell = Literal["text", "texts", "code", "codes", "day", "birth", "moment", "flag", "number", "year", "key"]

CHANNELS = {
    "telefon": "phone", "sms": "sms", "messenger": "messenger", "e-mail": "email", "email": "email",
    "post": "post", "brief": "post", "persönlich": "in_person",
}  # fmt: skip
SEXES = {
    "m": "m", "männlich": "m", "mann": "m", "w": "w", "weiblich": "w", "frau": "w", "d": "d", "divers": "d",
    "x": "x", "unbekannt": "x", "keine angabe": "x",
}  # fmt: skip
CASE_KINDS = {
    "case management": "case_management", "fallmanagement": "case_management", "cm": "case_management",
    "beratung": "counselling",
}  # fmt: skip
INTERPRETERS = {
    "ohne": "none", "nein": "none", "professionell": "professional", "ehrenamtlich": "volunteer",
    "angehörige": "relative", "angehörige:r": "relative",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in a mapping, its heading in the template, how its cell is read."""

    name: str
    heading: str
    cell: Cell = "text"
    vocabulary: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    """What a sheet may say instead of a code; small letters."""
    required: bool = False
    example: str = ""


def _vocabulary(
    name: str, heading: str, vocabulary: str, *, example: str = "", required: bool = False
) -> Field:
    return Field(name, heading, "code", vocabulary, required=required, example=example)


_CLIENTS = (
    Field("key", "Aktenzeichen", "key", required=True, example="KIM-0001"),
    Field("given_name", "Vorname", required=True, example="Olena"),
    Field("family_name", "Nachname", required=True, example="Kowalenko"),
    Field("former_names", "Frühere Namen", "texts"),
    Field("other_names", "Weitere Namen", "texts"),
    Field("birth_date", "Geburtsdatum", "birth", example="31.12.1990"),
    Field("sex", "Geschlecht", "code", words=SEXES, example="weiblich"),
    Field("nationalities", "Staatsangehörigkeiten", "codes", "nationality", example="Ukraine"),
    _vocabulary("marital_status", "Familienstand", "marital_status", example="verheiratet"),
    _vocabulary("literacy", "Alphabetisierung", "literacy"),
    Field("needs_interpreter", "Dolmetschen nötig", "flag", example="ja"),
    Field("phone", "Telefon", example="+49 2331 555010"),
    Field("email", "E-Mail"),
    Field("contact_channels", "Erreichbar über", "codes", words=CHANNELS, example="Telefon, E-Mail"),
    Field("contact_times", "Erreichbar wann"),
    _vocabulary("contact_language", "Kontaktsprache", "language", example="Ukrainisch"),
    Field("no_post", "Keine Post", "flag"),
    Field("no_voicemail", "Keine Mailbox", "flag"),
    Field("no_interpreter_of_same_circle", "Nicht aus demselben Umfeld dolmetschen", "flag"),
    Field("must_not_learn", "Darf nichts erfahren"),
    _vocabulary("household_type", "Haushaltsform", "household_type"),
    Field("is_restricted", "Gefährdet", "flag"),
    Field("native_languages", "Muttersprachen", "codes", "language", example="Ukrainisch"),
    _vocabulary("german", "Deutschniveau", "cefr_level", example="A2"),
    Field("german_on", "Deutschniveau festgestellt am", "day"),
    _vocabulary("residence_status", "Aufenthaltsstatus", "residence_status"),
    Field("residence_from", "Aufenthalt seit", "day"),
    Field("residence_printed_end", "Aufenthalt gedruckt bis", "day"),
    _vocabulary("legal_domain", "Leistung zum Lebensunterhalt", "legal_domain", example="SGB_II"),
    Field("legal_domain_from", "Leistung seit", "day"),
    Field("street", "Straße und Hausnummer", example="Bahnhofstr. 1"),
    Field("postcode", "Postleitzahl", "key", example="58095"),
    Field("town", "Ort", example="Hagen"),
    _vocabulary("housing_type", "Wohnform", "housing_type"),
    Field("address_from", "Wohnt dort seit", "day"),
)
_HOUSEHOLDS = (
    Field("client_key", "Aktenzeichen", "key", required=True, example="KIM-0001"),
    Field("member_key", "Aktenzeichen des Mitglieds", "key", example="KIM-0002"),
    Field("name", "Name des Mitglieds"),
    Field("birth_year", "Geburtsjahr des Mitglieds", "year"),
    Field("relation", "Das Mitglied ist", "code", "relation", required=True, example="Kind"),
    Field("is_kept_apart", "Getrennt zu halten", "flag"),
)
_CASES = (
    Field("key", "Fallzeichen", "key", required=True, example="F-0001"),
    Field("client_key", "Aktenzeichen", "key", required=True, example="KIM-0001"),
    Field("kind", "Art", "code", words=CASE_KINDS, required=True, example="Case Management"),
    Field("access_route", "Zugangsweg", "code", "access_route", required=True, example="Jobcenter"),
    Field("concern", "Anliegen"),
    Field("summary", "Bisheriger Verlauf"),
)
_CONTACTS = (
    Field("key", "Nummer des Eintrags", "key"),
    Field("case_key", "Fallzeichen", "key", required=True, example="F-0001"),
    Field("contact_type", "Art des Kontakts", "code", "contact_type", required=True, example="Telefonat"),
    Field("happened_at", "Datum", "moment", required=True, example="15.03.2026 10:30"),
    Field("minutes", "Minuten", "number", example="30"),
    _vocabulary("language", "Sprache", "language"),
    Field("interpreter", "Sprachmittlung", "code", words=INTERPRETERS),
    Field("institution_name", "Stelle"),
    Field("basis", "Grundlage bei Dritten"),
    Field("note", "Notiz"),
)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    CLIENTS: _CLIENTS,
    HOUSEHOLDS: _HOUSEHOLDS,
    CASES: _CASES,
    CONTACTS: _CONTACTS,
}


def field_named(kind: str, name: str) -> Field | None:
    """Return a field of a kind; none where there is none of that name."""
    return next((each for each in FIELDS[kind] if each.name == name), None)


def template_mapping(kind: str) -> dict[str, object]:
    """Return the mapping of the template sheet of a kind, as it is sent."""
    return {"columns": {each.name: each.heading for each in FIELDS[kind]}}
