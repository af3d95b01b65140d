"""A run that does a share leaves out repetitions and keeps kinds; one that asks a database keeps those."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import share
from tests.conftest import own_name

ROOT = Path(__file__).parents[2]


def test_all_is_done_unless_a_share_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share, "SHARE", 1)
    assert share.share_of(10) == 10
    assert all(share.is_in_share("a", number) for number in range(100))


def test_share_is_one_in_so_many_and_never_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share, "SHARE", 5)
    assert (share.share_of(20_000), share.share_of(3)) == (4_000, 1)
    kept = [number for number in range(1_000) if share.is_in_share("a", number)]
    assert 150 < len(kept) < 250
    assert kept == [number for number in range(1_000) if share.is_in_share("a", number)]


def test_turns_do_all_between_them_and_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share, "SHARE", 5)
    done: list[int] = []
    for turn in range(7, 12):
        monkeypatch.setattr(share, "TURN", turn)
        done += [number for number in range(1_000) if share.is_in_share("a", number)]
    assert sorted(done) == list(range(1_000))


def test_what_is_dear_is_done_in_turns_and_the_rest_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share, "SHARE", 1)
    monkeypatch.setattr(share, "TURNS", 3)
    assert (share.share_of(10_000, dear=True), share.share_of(20_000)) == (3_333, 20_000)
    always, dear = "tests/attacks/test_a.py::test_a", min(share.DEAR)
    every = [f"{test}[{number}]" for test in (always, dear) for number in range(300)]
    done: list[str] = []
    for turn in range(5, 8):
        monkeypatch.setattr(share, "TURN", turn)
        kept = kept_of(every)
        assert kept[:300] == every[:300]
        done += kept[300:]
    assert sorted(done) == sorted(every[300:])


def test_what_is_thinned_when_it_is_made_is_not_thinned_again(monkeypatch: pytest.MonkeyPatch) -> None:
    every = [f"{share.THINNED_WHEN_MADE[0]}[{number}]" for number in range(90)]
    monkeypatch.setattr(share, "SHARE", 5)
    assert kept_of(every) == every


@pytest.mark.parametrize("test", [*sorted(share.DEAR), *share.THINNED_WHEN_MADE])
def test_tests_that_are_named_are_there(test: str) -> None:
    path, _, name = test.partition("::")
    assert f"def {name}(" in (ROOT / path).read_text()


def kept_of(every: list[str]) -> list[str]:
    return share.thinned(every, lambda each: each.partition("[")[0], str)


def test_about_the_database_every_test_is_kept_and_of_long_rows_a_share(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long, short = "tests/isolation/test_a.py::test_long", "tests/isolation/test_a.py::test_short"
    every = [f"{long}[{number}]" for number in range(500)] + [f"{short}[{number}]" for number in range(19)]
    monkeypatch.setattr(share, "SHARE", 1)
    assert kept_of(every) == every
    monkeypatch.setattr(share, "SHARE", 5)
    kept = kept_of(every)
    assert kept[-19:] == every[-19:]
    assert (kept[0], 70 < len(kept) - 19 < 130) == (f"{long}[0]", True)


def test_of_all_other_tests_a_share_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    every = [f"tests/work/test_{number}.py::test_short[{at}]" for number in range(250) for at in range(2)]
    monkeypatch.setattr(share, "SHARE", 1)
    assert kept_of(every) == every
    monkeypatch.setattr(share, "SHARE", 5)
    assert 70 < len(kept_of(every)) < 130


def test_tests_of_one_node_id_are_told_apart() -> None:
    of_the_contract = [SimpleNamespace(nodeid="test_a.py::test_b", name=f"test_b[{each}]") for each in "cd"]
    assert len({own_name(each) for each in of_the_contract}) == len(of_the_contract)


def test_rooms_about_the_database_are_there() -> None:
    assert [each for each in share.ABOUT_THE_DATABASE if not (ROOT / each).is_dir()] == []


def test_run_for_another_database_keeps_what_asks_one(tmp_path: Path) -> None:
    """One file asks the server of the run, one brings its own from the same programs, one asks none."""
    files = ("tests/work/test_timeline.py", "tests/durability/test_nothing_acknowledged_is_lost.py",
             "tests/consents/test_rules.py")  # fmt: skip
    words = [sys.executable, "-m", "pytest", "-q", "--collect-only", "--only-with-database", *files]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    told = subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    ).stdout
    assert {line.partition("::")[0] for line in told.splitlines() if "::" in line} == set(files[:2])
