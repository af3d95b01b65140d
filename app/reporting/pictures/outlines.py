"""Outlines of municipalities from a file of the operator: GeoJSON, such as VG250 of the Federal Agency (BKG).

The project brings no outlines of its own: whoever installs it takes those of the year and names their source.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

Point = tuple[float, float]
Ring = tuple[Point, ...]
Polygon = tuple[Ring, ...]

_KEYS = ("AGS", "ags", "ags8")
_WEST, _EAST, _SOUTH, _NORTH = 5.0, 16.0, 47.0, 56.0
_FLAT = math.cos(math.radians(51.5))
"""A degree of longitude is so much shorter than one of latitude in the middle of the state."""
_DECIMALS = 4
_LEAST = 3
_LARGEST = 256 * 1024 * 1024


class UnusableOutlines(ValueError):
    """The file is not what it should be; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One municipality, flat: x to the east, y to the north, both in degrees of latitude."""

    polygons: tuple[Polygon, ...]

    @property
    def middle(self) -> Point:
        """Return a point in the middle of its largest part, for a label."""
        ring = max((polygon[0] for polygon in self.polygons), key=lambda each: abs(_area(each)))
        area = _area(ring)
        if not area:
            return ring[0]
        x = sum((a[0] + b[0]) * _cross(a, b) for a, b in _sides(ring)) / (6 * area)
        y = sum((a[1] + b[1]) * _cross(a, b) for a, b in _sides(ring)) / (6 * area)
        return round(x, _DECIMALS), round(y, _DECIMALS)

    def geometry(self) -> dict[str, Any]:
        """Return it as a geometry of GeoJSON."""
        return {"type": "MultiPolygon", "coordinates": self.polygons}


def _sides(ring: Ring) -> Iterator[tuple[Point, Point]]:
    yield from zip(ring, (*ring[1:], ring[0]), strict=True)


def _cross(one: Point, other: Point) -> float:
    return one[0] * other[1] - other[0] * one[1]


def _area(ring: Ring) -> float:
    return sum(_cross(a, b) for a, b in _sides(ring)) / 2


@cache
def load_outlines(path: Path) -> Mapping[str, Outline]:
    """Return the outline of each municipality by its eight digits (AGS).

    Raises UnusableOutlines for what is no such file; OSError when it cannot be read.
    """
    if path.stat().st_size > _LARGEST:
        raise UnusableOutlines(f"the file of outlines is larger than {_LARGEST // 1024 // 1024} MiB")
    try:
        collection = orjson.loads(path.read_bytes())
        features = collection["features"]
        parts = [(_key(each["properties"]), _polygons(each["geometry"])) for each in features]
    except (orjson.JSONDecodeError, LookupError, TypeError, ValueError) as error:
        if isinstance(error, UnusableOutlines):
            raise
        raise UnusableOutlines("the file of outlines is no GeoJSON of municipalities") from None
    found: dict[str, tuple[Polygon, ...]] = {}
    for key, polygons in parts:
        # An island or an exclave may be a feature of its own.
        found[key] = (*found.get(key, ()), *polygons)
    return {key: Outline(polygons) for key, polygons in found.items()}


def _key(properties: Mapping[str, Any]) -> str:
    for name in _KEYS:
        if name in properties:
            return str(properties[name])
    raise UnusableOutlines(f"each outline needs its key (one of {', '.join(_KEYS)})")


def _polygons(geometry: Mapping[str, Any]) -> tuple[Polygon, ...]:
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise UnusableOutlines("each outline is a Polygon or MultiPolygon")
    of_several: Iterable[Any] = (
        geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    )
    return tuple(tuple(_ring(ring) for ring in polygon) for polygon in of_several)


def _ring(points: Sequence[Sequence[float]]) -> Ring:
    if not all(_WEST <= x <= _EAST and _SOUTH <= y <= _NORTH for x, y, *_ in points):
        raise UnusableOutlines("outlines are in longitude and latitude (WGS 84, EPSG:4326), within Germany")
    if len(points) < _LEAST:
        raise UnusableOutlines("a ring has at least three points")
    return tuple((round(x * _FLAT, _DECIMALS), round(y, _DECIMALS)) for x, y, *_ in points)
