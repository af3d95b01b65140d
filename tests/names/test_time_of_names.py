"""No name, however it is written, keeps a process busy: whoever may search or refer sends what they like."""

import random
import time
from itertools import product

import pytest

from app.clients.matching import forms, sounds, words
from app.clients.matching.forms import forms_of
from app.clients.matching.keys import Asked, keys_of
from app.clients.matching.ranking import Sought

SECONDS = 1.0
LONGEST = 120
NAMES = ["js", "czs", "bchzt", "GYs", "szщ", "γqщ", "щ", "ㅤ", "ﷺ", "thxj", "schj", "ouyw", "abd", "aZ"]


def _time_of(name: str) -> float:
    before = time.process_time()
    found = forms_of([name])
    Asked.of(found)
    keys_of(found)
    Sought(found).match([form.stored() for form in found])
    return time.process_time() - before


@pytest.mark.parametrize("syllable", NAMES)
@pytest.mark.asvs("1.3.12")
def test_a_name_of_one_syllable_is_read_in_no_time(syllable: str) -> None:
    assert _time_of((syllable * LONGEST)[:LONGEST]) < SECONDS


def test_each_pick_tried_for_itself_would_never_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "_FEW", 2**99)  # a planted fault
    before = time.process_time()
    assert sounds.skeletons_of("js" * 20) == ("as", "s")
    assert time.process_time() - before > SECONDS


def test_a_word_compared_to_its_end_would_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MOST_LETTERS", LONGEST)
    monkeypatch.setattr(forms, "MOST_LETTERS", 4 * LONGEST)
    assert _time_of("γqщ" * 40) > SECONDS


@pytest.mark.parametrize("doubles_count", [True, False])
def test_both_ways_find_the_same_skeletons_in_the_same_order(*, doubles_count: bool) -> None:
    drawn = random.Random(396)
    classes = [("-",), *sorted(set(sounds._CLASSES.values()))]
    every = [list(each) for each in product(classes, repeat=2)]
    every += [drawn.choices(classes, k=drawn.randrange(3, 9)) for _ in range(3000)]
    for choices in every:
        one_by_one = sounds._one_by_one(choices, doubles_count=doubles_count)
        assert sounds._from_behind(choices, doubles_count=doubles_count) == one_by_one, choices
