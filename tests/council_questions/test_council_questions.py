"""Council questions: answered from published tables only, frozen once given, read by the steering group."""

import asyncio
import io
from datetime import timedelta
from typing import Any

import asyncpg
import pikepdf
import pypdfium2
import pytest

from app.access.roles import Role
from app.council_questions.rules import table_digest
from app.kit.clock import local_date, utc_now
from tests.refusals import places
from tests.reporting.arrange import Office, figures, lay_published
from tests.world import Person, World

PATH = "/v1/council-questions"
TABLE = "effects_by_quarter"
ASKED = {
    "number": "A 12/2025", "asked_by": "Ausschuss für Integration", "asked_on": "2025-10-20",
    "question": "Wie oft verzögern sich Verfahren?",
}  # fmt: skip


async def opened(person: Person, **more: Any) -> dict[str, Any]:
    made = await person.post(PATH, {**ASKED, **more})
    assert made.status_code == 201, made.text
    return dict(made.json())


def cites(release_id: str, table: str = TABLE) -> dict[str, Any]:
    return {"citations": [{"release_id": release_id, "table": table}]}


@pytest.fixture
async def release(office: Office) -> str:
    """A published release of a third quarter."""
    return await lay_published(office.world)


async def test_answer_is_given_and_frozen_with_what_it_cites(office: Office, release: str) -> None:
    steering = await office.world.person(Role.STEERING_MEMBER)
    made = await opened(office.first, answer="Oft.", **cites(release))
    path = f"{PATH}/{made['id']}"
    assert (await steering.get(path)).status_code == 404
    given = (await office.first.post(f"{path}/answer")).json()
    assert (given["state"], len(given["sha256"])) == ("answered", 64)
    assert (await steering.get(path)).json() == given
    assert [each["id"] for each in (await steering.get(PATH)).json()["items"]] == [made["id"]]
    cited = given["citations"][0]
    stored = await office.world.admin.fetchrow(
        """SELECT t.json_de, r.sha256 FROM published_tables t
        JOIN published_releases r ON r.id = t.release_id WHERE t.release_id = $1 AND t.name = $2""",
        release, TABLE,
    )  # fmt: skip
    assert (cited["sha256"], cited["release_sha256"]) == (table_digest(stored["json_de"]), stored["sha256"])
    for change in (await office.first.patch(path, {"answer": "Nie."}, if_match='"2"'),
                   await office.first.post(f"{path}/answer")):  # fmt: skip
        assert (change.status_code, change.json()["state"]) == (409, "answered")


async def test_answered_question_cannot_be_changed_in_sql_either(office: Office, release: str) -> None:
    made = await opened(office.first, answer="Oft.", **cites(release))
    await office.first.post(f"{PATH}/{made['id']}/answer")
    async with office.world.sql(office.first) as db:
        driver = await db.driver()
        assert await driver.execute("UPDATE council_questions SET answer = 'Nie.'") == "UPDATE 0"
        assert await driver.execute("DELETE FROM council_citations") == "DELETE 0"


async def test_only_a_table_that_is_published_is_cited(office: Office, release: str) -> None:
    neighbour = await office.world.neighbour()
    there = await lay_published(neighbour)
    for release_id, table in ((there, TABLE), (release, "signals"), (release, "nothing")):
        answer = await office.first.post(PATH, {**ASKED, **cites(release_id, table)})
        assert places(answer) == [{"place": "body.citations.0", "kind": "not_published"}]
    assert (await office.first.get(PATH)).json()["items"] == []


async def test_what_is_computed_and_not_published_is_refused_in_the_database_too(office: Office) -> None:
    await figures(office.world, reports=12)
    computed = await office.computed()
    refused = await office.first.post(PATH, {**ASKED, **cites(computed)})
    assert places(refused) == [{"place": "body.citations.0", "kind": "not_published"}]
    made = await opened(office.first)
    cite = "INSERT INTO council_citations VALUES (ctx_area(), $1, $2, $3, 'x')"
    async with office.world.sql(office.first) as db:
        driver = await db.driver()
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await driver.execute(cite, made["id"], computed, TABLE)


