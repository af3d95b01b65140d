"""A partner's feed at volume: 10,000 open referrals of one institution, and as many that have ended.

Whole requests over one connection, page after page, as a program pulls them; and the statement alone, in
processor time of the database. `python -m bench.feeding` measures this without the rest.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from app.demo.installation import Installation
from app.kit.catching_up import NOTHING, NOWHERE
from app.kit.clock import utc_now
from app.kit.ids import new_id
from app.referrals.partner_feed import CHANGED, OPEN
from bench.checking import shares
from bench.scene import Scene, database, load_volume, set_scene
from bench.serving import environment_of, free_port, running, token_of
from bench.unlocked import processor_ms

OPEN_REFERRALS = 10_000
PAGE = 200
PASSES = 4
LIMIT_MS = 30.0
"""95th percentile of a page, as a whole request."""

_NAME = "Jobcenter der Messung"
_MADE = "SELECT id FROM institutions WHERE municipal_area_id = $1 AND name = $2"
_INSTITUTION = """INSERT INTO institutions (municipal_area_id, id, name, institution_type, on_platform)
VALUES ($1, $2, $3, 'jobcenter', true)"""
_PARTNER = """WITH account AS (INSERT INTO accounts (id, email)
    VALUES ($2::uuid, $2::uuid || '@kim.example')),
someone AS (INSERT INTO users (municipal_area_id, id, account_id, display_name)
    VALUES ($1, $3, $2, 'Messung')),
session AS (INSERT INTO sessions (id, municipal_area_id, account_id, user_id, expires_at)
    VALUES ($4, $1, $2, $3, now() + interval '1 day'))
INSERT INTO memberships (municipal_area_id, id, user_id, role, institution_id)
VALUES ($1, $5, $3, 'partner_user', $6)"""
_REFERRALS = """INSERT INTO referral_requests (municipal_area_id, id, institution_id, unit_id,
    client_pseudonym, channel, urgency, state, delivery, requested_at, deadline_at, answer_days)
SELECT $1, gen_random_uuid(), $2, (SELECT u.id FROM units u WHERE u.municipal_area_id = $1 LIMIT 1),
    gen_random_uuid(), 'platform', 'normal', $3, 'offered', now(), now() + interval '14 days', 14
FROM generate_series(1, $4::int)"""
_PACKAGES = """INSERT INTO referral_packages (municipal_area_id, id, institution_id, is_on_platform, content,
    sha256, frozen_at, readable_until)
SELECT municipal_area_id, id, institution_id, true, json_build_object(
        'concern', json_build_object('code', NULL, 'text', repeat('Klärung der Leistungen. ', 8)),
        'data', json_build_object('contact', repeat('x', 600)), 'disputed', json_build_object())::text,
    repeat('0', 64), now(), now() + interval '1 year'
