"""Exports to a state-wide database in the scene: rows, what the system may do, what operations answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.isolation.answers import Access, every, only
from tests.isolation.knowing import ADMINS, CATALOGUES, LEADS, OFFICERS, REFERRING, TEAM_LEADS_OF_THE_UNIT
from tests.world import Person

NAMES = ("state_export", "state_file")
PARTNER_OPERATIONS = ("read_partner_state_export", "fetch_state_export", "acknowledge_state_export")
SPECIAL = {name: {"export_id": "state_file"} for name in PARTNER_OPERATIONS}

AUTH = {
    "state_exports": "read change",
    "state_export_files": "read add change remove",
    **dict.fromkeys(("state_export_persons", "state_export_pseudonyms"), "read add remove"),
}
AUTH_CHANGES = {"state_exports": "ended_at = NULL", "state_export_files": "sha256 = sha256"}
KEYS_OF_OWNER = {"state_export_files": "sealed_key = sealed_key"}
NEW = {"state": "requested", "released_by": None, "released_at": None, "figures": None}
"""An export as it is asked for; anything else is refused."""

SEEN_BY = ADMINS | LEADS | OFFICERS
EXPECTED: dict[str, Access] = {
    "read_state_export_profile": CATALOGUES,
    "list_state_exports": every(SEEN_BY),
    "request_state_export": every(ADMINS),
    "read_state_export": only(SEEN_BY, {"admin", "privacy", *TEAM_LEADS_OF_THE_UNIT}),
    "release_state_export": only(LEADS, TEAM_LEADS_OF_THE_UNIT),
    "discard_state_export": only(ADMINS | LEADS, {"admin", *TEAM_LEADS_OF_THE_UNIT}),
    "list_partner_state_exports": every(REFERRING),
    **dict.fromkeys(PARTNER_OPERATIONS, only(REFERRING, {"partner", "machine"})),
}


def bodies(ids: Mapping[str, str]) -> dict[str, Any]:
    """Return valid bodies by operation."""
    return {
        "request_state_export": {
            "unit_id": ids["unit"], "institution_id": ids["institution"], "quarter": "2025Q1",
        },
        "acknowledge_state_export": {"sha256": "0" * 64, "withdrawals_deleted": 0},
    }  # fmt: skip


def state_export_rows(
    ids: Mapping[str, str], people: Mapping[str, Person], at: datetime
) -> dict[str, list[dict[str, Any]]]:
    """Return a dry run that waits for its release, and a file that the recipient has fetched."""
    row = {
        "unit_id": ids["unit"], "quarter": "2025Q4", "profile": "kim-state-database/1", "requested_at": at,
        "requested_by": people["admin"].user_id, "version": 1, "created_at": at, "changed_at": at,
        "changed_xid": 1,
    }  # fmt: skip
    export = {"export_id": ids["state_file"]}
    return {
        "state_exports": [
            {"id": ids["state_export"], "institution_id": ids["other_institution"], "state": "checked",
             **row},
            {"id": ids["state_file"], "institution_id": ids["institution"], "state": "fetched",
             "released_by": people["team_lead"].user_id, "released_at": at, "fetched_at": at, **row},
        ],
        "state_export_files": [
            {"id": ids["state_file"], "institution_id": ids["institution"], "quarter": "2025Q4",
             "profile": "kim-state-database/1", "persons": 1, "withdrawals": 0, "size_bytes": 9,
             "sha256": "0" * 64, "composed_at": at, "keep_until": at.replace(year=2199), "fetched_at": at,
             "sealed_key": "v1.key.x", "sealed_content": "\\x00", "fetched_by": people["partner"].user_id},
        ],
        "state_export_persons": [
            {**export, "case_id": ids["case"], "client_pseudonym": ids["pseudonym"],
             "data_categories": ["case_record"]},
        ],
        "state_export_pseudonyms": [{**export, "pseudonym": "p1", "is_withdrawal": False}],
    }  # fmt: skip
