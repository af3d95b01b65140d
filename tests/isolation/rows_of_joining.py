"""The team inbox of the partner's institution, and an invitation, laid behind the API."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tests.world import Person

AT = datetime(2026, 4, 6, tzinfo=UTC)


def joining_rows(ids: Mapping[str, str], people: Mapping[str, Person]) -> dict[str, list[dict[str, Any]]]:
    """Return somebody in charge, a deputyship, a site that the partner works at, and an invitation."""
    partner, at_it = people["partner"].user_id, {"institution_id": ids["institution"]}
    return {
        "membership_sites": [
            # Of a site that there is not, so that the row can be copied with the one there is.
            {"id": uuid4(), "membership_id": ids["partner_membership"], **at_it, "site_id": uuid4()},
        ],
        "referral_charges": [
            {"id": ids["referral"], **at_it, "user_id": partner, "since": AT, "version": 1,
             "created_at": AT, "changed_at": AT, "changed_xid": 1},
        ],
        "partner_deputyships": [
            {"id": ids["partner_deputyship"], **at_it, "user_id": partner,
             "deputy_id": ids["partner_colleague"], "first_day": "2026-04-06", "last_day": "2026-04-07",
             "created_at": AT},
        ],
        "invitations": [
            {"id": ids["invitation"], **at_it, "role": "partner_user", "email": "neu@kim.example",
             "site_ids": [], "code_sha256": "\\x6b", "created_by": people["admin"].user_id,
             "created_at": AT, "expires_at": datetime(2199, 1, 1, tzinfo=UTC)},
        ],
    }  # fmt: skip
