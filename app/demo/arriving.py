"""Referrals that wait at the institution of the card's machine, its offers, and who is in charge there.

The institution is also that of the first partner user on the card, and of the one who joined by invitation.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import asyncpg
import httpx

from app.demo.inviting import JOINED, SITES
from app.demo.machines import INSTITUTION
from app.demo.places import SEAT, WESEL
from app.demo.publishing import sign_in
from app.kit.clock import utc_now
from app.main import create_app, serve_app
from app.settings import Settings

STORIES: tuple[tuple[str, str, str], ...] = (
    ("requested", "normal", "Erstantrag auf Bürgergeld, Hilfe beim Ausfüllen und bei den Nachweisen."),
    ("requested", "urgent", "Leistungen enden zum Monatsende, der Folgeantrag fehlt noch."),
    ("accepted", "normal", "Beratung zur Arbeitssuche, Teilzeit wegen Kinderbetreuung gewünscht."),
    ("at a site", "normal", "Termin zur Eingliederungsvereinbarung, am liebsten wohnortnah."),
    ("to an offer", "normal", "Bitte um einen Platz, die Person hat sich den Kurs selbst ausgesucht."),
    ("in charge", "normal", "Bescheid unverständlich, Bitte um Erläuterung im Gespräch."),
    ("requested", "normal", "Anerkannter Abschluss liegt vor, Bitte um Vermittlung in den erlernten Beruf."),
)  # fmt: skip
"""How far each comes, how urgent it is, and what the case manager writes. Fewer where cases are few."""
OFFERS: tuple[tuple[str, str, int], ...] = (
    ("Bewerbungstraining in einfacher Sprache", "active", 4),
    ("Einstiegskurs Digitale Anträge", "active", 0),
    ("Orientierungswoche Pflegeberufe", "paused", 6),
)
"""Name, whether it takes people now, and free places: one with some, one full, one paused."""

_DRAWN = [[[120 + 14 * step, 300 + 60 * (step % 4)] for step in range(24)], [[90, 420], [470, 405]]]
"""What stands for a signature on the tablet."""
_CONFIRMATION = "Terminbestätigung\n\nBitte bringen Sie Ihren Ausweis und die Kontoauszüge mit.\n".encode()

# Adults whose papers are in order and who have agreed to nothing with this institution yet, one case each.
_CASES = """SELECT c.id, c.client_id, a.email, p.given_name || ' ' || p.family_name AS signer_name
FROM cases c
JOIN clients p ON p.municipal_area_id = c.municipal_area_id AND p.id = c.client_id
JOIN users u ON u.municipal_area_id = c.municipal_area_id AND u.id = c.lead_user_id
JOIN accounts a ON a.id = u.account_id
WHERE c.municipal_area_id = $1 AND c.phase <> 'closed' AND NOT c.is_restricted
    AND p.processing_restricted_at IS NULL AND p.birth_date < now() - interval '19 years'
    AND EXISTS (SELECT FROM consents d WHERE d.municipal_area_id = c.municipal_area_id
        AND d.client_id = c.client_id AND d.purpose = 'case_documentation' AND d.withdrawn_at IS NULL)
    AND NOT EXISTS (SELECT FROM consents s WHERE s.municipal_area_id = c.municipal_area_id
        AND s.client_id = c.client_id AND s.institution_id = $2)
