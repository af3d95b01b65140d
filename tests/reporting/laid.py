"""Clients with cases and what is written of them, laid behind the API as months of work would leave it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from tests.reporting.arrange import insert
from tests.world import World

AT = datetime(2025, 1, 7, tzinfo=UTC)


@dataclass
class Laid:
    """One client with one case."""

    client: UUID = field(default_factory=uuid4)
    case: UUID = field(default_factory=uuid4)
    pseudonym: UUID = field(default_factory=uuid4)
    lead: UUID = field(default_factory=uuid4)
    household: UUID = field(default_factory=uuid4)


async def lay_clients(
    world: World, number: int, *, staff: int = 5, opened_on: date = date(2025, 1, 7), **more: Any
) -> list[Laid]:
    """Lay clients of their own households, led by some case managers in turn."""
    unit = await world.unit()
    leads = [uuid4() for _ in range(staff)]
    laid = [Laid(lead=leads[place % staff]) for place in range(number)]
    clients = [
        {
            "municipal_area_id": world.area, "id": each.client, "pseudonym": each.pseudonym, "unit_id": unit,
            "created_by": each.lead, "given_name": "K", "family_name": "K",
            "birth_precision": "day", "birth_date": date(1990, 5, 1), "sex": "w",
            "sort_key": "k", "name_forms": ["k"], "name_keys": ["k"], "household_key": each.household, **more,
        }
        for each in laid
    ]  # fmt: skip
    cases = [
        {
            "municipal_area_id": world.area, "id": each.case, "client_id": each.client, "unit_id": unit,
            "number": str(uuid4()), "kind": "case_management", "phase": "monitoring",
            "lead_user_id": each.lead, "opened_on": opened_on,
        }
        for each in laid
    ]  # fmt: skip
    await insert(world.admin, "clients", clients)
    await insert(world.admin, "cases", cases)
    return laid


async def add(world: World, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Lay rows of a table, each with an id of its own."""
    await insert(
        world.admin, table, [{"municipal_area_id": world.area, "id": uuid4(), **row} for row in rows]
    )


async def change(admin: asyncpg.Connection, sql: str, *values: Any) -> None:
    """Change a laid row, past every trigger."""
    async with admin.transaction():
        await admin.execute("SET LOCAL session_replication_role = replica")
        await admin.execute(sql, *values)


def period(since: str) -> asyncpg.Range:
    """Return the days since one, open at the end."""
    return asyncpg.Range(date.fromisoformat(since), None)


def history(laid: Laid, since: str, **what: Any) -> dict[str, Any]:
    """Return a row of a history that is believed."""
    return {
        "client_id": laid.client, "valid": period(since), "recorded_at": AT, "recorded_by": laid.lead, **what
    }  # fmt: skip


def contact(laid: Laid, day: str, language: str | None, interpreter: str = "professional") -> dict[str, Any]:
    """Return a contact at noon."""
    return {
        "case_id": laid.case, "contact_type": "office", "language": language, "interpreter": interpreter,
        "happened_at": datetime.fromisoformat(f"{day}T11:00:00+00:00"), "author_id": laid.lead,
    }  # fmt: skip


def goal(laid: Laid, life_domain: str, attainment: str | None, on: str | None) -> dict[str, Any]:
    """Return a goal, evaluated or not."""
    return {
        "case_id": laid.case, "life_domain": life_domain, "wording": "w", "set_on": date(2025, 2, 3),
        "attainment": attainment, "evaluated_on": on and date.fromisoformat(on),
    }  # fmt: skip


def phases(laid: Laid, *moves: tuple[str, str]) -> list[dict[str, Any]]:
    """Return the way of a case from monitoring on: into which phase, at noon of which day."""
    sources = ("monitoring", *(target for target, _ in moves))
    return [
        {"case_id": laid.case, "source": source, "target": target,
         "at": datetime.fromisoformat(f"{day}T11:00:00+00:00")}
        for source, (target, day) in zip(sources, moves, strict=False)
    ]  # fmt: skip


async def assess(world: World, laid: Sequence[Laid], on: str, scales: dict[str, int | None]) -> None:
    """Lay an assessment of each with the scale of some life domains."""
    assessments = [
        {"id": uuid4(), "case_id": each.case, "assessed_on": date.fromisoformat(on), "author_id": each.lead}
        for each in laid
    ]
    await insert(
        world.admin, "assessments", [{"municipal_area_id": world.area, **row} for row in assessments]
    )
    await add(
        world,
        "assessment_domains",
        [
            {
                "assessment_id": row["id"],
                "case_id": row["case_id"],
                "life_domain": domain,
                "state": "need",
                "scale": scale,
            }
            for row in assessments
            for domain, scale in scales.items()
        ],
    )
