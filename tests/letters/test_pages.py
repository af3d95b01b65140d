"""What stands on the pages: text that can be read out and copied, in every language, and nobody's markup."""

import ctypes
import re
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typst
from pypdfium2 import PdfDocument, raw

from app.consents.texts import shipped
from app.documents.inspection import kind_of
from app.letters import composing, languages
from app.letters.composing import Facts
from app.letters.languages import OTHERS
from app.letters.package_lines import FIELDS, package_lines
from app.letters.rendering import compiled, rendered

FACTS = Facts(
    unit="KI Kreis Auental",
    sender="Anja Berger",
    case_number="2026-123456",
    name="Amina Al-Hadi",
    birth_date=date(1990, 5, 17),
    today=date(2026, 11, 28),
    address=None,
)
LETTERS = {
    "ara": re.compile("[\u0621-\u064a]"), "ukr": re.compile("[іїєґ]"), "bul": re.compile("[ъщ]"),
    "tur": re.compile("[ığşİ]"), "ron": re.compile("[ățșâ]"), "eng": re.compile("[a-z]"),
}  # fmt: skip
"""Signs that only a letter in this language has."""


def text_of(pdf: bytes) -> str:
    """Return the text layer, with the forms of Arabic letters as the letters they are."""
    document = PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", " ".join(pages)))


def consent(language: str | None, purpose: str = "referral", **changes: str) -> bytes:
    other = shipped()[purpose, language, "1"].text if language else None
    content = composing.consent_form(
        Facts(**{**{name: getattr(FACTS, name) for name in Facts.__slots__}, **changes}),
        language,
        languages.prose_of(shipped()[purpose, "deu", "1"].text),
        languages.prose_of(other) if other else None,
        institution="Jobcenter Auental",
        categories=["master_data", "health"],
        direction="mutual",
        valid_until=date(2027, 11, 28),
    )
    return rendered(content)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("purpose", ["case_documentation", "referral"])
def test_a_consent_form_says_everything_in_both_languages(language: str, purpose: str) -> None:
    text = text_of(consent(language, purpose))
    for said in ("Amina Al-Hadi", "17.05.1990", "Jobcenter Auental", "Gesundheit /", "28.11.2027"):
        assert said in text
    assert "Wohnen" not in text
    assert len(LETTERS[language].findall(text)) > 20


def notice(language: str) -> bytes:
    german, other = languages.privacy_notice("deu"), languages.privacy_notice(language)
    return rendered(composing.privacy_notice(FACTS, language, german, other))


def letters_of(text: str) -> Counter[str]:
    return Counter(sign for sign in unicodedata.normalize("NFKC", text) if sign.isalpha())


@pytest.mark.parametrize("language", OTHERS)
def test_every_letter_of_a_text_is_in_the_text_layer(language: str) -> None:
    """Counted, not read: extraction puts right-to-left words into an order of its own."""
    prose = languages.privacy_notice(language)
    said = letters_of(prose.title + "".join(f"{each.lead}{each.text}" for each in prose.paragraphs))
    missing = said - letters_of(text_of(notice(language)))
    assert missing == Counter()


@pytest.mark.parametrize("language", ["ukr", "bul", "tur", "ron", "eng"])
def test_words_of_a_language_can_be_copied(language: str) -> None:
    text = text_of(notice(language))
    for paragraph in languages.privacy_notice(language).paragraphs:
        assert paragraph.lead in text


def test_arabic_runs_from_right_to_left_on_the_page() -> None:
    pdf = rendered(
        composing.appointment(
            FACTS,
            "ara",
            starts_at=datetime(2026, 12, 3, 9, tzinfo=UTC),
            place="Raum 1",
            with_interpreter=False,
        )
    )
    page = PdfDocument(pdf)[0].get_textpage()
    placed = []
    for index in range(page.count_chars()):
        left, bottom, right, _ = page.get_charbox(index)
        sign = page.get_text_range(index, 1)
        if "\u0600" <= sign <= "\u06ff" or "\ufb50" <= sign <= "\ufefc":
            placed.append((round(bottom / 20), -(left + right) / 2, sign))
    highest = max(row for row, _, _ in placed)
    title = "".join(sign for row, _, sign in sorted(placed) if row == highest)
    assert unicodedata.normalize("NFKC", title) == "دعوةإلىموعد"


def fonts_of(pdf: bytes) -> set[str]:
    """Return the names of the fonts in which something is written."""
    names = set()
    for page in PdfDocument(pdf):
        for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=5):
            name = ctypes.create_string_buffer(100)
            raw.FPDFFont_GetBaseFontName(raw.FPDFTextObj_GetFont(thing), name, 100)
            names.add(name.value.decode())
    return names


def test_every_sign_has_a_glyph_of_our_fonts() -> None:
    """A font of the machine would be another on the next one."""
    for language in OTHERS:
        names = fonts_of(consent(language))
        assert names
        assert all("NotoSans" in name for name in names), names
        assert any("Arabic" in name for name in names) is (language == "ara")


