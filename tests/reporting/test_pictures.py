"""Pictures and workbooks over HTTP: `Accept` chooses, the same people read them, a lost process is a 503."""

import asyncio
import io
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook
from PIL import Image

from app.access.roles import Role
from app.kit.errors import Unavailable
from app.reporting.forms_router import PNG, SVG, VEGA_LITE, XLSX
from app.reporting.pictures.charts import chart
from app.reporting.pictures.drawing import Drawing
from app.reporting.pictures.kinds import Form
from app.reporting.pictures.workbook import workbook
from tests.reporting.arrange import Office, figures
from tests.reporting.frozen import RELEASE, table


@pytest.fixture
async def release(office: Office) -> str:
    """A published release of a third quarter."""
    await figures(office.world)
    return await office.published()


async def form_of(office: Office, release: str, accept: str, name: str = "effects_by_quarter") -> Any:
    path = f"/v1/releases/{release}/tables/{name}"
    answer = await office.first.http.get(path, headers={"Accept": accept, "Accept-Language": "de"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == accept
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{name}.')
    return answer


async def test_chart_is_vega_lite_svg_or_png(office: Office, release: str) -> None:
    spec = (await form_of(office, release, VEGA_LITE)).json()
    told = {row["told"] for row in spec["data"]["values"]}
    svg = (await form_of(office, release, SVG)).content
    texts = [each.text for each in fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert spec["title"]["text"] in texts
    assert len(told) > 2
    assert told <= {*texts}
    picture = Image.open(io.BytesIO((await form_of(office, release, PNG)).content))
    assert min(picture.size) > 300


async def test_form_that_a_table_has_not_is_refused_with_those_it_has(office: Office, release: str) -> None:
    path = f"/v1/releases/{release}/tables/effects_by_quarter"
    refused = await office.first.http.get(path, headers={"Accept": "application/pdf"})
    assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
    assert refused.json()["offered"] == ["application/json", "text/csv", VEGA_LITE, SVG, PNG]
    manager = await office.world.person(Role.CASE_MANAGER)
    assert (await manager.http.get(path, headers={"Accept": "application/pdf"})).status_code == 403


@pytest.mark.parametrize("accept", [VEGA_LITE, SVG, PNG])
async def test_pictures_are_for_those_who_read_the_table(office: Office, release: str, accept: str) -> None:
    steering = await office.world.person(Role.STEERING_MEMBER)
    manager = await office.world.person(Role.CASE_MANAGER)
    path, form = f"/v1/releases/{release}/tables", {"Accept": accept}
    assert (await steering.http.get(f"{path}/signals", headers=form)).status_code == 404
    assert (await manager.http.get(f"{path}/effects_by_quarter", headers=form)).status_code == 403
    assert (await steering.http.get(f"{path}/effects_by_quarter", headers=form)).status_code == 200


async def test_workbook_is_for_those_who_read_the_release(office: Office, release: str) -> None:
    manager = await office.world.person(Role.CASE_MANAGER)
    assert (await manager.get(f"/v1/releases/{release}/workbook")).status_code == 403


async def test_workbook_has_every_public_table_and_no_other(office: Office, release: str) -> None:
    steering = await office.world.person(Role.STEERING_MEMBER)
    in_english = {"Accept-Language": "en"}
    stated = (await office.first.http.get(f"/v1/releases/{release}", headers=in_english)).json()
    answers = [
        await reader.http.get(f"/v1/releases/{release}/workbook", headers=in_english)
        for reader in (office.first, steering)
    ]
    for answer in answers:
        assert answer.headers["content-type"] == XLSX
        book = load_workbook(io.BytesIO(answer.content))
        titles = [book[name]["A1"].value for name in book.sheetnames[1:]]
        assert titles == [each["title"] for each in stated["content"]["tables"]]
        assert not any("ignals" in title for title in titles)
        overview = [cell.value for row in book["Overview"].iter_rows() for cell in row]
        assert stated["sha256"] in overview


async def test_workbook_of_what_is_not_computed_is_not_there(office: Office) -> None:
    steering = await office.world.person(Role.STEERING_MEMBER)
    await figures(office.world)
    release = await office.computed()
    assert (await steering.get(f"/v1/releases/{release}/workbook")).status_code == 404
    assert (await office.first.get(f"/v1/releases/{release}/workbook")).status_code == 200


def whole(*tables: dict[str, Any]) -> dict[str, Any]:
    stated = ("area", "period", "unit", "source", "method", "note", "coverage")
    content = {key: tables[0][key] for key in stated}
    content |= {
        "left_out": [],
        "thresholds": {"k": 5, "k_sensitive": 10},
        "hidden_share": RELEASE.hidden_share,
    }
    return {
        "language": "de", "sha256": "0" * 64,
        "content": content, "tables": tables,
    }  # fmt: skip


def test_figures_of_a_workbook_are_numbers_and_what_is_hidden_a_word() -> None:
    of = table("categories_by_quarter")
    sheet = load_workbook(io.BytesIO(workbook(whole(of))))["T01"]
    assert sheet["A2"].value == "Zeitraum: 1.1.2025 / 30.9.2025"
    rows = list(sheet.iter_rows(min_row=9, values_only=True))
    assert len(rows) == len(of["cells"])
    for row, cell in zip(rows, of["cells"], strict=True):
        hidden = {"suppressed": "gesperrt", "not_collected": "liegt nicht vor"}
        assert row[2] == (hidden.get(cell["status"]) or cell["value"])
        assert row[3] == (None if cell["percent"] is None else pytest.approx(cell["percent"] / 100))


def test_no_text_of_a_workbook_is_a_formula() -> None:
    of = table("sexes")
    of["dimensions"][0]["codes"][1]["label"] = "=1+1"
    book = load_workbook(io.BytesIO(workbook(whole(of))))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert "=1+1" in [cell.value for row in book["T01"].iter_rows() for cell in row]


def test_workbook_of_a_release_is_written_whatever_signs_its_source_has() -> None:
    of = {**table("effects_by_quarter"), "source": "Amtliche Zahlen: IT\x07.NRW\uffff"}
    sheet = load_workbook(io.BytesIO(workbook(whole(of))))["T01"]
    assert "Amtliche Zahlen: IT.NRW" in {cell.value for row in sheet.iter_rows() for cell in row}


async def test_third_picture_is_drawn_after_the_first_two() -> None:
    drawing, of = Drawing(), chart(table("sexes"), "de")
    drawn = await asyncio.gather(*(drawing.make(Form.SVG, of) for _ in range(3)))
    assert drawn[0].startswith(b"<svg")
    assert len(set(drawn)) == 1


async def test_who_would_wait_too_long_is_told_to_come_again() -> None:
    drawing, of = Drawing(wait_seconds=0.0), chart(table("sexes"), "de")
    first = [asyncio.create_task(drawing.make(Form.SVG, of)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable) as refused:
        await drawing.make(Form.SVG, of)
    assert refused.value.headers["Retry-After"] == "5"
    await asyncio.gather(*first)


async def test_nobody_holds_a_connection_while_a_picture_is_drawn(office: Office, release: str) -> None:
    pool = office.world.app.state.gate.database.engine.pool
    busy = []

    class Looking(Drawing):
        async def make(self, form: Form, of: dict[str, Any]) -> bytes:
            busy.append(pool.checkedout())
            return await super().make(form, of)

    office.world.app.state.drawing, before = Looking(), office.world.app.state.drawing
    try:
        await form_of(office, release, SVG)
        assert (await office.first.get(f"/v1/releases/{release}/workbook")).status_code == 200
        assert (await office.first.get(f"/v1/releases/{release}/report")).status_code == 200
    finally:
        office.world.app.state.drawing = before
    assert busy == [0, 0, 0]


async def test_picture_that_cannot_be_drawn_is_a_503_and_the_next_is_drawn() -> None:
    drawing = Drawing()
    with pytest.raises(Unavailable):
        await drawing.make(Form.SVG, {"mark": "no such mark"})
    assert (await drawing.make(Form.SVG, chart(table("sexes"), "de"))).startswith(b"<svg")


async def test_data_of_elsewhere_are_not_fetched() -> None:
    of = {**chart(table("sexes"), "de"), "data": {"url": "https://example.org/data.json"}}
    with pytest.raises(Unavailable):
        await Drawing().make(Form.SVG, of)
