"""What institutions report about the system, and a few referrals to offers, through the API."""

from datetime import timedelta
from typing import Any

import asyncpg
import httpx

from app.demo.places import WESEL
from app.demo.publishing import sign_in
from app.kit.clock import local_date, utc_now
from app.main import create_app, serve_app
from app.settings import Settings

_REPORTERS = """SELECT a.email, i.id, i.institution_type FROM memberships m
JOIN institutions i ON i.municipal_area_id = m.municipal_area_id AND i.id = m.institution_id AND i.is_active
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
JOIN accounts a ON a.id = u.account_id
WHERE m.municipal_area_id = $1 AND m.role = 'partner_user' ORDER BY i.institution_type, a.email"""
_CASES = """SELECT c.id, c.client_id, a.email FROM cases c
JOIN clients p ON p.municipal_area_id = c.municipal_area_id AND p.id = c.client_id
JOIN users u ON u.municipal_area_id = c.municipal_area_id AND u.id = c.lead_user_id
JOIN accounts a ON a.id = u.account_id
WHERE c.municipal_area_id = $1 AND c.phase = 'linking' AND NOT c.is_restricted
    AND p.processing_restricted_at IS NULL AND p.birth_date < now() - interval '19 years'
    AND EXISTS (SELECT FROM consents d WHERE d.municipal_area_id = c.municipal_area_id
        AND d.client_id = c.client_id AND d.purpose = 'case_documentation' AND d.withdrawn_at IS NULL)
ORDER BY c.id DESC LIMIT $2"""
_OFFERS = """SELECT o.id, o.institution_id, i.on_platform FROM offers o
JOIN institutions i ON i.municipal_area_id = o.municipal_area_id AND i.id = o.institution_id
WHERE o.municipal_area_id = $1 AND o.status = 'active' AND i.is_active AND o.minimum_age IS NULL
    AND i.institution_type <> 'frauenhaus' ORDER BY o.name LIMIT $2"""

REPORTS: tuple[dict[str, Any], ...] = (
    {"barrier_type": "K1", "institution_type": "auslaenderbehoerde", "effect": "delay",
     "observation": "Termine gibt es nur online, und die Seite ist oft schon am Vormittag ausgebucht."},
    {"barrier_type": "D1", "institution_type": "sozialamt", "effect": "right_lost",
     "observation": "Am Schalter fehlt Sprachmittlung; viele gehen ohne Antrag wieder."},
    {"barrier_type": "B1", "effect": "benefit_gap",
     "interface": {"from_legal_domain": "ASYLBLG", "to_legal_domain": "SGB_II"}},
    {"barrier_type": "K1", "institution_type": "auslaenderbehoerde", "effect": "delay"},
)  # fmt: skip
"""What institutions report, one after the other."""
REFERRED = 3
"""So many clients are referred to an offer."""
_CONCERN = "Bitte um einen Platz, wie am Telefon besprochen."


async def partner(settings: Settings, admin_url: str, password: str) -> None:
    """Refer to offers, then report barriers, as the people there would."""
    connection = await asyncpg.connect(admin_url)
    cases = await connection.fetch(_CASES, WESEL, REFERRED)
    offers = await connection.fetch(_OFFERS, WESEL, REFERRED)
    reporters = await connection.fetch(_REPORTERS, WESEL)
    await connection.close()
    app = create_app(settings)
    transport = httpx.ASGITransport(serve_app(app))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
            for case, offer in zip(cases, offers, strict=False):
                await _refer(http, await sign_in(http, case["email"], password), case, offer)
            for number, said in enumerate(REPORTS):
                reporter = reporters[number % len(reporters)]
                headers = await sign_in(http, reporter["email"], password)
                headers |= {"Idempotency-Key": f"demo-barrier-{number}"}
                since = str(local_date(utc_now()) - timedelta(days=30 + 9 * number))
                body = {**said, "since": since, "reporting_institution_id": str(reporter["id"])}
                await _post(http, "/v1/partner/barriers", body, headers)
    finally:
        await app.state.gate.database.close()


async def _refer(http: httpx.AsyncClient, headers: dict[str, str], case: Any, offer: Any) -> None:
    """Record the consent, draft to the offer, also where one has to wait, and send."""
    institution = str(offer["institution_id"])
    consent = {
        "client_id": str(case["client_id"]), "purpose": "referral", "institution_id": institution,
        "data_categories": ["master_data", "contact"], "special_categories": [], "direction": "mutual",
        "text_language": "deu", "text_version": "1", "interpreter_used": False,
        "consequences_explained": True, "revocability_explained": True, "form": "written",
        "given_at": (utc_now() - timedelta(hours=1)).isoformat(), "evidence": "Papierakte, Blatt 7",
    }  # fmt: skip
    await _post(http, "/v1/consents", consent, headers)
    draft = {
        "case_id": str(case["id"]), "institution_id": institution, "offer_id": str(offer["id"]),
        "channel": "platform" if offer["on_platform"] else "phone", "waiting_list_ok": True,
        "data_categories": ["master_data", "contact"], "concern_text": _CONCERN,
    }  # fmt: skip
    made = await _post(http, "/v1/referrals", draft, headers)
    await _post(http, f"/v1/referrals/{made['id']}/send", None, headers)


async def _post(http: httpx.AsyncClient, path: str, body: Any, headers: dict[str, str]) -> Any:
    answer = await http.post(path, json=body, headers=headers)
    answer.raise_for_status()
    return answer.json()
