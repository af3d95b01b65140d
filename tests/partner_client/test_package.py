"""The package stands alone, is typed, and nothing of what it offers is untried."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house import rules

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "openapi" / "clients" / "python"
SOURCE = PACKAGE / "src"
HERE = Path(__file__).parent
CLASSES = {"Referrals", "Incoming", "Directory", "Webhooks", "Kim", "ReceiptBook"}


def imported(path: Path) -> set[str]:
    """Return the top-level packages that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name.split(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def offered() -> set[str]:
    """Return the public verbs of the classes that a partner meets."""
    return {
        verb.name
        for path in SOURCE.rglob("*.py")
        for kind in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(kind, ast.ClassDef) and kind.name in CLASSES
        for verb in kind.body
        if isinstance(verb, ast.FunctionDef) and not verb.name.startswith("_")
    }


def used(texts: list[str]) -> set[str]:
    """Return every name that stands after a dot in these programs."""
    return {
        node.attr for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)
    }


def test_every_verb_of_the_client_is_tried() -> None:
    assert offered() - used([path.read_text("utf-8") for path in HERE.glob("*.py")]) == set()


def test_untried_verb_is_noticed() -> None:
    assert offered() - used(["kim.referrals.accept()"]) >= {"refer", "tell_capacity", "changes"}


def test_package_imports_what_it_declares_and_nothing_of_the_server() -> None:
    declared = tomllib.loads((PACKAGE / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {re.split(r"[<>=\[]", each)[0] for each in declared}
    # joserfc stands on cryptography, from which Ed25519 comes.
    allowed = names | {"cryptography", "kim_partner"} | set(sys.stdlib_module_names)
    assert {each for path in SOURCE.rglob("*.py") for each in imported(path)} <= allowed
    assert names == {"httpx", "joserfc"}


def test_package_is_typed() -> None:
    assert (SOURCE / "kim_partner" / "py.typed").exists()


@pytest.mark.parametrize(
    "check", [rules.too_long_files, rules.too_long_functions, rules.drawers, rules.modules_without_docstring]
)
def test_rules_of_the_house_hold_here_too(check) -> None:
    assert check(ROOT, "openapi/clients/python/src") == []
