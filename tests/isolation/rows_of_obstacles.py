"""An obstacle whose effect was checked, as the worker watches it, and a check."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.world import Person


def obstacle_rows(
    ids: Mapping[str, str], people: Mapping[str, Person], at: datetime
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows by table."""
    coordinator = people["coordinator"].user_id
    return {
        "obstacles": [
            {"id": ids["checked_obstacle"], "title": "Termine", "description": "Nur online.",
             "barrier_types": ["K1"], "institution_types": ["jobcenter"], "status": "effect_checked",
             "bundled_on": at.date(), "created_by": coordinator, "version": 1, "created_at": at,
             "changed_at": at, "changed_xid": 1},
        ],
        "obstacle_effect_checks": [
            {"id": ids["effect_check"], "obstacle_id": ids["obstacle"], "made_on": at.date(),
             "made_by": coordinator, "before": {"quarters": []}, "after": {"quarters": []},
             "conclusion": "no_conclusion", "no_conclusion_reason": "too_few_quarters"},
        ],
    }  # fmt: skip
