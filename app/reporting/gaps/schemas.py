"""Shapes of the view of gaps."""

from uuid import UUID

from pydantic import Field

from app.kit.schema import Read
from app.reporting.gaps.rules import Gap
from app.reporting.schemas import Status, ThresholdsRead


class SideRead(Read):
    """What one side of the view counts, from where, and how it is protected."""

    unit: str
    source: str
    method: str
    note: str


class PersonsWithNeedRead(Read):
    """Persons as the release tells them: no value where it is suppressed or was not collected."""

    status: Status
    value: int | None


class GapLineRead(Read):
    """One topic in the whole area (`region` is `total`) or in a region; all topics together are not compared.

    Offers are null where the release tells of none, `free_places` also where no offer told any.
    `offers_in_region` leaves out what is found in no single town.
    """

    topic: str
    topic_label: str
    region: str
    region_label: str
    persons: PersonsWithNeedRead = Field(
        description="persons whose need for the topic was first told of the year in this quarter"
    )
    persons_of_year: PersonsWithNeedRead = Field(
        description=(
            "`persons` of this quarter and of the earlier ones of its year, added up: a person counts once a "
            "year for each topic. Of the whole area alone. `suppressed` where one of these quarters is; "
            "`not_collected` where one of them was not published or does not tell it, and for every region"
        )
    )
    offers: int | None
    offers_in_region: int | None
    offers_with_known_places: int | None
    free_places: int | None
    places_per_person: float | None
    gap: Gap
    gap_label: str


class GapsRead(Read):
    """Needs and offers of a release side by side; a side is null where the release does not tell of it."""

    release_id: UUID
    area: str
    quarter: str
    sha256: str
    title: str
    definition: str
    note: str
    thresholds: ThresholdsRead | None
    needs: SideRead | None
    offers: SideRead | None
    lines: list[GapLineRead]
