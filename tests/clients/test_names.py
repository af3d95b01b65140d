"""Names in a sentence and in a list: spellings of one name share a key; the order is German."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clients.names import fold, sort_key

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
def test_any_name_folds_without_an_error(name: str) -> None:
    assert fold(unicodedata.normalize("NFD", name)) == fold(unicodedata.normalize("NFC", name))
