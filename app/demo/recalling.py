"""What recipients were asked after a withdrawal, and what they have said."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.demo.staff import Area
from app.referrals.rules import RECALL_DAYS

if TYPE_CHECKING:
    from app.demo.referring import DemoReferral


def recall_of(referral: "DemoReferral", area: Area) -> dict[str, Any]:
    """Return the row of a referral that was revoked: most recipients answer, others were asked after."""
    asked_at = referral.steps[-1]
    said_at = asked_at + timedelta(days=2, hours=3)
    who = area.partners.get(referral.institution.id)
    answer = referral.id.int % 3  # no draw: everything after it would come out otherwise
    account = None if who is None else ("deleted", "kept", None)[answer]
    return {
        "municipal_area_id": area.key,
        "id": referral.id,
        "institution_id": referral.institution.id,
        "client_pseudonym": referral.case.client.pseudonym,
        "is_on_platform": True,
        "reason": "consent_withdrawn",
        "asked_at": asked_at,
        "due_at": asked_at + timedelta(days=RECALL_DAYS),
        "acknowledged_at": said_at if account else None,
        "account": account,
        "deleted_on": said_at.date() if account == "deleted" else None,
        "kept_reason": "statutory_retention" if account == "kept" else None,
        "norm": "§ 84 Abs. 4 SGB X" if account == "kept" else None,
        "answered_at": said_at if account else None,
        "answered_by": who if account else None,
        "chased_at": None if account else asked_at + timedelta(days=RECALL_DAYS, hours=1),
    }
