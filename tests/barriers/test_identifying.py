"""Observations must not tell of a person: every trace is found, and ordinary sentences pass."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.barriers.identifying import Known, Passage, identifying_passages

HOUSEHOLD = Known(
    names=frozenset({"Amina Ould-Haddad", "Mohammed Al Haddad", "Jürgen Groß", "Khaled", "Li"}),
    birth_dates=frozenset({date(1990, 3, 7)}),
    addresses=frozenset({"Lindenstraße 12a", "Am Hang 3", "Alte Str. 4"}),
    phones=frozenset({"+49 281 2071234", "110"}),
    numbers=frozenset({"KI-2026/0042", "7"}),
)


def found(text: str, known: Known = HOUSEHOLD) -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.kind) for each in identifying_passages(text, known)]


@pytest.mark.parametrize(
    "text",
    [
        "Seit dem Frühjahr gibt es am Schalter keine Sprachmittlung.",
        "Termine werden nur online vergeben, das Formular gibt es nur auf Deutsch.",
        "Wartezeit von 6 bis 8 Monaten, im Schuljahr 2025/2026 wurde es schlimmer.",
        "Offen nur 08.30-12.00 Uhr, danach nimmt niemand ab.",
        "Die Familienkasse verlangt § 62 EStG-Nachweise, die es nach § 81 AufenthG nicht gibt.",
        "Im März 2026 wurden 3 von 5 Stellen nicht besetzt, im Zimmer 214 sitzt niemand mehr.",
        "Immer eine andere Ansprechperson, man zahlt bis zu 120 Euro.",
        "No interpreter at the counter since the spring.",
        "Die Frau am Schalter und der Herr daneben schicken alle weiter.",
    ],
)
def test_sentence_about_the_system_passes(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "word",
    [
        "Amina", "AMINA", "amina", "Aminas", "Amina's", "Ámína", "Ould", "Haddad", "Haddads", "Hadad",
        "Mohamed", "Muhammad", "Mohammad", "MOHAMMEDS", "Gross", "Groß", "Juergen", "Jurgen", "Jürgens",
        "Chaled", "Haled", "Li", "OuldHaddad", "A\u200bmina", "Ami\u00adna", "Ju\u0308rgen", "Ａmina",
    ],
)  # fmt: skip
def test_name_is_found_in_any_spelling(word: str) -> None:
    assert found(f"Weil {word} keinen Termin bekam") == [(word.removesuffix("'s"), "name")]


@pytest.mark.parametrize("word", ["Zimmer", "Hammer", "immer", "Omar", "Al", "Liste", "Groll", "Halden"])
def test_ordinary_word_is_no_spelling_of_a_name(word: str) -> None:
    known = Known(names=frozenset({"Samir", "Amir Al Hamid", "Li", "Groß", "Khaled", "Umaru"}))
    assert found(f"Das {word} hier", known) == []


def test_name_is_not_looked_for_where_nothing_is_known() -> None:
    assert found("Weil Amina keinen Termin bekam", Known()) == []


def test_genitive_with_ens_is_found() -> None:
    assert found("Fritzens Antrag", Known(names=frozenset({"Fritz"}))) == [("Fritzens", "name")]


@pytest.mark.parametrize(
    ("text", "trace"),
    [
        ("am 3.5. war zu", "3.5."),
        ("am 03.05.2026 war zu", "03.05.2026"),
        ("am 3/5/26 war zu", "3/5/26"),
        ("am 2026-05-03 war zu", "2026-05-03"),
        ("am 3. Mai war zu", "3. Mai"),
        ("am 3. März 2026", "3. März"),
        ("on March 3rd it was closed", "March 3rd"),
        ("on the 3rd of May it was closed", "3rd of May"),
        ("am ٣.٥.٢٠٢٦ war zu", "٣.٥.٢٠٢٦"),
    ],
)
def test_exact_date_is_refused_whoever_it_concerns(text: str, trace: str) -> None:
    assert found(text, Known()) == [(trace, "date")]


@pytest.mark.parametrize("written", ["März 1990", "03/1990", "3.1990", "1990-03", "Mar 90", "maerz '90"])
def test_month_of_a_birth_is_found(written: str) -> None:
    text = f"Geboren irgendwann {written}, aber ohne Urkunde"
    assert (written, "birth_date") in found(text)
    assert found(text, replace(HOUSEHOLD, birth_dates=frozenset({date(1991, 4, 7)}))) == []


@pytest.mark.parametrize(
    ("text", "trace", "kind"),
    [
        ("ein 34-jähriger Vater", "34-jährig", "age"),
        ("mit 17 Jahre alt", "17 Jahre alt", "age"),
        ("Jahrgang 1990 wird abgelehnt", "Jahrgang 1990", "age"),
        ("an a.h+kim@web.de schreiben", "a.h+kim@web.de", "email"),
        ("an ah (at) web.de schreiben", "ah (at) web.de", "email"),
        ("in der Bahnhofstr. 7 klingeln", "Bahnhofstr. 7", "address"),
        ("unter +49 281 20 71 anrufen", "+49 281 20 71", "phone"),
        ("unter (0281) 207-1234 anrufen", "(0281) 207-1234", "phone"),
        ("mit DE89 3704 0044 0532 0130 00 zahlen", "DE89 3704 0044 0532 0130 00", "number"),
        ("Ausweis C01X00T47 fehlt", "C01X00T47", "number"),
        ("unter Az. 12-34/56 liegt es", "Az. 12-34/56", "number"),
        ("Steuer-ID 12 345 678 901 fehlt", "12 345 678 901", "number"),
        ("Kundennummer 31702 fehlt", "31702", "number"),
        ("weil Frau Schmidt krank ist", "Frau Schmidt", "person"),
        ("weil Herrn Dr. Öztürk niemand vertritt", "Herrn Dr. Öztürk", "person"),
        ("weil Familie K. wartet", "Familie K.", "person"),
        ("weil Амина wartet", "Амина", "script"),
        ("weil Аmina wartet", "Аmina", "script"),
    ],
)
def test_what_points_to_some_person_is_refused_whoever_it_is(text: str, trace: str, kind: str) -> None:
    assert found(text, Known()) == [(trace, kind)]


@pytest.mark.parametrize(
    ("text", "trace", "kind"),
    [
        ("die Lindenstrasse ist weit weg", "Lindenstrasse", "address"),
        ("die Linden-Str. ist weit weg", "Linden-Str.", "address"),
        ("die Häuser Am Hang sind weit weg", "Am Hang", "address"),
        ("unter 207 12 34 niemand da", "207 12 34", "phone"),
        ("Fall KI 2026 0042 liegt", "KI 2026 0042", "number"),
        ("Fall ki20260042 liegt", "ki20260042", "number"),
    ],
)
def test_what_is_known_of_the_household_is_found(text: str, trace: str, kind: str) -> None:
    assert found(text) == [(trace, kind)]
    assert (trace, kind) not in found(text, Known())


def test_street_of_few_letters_and_short_numbers_are_left_alone() -> None:
    known = Known(addresses=frozenset({"Weg 1"}), numbers=frozenset({"17"}), phones=frozenset({"112"}))
    assert found("Auf dem Weg durch 17 Büros, notfalls 112", known) == []


def test_those_in_whose_care_somebody_lives_are_found_but_no_words_of_a_street() -> None:
    known = Known(addresses=frozenset({"bei Familie Osmanovic", "Am alten Markt", "Hintere Gasse"}))
    assert found("Osmanovics am Telefon, die Familie wartet am Markt, die Gasse ist zu", known) == [
        ("Osmanovics", "name")
    ]
    assert found("hinter Am Alten Markt", known) == [("Am Alten Markt", "address")]


def test_overlapping_traces_are_one_passage() -> None:
    assert identifying_passages("Frau Haddad fehlt", HOUSEHOLD) == [Passage(0, 11, "person")]


def test_passages_come_in_order_and_apart() -> None:
    text = "Haddad, 3.5.2026, Haddad"
    assert found(text) == [("Haddad", "name"), ("3.5.2026", "date"), ("Haddad", "name")]


@given(
    before=st.text(alphabet=st.characters(whitelist_categories=["Ll", "Zs", "Po"]), max_size=40),
    after=st.text(alphabet=st.characters(whitelist_categories=["Ll", "Zs", "Po"]), max_size=40),
)
def test_name_is_found_wherever_it_stands(before: str, after: str) -> None:
    text = f"{before} Haddad {after}"
    place = len(before) + 1
    passages = identifying_passages(text, HOUSEHOLD)
    assert any(each.start <= place and place + 6 <= each.end for each in passages)


@given(st.text(max_size=200))
def test_any_text_is_answered_with_places_inside_it(text: str) -> None:
    passages = identifying_passages(text, HOUSEHOLD)
    assert all(0 <= each.start < each.end <= len(text) for each in passages)
    assert all(one.end <= two.start for one, two in pairwise(passages))
