"""The glossary names every role and only codes that the catalogues hold."""

import re
from pathlib import Path

import pytest

from app.access.roles import Role
from app.catalogues.source import load_entries

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
CELL = re.compile(r"`([a-z_]+): ([A-Za-z0-9_-]+)`((?:, `[A-Za-z0-9_-]+`)*)")


def faults(text: str) -> list[str]:
    """Say which roles are missing and which codes no vocabulary holds."""
    held: dict[str, set[str]] = {}
    for entry in load_entries():
        held.setdefault(entry.vocabulary, set()).add(entry.code)
    found = [f"{role} is missing" for role in Role if f"| `{role}` |" not in text]
    for vocabulary, first, rest in CELL.findall(text):
        known = held.get(vocabulary, set()) | set(held)
        codes = [first, *re.findall(r"`([^`]+)`", rest)]
        found += [f"{vocabulary}: {code} is in no catalogue" for code in codes if code not in known]
    return found


def test_the_glossary_agrees_with_roles_and_catalogues() -> None:
    assert faults(GLOSSARY.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("| `coordinator` |", "| `organiser` |", "coordinator is missing"),
        ("`institution_type: mbe`", "`institution_type: mba`", "institution_type: mba is in no catalogue"),
        ("mbe`, `jmd`", "mbe`, `jmx`", "institution_type: jmx is in no catalogue"),
        ("`residence_group: duldung`", "`residence: duldung`", "residence: duldung is in no catalogue"),
    ],
)
def test_a_planted_fault_is_said(was: str, becomes: str, said: str) -> None:
    text = GLOSSARY.read_text("utf-8")
    assert was in text
    assert said in faults(text.replace(was, becomes))
