"""What the partner's institution was asked about the obstacle of the scene, now and in the past."""

from collections.abc import Mapping
from typing import Any

from tests.world import Person


def hearing_rows(ids: Mapping[str, str], people: Mapping[str, Person]) -> dict[str, list[dict[str, Any]]]:
    """Return an open hearing, and one whose last day has passed, about another release."""
    about = {
        "obstacle_id": ids["obstacle"], "institution_id": ids["institution"], "title": "Termine",
        "description": "Nur online.", "barrier_types": ["K1"], "institution_group": "benefits",
        "quarter": "2025Q4", "figures": [{"barrier_type": "K1", "status": "suppressed", "value": None}],
        "opened_by": people["coordinator"].user_id, "opened_at": "2026-04-06", "version": 1,
        "created_at": "2026-04-06", "changed_at": "2026-04-06", "changed_xid": 1,
    }  # fmt: skip
    return {
        "obstacle_hearings": [
            {"id": ids["hearing"], "release_id": ids["release"], "comment_until": "2199-12-31", **about},
            {"id": ids["past_hearing"], "release_id": ids["requested_release"],
             "comment_until": "2026-04-07", **about},
        ],
    }  # fmt: skip
