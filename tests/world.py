"""People and places for tests: each test gets a municipal area of its own, so none disturbs another."""

import itertools
import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import asyncpg
import httpx
from fastapi import FastAPI

from app.access.guard import Gate, SessionOpening
from app.access.roles import AT_AN_INSTITUTION, Role
from app.access.scopes import Scope
from app.identity.tokens import OfMachine, issue
from app.kit.clock import utc_now
from app.kit.database import Db
from app.kit.ids import new_id
from app.main import serve_app
from app.settings import Settings
from tests.in_process import InProcess

_numbers = itertools.count(1)
_A_WHILE = timedelta(minutes=5)
_MACHINES: set[UUID] = set()
"""The credentials of machines: their tokens carry scopes."""


class Renewed:
    """Signs somebody in anew before their token ends, however slow the machine; what a test sends stays."""

    def __init__(self, http: httpx.AsyncClient, issue_token: Callable[[], str]) -> None:
        self._http, self._issue = http, issue_token
        self._take()
        http.event_hooks = {"request": [self.renew]}

    def _take(self) -> None:
        self._until = utc_now() + _A_WHILE
        self._value = self._http.headers["Authorization"] = f"Bearer {self._issue()}"

    async def renew(self, request: httpx.Request) -> None:
        """Put a new token in the place of one's own."""
        if utc_now() >= self._until and request.headers.get("Authorization") == self._value:
            self._take()
            request.headers["Authorization"] = self._value


@dataclass
class Person:
    """Somebody who is signed in."""

    user_id: UUID
    account_id: UUID
    session_id: UUID
    area: str
    place_id: UUID
    roles: tuple[Role, ...]
    http: httpx.AsyncClient

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.http.get(path, params=query or None)

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Send something; as a partner, with a new key unless one is given (there it is required)."""
        keyed = _header_names(fresh_key("POST", path)) | _header_names(headers)
        return await self.http.post(path, json=body, headers=keyed)

    async def patch(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return await self.http.patch(path, json=body, headers=_header_names(headers))

    async def put(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return await self.http.put(path, json=body, headers=_header_names(headers))

    async def delete(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.delete(path, headers=_header_names(headers))


def fresh_key(method: str, path: str, key: str | None = None) -> dict[str, str]:
    """Return the header that a partner's POST must carry, with a new key or this one; elsewhere none."""
    is_needed = method == "POST" and path.startswith("/v1/partner/")
    return {"Idempotency-Key": key or str(new_id())} if is_needed else {}


def _header_names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-").lower(): value for name, value in headers.items()}


