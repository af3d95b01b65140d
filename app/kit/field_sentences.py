"""What is written below a field of a schema, for the contract: who reads that reads no source."""

import ast
import inspect
import sys
from functools import cache

from pydantic import BaseModel

Sentences = dict[tuple[str, str], str]


def sentences_of(schema: type[BaseModel]) -> dict[str, str]:
    """Return by field what is written below it, in the schema or in what it is derived from."""
    found: dict[str, str] = {}
    for each in reversed(schema.__mro__[: schema.__mro__.index(BaseModel)]):
        written = _written_in(each.__module__)
        names = inspect.get_annotations(each)
        found |= {name: written[each.__name__, name] for name in names if (each.__name__, name) in written}
    return found


@cache
def _written_in(module: str) -> Sentences:
    # Read when a contract is made and not when a process starts: it is asked for seldom.
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {
        (schema.name, field.target.id): " ".join(said.value.value.split())
        for schema in tree.body
        if isinstance(schema, ast.ClassDef)
        for field, said in zip(schema.body, schema.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(said, ast.Expr) and isinstance(said.value, ast.Constant)
        if isinstance(said.value.value, str)
    }
