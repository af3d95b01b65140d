"""What the tables of a subject say of themselves: what is counted, from where, how protected."""

from dataclasses import dataclass

from app.reporting.catalogue import METHOD, NOT_PREVALENCE, SOURCE, UNIT
from app.reporting.classes import Label


@dataclass(frozen=True, slots=True)
class Words:
    """The texts that every table of a subject states."""

    unit: Label
    source: Label
    method: Label
    note: Label


OF_BARRIERS = Words(UNIT, SOURCE, METHOD, NOT_PREVALENCE)
