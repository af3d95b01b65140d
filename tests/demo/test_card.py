"""The card says whether a start came to its end."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app as command
from app.demo.card import is_unfinished, write_card
from app.server_address import server_beside


def test_start_without_an_address_on_its_card_was_interrupted(tmp_path: Path) -> None:
    assert not is_unfinished(tmp_path)
    write_card(tmp_path, {"loading": 600})
    assert is_unfinished(tmp_path)
    write_card(tmp_path, {"accounts": []})
    assert is_unfinished(tmp_path)
    write_card(tmp_path, {"accounts": [], "base_url": "http://127.0.0.1:8000"})
    assert not is_unfinished(tmp_path)


def test_commands_speak_to_the_port_on_the_card(tmp_path: Path) -> None:
    assert server_beside(tmp_path) == "http://127.0.0.1:8000"
    write_card(tmp_path, {"loading": 600})
    assert server_beside(tmp_path) == "http://127.0.0.1:8000"
    write_card(tmp_path, {"accounts": [], "base_url": "http://127.0.0.1:8017"})
    assert server_beside(tmp_path) == "http://127.0.0.1:8017"


def test_card_of_somebody_else_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is sent to the address on the card."""
    write_card(tmp_path, {"accounts": [], "base_url": "http://127.0.0.1:8017"})
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    assert server_beside(tmp_path) == "http://127.0.0.1:8000"


def test_command_speaks_to_the_demonstration_unless_another_server_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing listens on ports 1 and 2: what is told is which server was asked."""
    (tmp_path / "var").mkdir()
    (tmp_path / "sheet.csv").write_text("Aktenzeichen", encoding="utf-8")
    write_card(tmp_path / "var", {"accounts": [], "base_url": "http://127.0.0.1:1"})
    monkeypatch.chdir(tmp_path)
    export = ["state", "export", "--unit", "u", "--recipient", "r", "--quarter", "2026Q3"]
    for asked in (["release", "list"], ["import", "sheet.csv"], export):
        for named, spoken_to in ((None, "http://127.0.0.1:1"), ("http://127.0.0.1:2", "http://127.0.0.1:2")):
            env = {"KIM_PASSWORD": "any", "KIM_SERVER": named}
            told = CliRunner().invoke(command, [*asked, "--as", "nobody@kim.example"], env=env)
            assert told.exit_code == 1, told.output
            assert f"{spoken_to} cannot be reached" in told.output
