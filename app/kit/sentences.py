"""One plain sentence for each way in which a value can be refused by its shape.

Made from the kind of the refusal and the limits of the schema, never from anything that was sent: of
pydantic's context only the names in `_LIMITS` are read.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.kit.ids import FIFTY_IDS

ELSE = "This value cannot be accepted here. The contract (/openapi.json) says what can."

_SENTENCES: dict[str, str] = {
    "missing": "This is required.",
    "extra_forbidden": "There is no field of this name.",
    "invalid_key": "The names of an object are text.",
    "json_invalid": "The body is not JSON that can be read.",
    "json_type": "Send JSON.",
    "recursion_loop": "The value contains itself.",
    "recursion_depth_exceeded": "The value is nested too deeply.",
    "model_type": "Send an object with named fields.",
    "model_attributes_type": "Send a JSON object with named fields, as application/json.",
    "dict_type": "Send an object.",
    "mapping_type": "Send an object.",
    "list_type": "Send a list.",
    "set_type": "Send a list.",
    "tuple_type": "Send a list.",
    "iterable_type": "Send a list.",
    "none_required": "Send null or leave it out.",
    "string_type": "Send text.",
    "string_unicode": "Send text in UTF-8 without lone surrogates.",
    "string_not_ascii": "Send plain letters and digits without accents.",
    "string_too_short": "Send at least {min_length} characters.",
    "string_too_long": "Send at most {max_length} characters.",
    "string_pattern_mismatch": "Send {form}.",
    "bool_type": "Send true or false.",
    "bool_parsing": "Send true or false.",
    "int_type": "Send a whole number.",
    "int_parsing": "Send a whole number.",
    "int_parsing_size": "The number is too large.",
    "int_from_float": "Send a whole number.",
    "float_type": "Send a number.",
    "float_parsing": "Send a number.",
    "finite_number": "Send a finite number.",
    "decimal_type": "Send a number.",
    "decimal_parsing": "Send a number.",
    "decimal_max_digits": "Send at most {max_digits} digits.",
    "decimal_max_places": "Send at most {decimal_places} decimal places.",
    "decimal_whole_digits": "Send at most {whole_digits} digits before the decimal point.",
    "greater_than": "Send a value above {gt}.",
    "greater_than_equal": "Send {ge} or more.",
    "less_than": "Send a value below {lt}.",
    "less_than_equal": "Send {le} or less.",
    "multiple_of": "Send a multiple of {multiple_of}.",
    "literal_error": "Send one of: {expected}.",
    "enum": "Send one of: {expected}.",
    "union_tag_invalid": "Send one of: {expected_tags}.",
    "union_tag_not_found": "Say in {discriminator} which kind it is.",
    "date_type": "Send a date as text, YYYY-MM-DD.",
    "date_parsing": "Send a date of the calendar, YYYY-MM-DD.",
    "date_from_datetime_parsing": "Send a date of the calendar, YYYY-MM-DD.",
    "date_from_datetime_inexact": "Send a date without a time, YYYY-MM-DD.",
    "date_past": "Send a day that has passed.",
    "date_future": "Send a day to come.",
    "datetime_type": "Send a date and time as text, like 2026-03-01T09:30:00Z.",
    "datetime_parsing": "Send a date and time with its zone, like 2026-03-01T09:30:00Z.",
    "datetime_object_invalid": "Send a date and time with its zone, like 2026-03-01T09:30:00Z.",
    "datetime_from_date_parsing": "Send a date and time with its zone, like 2026-03-01T09:30:00Z.",
    "datetime_past": "Send a moment that has passed.",
    "datetime_future": "Send a moment to come.",
    "timezone_aware": "Send the zone with the time, like 2026-03-01T09:30:00Z.",
    "timezone_naive": "Send the time without a zone.",
    "timezone_offset": "Send the time in the zone that is asked for.",
    "time_type": "Send a time as text, HH:MM.",
    "time_parsing": "Send a time of the day, HH:MM.",
    "time_delta_type": "Send a duration.",
    "time_delta_parsing": "Send a duration.",
    "uuid_type": "Send an id: a UUID as text.",
    "uuid_parsing": "Send an id: a UUID of 36 characters.",
    "uuid_version": "Send an id of this kind.",
    "bytes_type": "Send text.",
    "url_type": "Send an address.",
    "url_parsing": "Send an address that begins with https://.",
    "url_syntax_violation": "Send an address that begins with https://.",
    "url_too_long": "Send an address of at most {max_length} characters.",
    "url_scheme": "Send an address that begins with one of: {expected_schemes}.",
}
FORMS = {
    r"^\+?[0-9 ()/.-]+$": "a telephone number: digits, spaces and + ( ) / . -",
    r"^\d{3}$": "three digits",
    r"^\d{5}$": "five digits",
    r"^\d{8}$": "eight digits",
    r"^[0-9A-Za-z -]{3,10}$": "a postcode of 3 to 10 letters and digits",
    r"^[0-9a-f]{64}$": "a SHA-256 in 64 signs, 0-9 and a-f",
    r"^[A-Za-z0-9_.+-]+$": "a code: letters, digits and _ . + -",
    r"^[A-Za-z0-9][A-Za-z0-9./_-]*$": "letters, digits and . / _ -, with a letter or digit first",
    FIFTY_IDS: "one to fifty ids, separated by commas",
    r"^([01]\d|2[0-3]):[0-5]\d$": "a time of the day, HH:MM",
}
"""What a person would call a pattern of a schema; any other is told as it is."""
_COUNTED = {
    "too_short": "Send at least {min_length} {what}.",
    "too_long": "Send at most {max_length} {what}.",
}
_COLLECTIONS = {"List", "Set", "Tuple", "Dictionary", "Frozenset"}
_LIMITS = frozenset(
    {
        "min_length",
        "max_length",
        "pattern",
        "discriminator",
        "gt",
        "ge",
        "lt",
        "le",
        "multiple_of",
        "expected",
        "expected_tags",
        "expected_schemes",
        "max_digits",
        "decimal_places",
        "whole_digits",
    }
)
"""What of pydantic's context stands in the schema; everything else may come from the sender."""

