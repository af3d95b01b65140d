"""Which quarters somebody can ask for or enter: those that have ended, since the programme began."""

from datetime import date
from typing import Final

from app.kit.errors import Invalid
from app.reporting.rules import Quarter

PROGRAMME_BEGAN: Final = Quarter(2020, 1)
"""Kommunales Integrationsmanagement followed the pilot "Einwanderung gestalten NRW" of 2017 to 2019.

The same for every area, so that no refusal tells when an area's first data came.
"""


def require_quarter(text: str, today: date, *, done: str) -> None:
    """Raise 422 for a quarter that has not ended, or lies before the programme; `done` as in "released"."""
    quarter = Quarter.parse(text)
    if not quarter.has_ended(today):
        raise Invalid.at("body.quarter", "quarter_not_ended", f"Only a quarter that has ended can be {done}.")
    if quarter < PROGRAMME_BEGAN:
        raise Invalid.at(
            "body.quarter",
            "before_programme",
            f"The programme began in {PROGRAMME_BEGAN}: nothing earlier can be {done}.",
        )
