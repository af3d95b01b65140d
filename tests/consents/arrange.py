"""Consents for tests, through the API."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.world import Person


def consent_body(client_id: str | UUID, institution_id: str | UUID | None, **fields: Any) -> dict[str, Any]:
    """Return a written consent to a referral with name and contact, given an hour ago, with these changes."""
    return {
        "client_id": str(client_id),
        "purpose": "referral" if institution_id else "case_documentation",
        "institution_id": str(institution_id) if institution_id else None,
        "data_categories": ["master_data", "contact"],
        "special_categories": [],
        "direction": "mutual",
        "text_language": "deu",
        "text_version": "1",
        "interpreter_used": False,
        "consequences_explained": True,
        "revocability_explained": True,
        "form": "written",
        "given_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
        "evidence": "Ordner 12, Blatt 3",
        **fields,
    }


def just_now() -> str:
    """Return when a consent is given that no earlier withdrawal covers."""
    return datetime.now(UTC).isoformat()


async def give_consent(
    person: Person, client_id: str | UUID, institution_id: str | UUID | None = None, **fields: Any
) -> str:
    """Record a consent (without an institution: to documentation) and return its id."""
    answer = await person.post("/v1/consents", consent_body(client_id, institution_id, **fields))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def withdraw(person: Person, consent_id: str, **fields: Any) -> None:
    """Take down a withdrawal."""
    body = {"channel": "phone", **fields}
    answer = await person.post(f"/v1/consents/{consent_id}/withdraw", body)
    assert answer.status_code == 200, answer.text
