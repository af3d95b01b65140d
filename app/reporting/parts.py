"""What a release is made of, part by part: each is protected as soon as it was read. Data only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.protection import Unit
from app.reporting.open_tables.shape import Found
from app.reporting.rules import Size
from app.reporting.subjects.subject import Further


@dataclass(frozen=True, slots=True)
class Barriers:
    """The barrier cases of the year."""

    cases: Sequence[Unit]


@dataclass(frozen=True, slots=True)
class OfSubject:
    """What is counted of one subject beside barriers."""

    name: str
    further: Further


@dataclass(frozen=True, slots=True)
class Opened:
    """What no person is behind, by open table."""

    tables: Mapping[str, Found]


Part = Barriers | OfSubject | Opened


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a release of one quarter is made of; while it is being read, without the parts to come."""

    cases: Sequence[Unit]
    size: Size
    regions: tuple[tuple[str, ...], ...]
    coverage: str
    further: Mapping[str, Further] = field(default_factory=dict)
    """What is counted beside barriers, by subject."""
    open: Mapping[str, Found] = field(default_factory=dict)
    """What no person is behind, by open table."""
