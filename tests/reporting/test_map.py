"""A map shows what its table tells of each region, and no other figure; outlines come from a file."""

import copy
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
import vl_convert

from app.reporting.forms_router import PNG, SVG, VEGA_LITE
from app.reporting.pictures.map import codes_beside, has_regions, region_map
from app.reporting.pictures.outlines import UnusableOutlines, load_outlines
from tests.reporting.arrange import Office, figures
from tests.reporting.frozen import table

WESEL, DINSLAKEN, HAGEN = "05170048", "05170008", "05914000"
TOWNS = {DINSLAKEN: (6.7, 51.5), "05170044": (6.6, 51.6), WESEL: (6.6, 51.7), HAGEN: (7.4, 51.3)}


def square(west: float, south: float, side: float = 0.1) -> list[list[list[float]]]:
    east, north = west + side, south + side
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def collection(**towns: Any) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {"properties": {"AGS": key}, "geometry": {"type": "Polygon", "coordinates": square(*corner)}}
            for key, corner in {**TOWNS, **towns}.items()
        ],
    }


@pytest.fixture
def outlines_file(tmp_path: Path) -> Path:
    """Outlines of a few towns, as squares."""
    path = tmp_path / "outlines.geojson"
    path.write_text(json.dumps(collection()))
    return path


def shown(spec: dict[str, Any]) -> dict[str, tuple[str, Any]]:
    """Return status and figure of every region that a map draws."""
    features = [each for layer in spec["layer"] if "features" in layer["data"]["values"]
                for each in layer["data"]["values"]["features"]]  # fmt: skip
    return {each["properties"]["region"]: (each["properties"]["status"], each["properties"]["value"])
            for each in features}  # fmt: skip


def told(of: dict[str, Any], code: str) -> dict[str, tuple[str, Any]]:
    names = {each["code"]: each["label"] for each in of["dimensions"][0]["codes"]}
    return {
        names[cell["codes"][0]]: (cell["status"], cell["value"])
        for cell in of["cells"]
        if cell["codes"][1] == code and cell["codes"][0].startswith("region:")
    }


@pytest.mark.parametrize("code", ["total", "A", "C"])
def test_map_tells_of_each_region_what_the_table_tells(outlines_file: Path, code: str) -> None:
    of = table("regions_by_category")
    spec = region_map(of, load_outlines(outlines_file), "de", code)
    assert shown(spec) == told(of, code)
    assert codes_beside(of)[code] in spec["title"]["subtitle"][0] or code == "total"
    vl_convert.vegalite_to_svg(spec, vl_version="6.4", allowed_base_urls=[])


def test_map_that_tells_something_else_would_be_noticed(outlines_file: Path) -> None:
    of = table("regions_by_category")
    changed = copy.deepcopy(of)
    for cell in changed["cells"]:
        cell["value"], cell["status"] = 4711, "published"
    assert shown(region_map(changed, load_outlines(outlines_file), "de")) != told(of, "total")


def test_hidden_region_is_grey_and_says_so(outlines_file: Path) -> None:
    of = copy.deepcopy(table("regions_by_category"))
    for cell in of["cells"]:
        cell["value"], cell["status"] = None, "suppressed"
    svg = vl_convert.vegalite_to_svg(
        region_map(of, load_outlines(outlines_file), "de"), vl_version="6.4", allowed_base_urls=[]
    )
    assert svg.count(">gesperrt<") == len(told(of, "total"))
    assert "#d9d9d9" in svg


def test_ring_may_run_either_way(tmp_path: Path) -> None:
    turned = collection()
    for each in turned["features"]:
        each["geometry"]["coordinates"][0].reverse()
    path = tmp_path / "turned.geojson"
    path.write_text(json.dumps(turned))
    (tmp_path / "plain.geojson").write_text(json.dumps(collection()))
    plain = load_outlines(tmp_path / "plain.geojson")
    assert {key: each.middle for key, each in load_outlines(path).items()} == {
        key: each.middle for key, each in plain.items()
    }


def test_parts_of_one_town_are_put_together(tmp_path: Path) -> None:
    parts = collection()
    parts["features"].append(
        {
            "properties": {"AGS": WESEL},
            "geometry": {"type": "MultiPolygon", "coordinates": [square(6.9, 51.8, 0.01)]},
        }
    )
    path = tmp_path / "parts.geojson"
    path.write_text(json.dumps(parts))
    outline = load_outlines(path)[WESEL]
    assert len(outline.polygons) == 2
    assert outline.middle[1] == pytest.approx(51.75)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no", "no GeoJSON"),
        (b"{}", "no GeoJSON"),
        (b'{"features": [{"properties": {}, "geometry": {}}]}', "needs its key"),
        (orjson.dumps(collection(**{WESEL: (356000.0, 5720000.0)})), "longitude and latitude"),
        (b'{"features": [{"properties": {"AGS": "1"}, "geometry": {"type": "Point"}}]}', "Polygon"),
        (orjson.dumps({"features": [{"properties": {"AGS": "1"}, "geometry": {
            "type": "Polygon", "coordinates": [[[6.0, 51.0]]]}}]}), "three points"),
    ],
    ids=["text", "no features", "no key", "metres", "points", "no ring"],
)  # fmt: skip
def test_file_that_is_no_outlines_is_told_apart(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "wrong.geojson"
    path.write_bytes(content)
    with pytest.raises(UnusableOutlines, match=message):
        load_outlines(path)


async def asked(office: Office, release: str, name: str, accept: str, **query: str) -> Any:
    return await office.first.http.get(
        f"/v1/releases/{release}/tables/{name}", params=query, headers={"Accept": accept}
    )


async def test_map_over_http(office: Office, outlines_file: Path) -> None:
    await figures(office.world)
    release = await office.published()
    state = office.world.app.state
    assert (await asked(office, release, "effects_by_quarter", SVG, **{"as": "map"})).status_code == 404
    assert not has_regions(await office.table(release, "effects_by_quarter"))
    await _put_regions(office, release)
    assert (await asked(office, release, "effects_by_quarter", SVG, **{"as": "map"})).status_code == 503
    state.map_file = outlines_file
    try:
        for form in (VEGA_LITE, SVG, PNG):
            answer = await asked(office, release, "effects_by_quarter", form, **{"as": "map"})
            assert (answer.status_code, answer.headers["content-type"]) == (200, form)
        wrong = await asked(office, release, "effects_by_quarter", SVG, **{"as": "map", "code": "nothing"})
        assert (wrong.status_code, wrong.json()["errors"][0]["place"]) == (422, "query.code")
        state.map_file = outlines_file.parent / "nothing.geojson"
        assert (await asked(office, release, "effects_by_quarter", SVG, **{"as": "map"})).status_code == 503
        for form in ("application/json", "text/csv"):
            plain = await asked(office, release, "effects_by_quarter", form, **{"as": "map"})
            assert (plain.status_code, plain.json()["code"]) == (406, "not_acceptable")
    finally:
        state.map_file = None


async def _put_regions(office: Office, release: str) -> None:
    """Let a small table be one of regions: only an area of a thousand clients has one by itself."""
    text = orjson.dumps(table("regions_by_category")).decode()
    await office.world.admin.execute("SET session_replication_role = replica")
    for name, key in (("release_tables", "release_id"), ("published_tables", "release_id")):
        await office.world.admin.execute(
            f"UPDATE {name} SET json_de = $1, json_en = $1 WHERE {key} = $2::uuid AND name = $3",
            text, release, "effects_by_quarter",
        )  # fmt: skip
    await office.world.admin.execute("SET session_replication_role = origin")
