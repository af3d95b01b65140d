"""Keys and likeness: spellings of one name meet and are said to be alike, other names do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clients.matching.forms import Form, forms_of
from app.clients.matching.keys import Asked, keys_of, near
from app.clients.matching.ranking import PART, SAME, SPELLING, SWAPPED, TYPING, Match, Sought
from app.clients.matching.words import words_of

ANY_TEXT = st.text(max_size=40)


def match(asked: str, stored: str) -> Match:
    return Sought(forms_of([asked])).match([form.stored() for form in forms_of([stored])])


def meets(asked: str, stored: str) -> bool:
    keys = set(keys_of(forms_of([stored])))
    return all(keys.intersection(near(form)) for form in forms_of([asked]))


SPELLINGS = [
    ("Müller", "Mueller"), ("Groß", "Gross"), ("Ayşe", "Aische"), ("Çelik", "Tschelik"), ("Yusuf", "Jussuf"),
    ("Youssef", "Yusuf"), ("Dschamal", "Jamal"), ("Khaled", "Chalid"), ("Wladimir", "Vladimir"),
    ("Fatimah", "Fatima"), ("محمد", "Mohammed"), ("Mohammad", "Muhamad"), ("يوسف", "Youssef"),
    ("عبد الرحمن", "Abdurrahman"), ("عبد الله", "Abdallah"), ("نور الدين", "Noureddine"),
    ("Abu Bakr", "Abubakr"), ("الهادي", "Alhadi"), ("إسحاق", "Ishaq"), ("الزهراني", "Zahrani"),
    ("ممدوح", "Mamdouh"), ("Шевченко", "Schewtschenko"), ("Шевченко", "Ševčenko"), ("Щербак", "Schtscherbak"),
    ("Григорій", "Hryhorij"), ("Григорий", "Grigory"), ("Юлія", "Iuliia"), ("Желязко", "Jeliazko"),
    ("Щерев", "Shterev"), ("Христо", "Hristo"), ("Георги", "Gueorgui"), ("Παπαδόπουλος", "Papadopoulos"),
    ("Μπάμπης", "Babis"), ("Ντίνος", "Dinos"), ("Ευάγγελος", "Evangelos"), ("Βασίλης", "Basilis"),
    ("Yılmaz", "Yilmaz"), ("Gamal", "Jamal"), ("Walid", "Oualid"), ("Łukasz", "Lukasz"), ("Țăran", "Taran"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_spellings_of_one_name_meet_and_are_alike(one: str, other: str) -> None:
    for asked, stored in ((one, other), (other, one)):
        assert meets(asked, stored)
        found = match(asked, stored)
        assert found.likeness >= 0.8
        assert TYPING not in found.reasons


JOINED = [
    ("Gourban Zadeh", "Gourbanzadeh"), ("Gourban-Zadeh", "Gurbansade"), ("Zait seva", "Zaitseva"),
    ("Müller Lüdenscheidt", "Muellerluedenscheidt"), ("Ali Reza", "Alireza"), ("Шев ченко", "Schewtschenko"),
    ("Schirin Gourban Zadeh", "Schirin Gourbanzadeh"), ("Ali Reza", "علیرضا"),
]  # fmt: skip


@pytest.mark.parametrize(("apart", "whole"), JOINED)
def test_one_word_and_two_meet_and_are_alike(apart: str, whole: str) -> None:
    for asked, stored in ((apart, whole), (whole, apart)):
        stored_keys = {f"'{key}'" for key in keys_of(forms_of([stored]))}
        questions = Asked.of(forms_of([asked]))
        for question in (questions.one, *questions.exact):
            assert question is None or not stored_keys.isdisjoint(question.split(" | "))
        found = match(asked, stored)
        assert found.likeness >= 0.9
        assert SPELLING in found.reasons
        assert TYPING not in found.reasons


@pytest.mark.parametrize(
    ("asked", "stored"),
    [("Amina Hadi", "Hadiamina"), ("Sami Ra", "Zimmer"), ("Zim Mer", "Samira"), ("Ana Li", "Nila")],
)
def test_what_is_joined_has_to_be_the_word(asked: str, stored: str) -> None:
    assert match(asked, stored).likeness < 0.7


def test_of_two_words_both_may_be_one_without_a_birth_date() -> None:
    stored = {f"'{key}'" for key in keys_of(forms_of(["Gourbanzadeh"]))}
    both = Asked.of(forms_of(["Gourban Zadeh"])).two
    assert both is not None
    (pair, _) = both.split(" | ((", 1)
    assert all(not stored.isdisjoint(part.strip("() ").split(" | ")) for part in pair.split(" & "))


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ("Olekasndra", "Oleksandra"), ("Oleksanda", "Oleksandra"), ("Shevcbenko", "Shevchenko"),
        ("Mohamned", "Mohammed"), ("Kovalrnko", "Коваленко"), ("Amika", "Amina"), ("Aki", "Ali"),
        ("Yucrhskyi", "Jurtschskyj"), ("Marcphchuk", "Martschtschuk"), ("Tkatsclhenko", "Tkačenko"),
    ],
)  # fmt: skip
def test_one_slip_still_meets_and_is_said(asked: str, stored: str) -> None:
    assert meets(asked, stored)
    found = match(asked, stored)
    assert found.likeness >= 0.55
    assert TYPING in found.reasons or SPELLING in found.reasons


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amina", "Yusuf"),
        ("Шевченко", "Bondarenko"),
        ("محمد", "Karim"),
        ("Maier", "Schröder"),
        ("Ali", "Omar"),
    ],
)
def test_other_names_do_not_meet(one: str, other: str) -> None:
    assert not meets(one, other)
    assert match(one, other).likeness < 0.3


@pytest.mark.parametrize(
    ("asked", "stored", "reasons"),
    [
        ("Amina Hadi", "Amina Hadi", (SAME,)),
        ("Hadi Amina", "Amina Hadi", (SAME, SWAPPED)),
        ("Amina", "Amina Hadi", (PART,)),
        ("Olek", "Oleksandra", (PART,)),
        ("Ameena Hadi", "Amina Hadi", (SPELLING,)),
        ("Amika Hadi", "Amina Hadi", (TYPING,)),
    ],
)
def test_reasons_say_what_was_alike(asked: str, stored: str, reasons: tuple[str, ...]) -> None:
    assert match(asked, stored).reasons == reasons


def test_brothers_are_less_alike_than_spellings() -> None:
    assert match("Sami Haddad", "Amir Haddad").likeness < match("Samy Hadad", "Sami Haddad").likeness - 0.3


def test_word_asked_for_in_vain_weighs_more_than_one_not_asked_for() -> None:
    in_vain = match("Amina Nour Hadi", "Amina Hadi").likeness
    assert in_vain < match("Amina Hadi", "Amina Nour Hadi").likeness < 1


def test_of_two_words_that_sound_the_same_both_are_asked_for() -> None:
    both, one = keys_of(forms_of(["Ali", "Al-Ali"])), keys_of(forms_of(["Ali", "Omar"]))
    asked = Asked.of(forms_of(["Ali Ali"]))
    assert asked.exact[1] in {f"'{key}'" for key in both}
    assert asked.exact[1] not in {f"'{key}'" for key in one}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Al-Hadi", ["hadi"]),
        ("AlHadi", ["hadi"]),
        ("El", ["el"]),
        ("O’Neill", ["oneill"]),
        ("Abd al-Rahman Omar", ["abdrahman", "omar"]),
        ("Nureddin", ["nur", "din"]),
        ("-- 12", []),
    ],
)
def test_articles_fall_and_joined_spellings_meet(name: str, words: list[str]) -> None:
    assert words_of(name) == words


def test_script_that_nobody_reads_stands_for_itself() -> None:
    assert match("𞤀𞤣𞤤𞤢𞤥", "𞤀𞤣𞤤𞤢𞤥").reasons == (SAME,)


@given(ANY_TEXT)
def test_any_text_has_keys_that_can_be_stored_and_asked_for(name: str) -> None:
    forms = forms_of([name])
    assert [Form.parsed(form.stored()) for form in forms] == forms
    keys = [*keys_of(forms), *(key for form in forms for key in near(form))]
    assert all(key.isascii() and key.replace("_", "").isalnum() for key in keys)


@given(ANY_TEXT)
def test_every_name_meets_itself(name: str) -> None:
    forms = forms_of([name])
    assert all(set(keys_of(forms)) & set(near(form)) for form in forms)
