"""An institution with two sites and a second person who joined by invitation, and an open invitation."""

from collections.abc import Mapping
from typing import Any

import asyncpg
import httpx

from app.demo.card import entries
from app.demo.machines import INSTITUTION
from app.demo.places import SEAT, WESEL
from app.demo.publishing import sign_in
from app.demo.staff import DemoAccount
from app.main import create_app, serve_app
from app.settings import Settings

_MAIL = """SELECT a.email FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
JOIN accounts a ON a.id = u.account_id
WHERE m.municipal_area_id = $1 AND m.role = $2 ORDER BY a.email LIMIT 1"""
_OUTSIDE = """SELECT id, name FROM institutions
WHERE municipal_area_id = $1 AND NOT on_platform AND is_active ORDER BY name LIMIT 1"""

JOINED, INVITED = "petra.vogel@demo.kim.example", "omar.sahin@demo.kim.example"
SITES = ("Nebenstelle Hamminkeln", "Nebenstelle Schermbeck")
"""The first is that of the one who joined."""


async def invite(settings: Settings, admin_url: str, password: str) -> dict[str, Any]:
    """Do all of it through the API; return the open invitation and the new account, for the card."""
    connection = await asyncpg.connect(admin_url)
    jobcenter = await connection.fetchrow(INSTITUTION, WESEL, "jobcenter", SEAT[WESEL])
    outside = await connection.fetchrow(_OUTSIDE, WESEL)
    roles = ("admin", "coordinator")
    admin, coordinator = [await connection.fetchval(_MAIL, WESEL, each) for each in roles]
    await connection.close()
    app = create_app(settings)
    transport = httpx.ASGITransport(serve_app(app))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
            http.headers.update(await sign_in(http, coordinator, password))
            site, _ = [await _site(http, jobcenter, name) for name in SITES]
            http.headers.update(await sign_in(http, admin, password))
            joining = await invitation(http, jobcenter, JOINED, site_ids=[site])
            opened = await invitation(http, outside, INVITED)
            del http.headers["Authorization"]
            await accept(http, joining, "Petra Vogel", password)
            account = DemoAccount(JOINED, ("partner_user",), jobcenter["name"], WESEL)
            return {"invitations": [opened], "accounts": entries((account,), password)}
    finally:
        await app.state.gate.database.close()


async def _site(http: httpx.AsyncClient, institution: asyncpg.Record, name: str) -> str:
    path, body = f"/v1/institutions/{institution['id']}/sites", {"name": name}
    return str((await http.post(path, json=body)).raise_for_status().json()["id"])


async def invitation(
    http: httpx.AsyncClient, institution: Mapping[str, Any], email: str, **more: Any
) -> dict[str, Any]:
    """Invite a partner user of an institution (`id`, `name`), as the administrator who is signed in."""
    body = {"institution_id": str(institution["id"]), "role": "partner_user", "email": email, **more}
    made = (await http.post("/v1/invitations", json=body)).raise_for_status().json()
    return {
        "institution": institution["name"],
        "area": WESEL,
        "email": email,
        "invitation_code": made["invitation_code"],
        "expires_at": made["expires_at"],
    }


async def accept(http: httpx.AsyncClient, invited: dict[str, Any], name: str, password: str) -> None:
    """Join by an invitation, signed in as nobody."""
    body = {
        "invitation_code": invited["invitation_code"],
        "email": invited["email"],
        "display_name": name,
        "password": password,
    }
    (await http.post("/v1/invitations/accept", json=body)).raise_for_status()
