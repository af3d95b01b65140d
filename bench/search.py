"""Search and duplicate check at volume: `python -m bench.search`.

One area full of people with names as they are distributed in life (`tests.names.people`), asked for in other
spellings, with slips of the pen, parts missing. The measured user is a case manager with 60 persons; the
worker looks in the whole area. The real application over HTTP, with session, row-level security and journal.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from app.clients.births import Birth
from app.clients.elsewhere import found_elsewhere
from app.clients.matching.forms import forms_of
from app.clients.matching.keys import keys_of
from app.demo.installation import Installation
from app.identity.tokens import issue
from app.kit.clock import utc_now
from app.kit.database import Database, System
from app.kit.ids import new_id, random_id
from app.main import key_ring
from app.settings import driver_url
from bench.scene import Scene, database, load_volume, set_scene
from bench.serving import free_port, running
from tests.names.people import Question, Someone, area, questions

OWN = 60
MANY = 2_000
BATCH = 10_000
REPEATS = 3
"""Each question is asked so often and the fastest answer counts: other work on the machine falls away."""
PER_HOUR = 10
"""Checks between two clearings of the hourly limit."""

_ASK = """INSERT INTO duplicate_checks (municipal_area_id, id, user_id, is_registration, checked_at,
    sought_forms, sought_from, sought_until) VALUES ($1, $2, $3, false, now(), $4, $5, $6)"""


def main() -> None:
    """Measure and print; write var/bench-search.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--questions", type=int, default=400)
    parser.add_argument("--home", type=Path, default=Path("var/bench"))
    parser.add_argument("--output", type=Path, default=Path("var/bench-search.json"))
    given = parser.parse_args()
    installation = database(given.home.absolute() / "search", given.people)
    try:
        figures = asyncio.run(_measure(installation, area(given.people), given.questions))
    finally:
        installation.server.stop()
    given.output.write_text(json.dumps(figures, indent=2))


async def _measure(installation: Installation, people: Sequence[Someone], count: int) -> dict[str, Any]:
    await load_volume(installation, 2_000)
    scene = await set_scene(installation)
    admin = await asyncpg.connect(installation.admin_url)
    user = await admin.fetchval("SELECT user_id FROM sessions WHERE id = $1", scene.session)
    ids = await _load(admin, scene, user, people)
    figures: dict[str, Any] = {"people": len(people)}
    port = free_port()
    settings = installation.settings(port=port)
    environment = os.environ | {
        "KIM_DATABASE_URL": settings.database_url.get_secret_value(),
        "KIM_SIGNING_KEY_FILE": str(settings.signing_key_file),
        "KIM_PORT": str(port),
        "KIM_OPS_PORT": "0",
        "KIM_PUBLIC_URL": settings.public_url,
        "KIM_LOG_LEVEL": "WARNING",
    }
    token = issue(
        key_ring(settings),
        subject=scene.account,
        session_id=scene.session,
        issuer=settings.public_url,
        audience=settings.public_url,
        now=utc_now(),
        lifetime=timedelta(minutes=10),
    )
    with running([sys.executable, "-m", "app.cli", "serve"], port, environment):
        async with httpx.AsyncClient(
            base_url=settings.public_url, headers={"authorization": f"Bearer {token}"}
        ) as http:
            for name, number in (("2000 seen", MANY), ("60 seen", OWN)):
                await _assign(admin, scene, user, ids[:number])
                for kind, asked in _kinds(people[:number], count):
                    figures[f"search, {kind}, {name}"] = await _search(http, asked, ids)
            for kind, asked in _kinds(people[OWN:], count):
                figures[f"check, {kind}, answer"] = await _check(http, admin, user, asked)
                figures[f"check, {kind}, worker"] = await _tell(installation, admin, scene, asked, ids)
    for name, value in figures.items():
        print(f"{name:<36} {value}")
    await admin.close()
    return figures


def _kinds(people: Sequence[Someone], count: int) -> list[tuple[str, list[Question]]]:
    """Return questions by the names as stored with the birth date, and in other spellings with faults."""
    drawn = Random(3).choices(people, k=count)
    exact = [Question(who, f"{who.stored_given} {who.stored_family}", who.born, None) for who in drawn]
    return [("exact", exact), ("fuzzy", questions(people, count, held_out=False))]


