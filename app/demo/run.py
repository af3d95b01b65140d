"""The demonstration from start to stop: prepare, load, tell where to go, serve, end everything."""

import asyncio
import json
import os
import shutil
import socket
import sys
from pathlib import Path

from rich.console import Console

from app.demo.card import is_unfinished, read_card, throw_away, write_card
from app.demo.claim import Claimed, claim
from app.demo.endings import Endings
from app.demo.filling import ask, fill
from app.demo.installation import Installation, prepare
from app.demo.serving import serve_until_stopped
from app.kit.embedded import EmbeddedServer, EmbeddedServerError
from app.kit.migrating import SchemaDiffers
from app.kit.process import taken
from app.settings import Settings

console = Console(stderr=True, highlight=False)

_REQUESTS = """  TOKEN=$(curl -s URL/v1/sessions -H 'Content-Type: application/json' -d 'BODY' \\
    | python3 -c 'import json,sys; print(json.load(sys.stdin)["access_token"])')
  curl -s "URL/v1/cases?limit=3" -H "Authorization: Bearer $TOKEN"
  curl -s URL/v1/clients/search -H "Authorization: Bearer $TOKEN" \\
    -H 'Content-Type: application/json' -d '{"name": "NAME"}'
"""
_A_NAME = """SELECT c.family_name FROM clients c
JOIN users u ON u.municipal_area_id = c.municipal_area_id AND u.id = c.created_by
JOIN accounts a ON a.id = u.account_id
WHERE a.email = $1 AND NOT c.is_restricted ORDER BY c.family_name DESC LIMIT 1"""
_REFUSED = 1


def run_demo(home: Path, *, port: int, clients: int, seed: int, reset: bool, only_load: bool) -> int:
    """Run the demonstration until ctrl-C; return the exit status."""
    home = home.absolute()
    try:
        with Endings() as endings, claim(home) as lock:
            if (refusal := _prepare_home(home, port=port, reset=reset, only_load=only_load)) is not None:
                return refusal
            return _run(home, lock, endings, port=port, clients=clients, seed=seed, only_load=only_load)
    except KeyboardInterrupt:
        return 0
    except (Claimed, EmbeddedServerError) as error:
        console.print(str(error), soft_wrap=True)
        return _REFUSED
    except SchemaDiffers as error:
        console.print(f"{error} `make demo-reset` makes one and throws the data away.", soft_wrap=True)
        return _REFUSED


def _prepare_home(home: Path, *, port: int, reset: bool, only_load: bool) -> int | None:
    if not only_load and (sentence := taken("127.0.0.1", port, "KIM_PORT")):
        console.print(f"{sentence} For example: KIM_PORT={_next(port)} make demo", soft_wrap=True)
        return _REFUSED
    if reset:
        _throw_away(home)
    elif is_unfinished(home):
        console.print("The last start was interrupted before everything was there: beginning anew.")
        _throw_away(home)
    return None


def _run(
    home: Path, lock: int, endings: Endings, *, port: int, clients: int, seed: int, only_load: bool
) -> int:
    console.print("Starting PostgreSQL ...")
    installation = prepare(home)
    try:
        settings = installation.settings(port=port, ops_port=_free_port())
        endings.run(fill(installation, settings, clients=clients, seed=seed))
        _complete_card(installation, settings)
        if only_load or endings.run(_serve(home, settings, lock)):
            return 0
        console.print("A process ended by itself; its last words are above.")
        return _REFUSED
    finally:
        with endings.unheard():
            installation.server.stop()
            console.print("Stopped.")


async def _serve(home: Path, settings: Settings, lock: int) -> bool:
    return await serve_until_stopped(settings, lock, os.environ, lambda: _tell(home, settings))


def _throw_away(home: Path) -> None:
    """Remove the data; a server that a killed demonstration has left is stopped first."""
    if (home / "postgres").exists():
        if not EmbeddedServer(home / "postgres").stop():
            raise EmbeddedServerError(f"Another process uses the database in {home}: end it first.")
        shutil.rmtree(home / "postgres")
        shutil.rmtree(home / "documents", ignore_errors=True)
    throw_away(home)


def _complete_card(installation: Installation, settings: Settings) -> None:
    accounts = read_card(installation.home)["accounts"]
    manager = next(account for account in accounts if "case_manager" in account["roles"])
    card = {
        "base_url": settings.public_url,
        "database_url": installation.url("kim_app"),
        "accounts": accounts,
        "partner_systems": read_card(installation.home).get("partner_systems", []),
        "invitations": read_card(installation.home).get("invitations", []),
        "search_for": asyncio.run(ask(installation, _A_NAME, manager["email"])),
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
    return port + 1 if 1024 <= port < 65535 else 8000


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
