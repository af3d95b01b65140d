"""Arrangement for tests about cases: clients, open cases, cases that are ready for a phase."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from app.access.roles import Role
from app.identity.tokens import issue
from app.kit.clock import local_date
from app.kit.ids import new_id
from tests.conftest import Clock
from tests.world import Person, World


async def a_client(world: World, person: Person, *, restricted: bool = False, unit: str = "KI") -> str:
    """Return a client whom the person has registered, put there behind the API."""
    client_id, unit_id = new_id(), await world.unit(unit)
    await world.admin.execute(
        """INSERT INTO clients (municipal_area_id, id, pseudonym, unit_id, created_by, is_restricted,
            given_name, family_name, birth_date, birth_precision, sort_key, name_forms, name_keys,
            household_key)
        VALUES ($1, $2, $3, $4, $5, $6, 'Amina', 'Haddad', '1990-04-01', 'day', 'haddad amina',
            '{amina|amina|amn|v,haddad|hadad|hdd|v}', '{Samn,Shdd}', gen_random_uuid())""",
        world.area,
        client_id,
        uuid4(),
        unit_id,
        person.user_id,
        restricted,
    )
    await register(world, person, str(client_id), unit_id, restricted=restricted)
    return str(client_id)


async def register(
    world: World, person: Person, client_id: str, unit_id: UUID, *, restricted: bool = False
) -> None:
    """Make somebody a registrar of a client."""
    await world.admin.execute(
        """INSERT INTO assignments
            (municipal_area_id, id, user_id, client_id, unit_id, kind, created_by, is_restricted)
        VALUES ($1, $2, $3, $4, $5, 'registrar', $3, $6)""",
        world.area,
        new_id(),
        person.user_id,
        UUID(client_id),
        unit_id,
        restricted,
    )


async def pseudonym(world: World, client_id: str) -> str:
    """Return what stands for a client in the journal."""
    found = await world.admin.fetchval("SELECT pseudonym FROM clients WHERE id = $1", UUID(client_id))
    return str(found)


async def open_case(person: Person, client_id: str | UUID, **fields: Any) -> str:
    """Open a case of a client through the API and return its id."""
    body = {"client_id": str(client_id), "kind": "case_management", "access_route": "self", **fields}
    answer = await person.post("/v1/cases", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def a_case(world: World, person: Person, *, restricted: bool = False, unit: str = "KI") -> str:
    """Return an open case of a new client, led by the person."""
    return await open_case(person, await a_client(world, person, restricted=restricted, unit=unit))


async def etag(person: Person, path: str) -> str:
    """Return the version of an object as its reader sees it."""
    answer = await person.get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.headers["etag"])


def travel(world: World, clock: Clock, person: Person, *moment: int) -> None:
    """Set the application's time (UTC), with a token for the person that is good then."""
    clock.set(*moment)
    settings = world.app.state.settings
    token = issue(
        world.app.state.key_ring,
        subject=person.account_id,
        session_id=person.session_id,
        issuer=settings.public_url,
        audience=settings.public_url,
        now=clock(),
        lifetime=timedelta(minutes=10),
    )
    person.http.headers["Authorization"] = f"Bearer {token}"


INTAKE = {
    "criteria": {"C1": True, "C2": True, "C3": False, "C4": True, "C5": False, "C6": True, "C7": True},
    "outcome": "case_management",
    "privacy_notice_version": "2026-1",
    "privacy_notice_language": "ara",
    "privacy_notice_on": "2026-03-02",
    "documentation_basis": "gdpr_6_1_e",
}


async def record_intake(person: Person, case_id: str, **changes: Any) -> None:
    """Record a complete intake that rests on the public task, except for these changes."""
    path = f"/v1/cases/{case_id}"
    version = await etag(person, path)
    answer = await person.patch(f"{path}/intake", {**INTAKE, **changes}, if_match=version)
    assert answer.status_code == 200, answer.text


async def step(person: Person, case_id: str, to: str, **fields: Any) -> None:
    """Take a case to a phase."""
    answer = await person.post(f"/v1/cases/{case_id}/phase", {"to": to, **fields})
    assert answer.status_code == 200, answer.text


async def in_phase(world: World, person: Person, phase: str) -> str:
    """Return a case that has come to a phase by skipping what lies between."""
    case_id = await a_case(world, person)
    await record_intake(person, case_id)
    if phase == "assessment":
        await step(person, case_id, phase)
    elif phase == "reassessment":
        await step(person, case_id, "monitoring", skip_reason="Notlage")
        await step(person, case_id, phase, skip_reason="Lage hat sich geändert")
    elif phase != "intake":
        await step(person, case_id, phase, skip_reason="Notlage")
    return case_id


async def close(person: Person, case_id: str, reason: str = "goals_reached", **fields: Any) -> None:
    """Close a case."""
    answer = await person.post(f"/v1/cases/{case_id}/close", {"reason": reason, **fields})
    assert answer.status_code == 200, answer.text


async def team_lead(world: World, unit: str = "KI") -> Person:
    """Return a team lead of a unit."""
    return await world.person(Role.TEAM_LEAD, unit=unit)


async def journal(world: World, action: str) -> list[dict[str, Any]]:
    """Return the entries of the world's journal for an action, oldest first."""
    rows = await world.admin.fetch(
        """SELECT object_id, client_pseudonyms, changed, outcome FROM audit_journal
        WHERE municipal_area_id = $1 AND action = $2 ORDER BY position""",
        world.area,
        action,
    )
    return [dict(row) for row in rows]


def today() -> date:
    """Return the day where the offices are."""
    return local_date(datetime.now(UTC))


def deputy(person: Person, first: date | None = None, last: date | None = None) -> dict[str, str]:
    """Return the body that names somebody as deputy; from today on for two weeks."""
    first = first or today()
    return {
        "user_id": str(person.user_id),
        "from": first.isoformat(),
        "until": (last or first + timedelta(days=14)).isoformat(),
    }


async def sees(person: Person, case_id: str) -> bool:
    """Return whether somebody reads the case."""
    return (await person.get(f"/v1/cases/{case_id}")).status_code == 200


async def leave(world: World, person: Person, how: str = "membership ended") -> None:
    """Let an administrator end the one membership of somebody, or disable them."""
    admin = await world.person(Role.ADMIN)
    path = f"/v1/users/{person.user_id}"
    if how == "disabled":
        answer = await admin.patch(path, {"is_disabled": True}, if_match=await etag(admin, path))
    else:
        held = await world.admin.fetchval("SELECT id FROM memberships WHERE user_id = $1", person.user_id)
        answer = await admin.delete(f"{path}/memberships/{held}")
    assert answer.status_code in (200, 204), answer.text
