"""No values of rows in the log of the database: the reference set-up has what the embedded cluster has."""

from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from app.kit.embedded import cluster

COMPOSE = (Path(__file__).parents[2] / "compose.yaml").read_text("utf-8")
SILENT = ("log_min_messages", "log_min_error_statement", "log_error_verbosity")


def told(text: str) -> dict[str, str]:
    """Return the settings that the file gives to its PostgreSQL."""
    command: list[str] = yaml.safe_load(text)["services"]["postgres"].get("command", [])
    return dict(after.split("=", 1) for flag, after in pairwise(command) if flag == "-c")


def faults(text: str) -> list[str]:
    return [name for name in SILENT if told(text).get(name) != cluster._FIXED[name]]


def test_database_of_the_reference_setup_logs_no_values() -> None:
    assert faults(COMPOSE) == []


@pytest.mark.parametrize("name", SILENT)
def test_planted_setting_is_caught(name: str) -> None:
    assert f"-c, {name}=" in COMPOSE
    assert faults(COMPOSE.replace(f"-c, {name}=", f"-c, x{name}=")) == [name]
