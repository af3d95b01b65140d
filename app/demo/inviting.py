"""An institution with two sites and a second person who joined by invitation, and an open invitation."""

from typing import Any

import asyncpg
import httpx

from app.demo.places import WESEL
from app.demo.publishing import sign_in
from app.main import create_app, serve_app
from app.settings import Settings

_MAIL = """SELECT a.email FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
JOIN accounts a ON a.id = u.account_id
WHERE m.municipal_area_id = $1 AND m.role = $2 AND ($3::uuid IS NULL OR m.institution_id = $3)
ORDER BY a.email LIMIT 1"""
_JOBCENTER = """SELECT id, name FROM institutions
WHERE municipal_area_id = $1 AND institution_type = 'jobcenter' AND on_platform ORDER BY name LIMIT 1"""
_OUTSIDE = """SELECT id, name FROM institutions
WHERE municipal_area_id = $1 AND NOT on_platform AND is_active ORDER BY name LIMIT 1"""

JOINED, INVITED = "petra.vogel@demo.kim.example", "omar.sahin@demo.kim.example"


async def invite(settings: Settings, admin_url: str, password: str) -> list[dict[str, Any]]:
    """Do all of it through the API and return the open invitation, for the card."""
    connection = await asyncpg.connect(admin_url)
    jobcenter = await connection.fetchrow(_JOBCENTER, WESEL)
    outside = await connection.fetchrow(_OUTSIDE, WESEL)
    roles = (("admin", None), ("coordinator", None), ("partner_user", jobcenter["id"]))
    admin, coordinator, partner = [await connection.fetchval(_MAIL, WESEL, *each) for each in roles]
    await connection.close()
    app = create_app(settings)
    transport = httpx.ASGITransport(serve_app(app))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
            http.headers.update(await sign_in(http, coordinator, password))
            site, _ = [await _site(http, jobcenter, name) for name in ("Moers", "Dinslaken")]
            http.headers.update(await sign_in(http, admin, password))
            joining = await _invitation(http, jobcenter, JOINED, site_ids=[site])
            opened = await _invitation(http, outside, INVITED)
            del http.headers["Authorization"]
            await _accept(http, joining, password)
            http.headers.update(await sign_in(http, partner, password))
            await _take_one(http)
            return [opened]
    finally:
        await app.state.gate.database.close()


async def _site(http: httpx.AsyncClient, institution: asyncpg.Record, town: str) -> str:
    path, body = f"/v1/institutions/{institution['id']}/sites", {"name": f"Geschäftsstelle {town}"}
    return str((await http.post(path, json=body)).raise_for_status().json()["id"])


async def _invitation(
    http: httpx.AsyncClient, institution: asyncpg.Record, email: str, **more: Any
) -> dict[str, Any]:
    body = {"institution_id": str(institution["id"]), "role": "partner_user", "email": email, **more}
    made = (await http.post("/v1/invitations", json=body)).raise_for_status().json()
    return {
        "institution": institution["name"],
        "area": WESEL,
        "email": email,
        "invitation_code": made["invitation_code"],
        "expires_at": made["expires_at"],
    }


async def _accept(http: httpx.AsyncClient, invitation: dict[str, Any], password: str) -> None:
    body = {
        "invitation_code": invitation["invitation_code"],
        "email": invitation["email"],
        "display_name": "Petra Vogel",
        "password": password,
    }
    (await http.post("/v1/invitations/accept", json=body)).raise_for_status()


async def _take_one(http: httpx.AsyncClient) -> None:
    """Take charge of an open referral, if there is one."""
    listed = (await http.get("/v1/partner/referrals", params={"assigned": "nobody"})).raise_for_status()
    for referral in listed.json()["items"]:
        if referral["state"] in ("requested", "accepted", "in_progress"):
            path = f"/v1/partner/referrals/{referral['id']}/take-charge"
            key = {"Idempotency-Key": f"demo-{referral['id']}"}
            (await http.post(path, json={}, headers=key)).raise_for_status()
            return
