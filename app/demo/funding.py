"""What the assistants of an area enter: cooperation contracts of three years, official figures of residents.

Draws from randomness of its own, so that nothing else changes with it.
"""

from datetime import date, timedelta
from random import Random

import orjson

from app.demo.rows import Ids, Rows
from app.demo.staff import Area
from app.funding.rules import rate_of

_PASSED_ON = frozenset({"town", "welfare"})
_OWN_SHARE, _DEFICIT = 0.08, 0.02
"""Of what is forwarded."""
_SOURCE = "Einwohnermeldeämter (erfundene Zahlen der Vorführung)"
_LICENCE = "Datenlizenz Deutschland 2.0"
_GROUPS = {
    "german": 30_000, "eu": 1_900, "syria": 900, "ukraine": 700, "turkey": 1_100, "afghanistan": 280,
    "iraq": 210, "iran": 120, "western_balkans": 480, "africa": 320, "other": 600, "stateless_unclear": 60,
}  # fmt: skip
"""Residents of a middling town."""
_AGES = {
    "0-5": 6,
    "6-9": 4,
    "10-15": 6,
    "16-17": 2,
    "18-26": 9,
    "27-39": 17,
    "40-54": 20,
    "55-64": 15,
    "65+": 21,
}
"""Of a hundred residents."""


class Funding:
    """Writes what stands beside the work with people."""

    def __init__(self, area: Area, rows: Rows, *, seed: int, today: date) -> None:
        self._area = area
        self._rows = rows
        self._random = Random(f"{seed} funding {area.key}")
        self._ids = Ids(Random(f"{seed + 1} funding {area.key}"))
        self._today = today

    def write(self) -> None:
        """Write contracts of three years, as long as there are positions, and the residents of three days."""
        for year in range(self._today.year - 2, self._today.year + 1):
            self._contracts(year)
            self._population(date(year, 1, 1) - timedelta(days=1))

    def _contracts(self, year: int) -> None:
        rate = rate_of("component_2", year) or 0
        plans = [plan for plan in self._area.plan.units if plan.kind in _PASSED_ON]
        for number, plan in enumerate(plans, 1):
            forwarded = round(rate * sum(plan.shares))
            own = round(forwarded * self._random.uniform(0, 2 * _OWN_SHARE))
            self._rows.add(
                "cooperation_contracts", municipal_area_id=self._area.key, id=self._ids.any(),
                unit_id=self._area.units[plan.name], year=year, reference=f"KIM {number}/{year}",
                concluded_on=date(year, 1, 15), forwarded_cents=forwarded, own_share_cents=own,
                deficit_cents=round(own * _DEFICIT), entered_by=self._area.assistants[0],
            )  # fmt: skip

    def _population(self, day: date) -> None:
        lines = [
            (town, group, age, round(usual * share / 100 * self._random.uniform(0.6, 1.4)))
            for town in sorted(self._area.plan.towns)
            for group, usual in _GROUPS.items()
            for age, share in _AGES.items()
        ]
        self._rows.add(
            "populations", municipal_area_id=self._area.key, id=self._ids.any(), stated_on=day,
            source=_SOURCE, licence=_LICENCE, residents=sum(line[-1] for line in lines),
            figures=orjson.dumps(lines).decode(), imported_by=self._area.assistants[0],
        )  # fmt: skip
