"""The profile `kim-state-database/1`: each field, what it means, which consent it needs; as JSON Schema.

Codes come from the catalogues. There is no free text, no name, no day, no town and no unit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from app.catalogues.check import vocabulary
from app.state_exports.rules import NEEDED

PROFILE = "kim-state-database/1"

NOT_STATED = "not_stated"
SEXES = ("w", "m", "other")
"""Diverse and not stated are one class, as in the statistics."""

LEFT_THE_AREA = "moved_away_or_left"
_ONE_REASON = frozenset({"moved_away", "left_country", "deported"})
_NEVER_SAID = frozenset({*_ONE_REASON, "deceased", "consent_withdrawn"})
NEVER_SENT = frozenset({"health", "protection"})
"""Life domains that never leave: a special category, and violence."""

DAYS = ("none", "up_to_30", "31_to_90", "over_90")
"""Days without benefit, in bands."""

PSEUDONYM = r"^p[0-9a-f]{40}$"
QUARTER = r"^20[0-9]{2}Q[1-4]$"

OTHER_BENEFIT = "other_benefit"
BENEFITS = (
    "SGB_II", "SGB_III", "SGB_XII", "ASYLBLG", "BKGG", "WOGG", "BEEG", "BAFOEG",
    "no_benefits", "work", "in_clarification",
    OTHER_BENEFIT,
)  # fmt: skip
"""What somebody lives on, as it leaves. Every other legal domain is one: compensation of victims of violence,
rehabilitation, care, sickness, accidents, youth welfare and maintenance would say what never leaves."""

OTHER = "other"
_ROUTES_AS_OTHER = frozenset({"health"})

Part = Literal["person", "case", "life_domain", "domain_change"]

LISTS: Mapping[str, tuple[str, ...]] = {"life_domains": (), "domain_changes": ("legal-domains:",)}
"""The lists of a case, each with the entries of the person whose dispute takes the whole list out."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: where it stands, the data category that it needs, what it means, what it may hold."""

    part: Part
    name: str
    category: str | None
    """None: in every line, since it tells nothing of the person."""
    de: str
    en: str
    values: Mapping[str, Any]
    """The JSON Schema of a value that is known."""
    can_be_unknown: bool = True
    disputes: tuple[str, ...] = ()
    """Entries of the person, as `entry:field`, whose dispute takes the value out of the line."""


def closing_reasons() -> tuple[str, ...]:
    """Return the reasons as they leave; who has died is in no line."""
    return (*(code for code in vocabulary("closing_reason") if code not in _NEVER_SAID), LEFT_THE_AREA)


def closing_reason(code: str | None) -> str | None:
    """Return a reason as it leaves: `moved_away`, `left_country` and `deported` are one.

    A withdrawn consent is `other`.
    """
    if code == "consent_withdrawn":
        return OTHER
    return LEFT_THE_AREA if code in _ONE_REASON else code


def access_route(code: str | None) -> str | None:
    """Return a way to us as it leaves: through health services is `other`."""
    return OTHER if code in _ROUTES_AS_OTHER else code


def benefit(code: str) -> str:
    """Return what somebody lives on as it leaves."""
    return code if code in BENEFITS else OTHER_BENEFIT


def days_without(days: int) -> str:
    """Return the band of so many days without benefit."""
    bounds = zip((0, 30, 90), DAYS, strict=False)
    return next((name for most, name in bounds if days <= most), DAYS[-1])


def _codes(*names: str, without: Iterable[str] = (), more: Iterable[str] = ()) -> dict[str, Any]:
    found = [code for name in names for code in vocabulary(name) if code not in set(without)]
    return {"type": "string", "enum": [*found, *more]}


_QUARTER: Mapping[str, Any] = {"type": "string", "pattern": QUARTER}
_SCALE: Mapping[str, Any] = {"type": "integer", "minimum": 1, "maximum": 5}


def _benefits() -> dict[str, Any]:
    return {"type": "string", "enum": [*BENEFITS]}


def _needs() -> dict[str, Any]:
    return _codes("need_state", without=("not_discussed",))


