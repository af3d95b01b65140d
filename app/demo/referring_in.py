"""A few people whom institutions refer to the KI of Wesel, each come as far as another, through the API."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import asyncpg
import httpx

from app.demo.places import WESEL
from app.demo.publishing import sign_in
from app.kit.clock import local_date, utc_now
from app.main import create_app, serve_app
from app.settings import Settings

_PEOPLE = """SELECT m.user_id, m.unit_id, m.role, a.email, i.institution_type FROM memberships m
LEFT JOIN units n ON n.municipal_area_id = m.municipal_area_id AND n.id = m.unit_id
LEFT JOIN institutions i ON i.municipal_area_id = m.municipal_area_id AND i.id = m.institution_id
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
JOIN accounts a ON a.id = u.account_id
WHERE m.municipal_area_id = $1 AND (n.kind = 'ki' AND m.role IN ('team_lead', 'case_manager')
    OR m.role = 'partner_user' AND i.institution_type IN ('jobcenter', 'schule'))
ORDER BY m.role, i.institution_type, a.email"""

STORIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("waiting", {
        "person": ("Olena", "Melnyk", "1986-11-02", "ukr"), "concerns": ["recognition", "work"],
        "text": "Köchin mit Abschluss aus Charkiw, Arbeitgeber hätte eine Stelle, die Anerkennung stockt.",
    }),
    ("waiting urgent", {
        "person": ("Ibrahim", "Sarr", "1994-05-23", "fra"), "concerns": ["housing", "benefits"],
        "text": "Unterkunft gekündigt zum Monatsende, Wohngeld und Leistungen nach SGB II ungeklärt.",
        "urgency": "urgent", "urgent_because": "housing",
    }),
    ("assigned", {
        "person": ("Maryam", "Rahimi", "1990-02-14", "fas"), "concerns": ["language", "child_care"],
        "text": "Integrationskurs endet, ohne Kita-Platz kein Anschlusskurs. Wünscht Begleitung.",
    }),
    ("asked", {
        "person": ("Florin", "Munteanu", "1979-08-30", "ron"), "concerns": ["debts", "benefits"],
        "text": "Energieschulden, Krankenversicherung ungeklärt, mehrere Stellen beteiligt.",
    }),
    ("accepted", {
        "person": ("Selin", "Aksoy", "1998-12-09", "tur"), "concerns": ["training", "authorities"],
        "text": "Ausbildungsplatz zugesagt, Nebenbestimmung zur Beschäftigung fehlt noch.",
    }),
    ("rejected", {
        "person": ("Andrej", "Kolev", "1983-03-17", "bul"), "concerns": ["work"],
        "text": "Sucht Arbeit im Lager, sonst gut versorgt.",
    }),
)  # fmt: skip
"""State, and what the institution writes."""
_COVERS = [
    "master_data", "contact", "work", "housing", "benefits", "education_language", "household", "finances",
]  # fmt: skip


async def refer_to_kim(settings: Settings, admin_url: str, password: str) -> None:
    """Refer, give, ask, accept and reject as the people there would."""
    connection = await asyncpg.connect(admin_url)
    people = await connection.fetch(_PEOPLE, WESEL)
    await connection.close()
    of_role = {role: [each for each in people if each["role"] == role] for role in _ROLES}
    app = create_app(settings)
    transport = httpx.ASGITransport(serve_app(app))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
            named = {role: found[0] for role, found in of_role.items()}
            headers = {role: await sign_in(http, each["email"], password) for role, each in named.items()}
            for number, (state, said) in enumerate(STORIES):
                key = {"Idempotency-Key": f"demo-referral-{number}"}
                body = _body(str(named["team_lead"]["unit_id"]), number, said)
                path = "/v1/partner/incoming-referrals"
                sent = await _post(http, path, body, {**headers["partner_user"], **key})
                manager = str(named["case_manager"]["user_id"])
                await _bring_to(http, state, f"/v1/incoming-referrals/{sent['id']}", manager, headers)
    finally:
        await app.state.gate.database.close()


_ROLES = ("partner_user", "team_lead", "case_manager")


def _body(unit_id: str, number: int, said: Mapping[str, Any]) -> dict[str, Any]:
    given, family, born, language = said["person"]
    yesterday = local_date(utc_now()) - timedelta(days=1)
    return {
        **said,
        "unit_id": unit_id,
        "reference": f"KIM-{number + 1}",
        "person": {
            "given_name": given, "family_name": family, "birth_date": born, "language": language,
            "needs_interpreter": True,
        },
        "contact": {
            "phone": f"+49 157 5550{number}12", "channels": ["phone", "messenger"], "times": "nachmittags",
            "no_voicemail": number % 2 == 0,
        },
        "consent": {
            "obtained_by": "Fachkraft am Empfang", "obtained_on": str(yesterday), "form": "written",
            "language": language, "covers": _COVERS, "was_told_how_to_withdraw": True,
        },
    }  # fmt: skip


async def _bring_to(
    http: httpx.AsyncClient, state: str, path: str, manager: str, headers: Mapping[str, dict[str, str]]
) -> None:
    """Do what the unit does until the referral stands there."""
    if state.startswith("waiting"):
        return
    await _post(http, f"{path}/assign", {"user_id": manager}, headers["team_lead"])
    body: dict[str, Any]
    if state == "asked":
        body = {"question": "concern", "text": "Liegt schon eine Beratung der Schuldnerberatung vor?"}
        await _post(http, f"{path}/ask", body, headers["case_manager"])
    elif state == "accepted":
        await _post(http, f"{path}/accept", {"confirm_new": True}, headers["case_manager"])
    elif state == "rejected":
        body = {"reason": "not_responsible", "text": "Bitte an die Arbeitsvermittlung wenden."}
        await _post(http, f"{path}/reject", body, headers["case_manager"])


async def _post(http: httpx.AsyncClient, path: str, body: Any, headers: dict[str, str]) -> Any:
    answer = await http.post(path, json=body, headers=headers)
    answer.raise_for_status()
    return answer.json() if answer.content else None
