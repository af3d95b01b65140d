"""What is said of a refused value: a sentence with the limits of the schema and nothing that was sent."""

import ast
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic_core import core_schema

from app.kit.problems import field_errors
from app.kit.schema import Code, Day, Email, Input, Moment, text
from app.kit.sentences import ELSE, FORMS, OF_PYDANTIC, sentence

APP = Path(__file__).parents[2] / "app"
FOR_PYTHON_ONLY = {
    *("no_such_attribute", "needs_python_object", "frozen_field", "frozen_instance", "get_attribute_error"),
    *("dataclass_type", "dataclass_exact_type", "named_tuple_type", "default_factory_not_called"),
    *("iteration_error", "frozen_dict_type", "ordered_dict_type", "counter_type", "deque_type"),
    *("set_item_not_hashable", "bytes_too_short", "bytes_too_long", "bytes_invalid_encoding"),
    *("missing_sentinel_error", "ellipsis_error", "frozen_set_type", "is_instance_of", "is_subclass_of"),
    *("callable_type", "arguments_type", "missing_argument", "unexpected_keyword_argument"),
    *("missing_keyword_only_argument", "unexpected_positional_argument"),
    *("missing_positional_only_argument", "multiple_argument_values", "fraction_type", "fraction_parsing"),
    *("complex_type", "complex_str_parsing"),
    # Their words may hold a value; the schemas raise constants instead, see below.
    *("value_error", "assertion_error"),
}
SENT = "Zugvogel"


class Colour(StrEnum):
    RED = "red"


class Shape(Input):
    """One field of each sort."""

    name: text(5) = "x"
    code: Code = "x"
    day: Day = Field(default="2026-01-01", validate_default=True)
    at: Moment | None = None
    number: Annotated[int, Field(ge=3, le=7)] = 3
    word: Literal["one", "two"] = "one"
    colour: Colour = Colour.RED
    yes: Literal[True] = True
    many: Annotated[list[int], Field(min_length=1, max_length=2, default_factory=lambda: [1])]
    secret: Annotated[SecretStr, Field(max_length=5)] = SecretStr("x")


def said(model: type[BaseModel], sent: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(sent)
    entries = [{**each, "loc": ("body", *each["loc"])} for each in caught.value.errors()]
    return [each["message"] for each in field_errors(entries)]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"name": SENT}, "Send at most 5 characters."),
        ({"name": " "}, "Text is empty."),
        ({"name": 5}, "Send text."),
        ({"code": f"{SENT}!"}, "Send a code: letters, digits and _ . + -."),
        ({"day": "2026-02-30"}, "Send a date of the calendar, YYYY-MM-DD."),
        ({"day": 7}, "Send a date as text, YYYY-MM-DD."),
        ({"day": "1200-01-01"}, "Dates lie between 1900 and 2200."),
        ({"at": "2026-01-01T10:00:00"}, "Send the zone with the time, like 2026-03-01T09:30:00Z."),
        ({"number": 2}, "Send 3 or more."),
        ({"number": 8}, "Send 7 or less."),
        ({"number": SENT}, "Send a whole number."),
        ({"word": SENT}, "Send one of: 'one' or 'two'."),
        ({"colour": SENT}, "Send one of: 'red'."),
        ({"yes": False}, "Send one of: true."),
        ({"many": [1, 2, 3]}, "Send at most 2 entries."),
        ({"many": []}, "Send at least 1 entry."),
        ({"secret": SENT}, "Send at most 5 characters."),
        ({SENT: 1}, "There is no field of this name."),
        ([SENT], "Send an object with named fields."),
    ],
)
def test_each_refusal_says_what_is_expected(sent: Any, message: str) -> None:
    assert said(Shape, sent) == [message]


def test_every_kind_that_json_can_cause_has_a_sentence() -> None:
    assert set(get_args(core_schema.ErrorType)) - FOR_PYTHON_ONLY == OF_PYDANTIC


@pytest.mark.parametrize("kind", sorted(OF_PYDANTIC))
def test_no_sentence_is_made_of_what_was_sent(kind: str) -> None:
    sent = dict.fromkeys(("input", "input_value", "actual_length", "tag", "error", "field_type"), SENT)
    limits = {"min_length": 1, "max_length": 2, "expected": "'a'", "ge": 1}
    assert SENT not in sentence(kind, {**sent, **limits})
    assert SENT not in sentence(kind, sent)


def test_words_of_an_error_that_may_hold_a_value_are_not_taken_over() -> None:
    entry = {
        "type": "value_error",
        "loc": ("body", "name"),
        "msg": f"Value error, {SENT}",
        "ctx": {"error": ValueError(SENT)},
    }
    assert field_errors([entry])[0]["message"] == ELSE


def loose_words(source: str) -> list[str]:
    """Return what a schema raises that is no constant: it might hold what was sent."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        constant = all(isinstance(each, ast.Constant) for each in node.args)
        if name == "PydanticCustomError" and not (len(node.args) == 2 and constant and not node.keywords):
            found.append(ast.unparse(node))
        if name in {"ValueError", "AssertionError"}:
            found.append(ast.unparse(node))
    return found


def test_schemas_refuse_with_constant_sentences() -> None:
    schemas = [*APP.rglob("schemas*.py"), *APP.glob("*/schemas/*.py"), APP / "kit" / "schema.py"]
    assert [words for path in schemas for words in loose_words(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "planted",
    [
        "raise PydanticCustomError('kind', f'{value} is wrong')",
        "raise PydanticCustomError('kind', '{x} is wrong', {'x': value})",
        "raise ValueError('wrong')",
    ],
)
def test_planted_loose_words_are_found(planted: str) -> None:
    assert len(loose_words(planted)) == 1


class Reached(Input):
    email: Email


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ("nobody", "This is no e-mail address."),
        (f"{SENT}\x00@example.org", "Text contains signs that cannot be stored."),
    ],
)
def test_what_is_no_address_is_said_without_repeating_it(sent: str, message: str) -> None:
    assert said(Reached, {"email": sent}) == [message]


def test_address_is_taken_without_the_space_around_it() -> None:
    assert Reached(email=" amina@example.org ").email == "amina@example.org"


def test_every_pattern_with_words_of_its_own_stands_in_the_contract() -> None:
    patterns = {json.dumps(each) for each in FORMS}
    contract = (APP.parent / "openapi" / "openapi.json").read_text("utf-8")
    assert [each for each in patterns if f'"pattern": {each}' not in contract] == []
