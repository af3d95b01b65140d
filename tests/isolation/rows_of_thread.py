"""A thread on the referral of the scene, laid behind the API."""

from datetime import UTC, datetime
from typing import Any

AT = datetime(2026, 4, 6, tzinfo=UTC)


def thread_rows(ids: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Return a message of each side: one with a document, the other an open request for more information."""
    of_it = {"referral_id": ids["referral"], "institution_id": ids["institution"]}
    return {
        "referral_messages": [
            {"id": ids["said"], **of_it, "at": AT, "side": "sender", "kind": "message", "text": "x",
             "data_categories": ["documents"]},
            {"id": ids["asked"], **of_it, "at": AT, "side": "recipient", "kind": "information_request",
             "data_categories": ["contact"], "state": "open", "due_at": AT},
        ],
        "referral_attachments": [
            {"id": ids["attachment"], **of_it, "message_id": ids["said"], "document_id": ids["document"],
             "category": "notice", "kind": "pdf", "size_bytes": 1, "sha256": "0" * 64},
        ],
    }  # fmt: skip