def _of_person() -> tuple[Field, ...]:
    return (
        Field("person", "pseudonym", None, "Pseudonym der Person, nur für diesen Empfänger",
              "Pseudonym of the person, for this recipient only",
              {"type": "string", "pattern": PSEUDONYM}, False),
        Field("person", "period", None, "Quartal, dessen Stand die Zeile zeigt",
              "Quarter at whose end the line stands", _QUARTER, False),
        Field("person", "municipal_area", None, "KIM-Kommune", "Municipal area",
              {"type": "string", "maxLength": 40}, False),
        Field("person", "age_band", "master_data", "Altersgruppe am Ende des Quartals",
              "Age band at the end of the quarter", _codes("age_band", more=[NOT_STATED]), False,
              ("client:birth_date",)),
        Field("person", "sex", "master_data", "Geschlecht; divers und ohne Angabe zusammen",
              "Sex; diverse and not stated together", {"type": "string", "enum": [*SEXES]}, False,
              ("client:sex",)),
        Field("person", "nationality_group", "master_data", "Gruppe der Staatsangehörigkeit",
              "Group of nationality", _codes("nationality_group"), False, ("client:nationalities",)),
        Field("person", "residence_group", "residence", "Gruppe des Aufenthaltsstatus am Ende des Quartals",
              "Group of residence status at the end of the quarter", _codes("residence_group"), False,
              ("residence-documents:",)),
        Field("person", "german_first", "education_language", "Deutschkenntnisse, als erstes festgestellt",
              "Command of German as first found", _codes("cefr_level", more=["native"]),
              disputes=("languages:",)),
        Field("person", "german_last", "education_language", "Deutschkenntnisse, zuletzt festgestellt",
              "Command of German as last found", _codes("cefr_level", more=["native"]),
              disputes=("languages:",)),
        Field("person", "livelihoods", "benefits", "Wovon die Person am Ende des Quartals lebt",
              "What the person lives on at the end of the quarter",
              {"type": "array", "items": _benefits(), "uniqueItems": True}, False, ("legal-domains:",)),
        Field("person", "disputed", None, "Felder, die strittig sind und deren Wert deshalb fehlt",
              "Fields that are disputed and whose value is left out for it",
              {"type": "array", "items": {"type": "string"}, "uniqueItems": True}, False),
    )  # fmt: skip


def _of_case() -> tuple[Field, ...]:
    return (
        Field("case", "kind", NEEDED, "Case Management oder Beratung", "Case management or counselling",
              {"type": "string", "enum": ["case_management", "counselling"]}, False),
        Field("case", "opened_in", NEEDED, "Quartal, in dem der Fall eröffnet wurde",
              "Quarter in which the case was opened", _QUARTER, False),
        Field("case", "closed_in", NEEDED, "Quartal, in dem der Fall geschlossen wurde",
              "Quarter in which the case was closed", _QUARTER),
        Field("case", "phase", NEEDED, "Phase am Ende des Quartals", "Phase at the end of the quarter",
              _codes("case_phase"), False),
        Field("case", "access_route", NEEDED, "Zugangsweg", "Access route",
              _codes("access_route", without=_ROUTES_AS_OTHER), False),
        Field("case", "intake_criteria", NEEDED, "Erfüllte Aufnahmekriterien", "Intake criteria that are met",
              {"type": "array", "items": _codes("intake_criterion"), "uniqueItems": True}, False),
        Field("case", "intake_outcome", NEEDED, "Ergebnis der Klärung", "Outcome of intake",
              _codes("intake_outcome")),
        Field("case", "closing_reason", NEEDED, "Grund des Abschlusses", "Reason of closing",
              {"type": "string", "enum": [*closing_reasons()]}),
    )  # fmt: skip


