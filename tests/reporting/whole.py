"""The figures of a release as one, of which the application takes each part as it comes."""

from contextlib import aclosing
from dataclasses import replace

from app.kit.database import Database
from app.reporting.figures import read_figures
from app.reporting.parts import Barriers, Figures, OfSubject, Opened
from app.reporting.rules import Quarter


async def whole_figures(reporting: Database, area: str, quarter: Quarter) -> Figures:
    """Read all parts and put them together."""
    async with aclosing(read_figures(reporting, area, quarter)) as read:
        figures, *parts = [each async for each in read]
    assert isinstance(figures, Figures)
    [cases] = [each.cases for each in parts if isinstance(each, Barriers)]
    [opened] = [each.tables for each in parts if isinstance(each, Opened)]
    further = {each.name: each.further for each in parts if isinstance(each, OfSubject)}
    return replace(figures, cases=cases, further=further, open=opened)