def test_every_text_exists_in_every_language_with_as_many_paragraphs() -> None:
    german = languages.privacy_notice("deu")
    for language in OTHERS:
        assert len(languages.privacy_notice(language).paragraphs) == len(german.paragraphs)
        for purpose in ("case_documentation", "referral"):
            parts = [languages.prose_of(shipped()[purpose, each, "1"].text) for each in ("deu", language)]
            assert len(parts[0].paragraphs) == len(parts[1].paragraphs)
            assert all(paragraph.lead for paragraph in parts[1].paragraphs)
        for key in languages._words():
            assert languages.words(key, language)["other"], (key, language)


def test_an_invitation_tells_day_time_and_place_of_the_office_and_no_concern() -> None:
    content = composing.appointment(
        FACTS,
        "ara",
        starts_at=datetime(2026, 12, 3, 9, 30, tzinfo=UTC),
        place="Raum 12",
        with_interpreter=True,
    )
    text = text_of(rendered(content))
    for said in ("03.12.2026", "10:30", "Raum 12", "Anja Berger", "Amina Al-Hadi"):
        assert said in text


EVIL = '#read("/etc/passwd") #image("x.png") *fett* $x^2$ @ref <label> \\ #sys.inputs // {name} "]}'


@pytest.mark.parametrize("field", ["name", "unit", "sender", "case_number", "office"])
def test_what_somebody_wrote_is_shown_and_never_read_as_markup(field: str) -> None:
    text = text_of(consent("ukr", **{field: EVIL}))
    assert '#read("/etc/passwd")' in text
    assert "*fett*" in text
    assert "root:" not in text


def faulty(tmp_path: Path, line: str) -> Path:
    """Return a folder with a template that has one line more."""
    (tmp_path / "letter.typ").write_text(f"#let data = json(bytes(sys.inputs.data))\n{line}\n")
    return tmp_path


def test_a_template_that_would_read_markup_is_noticed(tmp_path: Path) -> None:
    folder = faulty(tmp_path, '#eval(data.words, mode: "markup")')
    shown = text_of(compiled(folder, "letter.typ", {"words": "*fett*"}, format="pdf"))
    assert "*fett*" not in shown


@pytest.mark.parametrize("line", ['#read("/etc/passwd")', '#read("../secret.txt")', '#image("/x.png")'])
def test_a_template_reaches_no_file_outside_its_folder(tmp_path: Path, line: str) -> None:
    (tmp_path / "secret.txt").write_text("root:")
    folder = tmp_path / "templates"
    folder.mkdir()
    with pytest.raises(typst.TypstError):
        compiled(faulty(folder, line), "letter.typ", {}, format="pdf")


def test_our_template_fetches_and_interprets_nothing() -> None:
    source = (Path(composing.__file__).parent / "templates" / "letter.typ").read_text()
    assert [
        word for word in ("#import", "#include", "eval(", "read(", "image(", "@preview") if word in source
    ] == []


def test_a_letter_is_a_file_that_would_be_kept_if_somebody_uploaded_it() -> None:
    assert kind_of(consent("ara")).code == "pdf"


def test_the_same_letter_is_the_same_bytes() -> None:
    assert consent("tur") == consent("tur")


def test_a_package_is_told_in_german_words() -> None:
    package = {
        "master_data": {
            "name": {"given": "Amina", "family": "Al-Hadi"}, "birth_date": "1990-05-17", "sex": "w",
            "nationalities": ["475"],
        },
        "contact": {"needs_interpreter": True, "channels": ["phone", "in_person"],
                    "address": {"street": "Markt 1", "postcode": "46483", "town": "Wesel"}},
        "household": {"members": [{"name": "Sami", "relation": "child", "birth_year": 2018}]},
    }  # fmt: skip
    lines = {label: told for _, rows in package_lines(package) for label, told in rows}
    assert lines["Name"] == ["Amina Al-Hadi"]
    assert lines["Geburtsdatum"] == ["17.05.1990"]
    assert lines["Geschlecht"] == ["weiblich"]
    assert lines["Braucht Sprachmittlung"] == ["ja"]
    assert lines["Erreichbar über"] == ["Telefon, persönlich"]
    assert lines["Anschrift"] == ["Markt 1, 46483 Wesel"]
    assert lines["Mitglieder"] == ["Name: Sami; Verhältnis: Kind; Geburtsjahr: 2018"]


def test_every_field_that_can_leave_in_a_package_has_a_german_name() -> None:
    source = (Path(composing.__file__).parents[1] / "clients" / "package.py").read_text()
    named = set(re.findall(r'^\s+"([a-z_]+)"(?::|,$)', source, re.MULTILINE))
    categories = {
        "master_data",
        "contact",
        "residence",
        "benefits",
        "household",
        "education_language",
        "work",
        "housing",
    }
    assert named - categories - set(FIELDS) == set()