async def _load(admin: asyncpg.Connection, scene: Scene, user: UUID, people: Sequence[Someone]) -> list[UUID]:
    """Put the people into the area, unless they are there; return their ids in order."""
    stored = await admin.fetch("SELECT id FROM clients WHERE contact_times = 'bench' ORDER BY id")
    if len(stored) == len(people):
        return [row["id"] for row in stored]
    unit = await admin.fetchval(
        "SELECT unit_id FROM memberships WHERE user_id = $1 AND role = 'case_manager'", user
    )
    ids = sorted(new_id() for _ in people)
    columns = (
        "municipal_area_id", "id", "pseudonym", "unit_id", "created_by", "given_name", "family_name",
        "birth_date", "birth_precision", "sort_key", "name_forms", "name_keys", "household_key",
        "contact_times",
    )  # fmt: skip
    for start in range(0, len(people), BATCH):
        rows = []
        for who, id_ in zip(people[start : start + BATCH], ids[start:], strict=False):
            forms = forms_of([who.stored_given, who.stored_family])
            rows.append((
                scene.area, id_, random_id(), unit, user, who.stored_given, who.stored_family, who.born,
                "day", who.stored_family, [form.stored() for form in forms], keys_of(forms), random_id(),
                "bench",
            ))  # fmt: skip
        await admin.copy_records_to_table("clients", columns=columns, records=rows)
    await admin.execute("VACUUM ANALYZE clients")
    return ids


async def _assign(admin: asyncpg.Connection, scene: Scene, user: UUID, ids: Sequence[UUID]) -> None:
    await admin.execute("DELETE FROM assignments WHERE user_id = $1", user)
    await admin.execute(
        """INSERT INTO assignments (municipal_area_id, id, user_id, client_id, unit_id, kind, created_by)
        SELECT $1, gen_random_uuid(), $2, c.id, m.unit_id, 'registrar', $2
        FROM clients c JOIN memberships m ON m.user_id = $2 AND m.role = 'case_manager'
        WHERE c.id = ANY ($3)""",
        scene.area,
        user,
        ids,
    )
    await admin.execute("ANALYZE assignments")


async def _search(
    http: httpx.AsyncClient, asked: Sequence[Question], ids: Sequence[UUID]
) -> dict[str, float]:
    times, found = [], 0
    for question in asked:
        body: dict[str, Any] = {"name": question.name}
        if question.birth_date:
            body["birth_date"] = question.birth_date.isoformat()
        elif question.birth_year:
            body["birth_year"] = question.birth_year
        took, answer = await _fastest(http, "/v1/clients/search?limit=10", body)
        times.append(took)
        found += str(ids[question.target.number]) in {each["id"] for each in answer.json()["items"]}
    return _figures(times, found / len(asked))


async def _fastest(http: httpx.AsyncClient, path: str, body: dict[str, Any]) -> tuple[float, httpx.Response]:
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        answer = await http.post(path, json=body)
        times.append(time.perf_counter() - started)
        answer.raise_for_status()
    return min(times), answer


async def _check(
    http: httpx.AsyncClient, admin: asyncpg.Connection, user: UUID, asked: Sequence[Question]
) -> dict[str, float]:
    times = []
    for number, question in enumerate(asked):
        if number % PER_HOUR == 0:
            await admin.execute("DELETE FROM duplicate_checks WHERE user_id = $1", user)
        given, _, family = question.name.partition(" ")
        body = {"given_name": given, "family_name": family or given}
        if question.birth_date:
            body["birth_date"] = question.birth_date.isoformat()
        took, _ = await _fastest(http, "/v1/clients/duplicates", body)
        times.append(took)
    return _figures(times, None)


async def _tell(
    installation: Installation,
    admin: asyncpg.Connection,
    scene: Scene,
    asked: Sequence[Question],
    ids: Sequence[UUID],
) -> dict[str, float]:
    """Measure what the worker does with a check: names and a birth date or year, in the whole area."""
    await admin.execute("DELETE FROM duplicate_checks")
    pool = Database.connect(driver_url(installation.url("kim_worker")), pool_size=1)
    user = await admin.fetchval("SELECT user_id FROM sessions WHERE id = $1", scene.session)
    times, found = [], 0
    for question in (each for each in asked if "one_name" not in each.kinds):
        birth = Birth.of(question.birth_date or question.target.born, None if question.birth_date else "year")
        forms = [form.stored() for form in forms_of([question.name])]
        took = []
        for _ in range(REPEATS):
            check = new_id()
            await admin.execute(_ASK, scene.area, check, user, forms, birth.first, birth.last)
            async with pool.transaction(System(scene.area)) as db:
                started = time.perf_counter()
                told = await found_elsewhere(db, check)
                took.append(time.perf_counter() - started)
            await admin.execute("DELETE FROM duplicate_checks")
        times.append(min(took))
        found += ids[question.target.number] in {client for client, _ in told}
    await pool.close()
    return _figures(times, found / len(times))


def _figures(times: Sequence[float], found: float | None) -> dict[str, float]:
    ordered = sorted(1000 * each for each in times)
    figures = {
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(0.95 * len(ordered))], 1),
    }
    return figures if found is None else figures | {"found": round(found, 4)}


if __name__ == "__main__":
    main()
