"""What is written so that a reader sees it and a comparison does not is found; ordinary writing passes."""

import time
from datetime import date

import pytest

from app.barriers import signs, spelling
from app.barriers.births import Births
from app.barriers.identifying import Known, identifying_passages
from app.clients.known import with_words

FAMILY = Known(
    names=frozenset({"Stefka Petrova", "Alexandra", "Yıldız", "Łukasz", "Əliyev", "Đặng", "Li"}),
    birth_dates=frozenset({date(2012, 7, 22), date(1988, 5, 3)}),
    birth_years=frozenset({1961}),
    addresses=frozenset({"Friedrichstraße 100"}),
    phones=frozenset({"01701234567"}),
    numbers=frozenset({"WES-2025-0031"}),
    emails=frozenset({"s.petrova82@example.org", "sonnenblume@example.org", "beratung@example.org"}),
)


def kinds(text: str, known: Known = FAMILY) -> set[str]:
    return {each.kind for each in identifying_passages(text, known)}


def symbols(word: str, first: int) -> str:
    return "".join(chr(first + ord(letter) - ord("a")) for letter in word.lower())


def after_each(word: str, sign: str) -> str:
    return "".join(letter + sign for letter in word)


@pytest.mark.parametrize(
    "written",
    [
        "\u202eavorteP akfetS\u202c", "\u2067\u2068a\u2069\u2068k\u2069\u2069", "\u202bStefka\u202c",
        "S\u200ft\u200fe\u200ff\u200fk\u200fa", "S\u061ctefka", "ꜱᴛᴇꜰᴋᴀ ᴘᴇᴛʀᴏᴠᴀ", "Stefkɑ Petrovɑ", "Pɘtrova",
        "Ꞩtefka", "ⱣetroƲa", "Реtrova", "ƿetrova", "A\N{LATIN LETTER DENTAL CLICK}exandra",
    ],
)  # fmt: skip
def test_letters_that_cannot_be_compared_and_turned_writing_are_refused_whoever_it_is(written: str) -> None:
    assert kinds(f"Weil {written} wartet", Known()) == {"script"}


@pytest.mark.parametrize(
    "written",
    [
        symbols("Stefka", 0x1F170), symbols("Stefka", 0x1F150), symbols("Stefka", 0x1F130),
        symbols("Stefka", 0x1F1E6), symbols("Stefka", 0x24D0), symbols("Stefka", 0x1F110),
        " ".join(symbols("Stefka", 0x1F1E6)), "Steƒka", "Ƥetrova",
        after_each("Stefka", "\u034f"), after_each("Stefka", "\ufe0f"), after_each("Stefka", "\ufe00"),
        after_each("Stefka", "\u20dd"), after_each("Stefka", "\u0336"), after_each("Stefka", "\U000e0101"),
        after_each("Stefka", "\u3164"), after_each("Stefka", "\u200b"), "Ste\u034ffka",
        "St3fka", "P3trova", "5tefka", "P3tr0v4", "4lexandra", "A1exandra", "Alex4ndras",
        "Yildiz", "Lukasz", "Eliyev", "Dang", "stefka\u0301",
    ],
)  # fmt: skip
def test_name_is_found_through_its_disguise(written: str) -> None:
    assert kinds(f"Weil {written} wartet") == {"name"}
    assert kinds(f"Weil {written} wartet", Known()) == set()


@pytest.mark.parametrize(
    "written",
    [
        "22·7·2012", "22, 7, 2012", "22 7 2012", "2012 07 22", "22.7 2012", "22–7–2012", "22_07_2012",
        "7 22 2012", "7·22·12", "22·7·12", "2012, Juli, 22", "3 mayıs 1988", "3. V. 1988", "3 V 88",
        "3.V.1988", "3/V/1988", "3 de mayo de 1988", "1988 maja 3", "mayıs 1988",
        "Mai, 1988", "5·1988", "5–1988", "1961 geboren", "2012 geb.",
    ],
)  # fmt: skip
def test_known_birth_is_found_however_it_is_written(written: str) -> None:
    assert "birth_date" in kinds(f"Die Urkunde ({written}) fehlt")
    assert "birth_date" not in kinds(
        f"Die Urkunde ({written}) fehlt", Known(birth_dates=frozenset({date(2011, 8, 23)}))
    )


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("WES·2025·0031", "number"), ("WES – 2025 – 0031", "number"), ("W·E·S 2025|0031", "number"),
        ("01·70·12·34·56·7", "phone"), ("01–70–12–34–56–7", "phone"), ("12 | 34 | 56 7", "phone"),
        ("Friedrichstra\u034fße", "address"), ("Friedrich·straße", "address"),
        ("s.petrova82", "email"), ("s-petrova-82", "email"), ("Sonnenblume", "email"),
    ],
)  # fmt: skip
def test_known_number_and_place_is_found_however_it_is_grouped(written: str, kind: str) -> None:
    assert kind in kinds(f"Unter {written} lag es")


