"""How the operations about obstacles are called about the scene."""

from collections.abc import Mapping
from typing import Any


def obstacle_bodies(ids: Mapping[str, str]) -> dict[str, Any]:
    """Return valid bodies by operation."""
    why = {"reason": "Es gehört zusammen."}
    about = {"description": "Am Eingang.", "barrier_types": ["K1"], "institution_types": ["jobcenter"]}
    return {
        "create_obstacle": {"title": "Termine", **about},
        "change_obstacle": {"title": "Termine"},
        "take_obstacle_step": {"to": "in_working_group", **why},
        "add_obstacle_measure": {"title": "Schalter", "unit_id": ids["unit"]},
        "change_obstacle_measure": {"title": "Schalter"},
        "add_obstacle_member": {"body": "working", "responsible": "Leitung", "unit_id": ids["unit"]},
        "change_obstacle_member": {"leads": True},
        "record_obstacle_decision": {"decided_on": "2026-05-20", "minute": "LG 2", "text": "Wird geändert."},
        "merge_obstacles": {"obstacle_id": ids["unbundled"], **why},
        "split_obstacle": {"title": "Schalter", **about, "observation_ids": [ids["observation"]]},
        "open_hearings": {"release_id": ids["release"], "comment_until": "2199-12-31"},
        "comment_on_hearing": {"comment": "Seit Juli gibt es Sprachmittlung."},
        "plan_meeting": {"meets_on": "2199-01-01", "place": "Rathaus"},
        "change_meeting": {"place": "Kreishaus"},
        "hold_meeting": {"minute": "LG 3", "minutes": "Einstimmig."},
        "cancel_meeting": why,
    }
