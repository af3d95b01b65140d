"""The demonstration from start to stop: prepare, load, tell where to go, serve, end everything."""

import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
from rich.console import Console

from app.demo.installation import Installation, prepare
from app.demo.loading import Loaded, Volume, load
from app.demo.publishing import publish_last_quarter
from app.identity.passwords import hash_password
from app.kit.embedded import EmbeddedServerError
from app.reference import load_reference
from app.settings import Settings

console = Console(stderr=True, highlight=False)

_REQUESTS = """  TOKEN=$(curl -s URL/v1/sessions -H 'Content-Type: application/json' -d 'BODY' \\
    | python3 -c 'import json,sys; print(json.load(sys.stdin)["access_token"])')
  curl -s "URL/v1/cases?limit=3" -H "Authorization: Bearer $TOKEN"
  curl -s URL/v1/clients/search -H "Authorization: Bearer $TOKEN" \\
    -H 'Content-Type: application/json' -d '{"name": "NAME"}'
"""
_IS_LOADED = "SELECT EXISTS (SELECT FROM clients)"
_HAS_RELEASE = "SELECT EXISTS (SELECT FROM releases)"
_A_NAME = """SELECT c.family_name FROM clients c
JOIN users u ON u.municipal_area_id = c.municipal_area_id AND u.id = c.created_by
JOIN accounts a ON a.id = u.account_id
WHERE a.email = $1 AND NOT c.is_restricted ORDER BY c.family_name DESC LIMIT 1"""


def run_demo(home: Path, *, port: int, clients: int, seed: int, reset: bool, only_load: bool) -> int:
    """Run the demonstration until ctrl-C; return the exit status."""
    if reset:
        shutil.rmtree(home / "postgres", ignore_errors=True)
        (home / "demo.json").unlink(missing_ok=True)
    if not only_load and not _is_free(port):
        console.print(f"Port {port} is taken. Choose another: KIM_PORT={port + 1} make demo")
        return 1
    try:
        console.print("Starting PostgreSQL ...")
        installation = prepare(home.absolute())
    except EmbeddedServerError as error:
        console.print(str(error))
        return 1
    try:
        settings = installation.settings(port=port, ops_port=_free_port())
        asyncio.run(_fill(installation, settings, clients=clients, seed=seed))
        _write_card(home, installation, settings)
        if only_load:
            return 0
        return asyncio.run(_serve(home, settings))
    except KeyboardInterrupt:
        return 0
    finally:
        installation.server.stop()
        console.print("Stopped.")


async def _fill(installation: Installation, settings: Settings, *, clients: int, seed: int) -> None:
    await load_reference(installation.url("kim_migrate"))
    if not await _ask(installation, _IS_LOADED):
        password = secrets.token_urlsafe(12)
        hashed = await hash_password(password)
        console.print(f"Loading {clients} clients ...")
        # Written before the data: what was interrupted between the two is loaded anew, with this password.
        _write_private(installation.home / "demo.json", {"password": password})
        result = await load(
            installation.admin_url,
            Volume.of(clients),
            seed=seed,
            password_hash=hashed,
            quiet=not sys.stderr.isatty(),
        )
        _remember(installation.home, result, password)
    elif "accounts" not in _card(installation.home):
        raise SystemExit("The data of an interrupted start have no accounts any more: make demo-reset")
    if not await _ask(installation, _HAS_RELEASE):
        console.print("Computing and publishing the release of the last quarter ...")
        password = _card(installation.home)["accounts"][0]["password"]
        await publish_last_quarter(settings, installation.admin_url, password)


async def _ask(installation: Installation, question: str, *arguments: str) -> Any:
    connection = await asyncpg.connect(installation.admin_url)
    try:
        return await connection.fetchval(question, *arguments)
    finally:
        await connection.close()


def _card(home: Path) -> dict[str, Any]:
    path = home / "demo.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _remember(home: Path, loaded: Loaded, password: str) -> None:
    accounts = [
        {
            "email": account.email,
            "password": password,
            "roles": list(account.roles),
            "unit": account.unit,
            "area": account.area,
        }
        for account in loaded.accounts
    ]
    _write_private(home / "demo.json", {"accounts": accounts})


def _write_card(home: Path, installation: Installation, settings: Settings) -> None:
    accounts = _card(home)["accounts"]
    manager = next(account for account in accounts if "case_manager" in account["roles"])
    card = {
        "base_url": settings.public_url,
        "database_url": installation.url("kim_app"),
        "accounts": accounts,
        "search_for": asyncio.run(_ask(installation, _A_NAME, manager["email"])),
    }
    _write_private(home / "demo.json", card)


def _write_private(path: Path, content: Mapping[str, object]) -> None:
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=2, ensure_ascii=False)
    beside.replace(path)


async def _serve(home: Path, settings: Settings) -> int:
    environment = os.environ | {
        "KIM_DATABASE_URL": settings.database_url.get_secret_value(),
        "KIM_WORKER_DATABASE_URL": _secret(settings.worker_database_url),
        "KIM_REPORTING_DATABASE_URL": _secret(settings.reporting_database_url),
        "KIM_SIGNING_KEY_FILE": str(settings.signing_key_file),
        "KIM_PORT": str(settings.port),
        "KIM_OPS_PORT": str(settings.ops_port),
        "KIM_PUBLIC_URL": settings.public_url,
        "KIM_LOG_LEVEL": "WARNING",
    }
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.cli", command, env=environment, start_new_session=True
        )
        for command in ("serve", "worker")
    ]
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    ends = [asyncio.create_task(process.wait()) for process in processes]
    ready = asyncio.create_task(_answers(settings.port))
    stop = asyncio.create_task(stopped.wait())
    await asyncio.wait([ready, stop, *ends], return_when=asyncio.FIRST_COMPLETED)
    if ready.done() and not stopped.is_set():
        _tell(home, settings)
        await asyncio.wait([stop, *ends], return_when=asyncio.FIRST_COMPLETED)
    failed = not stopped.is_set()
    for process in processes:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
    await asyncio.gather(*ends)
    ready.cancel()
    stop.cancel()
    if failed:
        console.print("A process ended by itself; its last words are above.")
    return int(failed)


async def _answers(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


def _tell(home: Path, settings: Settings) -> None:
    card = _card(home)
    accounts = card["accounts"]
    shown: dict[str, dict[str, str]] = {}
    for account in accounts:
        shown.setdefault(account["roles"][0], account)
    url = settings.public_url
    console.print(f"\n[bold]KIM is at {url}[/bold]   documentation: {url}/docs\n")
    for role, account in sorted(shown.items()):
        console.print(f"  {role:<18} {account['email']:<36} {account['unit']}", soft_wrap=True)
    password, file = accounts[0]["password"], home / "demo.json"
    console.print(f"\n  Password of every account: {password}   (all {len(accounts)} in {file})")
    manager = shown["case_manager"]
    body = json.dumps({"email": manager["email"], "password": manager["password"]})
    console.print("\nThree requests to try:\n", soft_wrap=True)
    for line in (
        _REQUESTS.replace("URL", url).replace("BODY", body).replace("NAME", card["search_for"]).splitlines()
    ):
        print(line, file=sys.stderr)  # noqa: T201 - to be copied as it stands, without wrapping
    console.print("\nctrl-C stops everything; the data stay. `make demo-reset` begins anew.")


def _secret(value: object) -> str:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else ""


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