def test_phone_is_one_to_everybody_whatever_stands_between_its_digits() -> None:
    for text in ("unter 01·70·12·34·56·7", "unter +49–170–1234567", "unter 0281\u2011207\u20111234"):
        assert "phone" in kinds(text, Known())
    assert kinds("in der Friedrichstra\u034fße 100", Known()) == {"address"}


@pytest.mark.parametrize(
    "text",
    [
        "Nach § 24 Abs. 2 Nr. 3 SGB II und § 22, 7, 13 wird das abgelehnt, B1 und A2 reichen nicht.",
        "Für B2B-Kurse, Covid19-Regeln, H1N1 und den 3er-Takt gibt es 12a und 24h-Dienste nicht.",
        "Das Formular 🇩🇪 ist schwierig ❤️, Schritt 1️⃣ fehlt ☎️ und 👩‍💻 hilft nicht.",
        "Übersetzungen auf Türkçe, Kurmancî, Soomaali, Hausa, Tiếng Việt fehlen, Maltesisch (Ħ) auch.",
        "Geöffnet ist 08.30–12.00 Uhr, seit Mai 2013 auch 13.00 – 16.00 Uhr, 2012 waren es 22 Stunden.",
        "Seit 2012, 7 Jahre lang, kamen 22 Fälle; 1988, 1961 und 2012 war es anders, im Juli auch.",
        "In Teil I, V und X stehen 3, 5, 88 verschiedene Dinge; die Beratung schreibt an niemanden.",
        "Von 2014 geborenen Kindern spricht niemand, wohl aber von 31 Anträgen im Mai, 12 Wochen lang.",
    ],
)  # fmt: skip
def test_ordinary_writing_passes(text: str) -> None:
    known = Known(
        names=FAMILY.names - {"Li"},
        birth_dates=frozenset({date(2012, 7, 23), date(1988, 5, 4), date(2013, 7, 22), date(1988, 5, 3)}),
        phones=FAMILY.phones,
        numbers=FAMILY.numbers,
        addresses=FAMILY.addresses,
        emails=FAMILY.emails,
    )
    passages = identifying_passages(text, known)
    assert [text[each.start : each.end] for each in passages] == []


def test_what_is_not_read_as_a_letter_would_hide_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is planted: signs are taken as they are, and digits are digits."""
    monkeypatch.setattr(signs, "_read", lambda sign: sign)
    monkeypatch.setattr(spelling, "_SHORTEST_MIXED", 99)
    for written in (symbols("Stefka", 0x1F170), symbols("Stefka", 0x1F150), "5tefka"):
        assert "name" not in kinds(f"Weil {written} wartet")


def test_many_known_and_a_long_text_take_no_longer_than_both_together() -> None:
    names = frozenset(with_words(f"{a}{b}ar{c}en {d}od{e}ow" for a in "BDFG" for b in "aeiou"
                                 for c in "lmnr"
                                 for d in "PRST" for e in "lmnr"))  # fmt: skip
    known = Known(
        names=names,
        birth_dates=frozenset(date.fromordinal(700_000 + 9 * number) for number in range(3_000)),
        phones=frozenset(f"0281 {number:07d}" for number in range(1_000_000, 1_003_000)),
        numbers=frozenset(f"WES-2025-{number:04d}" for number in range(3_000)),
    )
    for text in ("1 " * 1000, "1" * 2000, "a\u034f" * 1000, "\u202a" * 2000, "St3fka 7·" * 200, "x_" * 1000):
        before = time.process_time()
        identifying_passages(text, known)
        assert time.process_time() - before < 3


def test_births_do_not_depend_on_how_many_they_are() -> None:
    births = Births(date.fromordinal(700_000 + number) for number in range(40_000))
    before = time.process_time()
    assert list(births.places("22·7·2012 und " * 200))
    assert time.process_time() - before < 1