ORDER BY c.phase = 'linking' DESC, c.id DESC LIMIT $3"""
_COORDINATOR = """SELECT a.email FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
JOIN accounts a ON a.id = u.account_id
WHERE m.municipal_area_id = $1 AND m.role = 'coordinator' ORDER BY a.email LIMIT 1"""
_COLLEAGUE = """SELECT a.email FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
JOIN accounts a ON a.id = u.account_id
WHERE m.municipal_area_id = $1 AND m.institution_id = $2 AND m.role = 'partner_user' AND a.email <> $3
ORDER BY a.email LIMIT 1"""
_SITE = "SELECT id FROM institution_sites WHERE municipal_area_id = $1 AND institution_id = $2 AND name = $3"


async def arrive(settings: Settings, admin_url: str, password: str) -> None:
    """Write offers down, refer people and take charge of a few, through the API."""
    connection = await asyncpg.connect(admin_url)
    institution = (await connection.fetchrow(INSTITUTION, WESEL, "jobcenter", SEAT[WESEL]))["id"]
    cases = await connection.fetch(_CASES, WESEL, institution, len(STORIES))
    coordinator = await connection.fetchval(_COORDINATOR, WESEL)
    colleague = await connection.fetchval(_COLLEAGUE, WESEL, institution, JOINED)
    site = await connection.fetchval(_SITE, WESEL, institution, SITES[0])
    await connection.close()
    if site is None or colleague is None:
        raise SystemExit("These data were loaded by an older version: make demo-reset")
    app = create_app(settings)
    transport = httpx.ASGITransport(serve_app(app))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
            offer = await _offers(http, str(institution), await sign_in(http, coordinator, password))
            more = {"at a site": {"site_id": str(site)}, "to an offer": {"offer_id": offer}}
            sent: list[tuple[str, str]] = []
            for case, (story, urgency, text) in zip(cases, STORIES, strict=False):
                manager = await sign_in(http, case["email"], password)
                draft = {"urgency": urgency, "concern_text": text, **more.get(story, {})}
                sent.append((story, await _refer(http, case, str(institution), draft, manager)))
            of_team = [await sign_in(http, each, password) for each in (colleague, JOINED)]
            await _work(http, sent, of_team)
    finally:
        await app.state.gate.database.close()


async def _offers(http: httpx.AsyncClient, institution: str, coordinator: Mapping[str, str]) -> str:
    """Write them down and return the one with free places."""
    made = []
    for name, status, free in OFFERS:
        body = {
            "institution_id": institution, "name": name, "topics": ["work"], "languages": ["deu", "ukr"],
            "minimum_age": 16, "how_to_apply": "Anmeldung über die Vermittlung", "fees": "kostenfrei",
        }  # fmt: skip
        offer = await _post(http, "/v1/offers", body, coordinator)
        told = {"free_places": free, "places": 12}
        offer = await _post(http, f"/v1/offers/{offer['id']}/capacity", told, coordinator)
        if status != "active":
            headers = {**coordinator, "If-Match": f'"{offer["version"]}"'}
            answer = await http.patch(f"/v1/offers/{offer['id']}", json={"status": status}, headers=headers)
            answer.raise_for_status()
        made.append(str(offer["id"]))
    return made[0]


async def _refer(
    http: httpx.AsyncClient, case: Any, institution: str, draft: Any, manager: Mapping[str, str]
) -> str:
    """Record the consent, draft and send."""
    consent = {
        "client_id": str(case["client_id"]), "purpose": "referral", "institution_id": institution,
        "data_categories": ["master_data", "contact"], "special_categories": [], "direction": "mutual",
        "text_language": "deu", "text_version": "1", "interpreter_used": False,
        "consequences_explained": True, "revocability_explained": True,
        "form": "electronic", "given_at": (utc_now() - timedelta(hours=1)).isoformat(),
        "evidence": "Unterschrift auf dem Tablet",
    }  # fmt: skip
    agreed = await _post(http, "/v1/consents", consent, manager)
    block = {
        "text_sha256": agreed["text_sha256"], "signer_name": case["signer_name"], "device": "tablet",
        "signed_at": agreed["given_at"], "strokes": _DRAWN,
    }  # fmt: skip
    await _post(http, f"/v1/consents/{agreed['id']}/signatures", block, manager)
    body = {
        "case_id": str(case["id"]), "institution_id": institution, "channel": "platform",
        "data_categories": ["master_data", "contact"], **draft,
    }  # fmt: skip
    referral = await _post(http, "/v1/referrals", body, manager)
    await _post(http, f"/v1/referrals/{referral['id']}/send", None, manager)
    return str(referral["id"])


async def _work(http: httpx.AsyncClient, sent: list[tuple[str, str]], of_team: list[dict[str, str]]) -> None:
    """Accept one, with a file; the colleague has one in charge, and the one at the site has another."""
    colleague, joined = of_team
    for story, referral in sent:
        path = f"/v1/partner/referrals/{referral}"
        if story == "accepted":
            await _post(http, f"{path}/fetched", None, {**colleague, **_once(f"fetched-{referral}")})
            await _post(http, f"{path}/accept", None, {**colleague, **_once(f"accept-{referral}")})
            headers = {**colleague, **_once(f"file-{referral}"), "Content-Type": "application/octet-stream"}
            (await http.post(f"{path}/files", content=_CONFIRMATION, headers=headers)).raise_for_status()
        if story in ("in charge", "at a site"):
            holder = joined if story == "at a site" else colleague
            await _post(http, f"{path}/take-charge", {}, {**holder, **_once(f"charge-{referral}")})


def _once(key: str) -> dict[str, str]:
    return {"Idempotency-Key": f"demo-{key}"}


async def _post(http: httpx.AsyncClient, path: str, body: Any, headers: Mapping[str, str]) -> Any:
    answer = await http.post(path, json=body, headers=headers)
    answer.raise_for_status()
    return answer.json()
