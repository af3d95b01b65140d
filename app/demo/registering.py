"""What registering brings with it: official numbers, a person twice, a child without parents.

Done through the API by two case managers of Wesel: numbers are sealed with the keys of the installation.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import asyncpg
import httpx

from app.demo.places import WESEL
from app.demo.publishing import sign_in
from app.kit.clock import local_date, utc_now
from app.main import create_app, serve_app
from app.settings import Settings

# Grown-up persons with papers, of the first two case managers; whom nobody must find is left alone.
_PERSONS = """SELECT p.id, a.email, p.given_name, p.family_name, p.birth_date, p.sex, p.phone, p.version
FROM clients p
JOIN users u ON u.municipal_area_id = p.municipal_area_id AND u.id = p.created_by
JOIN accounts a ON a.id = u.account_id
WHERE p.municipal_area_id = $1 AND NOT p.is_restricted AND p.processing_restricted_at IS NULL
    AND p.birth_date < now() - interval '19 years' AND p.merged_into IS NULL
    AND a.email = ANY (SELECT DISTINCT s.email FROM memberships m
        JOIN users w ON w.municipal_area_id = m.municipal_area_id AND w.id = m.user_id
        JOIN accounts s ON s.id = w.account_id
        WHERE m.municipal_area_id = $1 AND m.role = 'case_manager' ORDER BY s.email LIMIT 2)
ORDER BY a.email, p.id DESC"""
_OFFICE = """SELECT id FROM institutions WHERE municipal_area_id = $1 AND institution_type = 'jugendamt'
ORDER BY name LIMIT 1"""

NUMBERS: tuple[dict[str, str], ...] = (
    {"kind": "azr", "value": "2604 1187 3305"},
    {"kind": "foreigners_file", "value": "32.4-K 2291/25"},
    {"kind": "benefit_household", "value": "36502BG0014477"},
)
"""Invented. Of each person the first so many are held, so that some have several."""
_CHILD = {
    "given_name": "Yusuf", "family_name": "Noori", "birth_precision": "year", "sex": "m",
    "nationalities": ["423"], "contact_language": "prs", "needs_interpreter": True,
}  # fmt: skip
"""Came alone; how old he is, the youth welfare office has estimated."""
_AGE = 16  # years
_CARE = "Inobhutnahme nach § 42a SGB VIII, Bescheid in Kopie"
_COURT = "Beschluss des Familiengerichts, Bestallung als Amtsvormund in Kopie"
_TWICE = "Bei zwei Terminen aufgenommen: gleicher Name, gleiches Geburtsdatum, gleiche Telefonnummer."


async def register(settings: Settings, admin_url: str, password: str) -> None:
    """Record numbers of some persons, register one a second time and merge both, and register a child."""
    connection = await asyncpg.connect(admin_url)
    persons = await connection.fetch(_PERSONS, WESEL)
    office = await connection.fetchval(_OFFICE, WESEL)
    await connection.close()
    app = create_app(settings)
    transport = httpx.ASGITransport(serve_app(app))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
            for email in dict.fromkeys(person["email"] for person in persons):
                manager = await sign_in(http, email, password)
                own = [person for person in persons if person["email"] == email]
                await _merge(http, own[0], manager)
                for held, person in enumerate(own[1 : 1 + len(NUMBERS)], 1):
                    for number in NUMBERS[:held]:
                        await _post(http, f"/v1/clients/{person['id']}/official-numbers", number, manager)
            await _alone(http, str(office), manager)
    finally:
        await app.state.gate.database.close()


async def _merge(http: httpx.AsyncClient, person: Any, manager: Mapping[str, str]) -> None:
    """Register somebody again, a little otherwise, and merge what was registered twice."""
    again = {
        "given_name": person["given_name"], "family_name": person["family_name"], "sex": person["sex"],
        "birth_date": person["birth_date"].isoformat(), "phone": person["phone"], "confirm_new": True,
    }  # fmt: skip
    twin = await _post(http, "/v1/clients", again, manager)
    body = {
        "merged_client_id": twin["id"], "client_version": person["version"],
        "merged_version": twin["version"], "reason": _TWICE,
    }  # fmt: skip
    await _post(http, f"/v1/clients/{person['id']}/merges", body, manager)


async def _alone(http: httpx.AsyncClient, office: str, manager: Mapping[str, str]) -> None:
    """Register a child for whom the youth welfare office decides: by taking into care, then as guardian."""
    today = local_date(utc_now())
    born = {"birth_date": date(today.year - _AGE, 1, 1).isoformat()}
    child = await _post(http, "/v1/clients", {**_CHILD, **born}, manager)
    path, taken = f"/v1/clients/{child['id']}/guardians", date(today.year - 1, 9, 14)
    named = date(today.year - 1, 11, 20)
    common = {"institution_id": office, "scope": ["custody", "residence", "health", "authorities"]}
    first = {"valid_from": taken.isoformat(), "valid_until": named.isoformat(), "evidence": _CARE}
    then = {"valid_from": named.isoformat(), "evidence": _COURT}
    await _post(http, path, {"kind": "taken_into_care", **common, **first}, manager)
    await _post(http, path, {"kind": "guardian", **common, **then}, manager)
    number = {"kind": "azr", "value": "2604 7730 1195"}
    await _post(http, f"/v1/clients/{child['id']}/official-numbers", number, manager)


async def _post(http: httpx.AsyncClient, path: str, body: Any, headers: Mapping[str, str]) -> Any:
    answer = await http.post(path, json=body, headers=headers)
    answer.raise_for_status()
    return answer.json()
