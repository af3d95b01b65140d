"""Every code of a problem that the source can answer with, found in its syntax tree."""

import ast
from collections.abc import Iterator
from pathlib import Path

from app.disclosures.rules import Verdict
from app.documents.inspection import Reason
from app.kit import errors
from app.kit.problems import HTTP_CODES

ERRORS = {
    name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)
}
BASES = ERRORS | {"TokenRefused"}
PASSED_ON = {
    "weak.code": set(),
    "verdict": {str(each) for each in Verdict if each is not Verdict.HOLDS},
    "str(refused.reason)": {str(each) for each in Reason},
}
"""Codes that are computed, with what they can be; those of another exception are found where it is raised."""


def codes_of(source: str) -> Iterator[str]:
    """Yield the codes in one module; a code that is computed stands there as `?` with its expression."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and BASES & {ast.unparse(base) for base in node.bases}:
            yield from (
                _read(each.value)
                for each in node.body
                if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "code"
            )
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in ERRORS:
                yield from (_read(each.value) for each in node.keywords if each.arg == "code")
            elif name in ("WeakPassword", "TokenRefused"):
                yield _read(node.args[0])
            elif name == "problem_response" and isinstance(node.args[1], ast.Constant):
                yield _read(node.args[1])


def _read(value: ast.expr) -> str:
    return str(value.value) if isinstance(value, ast.Constant) else f"?{ast.unparse(value)}"


def codes_in_source(root: Path) -> set[str]:
    """Return the codes of the whole application."""
    found = {code for code, _ in HTTP_CODES.values()} | {errors.Problem.code}
    for path in sorted(root.rglob("*.py")):
        found.update(codes_of(path.read_text("utf-8")))
    for expression, codes in PASSED_ON.items():
        found = (found - {f"?{expression}"}) | codes
    return found
