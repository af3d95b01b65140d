"""Documents and letters in a few cases of the demonstration, as their lead would put them there."""

from datetime import datetime, time, timedelta
from typing import Any

import asyncpg
import httpx

from app.demo.days import office_day
from app.demo.publishing import sign_in
from app.kit.clock import BERLIN, local_date, utc_now
from app.letters.languages import OTHERS
from app.main import create_app, serve_app
from app.settings import Settings

CASES_PER_AREA = 6

_CASES = """SELECT * FROM (
    SELECT c.id, a.email, p.contact_language, i.name AS institution,
        row_number() OVER (PARTITION BY c.municipal_area_id ORDER BY c.id DESC) AS place
    FROM cases c
    JOIN clients p ON p.municipal_area_id = c.municipal_area_id AND p.id = c.client_id
    JOIN users u ON u.municipal_area_id = c.municipal_area_id AND u.id = c.lead_user_id
    JOIN accounts a ON a.id = u.account_id
    JOIN LATERAL (SELECT i.name FROM institutions i WHERE i.municipal_area_id = c.municipal_area_id
        AND i.institution_type = 'jobcenter' ORDER BY i.name LIMIT 1) i ON true
    WHERE c.phase = 'linking' AND NOT c.is_restricted AND p.processing_restricted_at IS NULL
) found WHERE place <= $1 ORDER BY email, id"""


async def file_documents(settings: Settings, admin_url: str, password: str) -> None:
    """Put a notice, the privacy notice and an invitation into some cases that are being linked."""
    connection = await asyncpg.connect(admin_url)
    cases = await connection.fetch(_CASES, CASES_PER_AREA)
    await connection.close()
    app = create_app(settings)
    transport = httpx.ASGITransport(serve_app(app))
    signed_in: dict[str, dict[str, str]] = {}
    try:
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
            for case in cases:
                if case["email"] not in signed_in:
                    signed_in[case["email"]] = await sign_in(http, case["email"], password)
                await _file(http, case, signed_in[case["email"]])
    finally:
        await app.state.gate.database.close()


async def _file(http: httpx.AsyncClient, case: Any, headers: dict[str, str]) -> None:
    path, today = f"/v1/cases/{case['id']}", local_date(utc_now())
    beside = case["contact_language"] if case["contact_language"] in OTHERS else None
    coming = datetime.combine(office_day(today + timedelta(days=5)), time(10), BERLIN)
    letters = (
        {"kind": "privacy_notice", "language": beside},
        {"kind": "appointment", "language": beside, "starts_at": coming.isoformat(), "place": "Raum 12"},
    )
    for letter in letters:
        (await http.post(f"{path}/letters", json=letter, headers=headers)).raise_for_status()
    file = {**headers, "Content-Type": "application/octet-stream"}
    uploaded = await http.post(f"{path}/documents", content=notice_of(case["institution"]), headers=file)
    uploaded.raise_for_status()
    said = {"title": f"Bescheid {case['institution']}", "category": "notice"}
    named = await http.patch(
        f"/v1/documents/{uploaded.json()['id']}", json=said, headers={**headers, "If-Match": '"1"'}
    )
    named.raise_for_status()


def notice_of(institution: str) -> bytes:
    """Return what somebody brought: a page of plain text."""
    words = (
        f"{institution}\n\nBewilligungsbescheid\n\nGuten Tag,\n\nfür die Zeit vom 1. dieses"
        " Monats an werden Leistungen zur Sicherung des Lebensunterhalts bewilligt.\n\nRechtsbehelf:"
        " Gegen diesen Bescheid kann innerhalb eines Monats Widerspruch erhoben werden.\n"
    )
    return words.encode()
