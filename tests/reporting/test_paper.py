"""The paper of an obstacle: all that is said of it, with published figures, and nobody who reported."""

import io
from datetime import date
from typing import Any
from uuid import uuid4

import pikepdf
import pypdfium2
import pytest

from app.access.roles import Role
from app.reporting.forms_router import PDF
from app.reporting.obstacle_paper.composing import paper, printed
from app.reporting.obstacle_paper.typesetting import typeset_obstacle_paper
from app.reporting.paper.shape import Grid, Paper, Section
from app.reporting.paper.typesetting import typeset_paper
from app.reporting.report.composing import report
from tests.obstacles.arrange import MINUTE, bundled, new_obstacle, visible_observation
from tests.obstacles.test_hearings import asked, opened
from tests.reporting.arrange import Office, figures
from tests.reporting.frozen import table
from tests.reporting.population import Population
from tests.reporting.test_report import OBSTACLE, release, text_of
from tests.world import World

TODAY = date(2025, 10, 5)
COMMENT = {
    "institution": "Jobcenter",
    "quarter": "2025Q3",
    "commented_on": "2025-10-01",
    "comment": "Ab Juli.",
}
SEALED = {"id": str(uuid4()), "quarter": "2025Q3", "sha256": "0" * 64}
TABLES = ("categories_by_quarter", "institution_groups_by_quarter", "effects_by_quarter", "age_bands")


def written(**more: Any) -> dict[str, Any]:
    obstacle = {**OBSTACLE, "comments": [COMMENT], **more}
    return paper("Kreis Wesel", obstacle, SEALED, [table(name) for name in TABLES], TODAY, "de")


def test_figures_are_those_of_the_obstacles_categories_and_groups() -> None:
    told = written()
    assert [each["name"] for each in told["tables"]] == list(TABLES[:2])
    for each, code in zip(told["tables"], ("D", "benefits"), strict=True):
        cells = {tuple(cell["codes"]): cell for cell in table(each["name"])["cells"]}
        assert {one["codes"][0] for one in each["figures"]} == {code}
        assert all(one["value"] == cells[tuple(one["codes"])]["value"] for one in each["figures"])


def test_tables_by_attributes_of_persons_are_never_in_it() -> None:
    personal = [table(name) for name in ("age_bands_by_category", "residence_groups_by_category")]
    told = paper("Kreis Wesel", {**OBSTACLE, "comments": []}, SEALED, personal, TODAY, "de")
    assert told["tables"] == []


def test_paper_is_an_accessible_document_in_which_nothing_is_markup() -> None:
    told = written(description="#strong[fett]")
    made = typeset_obstacle_paper(
        printed({**OBSTACLE, "description": "#strong[fett]", "comments": [COMMENT]}, told, TODAY)
    )
    text = text_of(made)
    assert "#strong[fett]" in text
    assert "Ab Juli." in text
    with pikepdf.open(io.BytesIO(made)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "de"


def test_no_page_ends_between_the_words_of_a_table_and_the_table() -> None:
    for length in range(0, 60, 3):
        about = {**OBSTACLE, "description": "Zeile. " * 12 * length, "comments": [COMMENT]}
        made = typeset_obstacle_paper(printed(about, written(), TODAY))
        for page in pypdfium2.PdfDocument(made):
            words = page.get_textpage().get_text_range()
            assert words.count("Barrierefälle (eine Person") <= words.count("Worum es geht"), length


def test_no_page_of_an_answer_ends_between_the_words_of_a_table_and_the_table() -> None:
    cited = Section(
        title="Zahlen", paragraphs=["Was gezählt ist."], tables=[Grid(head=["Kopf"], rows=[["a"]], labels=1)]
    )
    for length in range(20, 60):
        told = Section(title="Antwort", paragraphs=["Zeile. " * 12 * length], tables=[])
        paper_of = Paper(title="Antwort", area="Kreis Wesel", facts=[["Nummer", "1"]], sections=[told, cited])
        for page in pypdfium2.PdfDocument(typeset_paper(paper_of)):
            words = page.get_textpage().get_text_range()
            assert words.count("Was gezählt ist.") <= words.count("Kopf"), length


def test_report_for_the_steering_group_has_the_comments() -> None:
    data = report(release(), [{**OBSTACLE, "comments": [COMMENT]}], TODAY)["data"]
    assert [each["comment"] for each in data["obstacles"][0]["comments"]] == ["Ab Juli."]


async def test_paper_holds_everything_and_nobody(office: Office) -> None:
    world = office.world
    coordinator = office.first
    partner = await world.person(Role.PARTNER_USER)
    await figures(world, population=Population(persons=900), reports=1200)
    release_id = await office.published(detail="small")
    observation = str(await visible_observation(world, "Ein Satz, der nicht hinaus geht."))
    about = {"barrier_types": ["D1"], "institution_types": ["jobcenter"]}
    obstacle = await bundled(coordinator, observation_ids=[observation], **about)
    path = f"/v1/obstacles/{obstacle['id']}"
    measure = {"title": "Schalter", "institution_id": str(partner.place_id)}
    assert (await coordinator.post(f"{path}/measures", measure)).status_code == 201
    decided = {**MINUTE, "decided_on": "2025-10-01", "text": "Zwei Schalter"}
    assert (await coordinator.post(f"{path}/decisions", decided)).status_code == 201
    assert (await opened(coordinator, obstacle["id"], release_id)).status_code == 200
    (hearing,) = await asked(partner)
    await partner.post(f"/v1/hearings/{hearing['id']}/comment", {"comment": "Seit Juli."})
    answer = await coordinator.http.get(f"{path}/paper", headers={"Accept-Language": "de"})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["title"], told["status_label"], told["release"]["id"]) == (
        obstacle["title"],
        "Gebündelt",
        release_id,
    )
    assert [each["responsible"] for each in told["measures"]] == ["jobcenter"]
    assert [each["text"] for each in told["decisions"]] == ["Zwei Schalter"]
    assert [each["comment"] for each in told["comments"]] == ["Seit Juli."]
    assert told["tables"]
    for hidden in (
        observation,
        "hinaus geht",
        str(coordinator.user_id),
        str(partner.user_id),
        obstacle["id"],
    ):
        assert hidden not in answer.text
    member = await world.person(Role.STEERING_MEMBER)
    printed_one = await member.http.get(f"{path}/paper", headers={"Accept": PDF})
    assert (printed_one.status_code, printed_one.headers["content-type"]) == (200, PDF)
    assert "Seit Juli." in text_of(printed_one.content)


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.PARTNER_USER, Role.STATE_VIEWER])
async def test_paper_is_for_those_who_read_obstacles(world: World, role: Role) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    stranger = await (await world.neighbour()).person(Role.COORDINATOR)
    path = f"/v1/obstacles/{(await bundled(coordinator))['id']}/paper"
    assert (await (await world.person(role)).get(path)).status_code == 403
    assert (await stranger.get(path)).status_code == 404
    draft = f"/v1/obstacles/{(await new_obstacle(coordinator))['id']}/paper"
    assert (await coordinator.get(draft)).json()["release"] is None
    assert (await member.get(draft)).status_code == 404
