"""What is made from the code and committed is what the code says now; every table of transitions is drawn."""

import importlib
from pathlib import Path

import pytest

from app import generated
from app.access.policy import POLICY
from app.access.roles import Role

ROOT = Path(__file__).parents[2]
DOCUMENTS = {
    "docs/permissions.md": generated.permissions_text,
    "docs/states.md": generated.states_text,
    "docs/problems.md": generated.problems_text,
    "openapi/openapi.json": generated.contract_text,
    "openapi/state-database-1.schema.json": generated.state_database_schema_text,
}


@pytest.mark.parametrize("path", DOCUMENTS)
def test_committed_document_is_what_the_code_says(path: str) -> None:
    assert (ROOT / path).read_text("utf-8") == DOCUMENTS[path]()


def test_right_that_is_taken_away_changes_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    before = generated.permissions_text()
    permission, rule = next((each, rule) for each, rule in POLICY.items() if Role.CASE_MANAGER in rule.grants)
    monkeypatch.setitem(POLICY, permission, type(rule)({Role.ADMIN: rule.grants[Role.CASE_MANAGER]}))
    assert generated.permissions_text() != before


def undrawn(modules: dict[str, object]) -> set[str]:
    """Name the modules whose table of transitions stands in no diagram."""
    drawn = [id(arrows) for _, arrows in generated.MACHINES]
    return {
        name
        for name, module in modules.items()
        if hasattr(module, "TRANSITIONS") and id(module.TRANSITIONS) not in drawn
    }


def rules_of_the_house() -> dict[str, object]:
    paths = sorted((ROOT / "app").rglob("rules.py"))
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    return {name: importlib.import_module(name) for name in names}


def test_every_table_of_transitions_is_drawn() -> None:
    assert undrawn(rules_of_the_house()) == set()


def test_table_of_transitions_that_nobody_draws_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generated, "MACHINES", generated.MACHINES[1:])
    assert undrawn(rules_of_the_house()) == {"app.cases.rules"}
