"""However a text is made, reading it takes a time in proportion: else one sender stops a process for all."""

import re
import time
from collections.abc import Callable

import pytest

from app.barriers import identifying, spelling, traces
from app.barriers.identifying import Known, identifying_passages
from app.incoming_referrals import rules
from app.incoming_referrals.rules import tells_too_much
from app.obstacles.similarity import words

SQUARE = "\N{SQUARE APAATO}"
"""One sign that is read as four letters: of all that a note can be made of the longest word."""
NOBODY = Known()
MANY_STREETS = Known(addresses=frozenset(f"Straße der {'abcdefghij'[n % 10] * 3}{n} 5" for n in range(3000)))
LONG_NAME = Known(names=frozenset({"ab" * 60}))
SECONDS = 1.0


def takes_long(work: Callable[[], object]) -> bool:
    before = time.process_time()
    work()
    return time.process_time() - before > SECONDS


TEXTS = [
    SQUARE * 3000, "a" * 12_000, "-a" * 6000, "a." * 6000, "a@" * 6000, "a" * 6000 + "@" + "a" * 6000,
    "1" * 12_000, "Az." * 4000, "Az 1" * 3000, "Dr. " * 3000, "-strasse" * 1500, "A" * 12_000,
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.asvs("1.3.12")
def test_a_long_text_is_read_once(text: str) -> None:
    assert not takes_long(lambda: identifying_passages(text, NOBODY))


def test_a_pattern_that_begins_at_every_sign_would_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
    monkeypatch.setattr(traces, "_PLAIN", (("email", planted),))
    assert takes_long(lambda: identifying_passages(SQUARE * 3000, NOBODY))


def test_what_is_known_of_thousands_is_held_against_a_sentence_quickly() -> None:
    assert not takes_long(lambda: identifying_passages("Es fehlen immer Unterlagen. " * 20, MANY_STREETS))


def test_a_pattern_for_each_street_would_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere = type("Everywhere", (str,), {"__contains__": lambda *_: True})
    monkeypatch.setattr(identifying, "_NO_SIGN", _Substituting(identifying._NO_SIGN, everywhere))
    assert takes_long(lambda: identifying_passages("Es fehlen immer Unterlagen. " * 20, MANY_STREETS))


class _Substituting:
    """A pattern whose result claims to hold everything."""

    def __init__(self, pattern: re.Pattern[str], kind: type[str]) -> None:
        self._pattern, self._kind = pattern, kind

    def sub(self, by: str, text: str) -> str:
        return self._kind(self._pattern.sub(by, text))


def test_a_name_of_many_letters_is_not_looked_for_in_all_that_stands_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    apart = "a b " * 150
    assert not takes_long(lambda: identifying_passages(apart, LONG_NAME))
    monkeypatch.setattr(spelling, "_MOST_LETTERS", 10_000)
    assert takes_long(lambda: identifying_passages(apart, LONG_NAME))


def test_a_sentence_for_an_institution_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not takes_long(lambda: tells_too_much("@" * 2000, ()))
    monkeypatch.setattr(rules, "_ADDRESS", re.compile(r"\S+@\S+\.\S+"))
    assert takes_long(lambda: tells_too_much("@" * 2000, ()))


@pytest.mark.parametrize("sentence", ["Schreiben Sie an a@b.de", "x@@b.c", "@a@b.c"])
def test_an_address_is_still_found_wherever_it_stands(sentence: str) -> None:
    assert tells_too_much(sentence, ()) == "address"


def test_a_word_of_endings_alone_can_be_compared() -> None:
    assert words(["n" * 8000]) == {"nnnn": "n" * 8000}
