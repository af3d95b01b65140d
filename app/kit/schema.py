"""Shapes of the API: what comes in is strict and bounded, what goes out is documented.

Unknown fields, NaN, NUL, lone surrogates, dates outside 1900-2200 and naive moments are refused.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar
from unicodedata import category
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    MISSING,
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from app.kit.field_sentences import sentences_of

_FIRST, _LAST = date(1900, 1, 1), date(2200, 12, 31)
_NUMBER = re.compile(r"\s*[+-]?[\d.]+([eE][+-]?\d+)?\s*", re.ASCII)


def _clean_text(value: str) -> str:
    if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise PydanticCustomError("text_not_storable", "Text contains signs that cannot be stored")
    return value.strip()


def _visible(value: str) -> str:
    if all(category(sign)[0] in "CZ" for sign in value):  # marks of direction and joiners show nothing
        raise PydanticCustomError("text_empty", "Text is empty")
    return value


def _in_range(value: date) -> date:
    day = value.date() if isinstance(value, datetime) else value
    if not _FIRST <= day <= _LAST:
        raise PydanticCustomError("date_out_of_range", "Dates lie between 1900 and 2200")
    return value


def _only_text(value: Any) -> Any:
    # Pydantic reads numbers, also "20260101", as seconds since 1970; nobody who sends a date means that.
    if not isinstance(value, (str, date)) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        raise PydanticCustomError("date_not_text", "Send a date as text, YYYY-MM-DD")
    return value


def _an_address(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError:
        raise PydanticCustomError("email_invalid", "This is no e-mail address") from None


def text(maximum: int, *, minimum: int = 1) -> Any:
    """Return the type of a text of at most so many signs; `minimum=0` lets it be empty."""
    checks: list[Any] = [Field(max_length=maximum), AfterValidator(_clean_text)]
    if minimum:
        checks.append(AfterValidator(_visible))
    return Annotated[str, *checks]


Name = text(120)
Line = text(300)
LONGEST_NOTE = 8000
Note = text(LONGEST_NOTE)
Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_.+-]+$")]
Email = Annotated[
    str,
    Field(max_length=254, json_schema_extra={"format": "email"}),
    AfterValidator(_clean_text),
    AfterValidator(_an_address),
]
Phone = Annotated[str, Field(min_length=4, max_length=40, pattern=r"^\+?[0-9 ()/.-]+$")]
Day = Annotated[date, BeforeValidator(_only_text), AfterValidator(_in_range)]
Moment = Annotated[AwareDatetime, BeforeValidator(_only_text), AfterValidator(_in_range)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


class _Documented(BaseModel):
    """A shape whose contract says what is written below its fields."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        fields = handler.resolve_ref_schema(schema).get("properties", {})
        for name, sentence in sentences_of(cls).items():
            if name in fields:
                fields[name]["description"] = sentence
        return schema


class Input(_Documented):
    """The body of a request."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, str_max_length=20_000, defer_build=True)


class Read(_Documented):
    """An answer. Rendered by the database; this documents it, and a contract test holds both together.

    Every field is always there, also one that has a default; only what `MISSING` stands for is absent where
    the reader may not see it.
    """

    model_config = ConfigDict(
        extra="forbid", json_schema_serialization_defaults_required=True, defer_build=True
    )

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = super().__get_pydantic_json_schema__(core, handler)
        resolved = handler.resolve_ref_schema(schema)
        withheld = {name for name, field in cls.model_fields.items() if field.default is MISSING}
        if withheld:
            resolved["required"] = [name for name in resolved["required"] if name not in withheld]
        return schema


Item = TypeVar("Item", bound=Read)


class Page(Read, Generic[Item]):
    """One page of a list; `next` is the cursor of the following page, null on the last."""

    items: list[Item]
    next: str | None


class NamedRef(Read):
    """Something with a name: its id leads to the rest."""

    id: UUID
    name: str
