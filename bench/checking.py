"""Search and the check for duplicates at volume, one question after the other.

A search and the answer of a check over HTTP, and what the worker does with a check in the whole area.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from http.client import HTTPConnection
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from app.clients.births import Birth
from app.clients.elsewhere import found_elsewhere
from app.clients.matching.forms import forms_of
from app.demo.installation import Installation
from app.kit.database import Database, System
from app.kit.ids import new_id
from app.settings import driver_url
from bench.scene import Scene

REPEATS = 3
"""Each question is asked so often and the fastest answer counts: other work on the machine falls away."""
PER_HOUR = 10
"""Checks between two clearings of the hourly limit."""
QUESTIONS = 150
LIMITS_MS = {"exact": 10.0, "misspelt": 30.0, "transliterated": 30.0}
"""95th percentile, at 200,000 clients in one area."""

_ASK = """INSERT INTO duplicate_checks (municipal_area_id, id, user_id, is_registration, checked_at,
    sought_forms, sought_from, sought_until) VALUES ($1, $2, $3, false, now(), $4, $5, $6)"""
_SOMEBODY = """SELECT id, given_name, family_name, birth_date FROM clients
WHERE municipal_area_id = $1 AND birth_date IS NOT NULL AND NOT is_restricted AND merged_into IS NULL
    AND id <> ALL ($2) ORDER BY md5(id::text) LIMIT $3"""
_OWN = "SELECT id, given_name, family_name, birth_date FROM clients WHERE id = ANY ($1) ORDER BY id"
_ANOTHER_SCHEME = (
    ("shch", "schtsch"), ("zh", "sch"), ("kh", "ch"), ("sh", "sch"), ("ts", "z"), ("ya", "ja"), ("yu", "ju"),
    ("y", "j"), ("v", "w"), ("z", "s"), ("ou", "u"), ("q", "k"),
)  # fmt: skip
"""From a scheme made for English to one made for German."""


@dataclass(frozen=True)
class Wanted:
    """Somebody who is looked for, under a name and with a birth date or year."""

    client_id: UUID
    name: str
    birth: Birth

    def body(self) -> dict[str, Any]:
        """Return what a check is asked with."""
        given, _, family = self.name.partition(" ")
        sent: dict[str, Any] = {"given_name": given, "family_name": family or given}
        if self.birth.first and self.birth.first == self.birth.last:
            sent["birth_date"] = self.birth.first.isoformat()
        return sent


@dataclass(frozen=True)
class Server:
    """The server under measurement, over a connection that adds as little as possible to its time."""

    connection: HTTPConnection
    token: str

    def connect(self) -> None:
        """Connect anew: a connection on which nothing was asked for some seconds is closed by the server."""
        self.connection.close()
        self.connection.connect()

    def ask(self, path: str, body: bytes) -> tuple[float, bytes]:
        """Send a question; return the seconds until its answer, and the answer."""
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        started = time.perf_counter()
        self.connection.request("POST", path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - started
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise SystemExit(f"{path}: {content.decode()}")
        return took, content


def respelt(name: str) -> str:
    """Return a name in another usual transliteration."""
    spelt = name.lower()
    for here, there in _ANOTHER_SCHEME:
        spelt = spelt.replace(here, there)
    return spelt.title()


def misspelt(name: str) -> str:
    """Return a name with two neighbours exchanged in its longest word."""
    longest = max(name.split(), key=len)
    at = Random(name).randrange(1, max(len(longest) - 1, 2))
    return name.replace(longest, longest[:at] + longest[at : at + 2][::-1] + longest[at + 2 :], 1)


SPELLINGS: dict[str, Callable[[str], str]] = {"exact": str, "misspelt": misspelt, "transliterated": respelt}


async def own_persons(admin: asyncpg.Connection, scene: Scene) -> list[asyncpg.Record]:
    """Return the persons of the measured user."""
    return list(await admin.fetch(_OWN, scene.clients))


async def measure_checks(
    installation: Installation, scene: Scene, port: int, token: Callable[[], str], clients: int
) -> list[dict[str, Any]]:
    """Measure and print the check for persons of the area whom the measured user does not see."""
    admin = await asyncpg.connect(installation.admin_url)
    try:
        user = await admin.fetchval("SELECT user_id FROM sessions WHERE id = $1", scene.session)
        own = await own_persons(admin, scene)
        others = await admin.fetch(_SOMEBODY, scene.area, scene.clients, QUESTIONS)
        measured = []
        for kind, spell in SPELLINGS.items():
            server = Server(HTTPConnection("127.0.0.1", port), token())
            seen = [_wanted(own[number % len(own)], spell) for number in range(QUESTIONS)]
            searched = found_by_name(server, seen)
            measured.append(_reported(f"search, {kind}, one at a time", kind, searched, clients))
            wanted = [_wanted(row, spell) for row in others]
            parts = {
                "answer": await answered(server, admin, user, wanted),
                "whole area": await told(installation, admin, scene, user, wanted),
            }
            for part, figures in parts.items():
                measured.append(_reported(f"duplicate check, {kind}, {part}", kind, figures, clients))
            server.connection.close()
        return measured
    finally:
        await admin.close()


def _wanted(row: asyncpg.Record, spell: Callable[[str], str]) -> Wanted:
    born: date = row["birth_date"]
    return Wanted(row["id"], spell(f"{row['given_name']} {row['family_name']}"), Birth.of(born))


def _reported(name: str, kind: str, figures: dict[str, float], clients: int) -> dict[str, Any]:
    limit = LIMITS_MS[kind]
    reported: dict[str, Any] = {
        "name": name,
        "ratio_to_floor": None,
        "connections": 1,
        **figures,
        "within_limit": figures["p95_ms"] <= limit,
    }
    print(f"{name:<44} p50 {figures['p50_ms']} ms   p95 {figures['p95_ms']} ms   (limit {limit:.0f} ms)")
    return reported | {"clients": clients, "role": "case_manager"}


def found_by_name(server: Server, wanted: Sequence[Wanted]) -> dict[str, float]:
    """Measure a search by name, and how often the person is among the first ten."""
    times, found = [], 0
    for each in wanted:
        took, answer = fastest(server, "/v1/clients/search?limit=10", {"name": each.name})
        times.append(took)
        found += str(each.client_id) in {item["id"] for item in orjson.loads(answer)["items"]}
    return shares(times, found / len(times))


async def answered(
    server: Server, admin: asyncpg.Connection, user: UUID, wanted: Iterable[Wanted]
) -> dict[str, float]:
    """Measure the answer to a check, in which only persons whom one sees can be."""
    times = []
    for number, each in enumerate(wanted):
        if number % PER_HOUR == 0:
            await admin.execute("DELETE FROM duplicate_checks WHERE user_id = $1", user)
        took, _ = fastest(server, "/v1/clients/duplicates", each.body())
        times.append(took)
    return shares(times, None)


async def told(
    installation: Installation, admin: asyncpg.Connection, scene: Scene, user: UUID, wanted: Sequence[Wanted]
) -> dict[str, float]:
    """Measure what the worker does with a check, and how often the person is among those it tells of."""
    await admin.execute("DELETE FROM duplicate_checks")
    pool = Database.connect(driver_url(installation.url("kim_worker")), pool_size=1)
    times, found = [], 0
    for each in wanted:
        forms = [form.stored() for form in forms_of([each.name])]
        took = []
        for _ in range(REPEATS):
            check = new_id()
            await admin.execute(_ASK, scene.area, check, user, forms, each.birth.first, each.birth.last)
            async with pool.transaction(System(scene.area)) as db:
                started = time.perf_counter()
                met = await found_elsewhere(db, check)
                took.append(time.perf_counter() - started)
            await admin.execute("DELETE FROM duplicate_checks")
        times.append(min(took))
        found += each.client_id in {client for client, _ in met}
    await pool.close()
    return shares(times, found / len(times))


def fastest(server: Server, path: str, body: dict[str, Any]) -> tuple[float, bytes]:
    """Ask `REPEATS` times; return the shortest time and the last answer."""
    times = []
    server.connect()
    for _ in range(REPEATS):
        took, answer = server.ask(path, orjson.dumps(body))
        times.append(took)
    return min(times), answer


def shares(times: Sequence[float], found: float | None) -> dict[str, float]:
    """Return median and 95th percentile of times, and how often somebody was found."""
    ordered = sorted(1000 * each for each in times)
    figures = {
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(0.95 * len(ordered))], 1),
    }
    return figures if found is None else figures | {"found": round(found, 4)}
