"""A unit with persons who consented to a state-wide database, everybody around an export, and the worker."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from app.access.context import SystemContext
from app.access.roles import Role
from app.documents.envelope import opened, unseal_key
from app.kit.clock import local_date, utc_now
from app.kit.database import Database, System
from app.kit.ids import new_id
from app.kit.sealing import FieldKeys
from app.protection import Rules
from app.reporting.handlers import Desk
from app.state_exports.handlers import check_now, compose_now
from app.wiring import wire
from app.worker import run_once
from tests.world import Person, World

QUARTER = "2025Q4"
OPENED = date(2025, 6, 3)
BORN = date(1990, 4, 1)
SILENT = 3
EVERYTHING = ("master_data", "residence", "benefits", "education_language", "case_record")
PATH, PARTNER_PATH = "/v1/state-exports", "/v1/partner/state-exports"

_CLIENT = """INSERT INTO clients (municipal_area_id, id, pseudonym, unit_id, created_by, given_name,
    family_name, birth_date, birth_precision, sex, sort_key, name_forms, name_keys, household_key)
VALUES ($1, $2, $3, $4, $5, 'Amina', 'Haddad', $6, 'day', 'w', 'haddad amina', '{}', '{}',
    gen_random_uuid())"""
_ASSIGNMENT = """INSERT INTO assignments (municipal_area_id, id, user_id, client_id, case_id, unit_id, kind,
    created_by) VALUES ($1, gen_random_uuid(), $2, $3, $4, $5, 'lead', $2)"""
_CASE = """INSERT INTO cases (municipal_area_id, id, number, client_id, unit_id, lead_user_id, kind, phase,
    opened_on) VALUES ($1, $2, $3, $4, $5, $6, 'case_management', 'linking', $7)"""
_CONTENT = """INSERT INTO case_contents (municipal_area_id, id, access_route, intake_criteria)
VALUES ($1, $2, 'school', '{"C1": true, "C2": false}')"""
_PHASE = """INSERT INTO case_phases (municipal_area_id, id, case_id, at, target)
VALUES ($1, gen_random_uuid(), $2, $3::date, 'linking')"""
_CONSENT = """INSERT INTO consents (municipal_area_id, id, client_id, case_id, purpose, institution_id,
    data_categories, special_categories, direction, text_language, text_version, text_sha256,
    interpreter_used, consequences_explained, revocability_explained, form, given_by, given_at,
    given_on, valid_until, evidence, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, '{}', $8, 'deu', '1', 'x', false, true, true, 'written', 'client',
    CASE WHEN $9::date = (now() AT TIME ZONE 'Europe/Berlin')::date THEN now()
        ELSE $9::date::timestamp AT TIME ZONE 'Europe/Berlin' END, $9, $10, 'Ordner 1', $11)"""


_SEALED = "SELECT sealed_key, sealed_content FROM state_export_files WHERE id = $1"
_COOL = """UPDATE state_exports SET figures_at = past.at - interval '8 days',
    figures_until = past.at - interval '1 day'
FROM (SELECT min(figures_at) AS at FROM state_exports
    WHERE municipal_area_id = $1 AND unit_id = $2 AND institution_id = $3 AND figures_are_own) past
WHERE municipal_area_id = $1 AND unit_id = $2 AND institution_id = $3 AND figures_are_own
    AND figures_until > now()"""


@asynccontextmanager
async def planted(world: World, function: str, part: str, instead: str) -> AsyncIterator[None]:
    """Put something else in the place of a part of a function of the database for a while."""
    kept = await world.admin.fetchval("SELECT pg_get_functiondef($1::regproc)", function)
    assert part in kept, kept
    await world.admin.execute(kept.replace(part, instead))
    try:
        yield
    finally:
        await world.admin.execute(kept)


async def _piece(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def a_person(world: World, manager: Person, unit: UUID, born: date) -> UUID:
    """Lay a client with a case that a case manager leads, and return the client's id."""
    client, case, area, admin, lead = new_id(), new_id(), world.area, world.admin, manager.user_id
    await admin.execute(_CLIENT, area, client, uuid4(), unit, lead, born)
    await admin.execute(_CASE, area, case, str(uuid4()), client, unit, lead, OPENED)
    await admin.execute(_CONTENT, area, case)
    await admin.execute(_PHASE, area, case, OPENED)
    await admin.execute(_ASSIGNMENT, area, lead, client, case, unit)
    return client


async def a_consent(
    world: World, manager: Person, client: UUID, to: UUID, *categories: str, **more: Any
) -> UUID:
    """Lay a consent of a client to an institution and return its id."""
    today, consent = local_date(utc_now()), new_id()
    await world.admin.execute(
        _CONSENT, world.area, consent, client, more.get("case"), more.get("purpose", "state_database"),
        to, list(categories or EVERYTHING), more.get("direction", "to"), more.get("given_on", today),
        more.get("until", today + timedelta(days=300)), manager.user_id,
    )  # fmt: skip
    return consent


async def silent_of(world: World, manager: Person, unit: UUID, count: int = SILENT) -> None:
    """Lay persons who never consented: enough that nobody who did has to stay back for them."""
    for _ in range(count):
        await a_person(world, manager, unit, BORN)


async def persons_of(world: World, manager: Person, count: int) -> None:
    """Lay so many persons of a unit who consented to the state-wide database."""
    unit, database = await world.unit(), await world.institution("landesdatenbank")
    await silent_of(world, manager, unit)
    for _ in range(count):
        client = await a_person(world, manager, unit, BORN)
        await a_consent(world, manager, client, database)


