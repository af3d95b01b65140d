"""What an operator can mend is told in a sentence; no command shows a password or a place in the code."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from app.kit.roles import LOGIN_ROLES, with_role
from app.operator_faults import sentence_of
from tests.database import PASSWORD
from tests.durability.databases import own_database
from tests.durability.processes import ROOT

SECRET = "a-secret-of-nobody"
NOWHERE = f"postgresql://kim_migrate:{SECRET}@127.0.0.1:1/kim"


def said(*arguments: str, word: str = "", **environment: str) -> tuple[int, str]:
    """Run a command; return how it ended and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=ROOT, env={"PATH": "/usr/bin:/bin", **environment}, input=word, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return done.returncode, " ".join((done.stdout + done.stderr).replace("│", " ").split())


def told(*arguments: str, word: str = "", **environment: str) -> str:
    """Return the sentence of a command that must not succeed."""
    code, sentence = said(*arguments, word=word, **environment)
    assert code in (1, 2)
    assert "Traceback" not in sentence
    assert ".py" not in sentence
    assert SECRET not in sentence
    return sentence


@pytest.mark.parametrize(
    ("command", "setting"),
    [
        (("db", "upgrade"), "KIM_MIGRATE_DATABASE_URL"),
        (("db", "backup", "--file", "nowhere.dump"), "KIM_BACKUP_URL"),
        (("db", "restore", "--brought-in"), "KIM_ADMIN_URL"),
    ],
)
def test_missing_or_unreachable_address_is_told(command: tuple[str, ...], setting: str) -> None:
    assert setting in told(*command)
    assert "onnection" in told(*command, **{setting: NOWHERE})


@pytest.mark.parametrize(
    "address",
    [
        f"mysql://kim:{SECRET}@host/kim",
        # What stands before the slash would be a host and a port, which must not be repeated either.
        f"postgresql://kim:{SECRET}/x@host/kim",
    ],
)
def test_what_is_no_address_is_told_without_its_password(address: str) -> None:
    assert "must be like postgresql://" in told("db", "check", KIM_MIGRATE_DATABASE_URL=address)


def test_migration_by_another_role_is_told(database_url: str) -> None:
    app = with_role(database_url, "kim_app", PASSWORD)
    assert 'permission denied to set role "kim_owner"' in told("db", "upgrade", KIM_MIGRATE_DATABASE_URL=app)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("nothing", "is no JSON"),
        ("[]", "is no JSON"),
        (json.dumps({"kim_app": SECRET}), "has no password for kim_migrate, kim_worker"),
        (json.dumps(dict.fromkeys(LOGIN_ROLES, "")), "nothing was changed"),
    ],
)
def test_passwords_are_looked_at_before_anything_is_changed(
    tmp_path: Path, content: str, sentence: str
) -> None:
    file = tmp_path / "p.json"
    file.write_text(content)
    assert sentence in told("db", "bootstrap", "--passwords", str(file), KIM_ADMIN_URL=NOWHERE)


def test_file_that_is_missing_is_named() -> None:
    missing = told("db", "bootstrap", "--passwords", "/not/there", KIM_ADMIN_URL=NOWHERE)
    assert missing == "/not/there: No such file or directory"


@pytest.mark.parametrize(
    ("changed", "word", "sentence"),
    [
        ({}, "short", "Use at least 12 characters."),
        ({"area": "KIM-99999"}, "ein langes Wort 12", "There is no such municipal area."),
        ({"role": "wizard"}, "ein langes Wort 12", "No unit of this area has such a role."),
        ({"email": "somebody"}, "ein langes Wort 12", "This is no e-mail address."),
    ],
)
def test_first_person_that_cannot_be_is_told_why(
    database_url: str, changed: dict[str, str], word: str, sentence: str
) -> None:
    person = {"email": "a@example.org", "name": "A", "area": "KIM-05170", "unit": "U", "role": "admin"}
    given = [f"--{name}={value}" for name, value in {**person, **changed}.items()]
    url = with_role(database_url, "kim_migrate", PASSWORD)
    assert told("users", "create", *given, word=word, KIM_MIGRATE_DATABASE_URL=url) == sentence


def test_only_what_an_operator_can_mend_is_a_sentence() -> None:
    """The control: a fault of ours keeps its place, and no row gets into a sentence."""
    assert sentence_of(RuntimeError("ours")) is None
    assert sentence_of(asyncpg.UniqueViolationError("Key (email)=(anna@example.org) exists")) is None
    assert (
        sentence_of(OSError(28, "No space left on device", "kim.dump")) == "kim.dump: No space left on device"
    )


async def test_upgrade_makes_the_months_of_the_journal_before_anybody_writes(admin_url: str) -> None:
    async with own_database(admin_url, "months", with_schema=False) as url:
        address = with_role(url, "kim_migrate", PASSWORD)
        assert await asyncio.to_thread(said, "db", "upgrade", KIM_MIGRATE_DATABASE_URL=address) == (0, "")
        admin = await asyncpg.connect(url)
        months = await admin.fetchval(
            "SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_journal'::regclass"
        )
        assert months == 1 + 3
        # A migration that was changed in place since: nothing is missing by name, and everything is another.
        await admin.execute("COMMENT ON TABLE alembic_version IS 'other files'")
        await admin.close()
        refused = await asyncio.to_thread(told, "db", "upgrade", KIM_MIGRATE_DATABASE_URL=address)
        assert "was never released" in refused