class World:
    """One municipal area; its people appear as they are asked for."""

    def __init__(self, app: FastAPI, admin: asyncpg.Connection) -> None:
        self.app = app
        self.admin = admin
        self.area = f"KIM-T{os.getpid()}-{next(_numbers)}"
        self._units: dict[str, UUID] = {}
        self._institutions: dict[str, UUID] = {}
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self.admin.execute(
            "INSERT INTO municipal_areas (id, name, kind) VALUES ($1, $1, 'kreis')", self.area
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()
        # What nobody delivered would be delivered by the next test that delivers: thousands after a storm.
        await self.admin.execute(
            "DELETE FROM outbox WHERE municipal_area_id = $1 AND done_at IS NULL AND parked_at IS NULL",
            self.area,
        )

    async def neighbour(self) -> "World":
        """Return another municipal area."""
        return await self._open.enter_async_context(World(self.app, self.admin))

    async def unit(self, name: str = "KI", *, is_sgb_body: bool = False, kind: str = "ki") -> UUID:
        """Return a unit by name, created when it is new."""
        if name not in self._units:
            self._units[name] = new_id()
            await self.admin.execute(
                """INSERT INTO units
                (municipal_area_id, id, name, kind, legal_regime, is_public_body, is_sgb_body)
                VALUES ($1, $2, $3, $4, 'dsg_nrw', true, $5)""",
                self.area,
                self._units[name],
                name,
                kind,
                is_sgb_body,
            )
        return self._units[name]

    def know_unit(self, name: str, unit_id: str) -> None:
        """Take over a unit that was made in another way."""
        self._units[name] = UUID(unit_id)

    async def institution(self, institution_type: str = "jobcenter", name: str | None = None) -> UUID:
        """Return an institution of a kind, created when it is new."""
        name = name or institution_type
        if name not in self._institutions:
            self._institutions[name] = new_id()
            await self.admin.execute(
                """INSERT INTO institutions (municipal_area_id, id, name, institution_type, on_platform)
                VALUES ($1, $2, $3, $4, true)""",
                self.area,
                self._institutions[name],
                name,
                institution_type,
            )
        return self._institutions[name]

    async def also_at(self, person: "Person", unit: str) -> None:
        """Let a case manager work at another unit too."""
        await self.admin.execute(
            """INSERT INTO memberships (municipal_area_id, id, user_id, role, unit_id)
            VALUES ($1, gen_random_uuid(), $2, 'case_manager', $3)""",
            self.area,
            person.user_id,
            await self.unit(unit),
        )

    async def person(
        self,
        *roles: Role,
        unit: str = "KI",
        institution: str = "jobcenter",
        institution_name: str | None = None,
        name: str | None = None,
    ) -> Person:
        """Return somebody new with these roles, signed in; a partner system is a machine with every scope."""
        if Role.PARTNER_SYSTEM in roles:
            return await self._machine(await self.institution(institution, institution_name), name)
        person = await self._account(name or f"Person {next(_numbers)}")
        for role in roles:
            outside = role in AT_AN_INSTITUTION
            place = await (self.institution(institution, institution_name) if outside else self.unit(unit))
            await self.admin.execute(
                f"""INSERT INTO memberships (municipal_area_id, id, user_id, role,
                {"institution_id" if outside else "unit_id"}) VALUES ($1, $2, $3, $4, $5)""",
                self.area,
                new_id(),
                person.user_id,
                role,
                place,
            )
            person.place_id = place
        person.roles = roles
        return person

    async def case_manager(self, unit: str = "KI") -> Person:
        return await self.person(Role.CASE_MANAGER, unit=unit)

    async def _account(self, name: str) -> Person:
        account, user, session = new_id(), new_id(), new_id()
        await self.admin.execute(
            """WITH account AS (INSERT INTO accounts (id, email) VALUES ($1, $1::uuid || '@kim.test')),
            of_area AS (INSERT INTO users (municipal_area_id, id, account_id, display_name)
                VALUES ($4, $2, $1, $5))
            INSERT INTO sessions (id, municipal_area_id, account_id, user_id, expires_at)
            VALUES ($3, $4, $1, $2, now() + interval '8 hours')""",
            account,
            user,
            session,
            self.area,
            name,
        )
        http = await self._open.enter_async_context(self.http())
        Renewed(http, lambda: self.token(account, session))
        return Person(user, account, session, self.area, user, (), http)

    async def _machine(self, institution: UUID, name: str | None) -> Person:
        system, credential = new_id(), new_id()
        named = name or f"Fachverfahren {next(_numbers)}"
        await self.admin.execute(
            "INSERT INTO users (municipal_area_id, id, display_name) VALUES ($1, $2, $3)",
            self.area,
            system,
            named,
        )
        await self.admin.execute(
            """INSERT INTO partner_systems
            (municipal_area_id, id, institution_id, name, scopes, requests_per_minute, created_by)
            VALUES ($1, $2, $3, $4, $5, 6000, $2)""",
            self.area,
            system,
            institution,
            named,
            sorted(Scope),
        )
        await self.admin.execute(
            """INSERT INTO partner_credentials
            (municipal_area_id, id, partner_system_id, kind, secret_hash, created_by, expires_at)
            VALUES ($1, $2, $3, 'secret', 'none that opens', $3, now() + interval '8 hours')""",
            self.area,
            credential,
            system,
        )
        _MACHINES.add(credential)
        http = await self._open.enter_async_context(self.http())
        Renewed(http, lambda: self.token(system, credential))
        return Person(system, system, credential, self.area, institution, (Role.PARTNER_SYSTEM,), http)

    def token(self, account: UUID, session: UUID) -> str:
        """Return an access token as sign-in would issue it, or the token endpoint to a machine."""
        settings: Settings = self.app.state.settings
        return issue(
            self.app.state.key_ring,
            subject=account,
            session_id=session,
            issuer=settings.public_url,
            audience=settings.public_url,
            now=self._now(),
            lifetime=timedelta(minutes=10),
            machine=OfMachine(frozenset(Scope)) if session in _MACHINES else None,
        )

    def _now(self) -> datetime:
        """Return the time; where the clock was stopped a moment ago, that moment: no token is of later."""
        known, now = self.app.state.gate.clock(), utc_now()
        return known if timedelta() < now - known < _A_WHILE else now

    def http(self, token: str | None = None) -> httpx.AsyncClient:
        """Return a client of the application; without a token, nobody's."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return InProcess(serve_app(self.app), headers=headers)

    def sql(self, person: Person, *roles: Role) -> Any:
        """Open a transaction on the database as the application role in a person's name."""
        gate: Gate = self.app.state.gate
        held = tuple(roles or person.roles)
        return gate.database.transaction(SessionOpening(person.session_id, held, "test"))


__all__ = ["Db", "Person", "World"]
