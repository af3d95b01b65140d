"""New passwords: long enough, not leaked, not guessable; of any characters, and with nothing prescribed."""

import re
from pathlib import Path

import pytest

from app.identity import password_rules
from app.identity.password_rules import CONTEXT_WORDS, LONGEST_PASSWORD, WeakPassword, check_password_policy

LIST = Path(password_rules.__file__).with_name("common_passwords.csv")
KNOWN = ("anna.schmidt@kreis-unna.example", "Anna Schmidt", "Caritas Unna")


def refused_as(password: str, **terms: object) -> str:
    with pytest.raises(WeakPassword) as refused:
        check_password_policy(password, **terms)  # type: ignore[arg-type]  # terms are passed through
    assert password not in refused.value.sentence
    return refused.value.code


@pytest.mark.asvs("6.2.5")
@pytest.mark.parametrize(
    "password",
    [
        "korrekt pferd batterie klammer",
        "der apfelbaum steht schief",
        "hvqzmwtkpxrd",
        "НашаБабушкаПечётХлеб",
        "بيتنا بجانب النهر الكبير",
        "我们家住在河边的老房子里面",
        "4815-1623-4299-0317-5",
        "🦊🌳🍞🎻🚲🪁🧵🕯️🎈🧭🪵🫖",
        "Kim mag Kürbissuppe mit Zimt",
        "xK9#mQ2$vL7!",
        "Grüße an 3 Nachbarn, immer freitags",
        "aahhqqnnvvkk",
    ],
)
def test_any_kind_of_character_makes_a_good_password(password: str) -> None:
    check_password_policy(password, forbidden_words=KNOWN)


@pytest.mark.asvs("6.2.1")
def test_a_password_has_at_least_twelve_characters() -> None:
    assert refused_as("hvqzmwtkpxr") == "password_too_short"
    assert refused_as("hvqzmwtkpxrd", shortest=15) == "password_too_short"
    check_password_policy("hvqzmwtkpxrd", shortest=12)


def test_characters_are_counted_and_not_bytes_or_halves_of_umlauts() -> None:
    assert refused_as("ж" * 6 + "щдлфя") == "password_too_short"
    assert refused_as("u\u0308" * 11) == "password_too_short"


@pytest.mark.asvs("6.2.9")
def test_a_password_may_have_128_characters_and_no_more() -> None:
    text = ("Wir fahren mit dem Zug nach Norden und sehen die Kühe. " * 3)[:LONGEST_PASSWORD]
    long = "".join(chr(ord(letter) + place // 55) for place, letter in enumerate(text))
    check_password_policy(long)
    assert refused_as(long + "x") == "password_too_long"


@pytest.mark.asvs("6.2.4", "6.2.12")
@pytest.mark.parametrize(
    "password",
    [
        "administrator",
        "Schmetterling",
        "BORUSSIADORTMUND",
        "ichliebedich",
        "iloveyou1234",
        "finalfantasy",
        "Sonnenschein1!",
        "2024Schmetterling!",
        "1q2w3e4r5t6y",
    ],
)
def test_a_leaked_password_is_refused_in_any_case_and_with_digits_around_it(password: str) -> None:
    assert refused_as(password) == "password_leaked"


@pytest.mark.asvs("6.2.4")
def test_the_list_is_long_enough_and_every_line_is_a_digest() -> None:
    header, *lines = LIST.read_text("ascii").splitlines()
    assert header == "sha256_prefix"
    assert len(lines) >= 28_000
    assert all(re.fullmatch(r"[0-9a-f]{10}", line) for line in lines)
    assert lines == sorted(set(lines))


@pytest.mark.parametrize(
    "password", ["žžžžžžžžžžžžžž", "abab!abab!abab!", "xqjzv9xqjzv9", "aAaAbBbBcCcCaAaA", "kuhkuhkuhkuhku"]
)
def test_a_password_that_repeats_itself_is_refused(password: str) -> None:
    assert refused_as(password) == "password_repetitive"


@pytest.mark.parametrize(
    "password",
    [
        "12345678901234",
        "Qwertzuiopü1",
        "asdfghjklöä#",
        "zyxwvutsrqpo",
        "abcdefg?1234567",
        "!§$%&/()=qwe",
        "Abc?1111111111xY",
    ],
)
def test_neighbouring_keys_letters_and_digits_count_once(password: str) -> None:
    assert refused_as(password) == "password_sequence"


@pytest.mark.asvs("6.2.11")
@pytest.mark.parametrize(
    "password",
    [
        "Sommer2024!!x",
        "Passwort-2026-x",
        "KIM-Integration-NRW-7",
        "Willkommen#2026",
        "Integrationsmanagement",
        "Nordrhein-Westfalen-26",
        "MaerzAprilMai",
        "Sommer12345678Herbst",
    ],
)
def test_words_that_everybody_here_thinks_of_do_not_count(password: str) -> None:
    assert refused_as(password) == "password_personal"


@pytest.mark.asvs("6.2.11")
@pytest.mark.parametrize(
    "password", ["AnnaSchmidt#1984", "schmidt.unna-88", "caritas2026anna", "Example-Anna-26"]
)
def test_what_a_stranger_knows_of_the_person_does_not_count(password: str) -> None:
    assert refused_as(password, forbidden_words=KNOWN) == "password_personal"


def test_a_word_of_the_context_is_no_obstacle_where_enough_is_left() -> None:
    check_password_policy("AnnaSchmidt kocht Linsensuppe", forbidden_words=KNOWN)


def test_of_two_words_the_longer_one_is_taken_out() -> None:
    assert refused_as("Steinfurt?xqvbzk", forbidden_words=("Stein", "Steinfurt")) == "password_personal"


def test_single_letters_and_syllables_are_no_words_of_the_context() -> None:
    check_password_policy(
        "der apfelbaum steht schief", forbidden_words=("D. E. R.", "ap fe lb", "a-u-m-s-t-h-c-i-f")
    )


def test_what_cannot_be_written_is_no_password() -> None:
    assert refused_as("der apfelbaum \ud800") == "password_not_text"


def test_the_words_of_the_context_are_spelt_as_they_are_compared() -> None:
    assert [word for word in CONTEXT_WORDS if word != word.casefold() or len(word) < 3] == []
    assert len(set(CONTEXT_WORDS)) == len(CONTEXT_WORDS)
