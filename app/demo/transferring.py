"""A few cases that go from Wesel to Hagen, each come as far as another, as the people there would do it."""

from datetime import timedelta
from typing import Any

import asyncpg
import httpx

from app.demo.places import HAGEN, WESEL
from app.demo.publishing import sign_in
from app.kit.clock import utc_now
from app.main import create_app, serve_app
from app.settings import Settings

STATES = ("drafted", "offered", "accepted", "received", "declined")
CATEGORIES = [
    "master_data", "contact", "residence", "benefits", "education_language", "case_record", "documents",
]  # fmt: skip
CERTIFICATE = """Volkshochschule

Teilnahmebescheinigung

Integrationskurs, Modul 4, 100 Unterrichtseinheiten. Regelmäßig teilgenommen.
""".encode()

_CASES = """SELECT c.id, c.client_id, a.email, p.contact_language FROM cases c
JOIN clients p ON p.municipal_area_id = c.municipal_area_id AND p.id = c.client_id
JOIN users u ON u.municipal_area_id = c.municipal_area_id AND u.id = c.lead_user_id
JOIN accounts a ON a.id = u.account_id
WHERE c.municipal_area_id = $1 AND c.phase = 'monitoring' AND NOT c.is_restricted
    AND p.processing_restricted_at IS NULL AND p.birth_date < now() - interval '19 years'
    AND (SELECT count(*) FROM cases o WHERE o.municipal_area_id = c.municipal_area_id
        AND o.client_id = c.client_id AND o.phase <> 'closed') = 1
ORDER BY c.id LIMIT $2"""
_PEOPLE = """SELECT m.unit_id, m.user_id, m.role, a.email FROM memberships m
JOIN units n ON n.municipal_area_id = m.municipal_area_id AND n.id = m.unit_id AND n.kind = 'ki'
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
JOIN accounts a ON a.id = u.account_id
WHERE m.municipal_area_id = $1 AND m.role IN ('team_lead', 'case_manager') ORDER BY m.role, a.email"""


async def transfer_cases(settings: Settings, admin_url: str, password: str) -> None:
    """Draft, offer, accept, receive and decline one each, through the API."""
    connection = await asyncpg.connect(admin_url)
    cases = await connection.fetch(_CASES, WESEL, len(STATES))
    people = await connection.fetch(_PEOPLE, HAGEN)
    await connection.close()
    lead = next(person for person in people if person["role"] == "team_lead")
    manager = next(person for person in people if person["role"] == "case_manager")
    app = create_app(settings)
    transport = httpx.ASGITransport(serve_app(app))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
            receiving = Receiving(http, lead, manager, password)
            for case, state in zip(cases, STATES, strict=False):
                sender = await sign_in(http, case["email"], password)
                transfer_id = await _send(http, case, str(lead["unit_id"]), sender, state)
                await receiving.bring_to(state, transfer_id)
    finally:
        await app.state.gate.database.close()


async def _send(http: httpx.AsyncClient, case: Any, unit_id: str, sender: dict[str, str], state: str) -> str:
    consent = {
        "client_id": str(case["client_id"]), "case_id": str(case["id"]), "purpose": "transfer",
        "receiving_unit_id": unit_id, "data_categories": CATEGORIES, "direction": "to",
        "text_language": "deu", "text_version": "1", "interpreter_used": True,
        "interpreter": "Sprachmittlungspool Kreis Wesel", "consequences_explained": True,
        "revocability_explained": True, "form": "written",
        "given_at": (utc_now() - timedelta(days=1)).isoformat(), "evidence": "Fallakte, Blatt 3",
    }  # fmt: skip
    drafted = {
        "receiving_unit_id": unit_id, "reason": "moved", "language": case["contact_language"],
        "data_categories": CATEGORIES, "document_ids": [await _certificate(http, case, sender)],
    }  # fmt: skip
    path = f"/v1/cases/{case['id']}/transfers"
    transfer_id = str((await _post(http, path, drafted, sender))["id"])
    if state != "drafted":
        await _post(http, "/v1/consents", consent, sender)
        await _post(http, f"{path}/{transfer_id}/offer", None, sender)
    return transfer_id


async def _certificate(http: httpx.AsyncClient, case: Any, sender: dict[str, str]) -> str:
    file = {**sender, "Content-Type": "application/octet-stream"}
    answer = await http.post(f"/v1/cases/{case['id']}/documents", content=CERTIFICATE, headers=file)
    answer.raise_for_status()
    filed = answer.json()
    said = {"title": "Teilnahmebescheinigung Integrationskurs", "category": "certificate"}
    named = await http.patch(
        f"/v1/documents/{filed['id']}", json=said, headers={**sender, "If-Match": f'"{filed["version"]}"'}
    )
    named.raise_for_status()
    return str(filed["id"])


class Receiving:
    """Team lead and case manager of the unit that takes over."""

    def __init__(self, http: httpx.AsyncClient, lead: Any, manager: Any, password: str) -> None:
        self._http, self._lead, self._manager, self._password = http, lead, manager, password

    async def bring_to(self, state: str, transfer_id: str) -> None:
        """Do what they do until the transfer stands there."""
        path = f"/v1/transfers/{transfer_id}"
        if state in ("accepted", "received", "declined"):
            lead = await sign_in(self._http, self._lead["email"], self._password)
            if state == "declined":
                await _post(self._http, f"{path}/decline", {"reason": "no_capacity"}, lead)
                return
            named = {"case_manager_id": str(self._manager["user_id"])}
            await _post(self._http, f"{path}/accept", named, lead)
        if state == "received":
            manager = await sign_in(self._http, self._manager["email"], self._password)
            await _post(self._http, f"{path}/receive", {"confirm_new": True}, manager)


async def _post(http: httpx.AsyncClient, path: str, body: Any, headers: dict[str, str]) -> Any:
    answer = await http.post(path, json=body, headers=headers)
    answer.raise_for_status()
    return answer.json()
