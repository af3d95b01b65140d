"""Machines for tests: made through the API, with keys and signatures of joserfc, not of our code."""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey
from joserfc.util import urlsafe_b64encode

from app.access.roles import Role
from app.access.scopes import OF_STATE_DATABASES, Scope
from app.kit.clock import utc_now
from tests.world import Person, World

ISSUER = "http://kim.test"
ENDPOINT = "/v1/oauth/token"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MINUTE = 60


def new_key() -> ECKey:
    """Return a key pair on P-256."""
    return ECKey.generate_key("P-256")


def public(key: ECKey) -> dict[str, str]:
    """Return the public half as it is registered."""
    found: dict[str, str] = key.as_dict(private=False)
    return {name: found[name] for name in ("kty", "crv", "x", "y")}


def seconds(now: datetime | None = None) -> int:
    return int((now or utc_now()).timestamp())


@dataclass
class Machine:
    """A machine of an institution with one key, and what it signs."""

    id: str
    admin: Person
    key: ECKey = field(repr=False)
    credential_id: str = ""

    @property
    def path(self) -> str:
        return f"/v1/partner-systems/{self.id}"

    def claims(self, now: datetime | None = None, **changes: Any) -> dict[str, Any]:
        """Return the claims of a good assertion, with changes; None takes one away."""
        at = seconds(now)
        good = {"iss": self.id, "sub": self.id, "aud": ISSUER, "exp": at + 2 * MINUTE, "jti": str(uuid4())}
        return {name: value for name, value in {**good, **changes}.items() if value is not None}

    def assertion(self, key: ECKey | None = None, *, now: datetime | None = None, **changes: Any) -> str:
        """Return an assertion signed by its key, or by another one."""
        key = key or self.key
        header = {"alg": "ES256", "kid": self.key.thumbprint() if key is self.key else key.thumbprint()}
        signed: str = jwt.encode(header, self.claims(now, **changes), key)
        return signed


async def a_machine(world: World, *scopes: Scope, institution: str = "jobcenter", **more: Any) -> Machine:
    """Return a new machine of an institution with a registered key."""
    admin = await world.person(Role.ADMIN)
    body = {
        "institution_id": str(await world.institution(institution)),
        "name": "Fachverfahren",
        "scopes": sorted(scopes or set(Scope) - OF_STATE_DATABASES),
    }
    made = await admin.post("/v1/partner-systems", {**body, **more})
    assert made.status_code == 201, made.text
    machine = Machine(made.json()["id"], admin, new_key())
    machine.credential_id = await register(machine, machine.key)
    return machine


async def register(machine: Machine, key: ECKey) -> str:
    """Register a further key and return the credential's id."""
    answer = await machine.admin.post(f"{machine.path}/keys", {"jwk": public(key)})
    assert answer.status_code == 201, answer.text
    assert answer.json()["kid"] == key.thumbprint()
    return str(answer.json()["id"])


async def ask(
    http: httpx.AsyncClient, assertion: str | None, *, headers: dict[str, str] | None = None, **form: str
) -> httpx.Response:
    """Ask for a token with an assertion, or with what the headers say."""
    proof = {"client_assertion_type": JWT_BEARER, "client_assertion": assertion} if assertion else {}
    data = {"grant_type": "client_credentials", **proof, **form}
    return await http.post(ENDPOINT, data=data, headers=headers)


async def token(
    http: httpx.AsyncClient, machine: Machine, *, now: datetime | None = None, **form: str
) -> str:
    """Return an access token of a machine."""
    answer = await ask(http, machine.assertion(now=now), **form)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def bearer(access_token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access_token}"}


def proof(key: ECKey, method: str, path: str, access_token: str | None = None, **changes: Any) -> str:
    """Return a proof for one request, with changes; None takes a claim away."""
    good: dict[str, Any] = {"jti": str(uuid4()), "htm": method, "htu": ISSUER + path, "iat": seconds()}
    if access_token is not None:
        good["ath"] = urlsafe_b64encode(hashlib.sha256(access_token.encode()).digest()).decode()
    claims = {name: value for name, value in {**good, **changes}.items() if value is not None}
    header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": public(key)}
    signed: str = jwt.encode(header, claims, key)
    return signed


def is_refused_client(answer: httpx.Response) -> bool:
    """Say whether this is the one answer for whoever has not proved to be a machine of ours."""
    return (answer.status_code, answer.json()["error"], answer.headers["content-type"]) == (
        401,
        "invalid_client",
        "application/json",
    )


async def secret_of(machine: Machine, **body: Any) -> dict[str, Any]:
    """Make a secret and return the answer that shows it."""
    answer = await machine.admin.post(f"{machine.path}/secrets", body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def basic(client_id: str, secret: str) -> dict[str, str]:
    """Return the header that sends a secret."""
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}
