"""Persons for tests, through the API."""

from typing import Any
from uuid import UUID

from app.kit.ids import new_id
from tests.world import Person, World

AMINA = {"given_name": "Amina", "family_name": "Al-Hadi", "birth_date": "1990-05-17", "sex": "w"}
WHO = {name: AMINA[name] for name in ("given_name", "family_name", "birth_date")}
"""The same person, as a check for duplicates asks for her."""


async def new_client(person: Person, **fields: Any) -> str:
    """Register a client by name `Amina Al-Hadi` (or with these fields) and return the id."""
    answer = await person.post("/v1/clients", {**AMINA, "confirm_new": True, **fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def add_period(person: Person, client_id: str, history: str, **fields: Any) -> str:
    """Add a period to a history (`addresses`, `legal-domains`, ...) and return its id."""
    answer = await person.post(f"/v1/clients/{client_id}/{history}", fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def etag_of(person: Person, path: str) -> str:
    """Return the version of what is read there."""
    answer = await person.get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.headers["etag"])


async def a_case(world: World, client_id: str, lead: Person) -> UUID:
    """Return a case of the client, put there behind the API, with its lead assigned."""
    case_id, unit_id = new_id(), await world.unit()
    await world.admin.execute(
        """INSERT INTO cases
            (municipal_area_id, id, number, client_id, unit_id, lead_user_id, kind, opened_on)
        VALUES ($1, $2::uuid, 'T-' || $2::text, $3, $4, $5, 'case_management', '2026-01-07')""",
        world.area,
        case_id,
        UUID(client_id),
        unit_id,
        lead.user_id,
    )
    await assign(world, client_id, case_id, lead, "lead")
    return case_id


async def assign(world: World, client_id: str, case_id: UUID, person: Person, kind: str) -> None:
    """Assign somebody to a case, behind the API; break-glass for three hours, with a reason."""
    await world.admin.execute(
        """INSERT INTO assignments
            (municipal_area_id, id, user_id, client_id, case_id, unit_id, kind, created_by, active_until,
            reason)
        SELECT $1, $2, $3, $4, $5, c.unit_id, $6::text, $3,
            CASE WHEN $6 IN ('deputy', 'break_glass') THEN now() + interval '3 hours' END,
            CASE WHEN $6 = 'break_glass' THEN 'Danger to a child' END
        FROM clients c WHERE c.id = $4""",
        world.area,
        new_id(),
        person.user_id,
        UUID(client_id),
        case_id,
        kind,
    )


async def look(person: Person, **changes: object) -> list[dict[str, object]]:
    """Look for duplicates of `WHO` with these changes and return who was named."""
    answer = await person.post("/v1/clients/duplicates", {**WHO, **changes})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


async def the_check(world: World, person: Person) -> UUID:
    """Return the latest check of somebody."""
    found: UUID = await world.admin.fetchval(
        "SELECT id FROM duplicate_checks WHERE user_id = $1 ORDER BY id DESC LIMIT 1", person.user_id
    )
    return found
