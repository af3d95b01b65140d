"""A release of one area with a million barrier reports, computed by the worker while people work.

Run as `python -m bench.release [QUARTER...]`: how long the worker takes, on how much processor and memory,
alone, on a busy day, and beside people who ask without a pause; and how much slower the API answers them
meanwhile. The first run loads the volume, which takes a quarter of an hour. Releases go forward only: name
the quarters in their order; a run forgets those before it.
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx

from app.demo.installation import Installation, prepare
from app.demo.loading import Volume, load, quarters_until
from app.kit.clock import local_date, utc_now
from app.kit.ids import new_id
from app.reference import load_reference
from bench.load import load_apart, request
from bench.scene import Scene, set_scene
from bench.serving import environment_of, free_port, running, started, token_of

CLIENTS, REPORTS_PER_CLIENT = 200_000, 5.3
LOADS = (("100 requests a second", 16, 100.0), ("4 who ask without a pause", 4, 0.0))
"""Connections and requests a second. The first is a busy day of an area of this size: 500 case managers, one
request of each in five seconds. The second takes all that the processors have."""
SECONDS = 2.0
"""Of each turn of the load."""
ROUNDS = 5
SLOWER_AT_MOST = 1.5
PATIENCE = 300.0

_COORDINATOR = """SELECT m.user_id, u.account_id FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
WHERE m.municipal_area_id = $1 AND m.role = 'coordinator' LIMIT 1"""
_SESSION = """INSERT INTO sessions (id, municipal_area_id, account_id, user_id, expires_at)
VALUES ($1, $2, $3, $4, now() + interval '1 day')"""
_FORGET = "TRUNCATE releases, outbox CASCADE"
_VOLUME = """SELECT count(*) AS reports,
    count(*) FILTER (WHERE to_char(reported_on, 'YYYY') = $2) AS of_the_year
FROM barrier_reports WHERE municipal_area_id = $1"""
_STATE = "SELECT state, refusal FROM releases WHERE id = $1"
_TOLD = """SELECT count(DISTINCT table_name) AS tables, count(*) AS cells,
    count(*) FILTER (WHERE status = 'suppressed') AS hidden FROM release_cells WHERE release_id = $1"""


@dataclass
class Watched:
    """Processor time and memory of a process and its children, the ended ones included."""

    root: int
    seconds: dict[int, float] = field(default_factory=dict)
    peak_mib: dict[int, float] = field(default_factory=dict)

    def look(self) -> None:
        """Take the figures of all that run now."""
        for process in (self.root, *_children(self.root)):
            try:
                ticks = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
                status = Path(f"/proc/{process}/status").read_text()
            except OSError:
                continue
            self.seconds[process] = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
            if "VmHWM:" in status:
                self.peak_mib[process] = int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Load what is missing, measure each quarter, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("quarters", nargs="*", help="which ended; the last one when none is named")
    parser.add_argument("--home", type=Path, default=Path("var/bench"))
    given = parser.parse_args()
    home = given.home.absolute() / f"reports-{CLIENTS}"
    installation = prepare(home, settings={"shared_buffers": "1GB", "max_wal_size": "4GB"})
    try:
        asyncio.run(_measure(installation, given.quarters))
    finally:
        installation.server.stop()


async def _measure(installation: Installation, quarters: list[str]) -> None:
    await _load_volume(installation)
    scene = await set_scene(installation)
    admin = await asyncpg.connect(installation.admin_url)
    await admin.execute(_FORGET)
    user, account = await admin.fetchrow(_COORDINATOR, scene.area)
    session = new_id()
    await admin.execute(_SESSION, session, scene.area, account, user)
    settings = installation.settings(port=free_port())
    environment = os.environ | environment_of(settings)
    serve = [sys.executable, "-m", "app.cli", "serve"]
    work = [sys.executable, "-m", "app.cli", "worker"]
    with running(serve, settings.port, environment), started(work, environment) as worker:
        async with httpx.AsyncClient(base_url=settings.public_url) as http:
            for quarter in quarters or [quarters_until(local_date(utc_now()), 1)[0][0]]:
                http.headers["authorization"] = f"Bearer {token_of(settings, account, session)}"
                people = _requests(scene, token_of(settings, scene.account, scene.session))
                loads = [Load(settings.port, people, *each) for each in LOADS]
                await _release(http, admin, scene.area, quarter, loads, Watched(worker))


async def _load_volume(installation: Installation) -> None:
    marker = installation.home / "volume.json"
    if marker.exists():
        return
    await load_reference(installation.url("kim_migrate"))
    volume = Volume(CLIENTS, cases_per_client=1.0, reports_per_client=REPORTS_PER_CLIENT)
    await load(installation.admin_url, volume, seed=1, password_hash="none")  # noqa: S106 - nobody signs in
    marker.write_text("loaded")


def _requests(scene: Scene, token: str) -> list[bytes]:
    """Return what case managers ask for all day: one's own list, and case after case."""
    paths = [path for case in scene.cases for path in ("/v1/cases?limit=50", f"/v1/cases/{case}")]
    return [request("GET", path, token=token) for path in paths]


