"""The report for the steering group: sentences from shown figures only, obstacles as the group reads them."""

import copy
import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from app.access.roles import Role
from app.reporting.forms_router import PDF
from app.reporting.report import composing
from app.reporting.report.composing import report
from app.reporting.report.glyphs import shown
from app.reporting.report.summary import summary
from app.reporting.report.typesetting import typeset
from tests.obstacles.arrange import bundled, in_project_group, new_obstacle
from tests.reporting.arrange import Office, figures
from tests.reporting.frozen import QUARTER, table
from tests.reporting.test_pictures import whole

NAMES = ("categories_by_quarter", "institution_groups_by_quarter", "effects_by_quarter")
TODAY = date(2025, 10, 5)
MEASURES = (
    ("Sprachmittlung", "2025-10-04", "in_progress"),
    ("Aushang", "2025-10-04", "done"),
    ("Schulung", "2025-10-05", "planned"),
)
OBSTACLE = {
    "title": "Kein Dolmetscher #strong[am] Empfang", "description": "Drei Behörden.", "due_on": None,
    "status": "in_project_group", "barrier_types": ["D1"], "institution_types": ["jobcenter"],
    "responsible_unit": None, "decisions": [], "comments": [],
    "measures": [
        {"title": title, "due_on": due_on, "state": state, "responsible": "Jobcenter"}
        for title, due_on, state in MEASURES
    ],
}  # fmt: skip


def tables() -> dict[str, dict[str, Any]]:
    return {name: copy.deepcopy(table(name)) for name in NAMES}


def unsaid(told: dict[str, dict[str, Any]], sentences: list[str]) -> set[int]:
    """Return the numbers in sentences that no table shows."""
    shown = {cell["value"] for each in told.values() for cell in each["cells"]}
    shown |= {(cell["persons"] or {}).get("value") for each in told.values() for cell in each["cells"]}
    words = re.sub(r"\d\. Quartal \d{4}", "", " ".join(sentences))
    return {int(number) for number in re.findall(r"\d+", words)} - shown


def test_sentences_say_shown_figures_only_and_a_figure_of_elsewhere_is_noticed() -> None:
    sentences = summary(tables(), str(QUARTER))
    assert len(sentences) >= 4
    assert unsaid(tables(), sentences) == set()
    assert unsaid(tables(), [*sentences, "Und 987654 weitere."]) == {987654}


@pytest.mark.parametrize(
    ("value", "says"),
    [(None, "ist gesperrt"), (1, "wurden ein Barrierefall"), (7, "wurden 7 Barrierefälle")],
)
def test_total_is_told_or_said_to_be_hidden(value: int | None, says: str) -> None:
    told = tables()
    for cell in told[NAMES[0]]["cells"]:
        if cell["codes"] == ["total", str(QUARTER)]:
            cell.update(value=value, status="published" if value else "suppressed", persons=None)
    assert says in summary(told, str(QUARTER))[0]


def test_ranks_without_any_shown_figure_are_left_out() -> None:
    told = tables()
    for each in told.values():
        for cell in each["cells"]:
            cell.update(value=None, status="suppressed", persons=None)
    assert len(summary(told, str(QUARTER))) == 1


def test_earlier_quarter_of_a_year_is_told_as_no_trend() -> None:
    """Who was counted in spring is not counted in summer: fewer cases are not fewer barriers."""
    told = tables()
    for cell in told[NAMES[0]]["cells"]:
        if cell["codes"] in (["total", "2025Q2"], ["total", str(QUARTER)]):
            cell.update(value=9, status="published", persons=None)
    (before,) = [each for each in summary(told, str(QUARTER)) if "2. Quartal" in each]
    assert "keine Entwicklung" in before
    assert "keine Entwicklung" in told[NAMES[0]]["note"]


def test_report_says_of_when_a_table_is_and_how_many_reported() -> None:
    data = report(release(), [], TODAY)["data"]
    every = {each["name"]: each["definition"] for row in data["rows"] for each in row}
    assert every["effects_by_quarter"].startswith("1.1.2025 / 30.9.2025: ")
    quarter = {**table("effects_by_quarter"), "name": "open_cases_by_kind"}
    assert composing.when_of(quarter, "de") == "3. Quartal 2025"
    assert any("75 bis 100 % der Fachkräfte" in each for each in data["limits"])


def release() -> dict[str, Any]:
    stated = whole(*tables().values())
    thresholds = {"k": 5, "k_sensitive": 10, "households": 3, "case_managers": 3}
    return {**stated, "quarter": str(QUARTER), "content": {**stated["content"], "thresholds": thresholds}}


def test_measure_is_overdue_from_the_day_after_its_term_unless_it_is_finished() -> None:
    data = report(release(), [OBSTACLE], TODAY)["data"]
    measures = {each["title"]: each["is_overdue"] for each in data["obstacles"][0]["measures"]}
    assert measures == {"Sprachmittlung": True, "Aushang": False, "Schulung": False}
    assert "Maßnahmen über ihrem Termin: 1." in data["summary"]