FROM referral_requests WHERE institution_id = $1"""


@dataclass(frozen=True)
class Partner:
    """Who pulls, for which institution."""

    account: UUID
    session: UUID
    institution: UUID


async def furnish(admin: asyncpg.Connection, scene: Scene) -> Partner:
    """Put the referrals before the institution, once, and let somebody new sign in there."""
    institution = await admin.fetchval(_MADE, scene.area, _NAME)
    if institution is None:
        institution = new_id()
        async with admin.transaction():
            await admin.execute(_INSTITUTION, scene.area, institution, _NAME)
            for state in ("completed", "requested"):
                await admin.execute(_REFERRALS, scene.area, institution, state, OPEN_REFERRALS)
            await admin.execute(_PACKAGES, institution)
        await admin.execute("VACUUM ANALYZE referral_requests, referral_packages")
    account, user, session = new_id(), new_id(), new_id()
    await admin.execute(_PARTNER, scene.area, account, user, session, new_id(), institution)
    return Partner(account, session, institution)


async def measure_feed(
    installation: Installation,
    scene: Scene,
    server: tuple[int, int],
    token: Callable[[UUID, UUID], str],
    clients: int,
) -> list[dict[str, Any]]:
    """Measure and print a page of the feed and of the list, and the statement behind it.

    `server` is the process that serves, and its port.
    """
    admin = await asyncpg.connect(installation.admin_url)
    try:
        partner = await furnish(admin, scene)
        found = []
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server[1]}") as http:
            http.headers["authorization"] = f"Bearer {token(partner.account, partner.session)}"
            begun = _server_seconds(server[0])
            times, cursor = await _pulled(http)
            each = (_server_seconds(server[0]) - begun) / len(times)
            name = "a partner's feed, processor time of the application for a page"
            found.append(_reported(name, [each], clients))
            found.append(_reported("a partner's feed, a page of everything open", times, clients))
            found.append(
                _reported(
                    "a partner's feed, a page of what changed",
                    await _changed(admin, http, partner, cursor),
                    clients,
                )
            )
            found.append(_reported("a partner's list, a page", await _listed(http), clients))
        found += await _statements(installation, partner, clients)
        return found
    finally:
        await admin.close()


async def _took(http: httpx.AsyncClient, **query: Any) -> tuple[float, dict[str, Any]]:
    started = time.perf_counter()
    answer = await http.get("/v1/partner/referrals", params={"limit": PAGE, **query})
    took = time.perf_counter() - started
    body: dict[str, Any] = answer.raise_for_status().json()
    return took, body


async def _pulled(http: httpx.AsyncClient) -> tuple[list[float], str]:
    """Pull everything open some times over; return what each page took, and the last cursor."""
    times, cursor = [], ""
    for _ in range(PASSES):
        cursor, told, more = "", 0, True
        while more:
            took, body = await _took(http, since=cursor)
            times.append(took)
            cursor, more, told = body["next"], body["more"], told + len(body["items"])
        if told != OPEN_REFERRALS:
            raise SystemExit(f"the feed told {told} of {OPEN_REFERRALS} referrals")
    return times, cursor


async def _changed(
    admin: asyncpg.Connection, http: httpx.AsyncClient, partner: Partner, cursor: str
) -> list[float]:
    """Change everything open at once and pull that."""
    await admin.execute(
        "UPDATE referral_requests SET urgency = urgency WHERE institution_id = $1 AND state = 'requested'",
        partner.institution,
    )
    await admin.execute("VACUUM ANALYZE referral_requests")
    times, more = [], True
    while more:
        took, body = await _took(http, since=cursor)
        times.append(took)
        cursor, more = body["next"], body["more"]
    return times


async def _listed(http: httpx.AsyncClient) -> list[float]:
    times: list[float] = []
    cursor: dict[str, str] = {}
    for _ in range(OPEN_REFERRALS // PAGE):
        took, body = await _took(http, **cursor)
        times.append(took)
        cursor = {"cursor": body["next"]}
    return times


async def _statements(installation: Installation, partner: Partner, clients: int) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(installation.url("kim_app"), max_cacheable_statement_size=0)
    try:
        return [
            _reported(
                f"a partner's feed, the statement for {name}, processor time",
                [await _processor(connection, partner, sql) for _ in range(100)][10:],
                clients,
            )
            for name, sql in (("everything open", OPEN), ("what changed", CHANGED))
        ]
    finally:
        await connection.close()


async def _processor(connection: asyncpg.Connection, partner: Partner, sql: str) -> float:
    clock = partial(processor_ms, connection.get_server_pid())
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.fetchrow(
            "SELECT * FROM open_session($1, $2, $3)", partner.session, ["partner_user"], "bench"
        )
        started = clock()
        page = [[partner.institution], "0", NOWHERE, PAGE, utc_now(), None, NOTHING.snapshot]
        await connection.fetch(sql, *page)
        return (clock() - started) / 1000
    finally:
        await transaction.rollback()


def _server_seconds(pid: int) -> float:
    """Return the processor time of a process: other work on the machine does not count in it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _reported(name: str, times: list[float], clients: int) -> dict[str, Any]:
    figures = shares(times, None)
    print(f"{name:<70} p50 {figures['p50_ms']} ms   p95 {figures['p95_ms']} ms   (limit {LIMIT_MS:.0f} ms)")
    return {
        "name": name,
        "ratio_to_floor": None,
        "connections": 1,
        **figures,
        "within_limit": figures["p95_ms"] <= LIMIT_MS,
        "clients": clients,
        "role": "partner_user",
    }


def main() -> None:
    """Measure the feed alone, beside a database of the asked volume."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200_000)
    parser.add_argument("--home", type=Path, default=Path("var/bench"))
    given = parser.parse_args()
    installation = database(given.home.absolute(), given.clients)
    try:
        asyncio.run(_measure(installation, given.clients))
    finally:
        installation.server.stop()


async def _measure(installation: Installation, clients: int) -> None:
    await load_volume(installation, clients)
    scene, port = await set_scene(installation), free_port()
    settings = installation.settings(port=port)
    command = [sys.executable, "-m", "app.cli", "serve"]
    with running(command, port, os.environ | environment_of(settings)) as server:
        await measure_feed(installation, scene, (server, port), partial(token_of, settings), clients)


if __name__ == "__main__":
    main()