async def test_draft_changes_and_its_citations_move_its_version(office: Office, release: str) -> None:
    made = await opened(office.first)
    path = f"{PATH}/{made['id']}"
    cited = await office.first.patch(path, cites(release), if_match='"1"')
    assert ([each["table"] for each in cited.json()["citations"]], cited.json()["version"]) == ([TABLE], 2)
    stale = await office.first.patch(path, {"answer": "Oft."}, if_match='"1"')
    assert stale.status_code == 412
    both = await office.first.patch(path, {"answer": "Oft.", "citations": []}, if_match='"2"')
    assert (both.json()["citations"], both.json()["answer"]) == ([], "Oft.")
    twice = [*cites(release)["citations"]] * 2
    again = await office.first.patch(path, {"citations": twice}, if_match=both.headers["etag"])
    assert places(again) == [{"place": "body.citations.1", "kind": "twice"}]
    nothing = await office.first.patch(path, {}, if_match=both.headers["etag"])
    assert nothing.json()["code"] == "nothing_to_change"


async def test_question_without_an_answer_is_not_answered(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    made = await opened(coordinator)
    refused = await coordinator.post(f"{PATH}/{made['id']}/answer")
    assert (refused.status_code, refused.json()["code"]) == (409, "answer_missing")
    assert (await coordinator.post(PATH, ASKED)).status_code == 409


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [(Role.STEERING_MEMBER, 200, 403), (Role.ASSISTANT, 403, 403), (Role.CASE_MANAGER, 403, 403)],
)
async def test_others_write_nothing(world: World, role: Role, reads: int, writes: int) -> None:
    person = await world.person(role)
    assert (await person.post(PATH, ASKED)).status_code == writes
    assert (await person.get(PATH)).status_code == reads


async def test_neighbour_sees_no_question_of_the_area(world: World) -> None:
    made = await opened(await world.person(Role.COORDINATOR))
    stranger = await (await world.neighbour()).person(Role.COORDINATOR)
    assert (await stranger.get(f"{PATH}/{made['id']}")).status_code == 404
    assert (await stranger.get(f"{PATH}/{made['id']}/paper")).status_code == 404


async def test_paper_has_question_answer_and_the_cited_figures(office: Office, release: str) -> None:
    steering = await office.world.person(Role.STEERING_MEMBER)
    made = await opened(office.first, answer="Oft. #strong[Siehe] Tabelle.", **cites(release))
    path = f"{PATH}/{made['id']}/paper"
    assert (await steering.get(path)).status_code == 404
    draft = text_of((await office.first.get(path)).content)
    assert "Entwurf" in draft
    given = (await office.first.post(f"{PATH}/{made['id']}/answer")).json()
    paper = await steering.get(path)
    assert paper.headers["content-type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(paper.content)) as document:
        assert document.Root.MarkInfo.Marked
    text = text_of(paper.content)
    assert "Entwurf" not in text
    assert "#strong[Siehe]" in text
    assert given["sha256"] in text.replace(" ", "")
    table = await office.table(release, TABLE)
    shown = {str(cell["value"]) for cell in table["cells"] if cell["value"]}
    assert shown <= set(text.split())
    for said in ("einmal im Jahr gezählt", "Eine Zahl wird ab 5 Personen gezeigt", "der Fachkräfte, die"):
        assert said in text
    assert (await (await office.world.person(Role.ASSISTANT)).get(path)).status_code == 403


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


async def test_question_and_answer_point_to_nobody(office: Office) -> None:
    of_a_person = "Frau Meier wartet seit Mai."
    for place in ("question", "answer"):
        refused = await office.first.post(PATH, {**ASKED, place: of_a_person})
        assert refused.json()["code"] == "text_identifies"
        assert places(refused) == [{"place": f"body.{place}", "kind": "identifies"}]
    made = await opened(office.first, answer="Im Mai 2025 waren es zwölf, siehe Vorlage 120/2025.")
    changed = await office.first.patch(f"{PATH}/{made['id']}", {"answer": of_a_person}, if_match='"1"')
    assert changed.json()["code"] == "text_identifies"


async def test_answer_that_two_give_at_once_is_given_once_and_says_so(office: Office) -> None:
    for number in range(4):
        made = await opened(office.first, number=f"B {number}", answer="Oft.")
        path = f"{PATH}/{made['id']}/answer"
        answers = await asyncio.gather(*(office.first.post(path) for _ in range(4)))
        assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]


async def test_question_is_written_down_once_it_was_asked(office: Office) -> None:
    to_come = str(local_date(utc_now()) + timedelta(days=1))
    refused = [{"place": "body.asked_on", "kind": "in_the_future"}]
    assert places(await office.first.post(PATH, {**ASKED, "asked_on": to_come})) == refused
    made = await opened(office.first, asked_on=str(local_date(utc_now())))
    changed = await office.first.patch(f"{PATH}/{made['id']}", {"asked_on": to_come}, if_match='"1"')
    assert places(changed) == refused
