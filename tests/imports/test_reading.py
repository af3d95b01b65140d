"""The process that reads a sheet: bounded, without settings; and the lists that must be complete."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.imports import sentences
from app.imports.actions.untouched import HANGING, PARTS, UNSEEN
from app.imports.child import rows
from app.imports.fields import FIELDS, template_mapping
from app.imports.rules import CASES, CLIENTS, CONTACTS, HOUSEHOLDS, KINDS
from app.imports.sheets import SheetRefused
from app.imports.templates import template
from app.models import metadata
from app.settings import bare_environment
from tests.imports.arrange import people, sheet

ROOT = Path(__file__).parents[2]


def read(
    content: bytes, *, memory: int = 640 << 20, cpu: int = 60, kind: str = CLIENTS
) -> list[dict[str, object]]:
    """Have a sheet read by the process and return what it answers."""
    task = {
        "kind": kind, "mapping": {**template_mapping(kind), "optional": True}, "memory_bytes": memory,
        "now": "2026-05-04T09:00:00+00:00", "cpu_seconds": cpu,
    }  # fmt: skip
    answered = subprocess.run(
        [sys.executable, "-m", "app.imports.child"], input=json.dumps(task).encode() + b"\n" + content,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, env=bare_environment(), check=False,
    )  # fmt: skip
    return [json.loads(line) for line in answered.stdout.splitlines()]


def test_what_is_read_ends_with_a_word_of_its_own() -> None:
    answered = read(sheet(CLIENTS, *people(3)))

    assert answered[-1] == {"end": True}
    assert [row["number"] for row in answered[:-1]] == [2, 3, 4]


def test_without_memory_there_is_no_end() -> None:
    answered = read(sheet(CLIENTS, *people(20_000)), memory=1 << 20)

    assert {"end": True} not in answered


def test_without_time_there_is_no_end() -> None:
    answered = read(sheet(CLIENTS, *people(20_000)), cpu=1)

    assert {"end": True} not in answered


def test_the_process_gets_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIM_DATABASE_URL", "postgresql://secret")

    assert not [name for name in bare_environment() if name.startswith("KIM_")]


def loaded_with(module: str) -> set[str]:
    """Return what of databases and requests a fresh process has loaded with a module."""
    told = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    names = subprocess.run([sys.executable, "-c", told], stdout=subprocess.PIPE, cwd=ROOT, check=True).stdout
    return {"asyncpg", "fastapi", "sqlalchemy", "starlette"} & set(json.loads(names))


def test_the_process_loads_nothing_that_asks_a_database_or_answers_requests() -> None:
    assert loaded_with("app.imports.child") == set()
    assert loaded_with("app.clients.registration") >= {"fastapi", "sqlalchemy"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_template_of_each_kind_is_read_without_a_mapping(kind: str) -> None:
    task = {
        "kind": kind, "now": "2026-05-04T09:00:00+00:00",
        "mapping": {**template_mapping(kind), "optional": True},
    }  # fmt: skip

    (row,) = rows(bytes(template(kind).body), task)

    assert row["findings"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_required_heading_of_the_template_must_be_there(kind: str) -> None:
    task = {
        "kind": kind, "now": "2026-05-04T09:00:00+00:00",
        "mapping": {**template_mapping(kind), "optional": True},
    }  # fmt: skip

    with pytest.raises(SheetRefused, match="heading_missing"):
        list(rows(b"Egal;Anderes\n1;2\n", task))


def test_every_field_has_a_name_and_heading_of_its_own() -> None:
    for fields in FIELDS.values():
        assert (
            len({field.name for field in fields}) == len({field.heading for field in fields}) == len(fields)
        )


def test_everything_that_points_at_what_is_imported_is_asked_for_before_undoing() -> None:
    parents = {CLIENTS: "clients", CASES: "cases", CONTACTS: "contacts", HOUSEHOLDS: "household_members"}
    for kind, parent in parents.items():
        pointing = {
            (table.name, column.name)
            for table in metadata.tables.values()
            for key in table.foreign_key_constraints
            if key.referred_table.name == parent
            for column in key.columns
            if column.name != "municipal_area_id"
        }
        asked = set(HANGING[kind])
        assert asked <= pointing
        unseen = UNSEEN if kind == CLIENTS else frozenset()
        assert {table for table, _ in pointing - asked} == PARTS.get(kind, frozenset()) | unseen, kind


def test_sentences_are_german_and_repeat_nothing() -> None:
    for kind in sentences.KINDS:
        sentence = sentences.german(kind, context={"max_length": 5, "ge": 1, "le": 9, "input": "geheim"})
        assert sentence.endswith(".")
        assert "geheim" not in sentence
        assert "{" not in sentence
    assert sentences.german("nobody knows this") == sentences.ELSE