def test_measure_of_a_rejected_obstacle_is_not_waited_for() -> None:
    data = report(release(), [{**OBSTACLE, "status": "rejected"}], TODAY)["data"]
    assert "Maßnahmen über ihrem Termin: 0." in data["summary"]


def test_what_waits_for_a_decision_is_asked_for() -> None:
    others = [{**OBSTACLE, "status": status} for status in ("bundled", "decided", "rejected")]
    data = report(release(), [OBSTACLE, *others], TODAY)["data"]
    assert [each["status"] for each in data["asked"]] == ["In Projektgruppe"]


def test_nothing_that_was_written_is_read_as_markup() -> None:
    told = report(release(), [OBSTACLE], TODAY)
    assert "#strong[am]" in text_of(typeset(told["data"], dict.fromkeys(told["charts"], SVG)))


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'


def typeset_with(words: str) -> str:
    told = report(release(), [{**OBSTACLE, "title": words, "description": words}], TODAY)
    return text_of(typeset(told["data"], dict.fromkeys(told["charts"], SVG)))


@pytest.mark.parametrize(
    "words",
    [
        "\U0001f469",
        "\x01\x08\x1b[31m\x7f\x85",
        "\ufffe\uffff\U0010ffff",
        "\u6f22\u5b57",
        "\u200b\u202e\ufffd",
    ],
)
def test_character_without_a_glyph_is_a_question_mark_and_no_fault(words: str) -> None:
    assert "Vorher ?" in typeset_with(f"Vorher {words} nachher")


def test_every_character_that_is_let_through_can_be_shown() -> None:
    every = [chr(code) for code in range(32, 0x3000) if shown(chr(code)) == chr(code)]
    assert {"Ä", "ß", "ş", "Ж", "λ", "م", "€"} <= {*every}
    assert "Vorher" in typeset_with("Vorher " + " ".join(every))


def test_our_template_fetches_and_interprets_nothing() -> None:
    source = (Path(composing.__file__).parent / "templates" / "report.typ").read_text()
    assert [word for word in ("#import", "#include", "eval(", "read(", "@preview") if word in source] == []
    assert source.count("image(") == source.count("image(bytes(")


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def tagged(pdf: bytes, kind: str) -> int:
    """Return how many elements of a kind a screen reader finds."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "de"
        return sum(
            isinstance(each, pikepdf.Dictionary) and str(each.get("/S", "")) == kind
            for each in document.objects
        )


async def test_steering_group_reads_a_report_of_figures_and_bundled_obstacles(office: Office) -> None:
    await figures(office.world)
    await new_obstacle(office.first, title="Ein Entwurf der Koordination")
    await bundled(office.first, title="Keine Termine ohne Netz")
    await in_project_group(office.world, office.first)
    release_id = await office.published()
    steering = await office.world.person(Role.STEERING_MEMBER)
    answer = await steering.get(f"/v1/releases/{release_id}/report")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == PDF
    text = text_of(answer.content)
    assert "Bericht an die Lenkungsgruppe" in text
    assert "Keine Termine ohne Netz" in text
    assert "auf einen Beschluss warten: 1." in text
    assert "Ein Entwurf der Koordination" not in text
    stated = (await steering.get(f"/v1/releases/{release_id}")).json()
    assert stated["sha256"] in text.replace(" ", "")
    assert tagged(answer.content, "/Table") >= len(stated["content"]["tables"])
    assert [each["reason"] for each in stated["content"]["left_out"] if each["name"] == "types"]
    assert "Barrierefälle nach Art der Barriere" in text


async def test_report_is_for_those_who_read_release_and_obstacles(office: Office) -> None:
    await figures(office.world)
    release_id = await office.computed()
    status = {}
    for role in (Role.STEERING_MEMBER, Role.ASSISTANT, Role.CASE_MANAGER):
        reader = await office.world.person(role)
        status[role] = (await reader.get(f"/v1/releases/{release_id}/report")).status_code
    assert status == {Role.STEERING_MEMBER: 404, Role.ASSISTANT: 403, Role.CASE_MANAGER: 403}


def test_totals_beside_barriers_are_said_where_they_are_shown() -> None:
    total = {"codes": ["total"], "value": 197, "persons": None, "status": "published"}
    told = tables() | {
        "open_cases_by_phase": {"cells": [total]},
        "closed_cases_by_reason": {"cells": [{**total, "value": None, "status": "suppressed"}]},
    }
    sentences = summary(told, str(QUARTER))
    assert unsaid(told, sentences) == set()
    assert sentences[-1] == "Fälle, die am letzten Tag des Quartals offen sind: 197."
