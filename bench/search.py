"""Search and duplicate check at volume: `python -m bench.search`.

One area full of people with names as they are distributed in life (`tests.names.people`), asked for in other
spellings, with slips of the pen, parts missing. The measured user is a case manager with 60 persons; the
worker looks in the whole area. The real application over HTTP, with session, row-level security and journal.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from app.clients.births import Birth
from app.clients.matching.forms import forms_of
from app.clients.matching.keys import keys_of
from app.demo.installation import Installation
from app.identity.tokens import issue
from app.kit.clock import utc_now
from app.kit.ids import new_id, random_id
from app.main import key_ring
from bench.checking import Server, Wanted, answered, fastest, shares, told
from bench.scene import Scene, database, load_volume, set_scene
from bench.serving import free_port, running
from tests.names.people import Question, Someone, area, questions

OWN = 60
MANY = 2_000
BATCH = 10_000


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
        server = Server(HTTPConnection("127.0.0.1", port), token)
        for name, number in (("2000 seen", MANY), ("60 seen", OWN)):
            await _assign(admin, scene, user, ids[:number])
            for kind, asked in _kinds(people[:number], count):
                figures[f"search, {kind}, {name}"] = _search(server, asked, ids)
        for kind, asked in _kinds(people[OWN:], count):
            wanted = _wanted(asked, ids)
            figures[f"check, {kind}, answer"] = await answered(server, admin, user, wanted)
            whole = _wanted([each for each in asked if "one_name" not in each.kinds], ids)
            figures[f"check, {kind}, worker"] = await told(installation, admin, scene, user, whole)
        server.connection.close()
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


def _search(server: Server, asked: Sequence[Question], ids: Sequence[UUID]) -> dict[str, float]:
    times, found = [], 0
    for question in asked:
        body: dict[str, Any] = {"name": question.name}
        if question.birth_date:
            body["birth_date"] = question.birth_date.isoformat()
        elif question.birth_year:
            body["birth_year"] = question.birth_year
        took, answer = fastest(server, "/v1/clients/search?limit=10", body)
        times.append(took)
        found += str(ids[question.target.number]) in {each["id"] for each in orjson.loads(answer)["items"]}
    return shares(times, found / len(asked))


def _wanted(asked: Sequence[Question], ids: Sequence[UUID]) -> list[Wanted]:
    """Return who is meant, with the birth date or at least the year."""
    return [
        Wanted(
            ids[each.target.number],
            each.name,
            Birth.of(each.birth_date or each.target.born, None if each.birth_date else "year"),
        )
        for each in asked
    ]


if __name__ == "__main__":
    main()
