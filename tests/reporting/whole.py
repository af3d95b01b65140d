"""The figures of a release as one, of which the application takes each part as it comes."""

from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace

from app.kit.database import Database
from app.reporting.computation import compute
from app.reporting.figures import read_figures
from app.reporting.material import Computed, Material
from app.reporting.parts import Barriers, Figures, OfSubject, Opened, Part
from app.reporting.rules import Quarter, Refusal


async def whole_figures(reporting: Database, area: str, quarter: Quarter) -> Figures:
    """Read all parts and put them together."""
    async with aclosing(read_figures(reporting, area, quarter)) as read:
        figures, *parts = [each async for each in read]
    assert isinstance(figures, Figures)
    [cases] = [each.cases for each in parts if isinstance(each, Barriers)]
    [opened] = [each.tables for each in parts if isinstance(each, Opened)]
    further = {each.name: each.further for each in parts if isinstance(each, OfSubject)}
    return replace(figures, cases=cases, further=further, open=opened)


def parts_of(figures: Figures) -> Iterator[Part]:
    """Return the parts of figures, as they would come."""
    yield Opened(figures.open)
    yield Barriers(figures.cases)
    for name, further in figures.further.items():
        yield OfSubject(name, further)


def compute_whole(material: Material) -> Computed | Refusal:
    """Compute a release of which everything is there."""
    return compute(material, parts_of(material.figures))
