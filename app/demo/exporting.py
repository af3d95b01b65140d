"""Consents to the state-wide database, and an export of one unit that waits for its recipient."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import asyncpg
import httpx

from app.access.roles import STATE_DATABASE
from app.background import worker_parts
from app.demo.card import entries
from app.demo.inviting import accept, invitation
from app.demo.places import WESEL
from app.demo.publishing import last_quarter, sign_in
from app.demo.staff import DemoAccount
from app.kit.clock import utc_now
from app.main import create_app, serve_app
from app.settings import Settings
from app.worker import run_once

DATABASE = "Landesdatenbank KIM (Probebetrieb)"
RECIPIENT = "hanna.brandt@demo.kim.example"
PERSONS = 24

# The unit with most adults who agreed to the documentation of their case, opened before the quarter ended.
_CLIENTS = """WITH willing AS (
    SELECT DISTINCT ON (c.client_id) c.client_id, c.unit_id, a.email
    FROM cases c
    JOIN clients p ON p.municipal_area_id = c.municipal_area_id AND p.id = c.client_id
    JOIN users u ON u.municipal_area_id = c.municipal_area_id AND u.id = c.lead_user_id
    JOIN accounts a ON a.id = u.account_id
    WHERE c.municipal_area_id = $1 AND c.phase <> 'closed' AND NOT c.is_restricted
        AND c.opened_on <= $2
        AND p.processing_restricted_at IS NULL AND p.birth_date < now() - interval '19 years'
        AND EXISTS (SELECT FROM consents d WHERE d.municipal_area_id = c.municipal_area_id
            AND d.client_id = c.client_id AND d.purpose = 'case_documentation' AND d.withdrawn_at IS NULL)
    ORDER BY c.client_id, c.id)
SELECT w.client_id, w.email, w.unit_id FROM willing w
WHERE w.unit_id = (SELECT v.unit_id FROM willing v
    WHERE EXISTS (SELECT FROM memberships m WHERE m.municipal_area_id = $1 AND m.unit_id = v.unit_id
        AND m.role = 'team_lead' AND m.ended_at IS NULL)
    GROUP BY v.unit_id ORDER BY count(*) DESC, v.unit_id LIMIT 1)
ORDER BY w.client_id LIMIT $3"""
_HOLDER = """SELECT a.email FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
JOIN accounts a ON a.id = u.account_id
WHERE m.municipal_area_id = $1 AND m.role = $2 AND ($3::uuid IS NULL OR m.unit_id = $3) AND m.ended_at IS NULL
ORDER BY a.email LIMIT 1"""


async def export_to_the_state(settings: Settings, admin_url: str, password: str) -> dict[str, Any] | None:
    """Let people consent, ask, release and compose, through the API; the file waits to be fetched.

    Returns the account of the recipient, for the card; none where nobody can be asked.
    """
    quarter = last_quarter()
    connection = await asyncpg.connect(admin_url)
    last = await connection.fetchval("SELECT (date_trunc('quarter', now()) - interval '1 day')::date")
    clients = await connection.fetch(_CLIENTS, WESEL, last, PERSONS)
    unit = clients[0]["unit_id"] if clients else None
    holders = [
        await connection.fetchval(_HOLDER, WESEL, role, at)
        for role, at in (("coordinator", None), ("admin", None), ("team_lead", unit))
    ]
    await connection.close()
    if unit is None:
        return None
    app = create_app(settings)
    transport = httpx.ASGITransport(serve_app(app))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
            coordinator, admin, lead = [await sign_in(http, email, password) for email in holders]
            kept = {"name": DATABASE, "institution_type": STATE_DATABASE}
            database = await _post(http, "/v1/institutions", coordinator, kept)
            emails = sorted({each["email"] for each in clients})
            managers = {email: await sign_in(http, email, password) for email in emails}
            for each in clients:
                agreed = _consent(str(each["client_id"]), database["id"])
                await _post(http, "/v1/consents", managers[each["email"]], agreed)
            wanted = {"unit_id": str(unit), "institution_id": database["id"], "quarter": quarter}
            export = await _post(http, "/v1/state-exports", admin, wanted)
            await _work(settings)
            answer = await http.post(f"/v1/state-exports/{export['id']}/release", headers=lead)
            if answer.status_code != httpx.codes.CONFLICT:  # a small demonstration has too few
                answer.raise_for_status()
            await _work(settings)
            http.headers.update(admin)
            invited = await invitation(http, database, RECIPIENT)
            del http.headers["Authorization"]
            await accept(http, invited, "Hanna Brandt", password)
            account = DemoAccount(RECIPIENT, ("partner_user",), DATABASE, WESEL)
            return {"accounts": entries((account,), password)}
    finally:
        await app.state.gate.database.close()


async def _work(settings: Settings) -> None:
    async with worker_parts(settings) as (database, wiring):
        await run_once(database, wiring, utc_now, jobs=())


def _consent(client_id: str, database_id: str) -> dict[str, Any]:
    return {
        "client_id": client_id, "purpose": "state_database", "institution_id": database_id,
        "data_categories": ["master_data", "residence", "benefits", "education_language", "case_record"],
        "special_categories": [], "direction": "to", "text_language": "deu", "text_version": "1",
        "interpreter_used": False, "consequences_explained": True, "revocability_explained": True,
        "form": "written", "given_at": (utc_now() - timedelta(hours=1)).isoformat(),
        "evidence": "Formular in der Akte",
    }  # fmt: skip


async def _post(http: httpx.AsyncClient, path: str, headers: Mapping[str, str], body: Any) -> dict[str, Any]:
    answer = await http.post(path, json=body, headers=headers)
    answer.raise_for_status()
    return dict(answer.json())
