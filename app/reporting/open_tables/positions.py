"""Funded positions in full-time equivalents: by component and employer, and whether they are filled."""

from collections import Counter
from collections.abc import Mapping

import asyncpg

from app.reporting.classes import Classes, Label
from app.reporting.open_tables.shape import OPEN, Amounts, Found, OpenTable, flat, found, table_of
from app.reporting.rules import Quarter
from app.reporting.subjects.subject import named
from app.reporting.words import Words

_FUNDED = """SELECT
    CASE WHEN p.is_assistant THEN 'assistant' ELSE 'component_' || p.component END AS component,
    u.kind AS employer,
    CASE WHEN p.filled_from <= $2 AND coalesce(p.filled_until, 'infinity') >= $2 THEN 'filled'
        ELSE 'vacant' END AS occupation,
    sum((p.full_time_equivalents * 100)::integer)::integer AS hundredths
FROM positions p JOIN units u ON u.municipal_area_id = p.municipal_area_id AND u.id = p.unit_id
WHERE p.funded_year = $1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""

COMPONENTS: Mapping[str, Label] = {
    "component_1": Label("Baustein 1, Koordination", "Component 1, coordination"),
    "assistant": Label("Baustein 1, Assistenz", "Component 1, assistants"),
    "component_2": Label("Baustein 2, Case Management", "Component 2, case management"),
    "component_3": Label("Baustein 3, Behörden", "Component 3, authorities"),
}
EMPLOYERS: Mapping[str, Label] = {
    "ki": Label("Kommunales Integrationszentrum", "Municipal integration centre"),
    "town": Label("Stadt oder Gemeinde", "Town"),
    "welfare": Label("Freier Träger", "Welfare organisation"),
    "authority": Label("Behörde", "Authority"),
    "state": Label("Land", "State"),
}
_OCCUPATIONS: Mapping[str, Label] = {
    "filled": Label("besetzt", "filled"),
    "vacant": Label("unbesetzt", "vacant"),
}
_WORDS = Words(
    Label("Vollzeitäquivalente (VZÄ)", "Full-time equivalents (FTE)"),
    Label("Stellenplan der KIM-Kommune", "Positions of the KIM municipality"),
    OPEN,
    Label(
        "Geförderte Stellen des Jahres; besetzt heißt am letzten Tag des Quartals besetzt.",
        "Funded positions of the year; filled means filled on the last day of the quarter.",
    ),
)


async def read_employers(driver: asyncpg.Connection, quarter: Quarter) -> Found | None:
    """Return hundredths of full-time equivalents by component and kind of employer."""
    return await _read(driver, quarter, "employer")


async def read_occupations(driver: asyncpg.Connection, quarter: Quarter) -> Found | None:
    """Return hundredths of full-time equivalents by component, filled and vacant."""
    return await _read(driver, quarter, "occupation")


async def _read(driver: asyncpg.Connection, quarter: Quarter, across: str) -> Found | None:
    sums: Counter[tuple[str, ...]] = Counter()
    for row in await driver.fetch(_FUNDED, quarter.year, quarter.last_day):
        sums[row["component"], row[across]] += row["hundredths"]
    return found(sums)


_COMPONENT = flat("component", Label("Baustein", "Component"), COMPONENTS)


def _by_employer(_: Amounts) -> Mapping[str, Classes]:
    return named(_COMPONENT, flat("employer", Label("Anstellungsträger", "Employer"), EMPLOYERS))


def _by_occupation(_: Amounts) -> Mapping[str, Classes]:
    return named(_COMPONENT, flat("occupation", Label("Besetzung", "Occupation"), _OCCUPATIONS))


FUNDED = OpenTable(
    table_of(
        "funded_positions",
        Label(
            "Geförderte Stellen nach Baustein und Anstellungsträger",
            "Funded positions by component and employer",
        ),
        Label(
            "Geförderte Stellenanteile des Jahres nach Baustein und Art des Anstellungsträgers.",
            "Funded shares of work of the year by component and kind of employer.",
        ),
        "component",
        "employer",
        hundredths=True,
    ),
    _WORDS,
    _by_employer,
    read_employers,
)
FILLED = OpenTable(
    table_of(
        "filled_positions",
        Label(
            "Geförderte Stellen nach Baustein und Besetzung",
            "Funded positions by component, filled and vacant",
        ),
        Label(
            "Geförderte Stellenanteile des Jahres, am letzten Tag des Quartals besetzt oder unbesetzt.",
            "Funded shares of work of the year, filled or vacant on the last day of the quarter.",
        ),
        "component",
        "occupation",
        hundredths=True,
    ),
    _WORDS,
    _by_occupation,
    read_occupations,
)
