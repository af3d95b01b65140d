"""What stands in each kind of letter, as data for the template. Pure: facts come in, nothing is looked up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.catalogues.check import vocabulary
from app.kit.clock import BERLIN
from app.letters.languages import OTHERS, Prose, words
from app.letters.package_lines import package_lines

Block = dict[str, Any]
PROGRAMME = "Kommunales Integrationsmanagement"


@dataclass(frozen=True, slots=True)
class Facts:
    """Who writes to whom about which case, and when."""

    unit: str
    sender: str
    case_number: str
    name: str
    birth_date: date | None
    today: date
    address: tuple[str, ...] | None
    """Lines under the name, for the window of an envelope; none for what is handed over."""
    office: str | None = None
    """Where the unit is, in one line; none where nobody has said it."""


def letter(
    facts: Facts, title: dict[str, Any], blocks: Sequence[Block], language: str | None
) -> dict[str, Any]:
    """Return the whole of a letter."""
    other = OTHERS[language] if language else None
    return {
        "title": title,
        "language": {"code": other.short, "rtl": other.is_rtl} if other else None,
        "sender": {
            "unit": facts.unit,
            "name": facts.sender,
            "programme": PROGRAMME,
            "office": facts.office,
        },
        "written_on": german(facts.today),
        "reference": f"Zeichen {facts.case_number}",
        "address": [facts.name, *facts.address] if facts.address else None,
        "blocks": list(blocks),
    }


def appointment(
    facts: Facts, language: str | None, *, starts_at: datetime, place: str, with_interpreter: bool
) -> dict[str, Any]:
    """Return an invitation; times are those of the office."""
    local = starts_at.astimezone(BERLIN)
    rows = [
        _row("day", language, german(local.date())),
        _row("time", language, f"{local:%H:%M}"),
        _row("place", language, place),
        _row("with_whom", language, facts.sender),
    ]
    blocks = [
        _greeting(facts.name, language),
        _paragraph(words("appointment_intro", language)),
        {"type": "fields", "rows": rows},
        *([_paragraph(words("interpreter_there", language))] if with_interpreter else []),
        _paragraph(words("appointment_voluntary", language)),
        *_greetings(facts, language),
    ]
    return letter(facts, words("appointment_title", language), blocks, language)


def privacy_notice(
    facts: Facts, language: str | None, german_text: Prose, other: Prose | None
) -> dict[str, Any]:
    """Return the privacy notice."""
    blocks = [
        *_prose(german_text, other),
        *_binding(language),
        _paragraph(words("received", language)),
        _signatures(language, "place_and_date", "signature"),
    ]
    return letter(facts, _pair(german_text.title, other.title if other else None), blocks, language)


def consent_form(
    facts: Facts,
    language: str | None,
    german_text: Prose,
    other: Prose | None,
    *,
    institution: str | None,
    categories: Sequence[str],
    direction: str,
    valid_until: date,
) -> dict[str, Any]:
    """Return a form for a consent: the text, exactly what is consented to, and places to sign."""
    known = vocabulary("data_category")
    ticked = set(categories)
    rows = [
        _row("client", language, facts.name),
        _row("birth_date", language, german(facts.birth_date) if facts.birth_date else "?"),
        _row("institution", language, institution or facts.unit),
        _said("direction", language, direction),
        _row("valid_until", language, german(valid_until)),
    ]
    boxes = [
        {"ticked": True, "text": f"{known[code].label_de} / {known[code].label_en}"}
        for code in known
        if code in ticked
    ]
    blocks = [
        *_prose(german_text, other),
        *_binding(language),
        {"type": "fields", "rows": rows},
        _paragraph(words("categories", language)),
        {"type": "boxes", "rows": boxes},
        _paragraph(words("declaration", language)),
        _signatures(language, "place_and_date", "signature", "guardian_signature", "interpreter_signature"),
    ]
    return letter(facts, _pair(german_text.title, other.title if other else None), blocks, language)


def handover(
    facts: Facts,
    *,
    institution: str,
    concern: str,
    offer: str | None,
    package: dict[str, Any],
    disputed: dict[str, list[str]],
) -> dict[str, Any]:
    """Return what the client carries to an institution: exactly the frozen package and nothing beside."""
    meant = [] if offer is None else [_plain("Angebot", offer)]
    blocks: list[Block] = [
        _german(f"{facts.name} wendet sich mit diesem Schreiben an Sie und übergibt es Ihnen selbst. Es"
                " enthält nur, was wir gemeinsam ausgewählt haben."),
        {"type": "fields", "rows": [_plain("An", institution), *meant, _plain("Anliegen", concern)]},
    ]  # fmt: skip
    for category, rows in package_lines(package):
        label = vocabulary("data_category")[category].label_de
        blocks.append(_paragraph(_pair("", None), lead=_pair(label, None)))
        blocks.append({"type": "fields", "rows": [_plain(name, *lines) for name, lines in rows]})
        if category in disputed:
            blocks.append(_german("Angaben hierzu werden von der betroffenen Person bestritten."))
    blocks.append(
        _german("Wir geben Ihnen darüber hinaus keine Auskunft, solange keine Einwilligung vorliegt.")
    )
    blocks += _greetings(facts, None)
    return letter(facts, _pair("Übergabe durch die Klientin oder den Klienten", None), blocks, None)


def counselling_confirmation(facts: Facts, *, on: date, minutes: int | None) -> dict[str, Any]:
    """Return a confirmation of presence: the day and, where noted, how long; never what about."""
    born = f", geboren am {german(facts.birth_date)}," if facts.birth_date else ""
    lasted = f" Das Gespräch dauerte {minutes} Minuten." if minutes else ""
    blocks = [
        _german(f"Hiermit bestätigen wir, dass {facts.name}{born} am {german(on)} an einem Beratungsgespräch"
                f" bei uns teilgenommen hat.{lasted}"),
        _german("Zum Inhalt der Beratung geben wir keine Auskunft."),
        *_greetings(facts, None),
    ]  # fmt: skip
    return letter(facts, _pair("Bestätigung über eine Beratung", None), blocks, None)


def german(day: date) -> str:
    """Return a day as it is written in German letters."""
    return f"{day:%d.%m.%Y}"


def _pair(german_words: str | None, other: str | None) -> dict[str, Any]:
    return {"de": german_words, "other": other}


def _paragraph(text: dict[str, Any], lead: dict[str, Any] | None = None) -> Block:
    return {"type": "paragraph", "lead": lead or _pair(None, None), "text": text}


def _german(text: str) -> Block:
    return _paragraph(_pair(text, None))


def _prose(german_text: Prose, other: Prose | None) -> list[Block]:
    beside = other.paragraphs if other else [None] * len(german_text.paragraphs)
    return [
        _paragraph(_pair(one.text, two.text if two else None), _pair(one.lead, two.lead if two else None))
        for one, two in zip(german_text.paragraphs, beside, strict=True)
    ]


def _binding(language: str | None) -> list[Block]:
    return [_paragraph(words("binding", language))] if language else []


def _row(key: str, language: str | None, value: str) -> dict[str, Any]:
    return {"label": words(key, language), "lines": [value], "other": None}


def _said(key: str, language: str | None, answer: str) -> dict[str, Any]:
    said = words(answer, language)
    return {"label": words(key, language), "lines": [said["de"]], "other": said["other"]}


def _plain(label: str, *lines: str) -> dict[str, Any]:
    return {"label": _pair(label, None), "lines": list(lines), "other": None}


def _greeting(name: str, language: str | None) -> Block:
    said = words("greeting", language)
    parts = {side: text and text.split("{name}") for side, text in said.items()}
    return {"type": "greeting", "name": name, "text": parts}


def _greetings(facts: Facts, language: str | None) -> list[Block]:
    return [_paragraph(words("closing", language)), _german(facts.sender) if not language else
            _paragraph(_pair(facts.sender, ""))]  # fmt: skip


def _signatures(language: str | None, *keys: str) -> Block:
    return {"type": "signatures", "labels": [words(key, language) for key in keys]}
