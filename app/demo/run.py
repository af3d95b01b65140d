"""The demonstration from start to stop: prepare, load, tell where to go, serve, end everything."""

import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import asyncpg
from rich.console import Console

from app.demo.card import entries, is_unfinished, read_card, throw_away, write_card
from app.demo.claim import Claimed, claim
from app.demo.filing import file_documents
from app.demo.installation import Installation, prepare
from app.demo.loading import Volume, load
from app.demo.publishing import publish_last_quarter
from app.demo.serving import serve_until_stopped
from app.identity.passwords import hash_password
from app.kit.embedded import EmbeddedServer, EmbeddedServerError
from app.reference import load_reference
from app.run import taken
from app.settings import Settings

console = Console(stderr=True, highlight=False)

_REQUESTS = """  TOKEN=$(curl -s URL/v1/sessions -H 'Content-Type: application/json' -d 'BODY' \\
    | python3 -c 'import json,sys; print(json.load(sys.stdin)["access_token"])')
  curl -s "URL/v1/cases?limit=3" -H "Authorization: Bearer $TOKEN"
  curl -s URL/v1/clients/search -H "Authorization: Bearer $TOKEN" \\
    -H 'Content-Type: application/json' -d '{"name": "NAME"}'
"""
_IS_LOADED = "SELECT EXISTS (SELECT FROM clients)"
_HAS_DOCUMENTS = "SELECT EXISTS (SELECT FROM documents)"
_HAS_RELEASE = "SELECT EXISTS (SELECT FROM releases)"
_A_NAME = """SELECT c.family_name FROM clients c
JOIN users u ON u.municipal_area_id = c.municipal_area_id AND u.id = c.created_by
JOIN accounts a ON a.id = u.account_id
WHERE a.email = $1 AND NOT c.is_restricted ORDER BY c.family_name DESC LIMIT 1"""
_REFUSED = 1


def run_demo(home: Path, *, port: int, clients: int, seed: int, reset: bool, only_load: bool) -> int:
    """Run the demonstration until ctrl-C; return the exit status."""
    home = home.absolute()
    try:
        with _endings_as_interrupts(), claim(home) as lock:
            return _run(home, lock, port=port, clients=clients, seed=seed, reset=reset, only_load=only_load)
    except KeyboardInterrupt:
        return 0
    except (Claimed, EmbeddedServerError) as error:
        console.print(str(error), soft_wrap=True)
        return _REFUSED


def _run(home: Path, lock: int, *, port: int, clients: int, seed: int, reset: bool, only_load: bool) -> int:
    if not only_load and (sentence := taken("127.0.0.1", port, "KIM_PORT")):
        console.print(f"{sentence} For example: KIM_PORT={_next(port)} make demo", soft_wrap=True)
        return _REFUSED
    if reset:
        _throw_away(home)
    elif is_unfinished(home):
        console.print("The last start was interrupted before everything was there: beginning anew.")
        _throw_away(home)
    console.print("Starting PostgreSQL ...")
    installation = prepare(home)
    try:
        settings = installation.settings(port=port, ops_port=_free_port())
        asyncio.run(_fill(installation, settings, clients=clients, seed=seed))
        _complete_card(installation, settings)
        if only_load or asyncio.run(_serve(home, settings, lock)):
            return 0
        console.print("A process ended by itself; its last words are above.")
        return _REFUSED
    finally:
        installation.server.stop()
        console.print("Stopped.")


async def _serve(home: Path, settings: Settings, lock: int) -> bool:
    return await serve_until_stopped(settings, lock, os.environ, lambda: _tell(home, settings))


@contextmanager
def _endings_as_interrupts() -> Iterator[None]:
    """Treat SIGTERM and a closed terminal like ctrl-C, so that the database is stopped."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {sign: signal.signal(sign, interrupt) for sign in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _throw_away(home: Path) -> None:
    """Remove the data; a server that a killed demonstration has left is stopped first."""
    if (home / "postgres").exists():
        if not EmbeddedServer(home / "postgres").stop():
            raise EmbeddedServerError(f"Another process uses the database in {home}: end it first.")
        shutil.rmtree(home / "postgres")
        shutil.rmtree(home / "documents", ignore_errors=True)
    throw_away(home)


async def _fill(installation: Installation, settings: Settings, *, clients: int, seed: int) -> None:
    home = installation.home
    await load_reference(installation.url("kim_migrate"))
    if not await _ask(installation, _IS_LOADED):
        password = secrets.token_urlsafe(12)
        hashed = await hash_password(password)
        console.print(f"Loading {clients} clients ...")
        # Written before the data: what was interrupted between the two is loaded anew, with this password.
        write_card(home, {"password": password})
        loaded = await load(
            installation.admin_url,
            Volume.of(clients),
            seed=seed,
            password_hash=hashed,
            quiet=not sys.stderr.isatty(),
        )
        write_card(home, {"accounts": entries(loaded.accounts, password)})
    elif "accounts" not in read_card(home):
        raise SystemExit("The data of an interrupted start have no accounts any more: make demo-reset")
    if not await _ask(installation, _HAS_DOCUMENTS):
        console.print("Writing letters and filing documents ...")
        password = read_card(home)["accounts"][0]["password"]
        await file_documents(settings, installation.admin_url, password)
    if not await _ask(installation, _HAS_RELEASE):
        console.print("Computing and publishing the release of the last quarter ...")
        password = read_card(home)["accounts"][0]["password"]
        await publish_last_quarter(settings, installation.admin_url, password)


async def _ask(installation: Installation, question: str, *arguments: str) -> Any:
    connection = await asyncpg.connect(installation.admin_url)
    try:
        return await connection.fetchval(question, *arguments)
    finally:
        await connection.close()


def _complete_card(installation: Installation, settings: Settings) -> None:
    accounts = read_card(installation.home)["accounts"]
    manager = next(account for account in accounts if "case_manager" in account["roles"])
    card = {
        "base_url": settings.public_url,
        "database_url": installation.url("kim_app"),
        "accounts": accounts,
        "search_for": asyncio.run(_ask(installation, _A_NAME, manager["email"])),
    }
    write_card(installation.home, card)


def _tell(home: Path, settings: Settings) -> None:
    card = read_card(home)
    accounts = card["accounts"]
    shown: dict[str, dict[str, str]] = {}
    for account in accounts:
        shown.setdefault(account["roles"][0], account)
    url = settings.public_url
    console.print(f"\n[bold]KIM is at {url}[/bold]   documentation: {url}/docs\n")
    for role, account in sorted(shown.items()):
        console.print(f"  {role:<18} {account['email']:<36} {account['unit']}", soft_wrap=True)
    password, file = accounts[0]["password"], home / "demo.json"
    console.print(
        f"\n  Password of every account: {password}   (all {len(accounts)} in {file})", soft_wrap=True
    )
    manager = shown["case_manager"]
    body = json.dumps({"email": manager["email"], "password": manager["password"]})
    console.print("\nThree requests to try:\n", soft_wrap=True)
    filled = _REQUESTS.replace("URL", url).replace("BODY", body).replace("NAME", card["search_for"])
    print(filled, file=sys.stderr)  # noqa: T201 - to be copied as it stands, without wrapping
    console.print("ctrl-C stops everything; the data stay. `make demo-reset` begins anew.")


def _next(port: int) -> int:
    return port + 1 if port < 65535 else 8000


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
