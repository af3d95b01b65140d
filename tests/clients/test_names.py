"""Names: spellings of one name share a key, different names do not; the order is German."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clients.names import consonants, fold, name_keys, sort_key

NAMES = st.text(
    st.characters(codec="utf-8", categories=["Lu", "Ll", "Lt", "Lo", "Mn", "Zs", "Pd", "Po"]), max_size=40
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "Mueller"),
        ("Groß", "Gross"),
        ("Ayşe", "Aische"),
        ("Şahin", "Schahin"),
        ("Çelik", "Tschelik"),
        ("Mohammed", "Mohamed"),
        ("Yusuf", "Jussuf"),
        ("Dschamal", "Jamal"),
        ("Khaled", "Haled"),
        ("Wladimir", "Vladimir"),
        ("Yılmaz", "Yilmaz"),
        ("Łukasz", "Lukasz"),
        ("Fatimah", "Fatima"),
        ("Schewtschenko", "Shevchenko"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Amina", "Amira"), ("Ali", "Eli"), ("Maier", "Mahler"), ("Ion", "Ian")]
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_consonants_agree_where_vowels_are_written_as_they_are_heard() -> None:
    assert consonants(fold("Mohammed")) == consonants(fold("Muhamad")) == "mhmd"
    assert consonants(fold("Omar")) == consonants(fold("Umar"))
    assert consonants(fold("Omar")) != consonants(fold("Omid"))


def test_keys_hold_every_word_of_every_name_once_and_no_article() -> None:
    keys = name_keys(["Amina", "Al-Hadi", None, "Umm Amina", "D’Angelo"])
    assert keys.words == ("amina", "dangelo", "hadi", "um")
    assert keys.text == "amina dangelo hadi um"
    assert len(keys.consonants) == len(keys.words)


def test_name_that_is_only_an_article_keeps_it() -> None:
    assert name_keys(["El"]).words == ("el",)


def test_order_is_that_of_a_german_telephone_list() -> None:
    names = [
        ("Zander", "A"),
        ("Ärmel", "B"),
        ("Arm", "C"),
        ("Strasser", "D"),
        ("Straße", "E"),
        ("Çelik", "F"),
    ]
    ordered = sorted(names, key=lambda name: sort_key(*name))
    assert [name[1] for name in ordered] == ["C", "B", "F", "E", "D", "A"]


@given(NAMES)
def test_any_name_folds_without_an_error_into_pairs(name: str) -> None:
    keys = name_keys([name])
    assert len(keys.words) == len(keys.consonants)
    assert all(keys.words)
    assert name_keys([unicodedata.normalize("NFD", name)]) == name_keys([unicodedata.normalize("NFC", name)])


@given(NAMES, NAMES)
def test_order_of_names_plays_no_part(one: str, other: str) -> None:
    assert name_keys([one, other]) == name_keys([other, one])
