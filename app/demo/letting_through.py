"""A few disclosures without consent as the people would prepare and decide them, and one child protected."""

from datetime import date, timedelta
from typing import Any

import asyncpg
import httpx

from app.demo.places import WESEL
from app.demo.publishing import sign_in
from app.kit.clock import local_date, utc_now
from app.main import create_app, serve_app
from app.settings import Settings

STATES = ("requested", "approved", "refused")
"""How far each duty comes."""

# Open cases of a public unit with a team lead who is somebody else; nobody who has agreed anyway.
_CASES = """SELECT c.id, a.email, t.email AS lead_email FROM cases c
JOIN clients p ON p.municipal_area_id = c.municipal_area_id AND p.id = c.client_id
JOIN units n ON n.municipal_area_id = c.municipal_area_id AND n.id = c.unit_id AND NOT n.is_sgb_body
    AND n.is_public_body
JOIN users u ON u.municipal_area_id = c.municipal_area_id AND u.id = c.lead_user_id
JOIN accounts a ON a.id = u.account_id
JOIN LATERAL (SELECT l.email FROM memberships m
    JOIN users v ON v.municipal_area_id = m.municipal_area_id AND v.id = m.user_id AND v.id <> u.id
    JOIN accounts l ON l.id = v.account_id
    WHERE m.municipal_area_id = c.municipal_area_id AND m.unit_id = c.unit_id AND m.role = 'team_lead'
    ORDER BY l.email LIMIT 1) t ON true
WHERE c.municipal_area_id = $1 AND c.phase = 'linking' AND NOT c.is_restricted
    AND p.processing_restricted_at IS NULL AND p.birth_date < now() - interval '19 years'
    AND NOT EXISTS (SELECT FROM consents s WHERE s.municipal_area_id = c.municipal_area_id
        AND s.client_id = c.client_id AND s.institution_id = $2)
ORDER BY c.id LIMIT $3"""
_CHILD = """SELECT c.id, a.email FROM cases c
JOIN clients p ON p.municipal_area_id = c.municipal_area_id AND p.id = c.client_id
JOIN users u ON u.municipal_area_id = c.municipal_area_id AND u.id = c.lead_user_id
JOIN accounts a ON a.id = u.account_id
WHERE c.municipal_area_id = $1 AND c.phase <> 'closed' AND NOT c.is_restricted
    AND p.processing_restricted_at IS NULL AND p.birth_date > now() - interval '15 years'
ORDER BY c.id LIMIT 1"""
_INSTITUTION = """SELECT id FROM institutions
WHERE municipal_area_id = $1 AND institution_type = $2 AND is_active ORDER BY id LIMIT 1"""

_NO = ("special_rule", "entrusted", "milder_way")
_YES = ("own_tasks", "single_request", "client_told")


async def let_through(settings: Settings, admin_url: str, password: str) -> None:
    """Ask for, approve and refuse one duty each, and take the first steps for a child, through the API."""
    connection = await asyncpg.connect(admin_url)
    authority = await connection.fetchval(_INSTITUTION, WESEL, "auslaenderbehoerde")
    cases = await connection.fetch(_CASES, WESEL, authority, len(STATES))
    child = await connection.fetchrow(_CHILD, WESEL)
    await connection.close()
    app = create_app(settings)
    transport = httpx.ASGITransport(serve_app(app))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
            for case, state in zip(cases, STATES, strict=False):
                manager = await sign_in(http, case["email"], password)
                duty = await _ask(http, str(case["id"]), str(authority), manager)
                if state != "requested":
                    lead = await sign_in(http, case["lead_email"], password)
                    await _decide(http, duty, state, lead)
            if child is not None:
                await _protect(http, child, await sign_in(http, child["email"], password))
    finally:
        await app.state.gate.database.close()


async def _ask(http: httpx.AsyncClient, case_id: str, authority: str, manager: dict[str, str]) -> Any:
    drafted = {
        "case_id": case_id, "institution_id": authority, "channel": "letter", "legal_basis": "aufenthg_87",
        "concern_code": "information_on_request", "data_categories": ["master_data"],
    }  # fmt: skip
    referral = await _post(http, "/v1/referrals", drafted, manager)
    asked = {
        "referral_id": referral["id"], "norm": "aufenthg_87_1",
        "asked_by": "Ausländerbehörde Kreis Wesel, Az. 33-2-118", "asked_on": _day(-3),
        "occasion": "Schriftliches Ersuchen zur Zuordnung der Akte im laufenden Verfahren",
        "necessity": [{"data_category": "master_data", "why": "Zwei Personen gleichen Namens in der Akte"}],
        "answers": [
            *({"question": name, "answer": False} for name in _NO),
            *({"question": name, "answer": True} for name in _YES),
        ],
    }  # fmt: skip
    return await _post(http, "/v1/duties", asked, manager)


async def _decide(http: httpx.AsyncClient, duty: Any, state: str, lead: dict[str, str]) -> None:
    path = f"/v1/duties/{duty['id']}"
    if state == "approved":
        await _post(http, f"{path}/approve", {"sha256": duty["sha256"]}, lead)
    else:
        why = {"reason": "Die Person kann die Angabe im Termin am Montag selbst machen."}
        await _post(http, f"{path}/refuse", why, lead)


async def _protect(http: httpx.AsyncClient, case: Any, manager: dict[str, str]) -> None:
    path = f"/v1/cases/{case['id']}/child-protections"
    noted = {
        "noticed_on": _day(-6), "look_again_on": _day(0),
        "indications": "Beim Hausbesuch zum zweiten Mal am Vormittag allein angetroffen; keine Mahlzeit seit"
        " dem Vorabend, so die Angabe des Kindes.",
    }  # fmt: skip
    course = await _post(http, path, noted, manager)
    steps: tuple[dict[str, Any], ...] = (
        {"step": "counsel", "on": _day(-5), "counsellor": "Insoweit erfahrene Fachkraft, Kinderschutzbund",
         "is_pseudonymised": True, "is_danger": True,
         "note": "Gewichtige Anhaltspunkte; zunächst Gespräch mit den Eltern, Frist eine Woche."},
        {"step": "discuss", "on": _day(-4), "with_guardians": True, "with_child": True,
         "note": "Mutter arbeitet früh, Betreuung ist weggefallen. Hilfe wird gewünscht."},
        {"step": "offer_help", "on": _day(-4), "is_accepted": True,
         "note": "Anmeldung zur Betreuung im Ganztag, Familienpatin angefragt."},
    )  # fmt: skip
    for step in steps:
        await _post(http, f"{path}/{course['id']}/step", step, manager)


def _day(number: int) -> str:
    day: date = local_date(utc_now()) + timedelta(days=number)
    return day.isoformat()


async def _post(http: httpx.AsyncClient, path: str, body: Any, headers: dict[str, str]) -> Any:
    answer = await http.post(path, json=body, headers=headers)
    answer.raise_for_status()
    return answer.json()
