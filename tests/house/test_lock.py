"""The lock files are closed: what they name needs nothing beside them, so that nothing is looked up."""

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
PINNED = re.compile(r"^[A-Za-z0-9._-]+==.*?(?= \\$)", re.MULTILINE)


def missing(text: str) -> set[str]:
    """Name what a locked distribution needs here and the lock does not name."""
    lines = [Requirement(line) for line in PINNED.findall(text)]
    locked = {canonicalize_name(each.name) for each in lines if not each.marker or each.marker.evaluate()}
    waiting = [Requirement(line) for line in (*PROJECT, *sorted(locked))]
    seen: set[tuple[str, str]] = set()
    lacking: set[str] = set()
    while waiting:
        asked = waiting.pop()
        name = canonicalize_name(asked.name)
        if name not in locked:
            lacking.add(name)
            continue
        for extra in {"", *asked.extras} - {extra for each, extra in seen if each == name}:
            seen.add((name, extra))
            needed = map(Requirement, requires(name) or ())
            waiting += [one for one in needed if not one.marker or one.marker.evaluate({"extra": extra})]
    return lacking


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_file_names_everything_that_is_needed(lock: str) -> None:
    assert missing((ROOT / lock).read_text("utf-8")) == set()


@pytest.mark.parametrize("lost", ["cffi", "greenlet", "argon2-cffi", "starlette"])
def test_lost_line_of_a_lock_file_is_noticed(lost: str) -> None:
    text = (ROOT / LOCKS[0]).read_text("utf-8")
    assert missing(re.sub(rf"^{lost}==", "#", text, flags=re.MULTILINE)) == {lost}


def test_nothing_is_looked_up_beyond_the_lock() -> None:
    """A resolver asked beside the hashes takes any newer release for a distribution with an extra."""
    assert '--require-hashes --no-deps -r "$lock"' in (ROOT / "deploy/make_venv.sh").read_text("utf-8")
