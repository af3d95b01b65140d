"""The groups under which a person counts in statistics, as they were on a day and are believed now."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.catalogues.check import vocabulary
from app.clients.rules import NOT_STATED, age_band, reporting_nationality
from app.kit.database import Db
from app.kit.errors import NotFound

_ATTRIBUTES = """SELECT c.birth_date, c.birth_precision, c.sex, c.household_key,
    (SELECT CASE WHEN NOT EXISTS (SELECT FROM processing_restrictions p
            WHERE p.municipal_area_id = d.municipal_area_id AND p.client_id = d.client_id
                AND p.entry_id = d.id AND p.lifted_at IS NULL) THEN d.residence_status END
        FROM residence_documents d
        WHERE d.municipal_area_id = c.municipal_area_id AND d.client_id = c.id
            AND d.superseded_at IS NULL AND d.valid @> $2::date
        ORDER BY d.strand DESC LIMIT 1) AS residence_status,
    ARRAY(SELECT n.nationality FROM client_nationalities n
        WHERE n.municipal_area_id = c.municipal_area_id AND n.client_id = c.id
        ORDER BY n.position) AS nationalities
FROM clients c WHERE c.id = $1"""


@dataclass(frozen=True, slots=True)
class Attributes:
    """Codes of `residence_group`, `nationality_group`, `age_band`, `sex`; the household by its key."""

    residence_group: str
    """Of the title; without one, of the certificate; `keine_angabe` without either, and where it is only kept
    (Art. 18 GDPR): what is contested gives way to no other group."""
    nationality_group: str
    """`stateless_unclear` when none is written."""
    age_band: str | None
    """None for an unknown birth date."""
    sex: str
    household_key: UUID


async def attributes_at(db: Db, client_id: UUID, on: date) -> Attributes:
    """Return a person's groups on a day; 404 for a person whom the role and actor do not see."""
    driver = await db.driver()
    row = await driver.fetchrow(_ATTRIBUTES, client_id, on)
    if row is None:
        raise NotFound
    nationality = vocabulary("nationality")
    groups = [nationality[code].parent or "" for code in row["nationalities"]]
    status = row["residence_status"]
    return Attributes(
        residence_group=NOT_STATED if status is None else vocabulary("residence_status")[status].parent or "",
        nationality_group=reporting_nationality(groups),
        age_band=age_band(row["birth_date"], row["birth_precision"], on),
        sex=row["sex"],
        household_key=row["household_key"],
    )
