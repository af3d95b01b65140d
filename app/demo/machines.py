"""Two machines of institutions, as an administrator lets them in: one signs, the other sends a secret."""

from typing import Any

import asyncpg
import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.access.scopes import OF_STATE_DATABASES, Scope
from app.demo.places import SEAT, WESEL
from app.demo.publishing import sign_in
from app.identity.token_form import P256_BYTES, encode
from app.main import create_app, serve_app
from app.settings import Settings

_ADMIN = """SELECT a.email FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
JOIN accounts a ON a.id = u.account_id
WHERE m.municipal_area_id = $1 AND m.role = 'admin' ORDER BY a.email LIMIT 1"""
INSTITUTION = """SELECT id, name FROM institutions
WHERE municipal_area_id = $1 AND institution_type = $2 AND on_platform
ORDER BY municipality IS NOT DISTINCT FROM $3::text DESC, name LIMIT 1"""
"""Of an area and a kind, the one at the seat: its user is the first partner user of the card."""

_SIGNS = ("jobcenter", "Fachverfahren SGB II", [each for each in Scope if each not in OF_STATE_DATABASES])
_SENDS = ("sprachkurstraeger", "Kursverwaltung", [Scope.REFERRALS_READ, Scope.DIRECTORY_READ])


async def let_machines_in(settings: Settings, admin_url: str, password: str) -> list[dict[str, Any]]:
    """Create both through the API and return what they need to get a token, for the card."""
    connection = await asyncpg.connect(admin_url)
    email = await connection.fetchval(_ADMIN, WESEL)
    places = [
        await connection.fetchrow(INSTITUTION, WESEL, each[0], SEAT[WESEL]) for each in (_SIGNS, _SENDS)
    ]
    await connection.close()
    app = create_app(settings)
    transport = httpx.ASGITransport(serve_app(app))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
            http.headers.update(await sign_in(http, email, password))
            signs = await _machine(http, places[0], *_SIGNS[1:])
            sends = await _machine(http, places[1], *_SENDS[1:])
            return [await _with_key(http, signs), await _with_secret(http, sends)]
    finally:
        await app.state.gate.database.close()


async def _machine(
    http: httpx.AsyncClient, place: asyncpg.Record, name: str, scopes: list[Scope]
) -> dict[str, Any]:
    body = {"institution_id": str(place["id"]), "name": name, "scopes": scopes}
    made = (await http.post("/v1/partner-systems", json=body)).raise_for_status().json()
    return {
        "client_id": made["id"],
        "name": name,
        "institution": place["name"],
        "institution_id": str(place["id"]),
        "area": WESEL,
        "scopes": made["scopes"],
    }


async def _with_key(http: httpx.AsyncClient, machine: dict[str, Any]) -> dict[str, Any]:
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    x, y = (encode(number.to_bytes(P256_BYTES, "big")) for number in (numbers.x, numbers.y))
    body = {"jwk": {"kty": "EC", "crv": "P-256", "x": x, "y": y}}
    path = f"/v1/partner-systems/{machine['client_id']}/keys"
    registered = (await http.post(path, json=body)).raise_for_status().json()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {**machine, "kid": registered["kid"], "private_key": pem.decode()}


async def _with_secret(http: httpx.AsyncClient, machine: dict[str, Any]) -> dict[str, Any]:
    path = f"/v1/partner-systems/{machine['client_id']}/secrets"
    made = (await http.post(path, json={})).raise_for_status().json()
    return {**machine, "client_secret": made["client_secret"]}
