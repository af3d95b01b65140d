"""From a cell to a value: what a field takes, whatever the sheet wrote it as. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from app.catalogues.check import vocabulary
from app.imports.fields import Field
from app.imports.sheets import Unusable
from app.kit.clock import BERLIN

MOST_KEY = 120
_SERIAL_START = date(1899, 12, 30)
_LAST_SERIAL = 109_939
"""31 December 2200 as a spreadsheet counts its days."""
_NOON = time(12)
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{2}|\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_MONTH = re.compile(r"(?:00?\.)?(\d{1,2})[./](\d{4})")
_YEAR = re.compile(r"(?:00?\.00?\.)?(\d{4})")
_MOMENT = re.compile(r"(.+?)[T ,]+(?:um )?(\d{1,2})[:.](\d{2})(?::\d{2})?(?: ?Uhr)?")
_SERIAL = re.compile(r"\d{5,6}")
_LIST = re.compile(r"\s*[,;/\n]\s*")
_FLAGS = {
    **dict.fromkeys(("ja", "j", "x", "1", "wahr", "true", "yes"), True),
    **dict.fromkeys(("nein", "n", "-", "0", "falsch", "false", "no"), False),
}


class Unfit(ValueError):
    """A cell that is not what the field takes; `kind` has a German sentence."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Born:
    """A birth date, as exact as it is known."""

    day: date
    precision: str


def read_cell(field: Field, value: Any, words: Mapping[str, str]) -> Any:
    """Return what a cell says; none for an empty one. `words` are those of the mapping. Raises Unfit."""
    if isinstance(value, Unusable):
        raise Unfit(value.kind)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if words and field.cell not in {"texts", "codes"}:
        value = words.get(_plain(_text(value)), value)
        if value == "":
            return None
    return _READERS[field.cell](field, value, words)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, datetime):
        return value.strftime("%d.%m.%Y") if value.time() == time() else value.strftime("%d.%m.%Y %H:%M")
    return value.strftime("%d.%m.%Y") if isinstance(value, date) else str(value).strip()


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _as_text(_: Field, value: Any, __: Mapping[str, str]) -> str:
    return _text(value)


def _parts(value: Any, words: Mapping[str, str]) -> list[str]:
    parts = [part for part in _LIST.split(_text(value)) if part]
    return [words.get(_plain(part), part) for part in parts]


def _as_texts(_: Field, value: Any, words: Mapping[str, str]) -> list[str]:
    return _parts(value, words)


def _as_key(_: Field, value: Any, __: Mapping[str, str]) -> str:
    key = " ".join(_text(value).split())
    if len(key) > MOST_KEY:
        raise Unfit("key_too_long")
    return key


def _as_code(field: Field, value: Any, _: Mapping[str, str]) -> str:
    known = _codes(field.vocabulary) if field.vocabulary else {**field.words, **_own(field)}
    code = known.get(_plain(_text(value)))
    if code is None:
        raise Unfit("unknown_code")
    return code


def _as_codes(field: Field, value: Any, words: Mapping[str, str]) -> list[str]:
    # A label may itself hold a comma: the whole cell is tried first.
    try:
        return [_as_code(field, value, words)]
    except Unfit:
        return [_as_code(field, part, words) for part in _parts(value, words)]


def _own(field: Field) -> dict[str, str]:
    return {code.casefold(): code for code in field.words.values()}


@cache
def _codes(name: str) -> Mapping[str, str]:
    """Return what stands for each code: itself, its German and its English label where only one has it."""
    entries = list(vocabulary(name).values())
    found: dict[str, str] = {}
    ambiguous: set[str] = set()
    for entry in entries:
        for label in {_plain(entry.label_de), _plain(entry.label_en)}:
            if found.setdefault(label, entry.code) != entry.code:
                ambiguous.add(label)
    return {
        **{label: code for label, code in found.items() if label not in ambiguous},
        **{entry.code.casefold(): entry.code for entry in entries},
    }


def _as_flag(_: Field, value: Any, __: Mapping[str, str]) -> bool:
    if isinstance(value, bool):
        return value
    found = _FLAGS.get(_plain(_text(value)))
    if found is None:
        raise Unfit("not_a_flag")
    return found


def _as_number(_: Field, value: Any, __: Mapping[str, str]) -> int:
    text = _text(value)
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,6}", text):
        raise Unfit("not_a_number")
    return int(text)


def _as_day(_: Field, value: Any, __: Mapping[str, str]) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    if _SERIAL.fullmatch(text):
        return _of_serial(int(text))
    if match := _GERMAN_DAY.fullmatch(text):
        day, month, year = match.groups()
        if len(year) == 2:
            raise Unfit("two_digit_year")
        return _date(year, month, day)
    if match := _ISO_DAY.fullmatch(text):
        return _date(*match.groups())
    raise Unfit("not_a_date")


def _as_birth(field: Field, value: Any, words: Mapping[str, str]) -> Born:
    text = _text(value)
    if match := _YEAR.fullmatch(text):
        return Born(_date(match[1], "1", "1"), "year")
    if match := _MONTH.fullmatch(text):
        return Born(_date(match[2], match[1], "1"), "month")
    return Born(_as_day(field, value, words), "day")


def _as_moment(field: Field, value: Any, words: Mapping[str, str]) -> datetime:
    """Return a moment; a day alone means its noon, in the time of the office."""
    if isinstance(value, datetime):
        return datetime.combine(value.date(), _NOON if value.time() == time() else value.time(), BERLIN)
    if isinstance(value, float):
        day, part = divmod(value, 1)
        return datetime.combine(_of_serial(int(day)), _time(round(part * 1440)), BERLIN)
    match = _MOMENT.fullmatch(_text(value))
    if match is None:
        return datetime.combine(_as_day(field, value, words), _NOON, BERLIN)
    hours, minutes = int(match[2]), int(match[3])
    if hours > 23 or minutes > 59:
        raise Unfit("not_a_date")
    return datetime.combine(_as_day(field, match[1], words), time(hours, minutes), BERLIN)


def _time(minutes: int) -> time:
    return (datetime.min + timedelta(minutes=minutes % 1440)).time()  # noqa: DTZ901 - only its time is used


def _of_serial(number: int) -> date:
    if not 1 <= number <= _LAST_SERIAL:
        raise Unfit("not_a_date")
    return _SERIAL_START + timedelta(days=number)


def _date(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Unfit("not_a_date") from None


_READERS: Mapping[str, Callable[[Field, Any, Mapping[str, str]], Any]] = {
    "text": _as_text,
    "texts": _as_texts,
    "key": _as_key,
    "code": _as_code,
    "codes": _as_codes,
    "day": _as_day,
    "birth": _as_birth,
    "moment": _as_moment,
    "flag": _as_flag,
    "number": _as_number,
    "year": _as_number,
}
