"""A map of an area's regions: as dark as the figures are high, grey where nothing may be told."""

from collections.abc import Mapping
from typing import Any

from app.reporting.classes import AREA_WIDE, Label
from app.reporting.pictures.charts import frame
from app.reporting.pictures.marks import GREY, INK, IS_HIDDEN, IS_TOLD, Spec, count, in_words
from app.reporting.pictures.outlines import Outline
from app.reporting.pictures.times import when_of

REGION, TOTAL = "region", "total"
_WITHOUT_PLACE = Label("Ohne festen Ort", "Without a single town")
_PREFIX = "region:"


def has_regions(table: Mapping[str, Any]) -> bool:
    """Return whether a table divides the area by regions."""
    return any(dimension["name"] == REGION for dimension in table["dimensions"])


def codes_beside(table: Mapping[str, Any]) -> dict[str, str]:
    """Return the codes of the other dimension, of which a map shows one, with their labels."""
    other = [each for each in table["dimensions"] if each["name"] != REGION]
    return {code["code"]: code["label"] for each in other for code in each["codes"]}


def region_map(
    table: Mapping[str, Any], outlines: Mapping[str, Outline], language: str, code: str = TOTAL
) -> Spec:
    """Return the map of one code of a table that has regions; towns without an outline are left out."""
    features, labels, elsewhere = [], [], ""
    for region, name, cell in _regions(table, code):
        told = in_words(cell["status"], language) if cell["value"] is None else str(cell["value"])
        row = {"region": name, "status": cell["status"], "value": cell["value"], "told": told}
        shapes = [outlines[town] for town in region if town in outlines]
        features += [{"type": "Feature", "properties": row, "geometry": each.geometry()} for each in shapes]
        if shapes:
            x, y = max(shapes, key=_extent).middle
            labels.append({**row, "x": x, "y": y})
        elif AREA_WIDE in region:
            elsewhere = f"{_WITHOUT_PLACE.text(language)}: {told}"
    of = "" if code == TOTAL else codes_beside(table)[code]
    stated = ", ".join(each for each in (when_of(table, language), of, elsewhere) if each)
    return {
        **frame(table, stated, language),
        "projection": {"type": "identity", "reflectY": True},
        "width": 620,
        "height": 620,
        "layer": _layers(features, labels),
    }


def _layers(features: list[Spec], labels: list[Spec]) -> list[Spec]:
    shape: Spec = {"values": {"type": "FeatureCollection", "features": features},
                   "format": {"type": "json", "property": "features"}}  # fmt: skip
    most = max((each["value"] or 0 for each in labels), default=0)
    return [
        {
            "data": shape,
            "transform": [{"filter": IS_HIDDEN["filter"].replace("datum.", "datum.properties.")}],
            "mark": {"type": "geoshape", "fill": GREY, "stroke": "white"},
        },
        {
            "data": shape,
            "transform": [{"filter": IS_TOLD["filter"].replace("datum.", "datum.properties.")}],
            "mark": {"type": "geoshape", "stroke": "white"},
            "encoding": {
                "color": count("properties.value", legend=None, scale={"scheme": "blues", "zero": True}),
                "tooltip": [{"field": "properties.region"}, {"field": "properties.told"}],
            },
        },
        *(
            {
                "data": {"values": labels},
                "mark": {"type": "text", "fontSize": 10, "dy": dy, "fontWeight": weight},
                "encoding": {
                    "longitude": {"field": "x", "type": "quantitative"},
                    "latitude": {"field": "y", "type": "quantitative"},
                    "text": {"field": field},
                    "color": {
                        "condition": {"test": f"(datum.value || 0) > {most / 2}", "value": "white"},
                        "value": INK,
                    },
                },
            }
            for field, dy, weight in (("region", -6, "normal"), ("told", 7, "bold"))
        ),
    ]


def _extent(outline: Outline) -> float:
    points = [point for polygon in outline.polygons for point in polygon[0]]
    across, up = zip(*points, strict=True)
    size: float = (max(across) - min(across)) * (max(up) - min(up))
    return size


def _regions(table: Mapping[str, Any], code: str) -> list[tuple[tuple[str, ...], str, dict[str, Any]]]:
    """Return the towns, the name and the cell of each region."""
    at = [each["name"] for each in table["dimensions"]].index(REGION)
    names = {each["code"]: each["label"] for each in table["dimensions"][at]["codes"]}
    cells = {cell["codes"][at]: cell for cell in table["cells"] if _is_of(cell["codes"], at, code)}
    return [
        (tuple(region.removeprefix(_PREFIX).split("+")), name, cells[region])
        for region, name in names.items()
        if region.startswith(_PREFIX)
    ]


def _is_of(codes: list[str], at: int, code: str) -> bool:
    return all(each == code for place, each in enumerate(codes) if place != at)