@dataclass(frozen=True)
class Load:
    """What people ask for, over a few connections."""

    port: int
    requests: list[bytes]
    words: str
    connections: int
    rate: float

    async def turn(self) -> dict[str, float]:
        """Ask for a while; return the figures."""
        found = await asyncio.to_thread(
            load_apart, self.port, self.requests, SECONDS, self.connections, self.rate
        )
        if found["faults"]:
            raise SystemExit(f"{found['faults']:.0f} answers were no success")
        return found


async def _release(
    http: httpx.AsyncClient,
    admin: asyncpg.Connection,
    area: str,
    quarter: str,
    loads: list[Load],
    watched: Watched,
) -> None:
    alone = await _asked(http, admin, quarter, watched)
    took = await alone.computed
    volume = await admin.fetchrow(_VOLUME, area, quarter[:4])
    told = await admin.fetchrow(_TOLD, alone.release)
    print(
        f"{quarter} of {volume['reports']} reports, {volume['of_the_year']} in its year: {took.state}; "
        f"{told['tables']} tables, {told['cells']} cells, {told['hidden']} not told"
    )
    print(f"  alone: {took}")
    for each in loads:
        await admin.execute(_FORGET)
        await _beside(http, admin, quarter, each, watched)


async def _beside(
    http: httpx.AsyncClient, admin: asyncpg.Connection, quarter: str, load: Load, watched: Watched
) -> None:
    before = [await load.turn() for _ in range(ROUNDS)]
    asked = await _asked(http, admin, quarter, watched)
    beside = []
    while not asked.computed.done():
        beside.append(await load.turn())
    print(f"  beside {load.words}: {await asked.computed}")
    after = [await load.turn() for _ in range(ROUNDS)]
    for name in ("p50_ms", "p95_ms"):
        quiet, busy = (
            statistics.median(turn[name] for turn in turns) for turns in ([*before, *after], beside)
        )
        print(f"  API {name}: {quiet:.1f}, beside it {busy:.1f}: {busy / quiet:.2f} (limit {SLOWER_AT_MOST})")
    await _discard(http, asked.release)


@dataclass(frozen=True)
class Took:
    """What a release came to, and what it took."""

    state: str
    seconds: float
    of_one_core: float
    mib: float

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.seconds:.1f} s, {self.of_one_core:.1f} s of one core, {self.mib:.0f} MiB"


@dataclass(frozen=True)
class Asked:
    """A release that somebody asked for."""

    release: UUID
    computed: asyncio.Task[Took]


async def _asked(http: httpx.AsyncClient, admin: asyncpg.Connection, quarter: str, watched: Watched) -> Asked:
    watched.look()
    answer = await http.post("/v1/releases", json={"quarter": quarter})
    release = UUID(answer.raise_for_status().json()["id"])
    return Asked(release, asyncio.create_task(_computed(admin, release, watched)))


async def _discard(http: httpx.AsyncClient, release: UUID) -> None:
    """Make room for the next one."""
    path = f"/v1/releases/{release}"
    version = (await http.get(path)).raise_for_status().headers["etag"]
    (await http.post(f"{path}/discard", headers={"If-Match": version})).raise_for_status()


async def _computed(admin: asyncpg.Connection, release: UUID, watched: Watched) -> Took:
    """Wait until the worker is done; return what came of it."""
    begun, spent = time.perf_counter(), sum(watched.seconds.values())
    watched.peak_mib.clear()
    while time.perf_counter() < begun + PATIENCE:
        watched.look()
        row = await admin.fetchrow(_STATE, release)
        if row["state"] != "requested":
            seconds = time.perf_counter() - begun
            spent = sum(watched.seconds.values()) - spent
            return Took(row["refusal"] or row["state"], seconds, spent, sum(watched.peak_mib.values()))
        await asyncio.sleep(0.2)
    raise SystemExit("no release in the time there is")


def _children(process: int) -> Iterator[int]:
    for each in Path("/proc").glob(f"{process}/task/*/children"):
        for child in map(int, each.read_text().split()):
            yield child
            yield from _children(child)


if __name__ == "__main__":
    main()
