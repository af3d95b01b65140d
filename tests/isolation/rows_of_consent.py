"""Who gave and signed the consent of the scene, laid behind the API; each also by somebody who is hidden."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

AT = datetime(2026, 4, 6, tzinfo=UTC)


def rows_of_consent(ids: dict[str, str], lead: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return its guardians and their signatures."""
    return {
        "consent_guardians": [
            {"id": ids["named_guardian"], "consent_id": ids["consent"], "name": "Ute Berg",
             "guardian_id": ids["legal_adviser"]},
            {"id": ids["hidden_name"], "consent_id": ids["consent"], "name": "Frau Haddad, Haus Zuflucht",
             "guardian_id": ids["hidden_guardian"], "member_client_id": ids["restricted_client"]},
        ],
        "consent_signatures": [
            {"id": ids[name], "consent_id": ids["consent"], "signed_by": "guardian",
             "guardian_id": ids[guardian], "text_sha256": "0" * 64, "signed_at": AT, "device": "tablet",
             "sealed": "v1.none.x", "recorded_at": AT, "recorded_by": lead}
            for name, guardian in (("signature", "legal_adviser"), ("hidden_signature", "hidden_guardian"))
        ],
    }  # fmt: skip
