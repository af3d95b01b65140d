"""A name that is written as several words is found as one; everyday words beside each other are no name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.barriers import apart
from app.barriers.apart import joined_words
from app.barriers.identifying import Known, identifying_passages
from app.barriers.spelling import words

CLIENT = Known(names=frozenset({"Schirin", "Gourbanzadeh-Müßig", "Zaitseva", "Abdulrahman", "O'Neill"}))
LIKE_EVERYDAY_WORDS = Known(
    names=frozenset({
        "Wasim", "Damir", "Iman", "Ines", "Anwar", "Amin", "Warda", "Miran", "Ümit", "Inas", "Dana", "Esin",
        "Soman", "Anna", "Warum", "Darian", "Erkan", "Esra", "Omar", "Sara", "Alina", "Malik", "Mariam",
    })
)  # fmt: skip


def found(text: str, known: Known = CLIENT) -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.kind) for each in identifying_passages(text, known)]


@pytest.mark.parametrize(
    "written",
    [
        "Gourban Zadeh", "Gourban-Zadeh", "Gour-banzadeh", "Gour ban zadeh", "Gour-\nbanzadeh", "Schi-rin",
        "Schi - rin", "S chirin", "Qurban Zada", "Gurban sade", "Gurban Sades", "Zait-seva", "Zait Seva",
        "Müs-sig", "G.o.u.r.b.a.n.z.a.d.e.h", "S c h i r i n", "S. c. h. i. r. i. n", "S_c_h_i_r_i_n",
        "Abdul Rahman", "Abdul-Rahman", "Abd al-Rahman", "Abd ar-Rahman", "Abd el Rahman", "Abdurrahman",
        "Gour\u00adban Zadeh", "Gourban.Zadeh", "Gourban/Zadeh",
    ],
)  # fmt: skip
def test_name_that_is_written_apart_is_marked_whole(written: str) -> None:
    assert found(f"Termine: {written} bekam keinen") == [(written, "name")]
    assert found(f"Termine: {written} bekam keinen", Known()) == []


@pytest.mark.parametrize(
    "text",
    [
        "Man erfährt nicht, was im Amt mit dem Antrag geschieht, und da mir niemand antwortet, wartet man.",
        "Im An- und Abmeldeverfahren gibt es in es betreffenden Fällen keine Auskunft.",
        "Am Schalter war an war nicht zu denken, es war da keiner, mir an der Tür half man nicht.",
        "Da an der Tür steht es in drei Sprachen; um it kümmert man sich, er kann nichts tun.",
    ],
)
def test_everyday_words_beside_each_other_are_no_name(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(text, LIKE_EVERYDAY_WORDS) == []
    monkeypatch.setattr(apart, "_EVERYDAY", frozenset())  # a planted fault
    assert "name" in [kind for _, kind in found(text, LIKE_EVERYDAY_WORDS)]


def test_everyday_word_joined_by_a_hyphen_or_with_another_one_is_looked_at() -> None:
    assert found("Weil Was-im fehlt", LIKE_EVERYDAY_WORDS) == [("Was-im", "name")]
    assert found("Weil Was sim fehlt", LIKE_EVERYDAY_WORDS) == [("Was sim", "name")]
    assert found("Weil Mari am Ende fehlt", LIKE_EVERYDAY_WORDS) == [("Mari am", "name")]


def test_with_an_everyday_word_a_name_has_to_have_the_same_key() -> None:
    known = Known(names=frozenset({"Zaitimer"}))
    assert found("Zait imer kam", known) == [("Zait imer", "name")]
    assert found("Zeit imer kam", known) == []
    assert found("Zeitimer kam", known) == [("Zeitimer", "name")]


@pytest.mark.parametrize("text", ["Gourban, Zadeh", "Gourban. Zadeh", "Gourban: Zadeh", "Gourban 3 Zadeh"])
def test_words_of_two_clauses_are_not_joined(text: str) -> None:
    assert found(text) == []


def test_two_initials_are_no_name_of_two_letters() -> None:
    assert found("Das gilt z. B. u. a. für L. I. nicht", Known(names=frozenset({"Li", "Ua"}))) == []


@given(st.text(alphabet="ab -.,'\n", max_size=60), st.integers(2, 12))
def test_what_is_joined_lies_between_two_words_and_is_no_longer_than_asked(text: str, longest: int) -> None:
    for joined in joined_words(list(words(text)), longest):
        inside = text[joined.start : joined.end]
        assert joined.word == "".join(word[0] for word in words(inside))
        assert len(joined.word) <= longest
        assert len(inside) > len(joined.word)
        assert sum(len(word[0]) > 1 for word in words(inside)) <= apart.MOST_JOINED
