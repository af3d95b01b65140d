"""Shapes of exports to a state-wide database."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app.kit.quarters import QuarterCode
from app.kit.schema import Count, Input, Read

Profile = Literal["kim-state-database/1"]


class StateExportRequest(Input):
    """What would leave of one unit to one recipient, as it stood at the end of a quarter that has ended."""

    unit_id: UUID
    institution_id: UUID
    """An institution of the kind `landesdatenbank`."""
    quarter: QuarterCode


class BandRead(Read):
    """A count, told roughly; `at_most` is null in the highest band."""

    at_least: int
    at_most: int | None


class LeftOutRead(Read):
    """Persons whose cases the unit had and who are in no line. Restricted persons are in no count at all."""

    kept_only: BandRead
    """Their data are only kept (Art. 18 GDPR)."""
    ended: BandRead
    """They consented once: it was withdrawn or has run out."""
    never_consented: BandRead
    held_back: BandRead
    """They consented; without their lines nobody who did not is read from what was published."""


class StandOutRead(Read):
    """Persons who share age band, sex, group of nationality and of residence with fewer than so many."""

    fewer_than: int
    persons: BandRead


class LeavingField(Read):
    """A field of the profile with the data category that a consent must name for it."""

    field: str
    category: str | None


class DryRunRead(Read):
    """What would leave; `sample` is made of the profile and about nobody."""

    profile: Profile
    persons: BandRead
    withdrawals: BandRead
    """Whom the recipient is told to delete."""
    withdrawals_only: bool
    """The recipient has lines of this quarter: what follows are withdrawals, and no count is told."""
    is_enough: bool
    left_out: LeftOutRead
    stand_out: list[StandOutRead]
    fields: list[LeavingField]
    sample: dict[str, Any]


class StateExportRead(Read):
    """An export as the people of the area see it: never a line, and not whether its file still waits.

    Where somebody in it withdrew, where nobody fetched it, and where there was no file, it is `ready` until
    `keep_until` and `expired` then.
    """

    id: UUID
    unit_id: UUID
    institution_id: UUID
    quarter: str
    profile: Profile
    state: Literal[
        "requested", "checked", "refused", "released", "ready", "fetched", "acknowledged", "discarded",
        "expired",
    ]  # fmt: skip
    refusal: Literal["too_few", "no_keys"] | None
    dry_run: DryRunRead | None
    dry_run_at: datetime | None
    """When it was computed; asking again before `dry_run_until` answers with it."""
    dry_run_until: datetime | None
    requested_by: UUID
    requested_at: datetime
    checked_at: datetime | None
    released_by: UUID | None
    released_at: datetime | None
    composed_at: datetime | None
    keep_until: datetime | None
    """14 days after composing; the file may be gone before."""
    fetched_at: datetime | None
    ended_at: datetime | None
    version: int


class PartnerStateExportRead(Read):
    """A file as its recipient sees it.

    `persons`, `withdrawals`, `size_bytes` and `sha256` are null until it was fetched: they would tell of
    somebody who withdraws before.
    """

    id: UUID
    municipal_area_id: str
    quarter: str
    profile: Profile
    persons: int | None
    withdrawals: int | None
    size_bytes: int | None
    sha256: str | None
    composed_at: datetime
    keep_until: datetime
    """14 days after composing until it was fetched, then no later than the first consent in it ends."""
    fetched_at: datetime | None
    acknowledged_at: datetime | None


class PartnerStateExportManifest(PartnerStateExportRead):
    """The same with a signature over it."""

    manifest: str | None
    """A compact JWS (ES256, `typ` `kim-state-export+jwt`), verified with the published keys; null until the
    file was fetched."""


class StateExportAcknowledge(Input):
    """That the file arrived whole and that everybody whom it names as withdrawn was deleted."""

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    withdrawals_deleted: Count
    """As many as the manifest names."""
