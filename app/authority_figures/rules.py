"""Which figures an authority enters, and when they add up. Pure."""

from collections.abc import Mapping

from app.reporting.subjects.authority_figures import foreign_groups

FIGURES = (
    "naturalisation_applied", "naturalisation_granted", "naturalisation_rejected",
    "stay_examined", "stay_applied", "stay_granted", "stay_rejected", "duldung_held",
)  # fmt: skip
"""Persons of the quarter; `duldung_held` on its last day."""


def unknown_groups(groups: Mapping[str, int]) -> list[str]:
    """Return the groups that are none of the vocabulary of nationality groups, or that nobody counts."""
    return sorted(groups.keys() - foreign_groups().keys())


def adds_up(total: int, groups: Mapping[str, int]) -> bool:
    """Tell whether the groups are the whole."""
    return sum(groups.values()) == total
