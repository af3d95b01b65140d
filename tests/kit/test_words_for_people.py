"""What a refusal says is for people: names of operations and fields stand in `needs` and `errors` alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import app
from tests.kit.problem_codes import ERRORS

APP = Path(app.__file__).parent
FOR_PROGRAMS = {"KeyMissing", "Invalid"}
"""They are about headers and fields of what was sent, which they place."""
OTHERS = {"Supply", "processing_restricted"}
NAME = re.compile(r"[a-z]_[a-z]|`")


def named_in(source: str) -> Iterator[str]:
    """Yield each sentence of a refusal that names something as programs do."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args)
    for call in calls:
        sentence = "".join(_words(call.args[0]))
        if ast.unparse(call.func) in (ERRORS | OTHERS) - FOR_PROGRAMS and NAME.search(sentence):
            yield sentence


def _words(said: ast.expr) -> Iterator[str]:
    if isinstance(said, ast.Constant) and isinstance(said.value, str):
        yield said.value
    elif isinstance(said, ast.JoinedStr):
        for part in said.values:
            yield from _words(part)
    elif isinstance(said, ast.BinOp):
        yield from _words(said.left)
        yield from _words(said.right)
    elif isinstance(said, ast.IfExp):
        yield from _words(said.body)
        yield from _words(said.orelse)


def test_refusals_name_neither_operations_nor_fields() -> None:
    files = sorted(APP.rglob("*.py"))
    assert [(path.name, each) for path in files for each in named_in(path.read_text("utf-8"))] == []


def test_name_in_a_sentence_is_found() -> None:
    planted = [
        'raise Conflict("Ask first (record_consent).", code="x")',
        'raise Incomplete(f"{one} lacks due_on", missing=[])',
        'raise Conflict("It is " + "over: use `link`.")',
        'raise Incomplete("Fine." if fine else "Say waiting_list_ok.", missing=[])',
    ]
    assert [len(list(named_in(each))) for each in planted] == [1] * len(planted)
    assert list(named_in('raise Conflict("Ask first.", code="consent_missing")')) == []