_JSON_WORDS = {"True": "true", "False": "false", "None": "null"}
"""How Python's constants are written in JSON."""

_SINGULAR = {
    f"Send at {bound} 1 {many}.": f"Send at {bound} 1 {one}."
    for bound in ("least", "most")
    for many, one in (("characters", "character"), ("entries", "entry"))
}

OF_PYDANTIC = frozenset(_SENTENCES) | frozenset(_COUNTED)


def sentence(kind: str, context: Mapping[str, Any] | None = None, *, own: str | None = None) -> str:
    """Return what is expected, for a kind of refusal with its context.

    `own` is the sentence of a kind that is not pydantic's: the constant that the schema raised.
    """
    limits = {name: value for name, value in (context or {}).items() if name in _LIMITS}
    if kind in _COUNTED:
        collection = (context or {}).get("field_type") in _COLLECTIONS
        return _filled(_COUNTED[kind], {**limits, "what": "entries" if collection else "characters"})
    if "pattern" in limits:
        limits["form"] = FORMS.get(limits["pattern"], f"text of the form {limits['pattern']}")
    if kind in _SENTENCES:
        return _filled(_SENTENCES[kind], limits)
    return own.rstrip(".") + "." if own else ELSE


def _filled(template: str, limits: Mapping[str, Any]) -> str:
    words = {name: _JSON_WORDS.get(str(value), str(value)) for name, value in limits.items()}
    try:
        filled = template.format(**words)
    except KeyError:
        return ELSE
    return _SINGULAR.get(filled, filled)


def unknown_field(names: Sequence[str]) -> str:
    """Return what is said of a field that a body does not know; `names` are those that it knows there."""
    nothing = _SENTENCES["extra_forbidden"]
    return f"{nothing} There are: {', '.join(names)}." if names else nothing


def unknown_parameter(names: Iterable[str]) -> str:
    """Return what is said of a query parameter that an operation does not know; `names` are those it does."""
    known = ", ".join(sorted(names))
    return f"This operation knows only these query parameters: {known}." if known else NO_PARAMETERS


NO_PARAMETERS = "This operation knows no query parameters."
