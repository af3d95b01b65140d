"""`python -m bench`: the application beside the floor, in turns, as a case manager at volume."""

import argparse
import asyncio
import json
import os
import statistics
import sys
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from app.demo.installation import Installation
from app.kit.clock import utc_now
from bench import working_day
from bench.checking import measure_checks, own_persons
from bench.feeding import measure_feed
from bench.load import load_apart, request
from bench.plans import check_plans
from bench.scene import Scene, database, load_volume, set_scene
from bench.serving import environment_of, free_port, running, token_of
from bench.unlocked import compare_locks

NOTE = "Rückruf zur Messung."
CONTACT = {"contact_type": "phone", "minutes": 10, "interpreter": "none", "note": NOTE}
CONNECTIONS = 16
ROUNDS = 5


def main() -> None:
    """Measure and print; write var/bench.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each turn")
    parser.add_argument("--home", type=Path, default=Path("var/bench"))
    parser.add_argument("--output", type=Path, default=Path("var/bench.json"))
    given = parser.parse_args()
    installation = database(given.home.absolute(), given.clients)
    try:
        figures = asyncio.run(_measure(installation, given.clients, given.seconds))
    finally:
        installation.server.stop()
    given.output.write_text(json.dumps(figures, indent=2))


async def _measure(installation: Installation, clients: int, seconds: float) -> list[dict[str, Any]]:
    await load_volume(installation, clients)
    scene = await set_scene(installation)
    await working_day.furnish(installation.admin_url, scene)
    await check_plans(installation, scene)
    locks = await compare_locks(installation, scene, clients)
    admin = await asyncpg.connect(installation.admin_url)
    persons = await own_persons(admin, scene)
    await admin.close()
    cursor = await working_day.cursor_before_some_changes(installation.admin_url, scene)
    app_port, floor_port = free_port(), free_port()
    settings = installation.settings(port=app_port)
    environment = os.environ | environment_of(settings)
    token = partial(token_of, settings, scene.account, scene.session)
    app = [sys.executable, "-m", "app.cli", "serve"]
    floor = [sys.executable, "-m", "bench.floor", str(floor_port), str(scene.session)]
    with running(app, app_port, environment) as server, running(floor, floor_port, environment):
        # What is written comes last: the day is measured on the cases as they are, not on what this adds.
        day = [
            _alone(name, requests, app_port, token(), seconds, clients)
            for name, requests in working_day.operations(scene, cursor, persons).items()
        ]
        checks = await measure_checks(installation, scene, app_port, token, clients)
        fed = await measure_feed(
            installation, scene, (server, app_port), partial(token_of, settings), clients
        )
        compared = [
            _compare(name, requests, app_port, floor_port, token(), seconds, clients)
            for name, requests in _operations(scene).items()
        ]
        await working_day.take_back(installation.admin_url, NOTE)
        return [*compared, *day, *checks, *fed, *locks]


def _operations(scene: Scene) -> dict[str, list[tuple[str, str, bytes]]]:
    body = orjson.dumps(CONTACT | {"happened_at": utc_now().isoformat()})
    return {
        "list": [("GET", "/v1/cases?limit=50", b"")],
        "one": [("GET", f"/v1/cases/{case}", b"") for case in scene.cases],
        "create": [("POST", f"/v1/cases/{case}/contacts", body) for case in scene.cases],
    }


def _compare(
    name: str,
    requests: list[tuple[str, str, bytes]],
    app_port: int,
    floor_port: int,
    token: str,
    seconds: float,
    clients: int,
) -> dict[str, Any]:
    ours = [request(method, path, token=token, body=body) for method, path, body in requests]
    bare = [request(method, path, token=None, body=body) for method, path, body in requests]
    turns = [
        (load_apart(app_port, ours, seconds, CONNECTIONS), load_apart(floor_port, bare, seconds, CONNECTIONS))
        for _ in range(ROUNDS)
    ]
    faults = sum(app["faults"] + floor["faults"] for app, floor in turns)
    if faults:
        raise SystemExit(f"{name}: {faults:.0f} answers were no success")
    ratio = statistics.median(app["rate"] / floor["rate"] for app, floor in turns)
    figures = {
        "name": name,
        "ratio_to_floor": round(ratio, 3),
        "p50_ms": round(statistics.median(app["p50_ms"] for app, _ in turns), 2),
        "p95_ms": round(statistics.median(app["p95_ms"] for app, _ in turns), 2),
        "per_second": round(statistics.median(app["rate"] for app, _ in turns)),
        "floor_per_second": round(statistics.median(floor["rate"] for _, floor in turns)),
        "clients": clients,
        "role": "case_manager",
    }
    print(
        f"{name:<8} {figures['per_second']:>6}/s   floor {figures['floor_per_second']:>6}/s"
        f"   ratio {ratio:.2f}   p50 {figures['p50_ms']} ms   p95 {figures['p95_ms']} ms"
    )
    return figures


def _alone(
    name: str, requests: list[tuple[str, str, bytes]], port: int, token: str, seconds: float, clients: int
) -> dict[str, Any]:
    sent = [request(method, path, token=token, body=body) for method, path, body in requests]
    turns = [load_apart(port, sent, seconds, working_day.CONNECTIONS) for _ in range(ROUNDS)]
    if any(turn["faults"] for turn in turns):
        raise SystemExit(f"{name}: some answers were no success")
    p95 = statistics.median(turn["p95_ms"] for turn in turns)
    figures = {
        "name": name,
        "ratio_to_floor": None,
        "connections": working_day.CONNECTIONS,
        "p50_ms": round(statistics.median(turn["p50_ms"] for turn in turns), 2),
        "p95_ms": round(p95, 2),
        "within_limit": p95 < working_day.LIMIT_MS,
        "per_second": round(statistics.median(turn["rate"] for turn in turns)),
        "clients": clients,
        "role": "case_manager",
    }
    print(
        f"{name:<22} {figures['per_second']:>6}/s   p50 {figures['p50_ms']} ms   p95 {figures['p95_ms']} ms"
        f"   (limit {working_day.LIMIT_MS:.0f} ms, {working_day.CONNECTIONS} connections)"
    )
    return figures


if __name__ == "__main__":
    main()
