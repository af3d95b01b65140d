"""A webhook with what hangs on it, laid behind the API."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

AT = datetime(2026, 4, 6, tzinfo=UTC)


def webhook_rows(ids: dict[str, str], partner: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return a webhook of the partner's institution with a delivery that was given up."""
    of_it = {"webhook_id": ids["webhook"], "institution_id": ids["institution"]}
    return {
        "webhooks": [
            {"id": ids["webhook"], "institution_id": ids["institution"], "url": "https://office.example/",
             "label": "x", "kinds": ["referral.offered"], "signature": "hmac_sha256", "state": "active",
             "created_by": partner, "version": 1, "created_at": AT, "changed_at": AT, "changed_xid": 1},
        ],
        "webhook_secrets": [{"id": uuid4(), **of_it, "sealed": "v1.test.x", "created_at": AT}],
        "webhook_deliveries": [
            {"id": ids["webhook_delivery"], **of_it, "event_id": uuid4(), "kind": "webhook.test",
             "happened_at": AT, "created_at": AT, "state": "parked", "failures": 10, "claims": 10,
             "next_at": AT, "failure": "status", "ended_at": AT},
        ],
        "webhook_attempts": [
            {"id": uuid4(), "delivery_id": ids["webhook_delivery"], "institution_id": ids["institution"],
             "at": AT, "milliseconds": 5, "status": 500, "failure": "status"},
        ],
    }  # fmt: skip