def _of_life_domain() -> tuple[Field, ...]:
    return (
        Field("life_domain", "life_domain", NEEDED, "Lebensbereich", "Life domain",
              _codes("life_domain", without=NEVER_SENT), False),
        Field("life_domain", "started_in", NEEDED, "Quartal der ersten Einschätzung",
              "Quarter of the first assessment", _QUARTER, False),
        Field("life_domain", "assessed_in", NEEDED, "Quartal der letzten Einschätzung",
              "Quarter of the latest assessment", _QUARTER, False),
        Field("life_domain", "state_first", NEEDED, "Bedarf am Anfang", "Need at first",
              _needs(), False),
        Field("life_domain", "state_last", NEEDED, "Bedarf zuletzt", "Need at last",
              _needs(), False),
        Field("life_domain", "scale_first", NEEDED, "Einschätzung am Anfang, 1 (sehr schwierig) bis 5 (gut)",
              "Scale at first, 1 (very hard) to 5 (good)", _SCALE),
        Field("life_domain", "scale_last", NEEDED, "Einschätzung zuletzt, 1 (sehr schwierig) bis 5 (gut)",
              "Scale at last, 1 (very hard) to 5 (good)", _SCALE),
        Field("life_domain", "outcome", NEEDED, "Ergebnis beim Abschluss", "Outcome at closing",
              _codes("case_outcome")),
    )  # fmt: skip


def _of_domain_change() -> tuple[Field, ...]:
    return (
        Field("domain_change", "from", "benefits", "Rechtskreis davor", "Legal domain before",
              _benefits(), False),
        Field("domain_change", "to", "benefits", "Rechtskreis danach", "Legal domain after",
              _benefits(), False),
        Field("domain_change", "changed_in", "benefits", "Quartal des Wechsels", "Quarter of the change",
              _QUARTER, False),
        Field("domain_change", "days_without", "benefits", "Tage ohne Leistung, in Stufen",
              "Days without benefit, in bands", {"type": "string", "enum": [*DAYS]}, False),
    )  # fmt: skip


@cache
def fields() -> tuple[Field, ...]:
    """Return every field of the profile, in the order of a line."""
    return (*_of_person(), *_of_case(), *_of_life_domain(), *_of_domain_change())


QUASI_IDENTIFIERS = ("age_band", "sex", "nationality_group", "residence_group")
"""What somebody who knows a person may know of them already."""


def fields_of(part: Part) -> tuple[Field, ...]:
    """Return the fields of one part of a line."""
    return tuple(each for each in fields() if each.part == part)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a line: a person, or a withdrawal."""
    nested = {name: _list(name) for name in LISTS}
    person = _object("person", {"cases": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/case"}}})
    person["required"] = [*_always("person"), "cases"]
    case = _object("case", nested)
    case["required"] = [*_always("case"), "life_domains"]
    withdrawal = {
        "type": "object",
        "description": "The recipient deletes everything it holds under this pseudonym.",
        "properties": {"pseudonym": {"type": "string", "pattern": PSEUDONYM}, "withdrawn": {"const": True}},
        "required": ["pseudonym", "withdrawn"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:kim:{PROFILE}",
        "title": PROFILE,
        "description": "One line of an export to the state-wide database of KIM.",
        "oneOf": [{"$ref": "#/$defs/person"}, {"$ref": "#/$defs/withdrawal"}],
        "$defs": {
            "person": person,
            "withdrawal": withdrawal,
            "case": case,
            "life_domain": {**_object("life_domain", {}), "required": _always("life_domain")},
            "domain_change": {**_object("domain_change", {}), "required": _always("domain_change")},
        },
    }


def _always(part: Part) -> list[str]:
    """Return what stands in every such part: what only some consents cover may be absent."""
    return [each.name for each in fields_of(part) if part != "person" or each.category is None]


def _object(part: Part, more: Mapping[str, Any]) -> dict[str, Any]:
    properties = {each.name: _property(each) for each in fields_of(part)}
    return {"type": "object", "properties": {**properties, **more}, "additionalProperties": False}


def _list(name: str) -> dict[str, Any]:
    items = {"type": "array", "items": {"$ref": f"#/$defs/{name.removesuffix('s')}"}}
    return {"anyOf": [items, {"type": "null"}]} if LISTS[name] else items


def _property(field: Field) -> dict[str, Any]:
    told = {"title": field.de, "description": field.en}
    if field.category is not None:
        told["$comment"] = f"consent: {field.category}"
    values = {"anyOf": [dict(field.values), {"type": "null"}]} if _nullable(field) else dict(field.values)
    return {**told, **values}


def _nullable(field: Field) -> bool:
    return field.can_be_unknown or bool(field.disputes)
