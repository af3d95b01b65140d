"""Messages for tests, through the API, from both sides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tests.documents.arrange import upload
from tests.referrals.arrange import Scene, sent
from tests.world import Person

WIDE = ["master_data", "contact", "benefits", "residence", "documents"]
ASK = {"kind": "information_request", "data_categories": ["benefits"]}
TEXT = {"text": "Der Bescheid liegt seit Montag vor.", "data_categories": ["benefits"]}


async def wide(scene: Scene, **consent: Any) -> str:
    """Return a referral of name and contact whose consent covers more than its package carried."""
    return await sent(scene, consent={"data_categories": WIDE, **consent})


def own(referral_id: str, *rest: str) -> str:
    """Return the sender's address of a thread."""
    return "/".join((f"/v1/referrals/{referral_id}/messages", *rest))


def theirs(referral_id: str, *rest: str) -> str:
    """Return the recipient's address of a thread."""
    return "/".join((f"/v1/partner/referrals/{referral_id}/messages", *rest))


async def said(person: Person, path: str, body: Any, status: int = 201) -> dict[str, Any]:
    """Say something and return the answer."""
    answer = await person.post(path, body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def asked(scene: Scene, referral_id: str, *categories: str) -> str:
    """Ask for more information as the institution and return the id of the request."""
    body = {"kind": "information_request", "data_categories": list(categories or ("benefits",))}
    return str((await said(scene.partner, theirs(referral_id), body))["id"])


async def thread(person: Person, path: str) -> list[dict[str, Any]]:
    """Return what somebody sees of a thread."""
    answer = await person.get(path)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def a_document(scene: Scene, category: str) -> str:
    """Put a document of a category into the case and return its id."""
    made = await upload(scene.manager, f"/v1/cases/{scene.case_id}/documents")
    assert made.status_code == 201, made.text
    document = made.json()
    path = f"/v1/documents/{document['id']}"
    body = {"category": category, "title": "Bescheid mit Diagnose"}
    changed = await scene.manager.patch(path, body, if_match=made.headers["etag"])
    assert changed.status_code == 200, changed.text
    return str(document["id"])


async def disclosed(scene: Scene, referral_id: str) -> list[Any]:
    """Return what stands in the log of a referral beside its sending, the first first."""
    rows = await scene.world.admin.fetch(
        """SELECT legal_basis, purpose, data_categories, institution_id, channel, document_ids
        FROM disclosure_log WHERE referral_id = $1 ORDER BY at, id""",
        UUID(referral_id),
    )
    return [dict(row) for row in rows][1:]


async def ends(scene: Scene, referral_id: str, at: datetime) -> None:
    """Let the consent behind a referral end at a moment, behind the API."""
    await scene.world.admin.execute(
        "UPDATE referral_requests SET consent_ends_at = $2 WHERE id = $1", UUID(referral_id), at
    )
    await scene.world.admin.execute(
        "UPDATE referral_packages SET readable_until = $2 WHERE id = $1", UUID(referral_id), at
    )