@dataclass
class Office:
    """Everybody around an export of one unit."""

    world: World
    worker: Database
    reporting: Database
    admin: Person
    lead: Person
    manager: Person
    recipient: Person
    unit: UUID
    database: UUID
    consents: dict[UUID, UUID] = field(default_factory=dict)
    """By client."""

    @property
    def keys(self) -> FieldKeys:
        """The keys of fields of the application."""
        found: FieldKeys = self.world.app.state.field_keys
        return found

    @property
    def desk(self) -> Desk:
        """What the worker counts with."""
        return Desk(self.reporting, Rules())

    async def person(self, *, born: date = BORN, unit: UUID | None = None) -> UUID:
        """Lay a client with a case that was opened before the quarter's end; without a consent."""
        return await a_person(self.world, self.manager, unit or self.unit, born)

    async def consent(self, client: UUID, *categories: str, **more: Any) -> UUID:
        """Lay a consent; to everything that may leave, given today, unless told otherwise."""
        to = more.pop("to", self.database)
        self.consents[client] = await a_consent(self.world, self.manager, client, to, *categories, **more)
        return self.consents[client]

    async def persons(self, count: int = 12) -> list[UUID]:
        """Lay so many clients who have consented."""
        clients = [await self.person() for _ in range(count)]
        for client in clients:
            await self.consent(client)
        return clients

    async def withdraw(self, client: UUID) -> httpx.Response:
        """Take down that a client takes the consent back."""
        return await self.manager.post(f"/v1/consents/{self.consents[client]}/withdraw", {"channel": "phone"})

    async def work(self) -> None:
        """Let the worker do what waits in this area."""
        wiring = wire(self.desk, keys=self.keys)
        await run_once(self.worker, wiring, utc_now, jobs=())

    async def cool(self) -> None:
        """Let the time of figures that hold pass, so that others are computed."""
        await self.world.admin.execute(_COOL, self.world.area, self.unit, self.database)

    async def asked(self, quarter: str = QUARTER) -> httpx.Response:
        """Ask for an export."""
        body = {"unit_id": str(self.unit), "institution_id": str(self.database), "quarter": quarter}
        return await self.admin.post(PATH, body)

    async def requested(self, quarter: str = QUARTER) -> str:
        """Ask for an export whose figures are computed anew, and return its id."""
        await self.cool()
        made = await self.asked(quarter)
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    async def checked(self, quarter: str = QUARTER) -> str:
        """Ask for an export and have what would leave looked at."""
        export = await self.requested(quarter)
        await self.in_work(check_now, export)
        return export

    async def released(self, quarter: str = QUARTER) -> str:
        """Have an export released."""
        export = await self.checked(quarter)
        answer = await self.lead.post(f"{PATH}/{export}/release")
        assert answer.status_code == 200, answer.text
        return export

    async def ready(self, quarter: str = QUARTER) -> str:
        """Have an export composed."""
        export = await self.released(quarter)
        await self.in_work(compose_now, export)
        return export

    async def in_work(self, what: Any, export: str) -> None:
        """Do a handler of the worker for one export, as the worker does."""
        async with self.worker.transaction(System(self.world.area)) as db:
            await what(
                SystemContext(db, self.world.area, utc_now(), wire()), self.keys, UUID(export), self.desk
            )

    async def read(self, export: str) -> dict[str, Any]:
        """Read an export as its administrator."""
        return dict((await self.admin.get(f"{PATH}/{export}")).json())

    async def fetch(self, export: str, **headers: str) -> httpx.Response:
        """Fetch a file as its recipient."""
        return await self.recipient.post(f"{PARTNER_PATH}/{export}/fetch", **headers)

    async def waiting(self, export: str) -> list[dict[str, Any]] | None:
        """Return the lines of a file that waits, without fetching it; none where it is gone."""
        row = await self.world.admin.fetchrow(_SEALED, UUID(export))
        if row is None:
            return None
        area = self.world.area
        key = unseal_key(self.keys, row["sealed_key"], area, export)
        content = b"".join(
            [piece async for piece in opened(_piece(row["sealed_content"]), key, area, export)]
        )
        return [json.loads(line) for line in content.splitlines()]

    async def lines(self, export: str) -> list[dict[str, Any]]:
        """Fetch a file and return its lines."""
        answer = await self.fetch(export)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.content.splitlines()]

    async def acknowledge(self, export: str) -> httpx.Response:
        """Acknowledge a file as its recipient."""
        told = (await self.recipient.get(f"{PARTNER_PATH}/{export}")).json()
        body = {"sha256": told["sha256"], "withdrawals_deleted": told["withdrawals"]}
        return await self.recipient.post(f"{PARTNER_PATH}/{export}/acknowledge", body)


async def an_office(world: World, worker: Database, reporting: Database) -> Office:
    """Return everybody around exports of a unit, with a few who never consented."""
    office = Office(
        world=world,
        worker=worker,
        reporting=reporting,
        admin=await world.person(Role.ADMIN),
        lead=await world.person(Role.TEAM_LEAD),
        manager=await world.case_manager(),
        recipient=await world.person(Role.PARTNER_USER, institution="landesdatenbank"),
        unit=await world.unit(),
        database=await world.institution("landesdatenbank"),
    )
    await silent_of(world, office.manager, office.unit)
    return office
