"""Rows of the duty workflow and of child protection, as months of work would leave them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from tests.world import Person

PACKAGE = '{"concern":{"code":"notification","text":null},"data":{},"disputed":{}}'


def let_through(
    ids: Mapping[str, str], people: Mapping[str, Person], at: datetime, other: str
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows by table."""
    return {
        # One to decide, one decided on, and one of a restricted person.
        "duties": [
            {"id": id_, "referral_id": uuid4(), "case_id": ids["case"], "client_pseudonym": ids["pseudonym"],
             "unit_id": ids["unit"], "institution_id": ids["institution"], "is_restricted": restricted,
             "state": "requested", "norm": "aufenthg_87_1", "law_as_of": at.date(),
             "legal_basis": "aufenthg_87", "asked_by": "ABH", "asked_on": at.date(), "occasion": "x",
             "necessity": {}, "answers": {}, "data_categories": ["master_data"], "sha256": "0" * 64,
             "drafted_by": people["lead"].user_id, "prepared_by": people["lead"].user_id, "requested_at": at,
             "valid_until": at.replace(year=2199), "version": 1, "created_at": at, "changed_at": at,
             "changed_xid": 1, **decided}
            for id_, restricted, decided in (
                (ids["duty"], False, {}), (other, True, {}),
                (ids["decided_duty"], False, {
                    "state": "refused", "reason": "x", "decided_by": people["other_team_lead"].user_id,
                    "decided_at": at, "ended_at": at,
                }),
            )
        ],
        "duty_packages": [
            {"id": id_, "case_id": ids["case"], "content": PACKAGE}
            for id_ in (ids["duty"], ids["decided_duty"], other)
        ],
        # One for the client, and one for a member whom only others see.
        "child_protections": [
            {"id": id_, "case_id": ids["case"], "state": "noted", "indications": "x", "noticed_on": at.date(),
             "look_again_on": at.date(), "created_by": people["lead"].user_id, "version": 1,
             "created_at": at, "changed_at": at, "changed_xid": 1, **member}
            for id_, member in (
                (ids["child_protection"], {}),
                (ids["member_protection"],
                 {"member_client_id": ids["restricted_client"], "relation": "child"}),
            )
        ],
        # What informs the youth welfare office is seen as the course is.
        "referral_requests": [
            {"id": ids["child_referral"], "institution_id": ids["other_institution"], "unit_id": ids["unit"],
             "client_pseudonym": ids["pseudonym"], "channel": "letter", "urgency": "normal", "state": "draft",
             "reminded_day": 0, "reminder_days": [], "version": 1, "created_at": at, "changed_at": at,
             "changed_xid": 1},
        ],
        "referrals": [
            {"id": ids["child_referral"], "case_id": ids["case"], "client_id": ids["client"],
             "legal_basis": "kkg_4", "necessity": "x", "data_categories": ["master_data"],
             "concern_text": "x", "created_by": people["lead"].user_id, "left_out": [],
             "waiting_list_ok": False},
        ],
        "child_protection_steps": [
            {"id": uuid4(), "child_protection_id": course, "case_id": ids["case"], "at": at, "step": "note",
             "target": "noted", "happened_on": at.date(), "user_id": people["lead"].user_id, "said": {}}
            for course in (ids["child_protection"], ids["member_protection"])
        ],
    }  # fmt: skip
