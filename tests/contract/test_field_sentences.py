"""What is written below a field of a schema stands in the contract, for whoever reads nothing else."""

import ast
import copy
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI
from pydantic import Field

from app.kit.schema import Input, Read

APP = Path(__file__).parents[2] / "app"


class _Base(Read):
    inherited: int
    """Said in the base."""


class Derived(_Base):
    """A shape of this test."""

    own: Annotated[int, Field(description="said of all that are like it")]
    """Said of this one."""
    plain: int


class Sent(Input):
    """A body of this test."""

    field: str
    """What comes in."""


def written() -> dict[tuple[str, str], str]:
    """Return what stands below the fields of all schemas, by schema and field."""
    found = {}
    for path in APP.rglob("*schemas.py"):
        for schema in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(schema, ast.ClassDef):
                for field, said in zip(schema.body, schema.body[1:], strict=False):
                    if isinstance(field, ast.AnnAssign) and isinstance(said, ast.Expr):
                        text = ast.literal_eval(said.value)
                        found[schema.name, ast.unparse(field.target)] = " ".join(text.split())
    return found


def unsaid(contract: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the fields of the contract that do not say what is written below them."""
    schemas = contract["components"]["schemas"]
    return {
        (schema, field)
        for (schema, field), sentence in written().items()
        if field in schemas.get(schema, {}).get("properties", {})
        and schemas[schema]["properties"][field].get("description") != sentence
    }


def test_contract_says_what_is_written_below_fields(app: FastAPI) -> None:
    assert unsaid(app.openapi()) == set()
    assert len(written()) > 150


def test_sentence_that_is_missing_is_noticed(app: FastAPI) -> None:
    contract = copy.deepcopy(app.openapi())
    del contract["components"]["schemas"]["IncomingRefer"]["properties"]["needs_protection"]["description"]
    assert unsaid(contract) == {("IncomingRefer", "needs_protection")}


def test_sentence_of_a_base_holds_and_that_of_the_field_itself_before_that_of_its_type() -> None:
    shapes: tuple[type[Input | Read], ...] = (Sent, Derived)
    told = [
        {name: each.get("description") for name, each in shape.model_json_schema()["properties"].items()}
        for shape in shapes
    ]
    assert told == [
        {"field": "What comes in."},
        {"inherited": "Said in the base.", "own": "Said of this one.", "plain": None},
    ]
