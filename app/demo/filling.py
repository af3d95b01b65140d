"""Fill a demonstration with what it lacks, step by step; a start that lacks nothing loads none of this."""

import secrets
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
from rich.console import Console

from app.demo.card import entries, read_card, write_card
from app.demo.installation import Installation
from app.kit.process import loading
from app.reference import load_reference
from app.settings import Settings

console = Console(stderr=True, highlight=False)
Step = Callable[[Settings, str, str], Awaitable[dict[str, Any] | None]]
"""What it returns stands on the card; its accounts beside those that are there."""

_IS_LOADED = "SELECT EXISTS (SELECT FROM clients)"


async def fill(installation: Installation, settings: Settings, *, clients: int, seed: int) -> None:
    """Load the data if there are none, and do each of the later steps that has not been done."""
    await load_reference(installation.url("kim_migrate"))
    if not await ask(installation, _IS_LOADED):
        await _load(installation, clients, seed)
    elif "accounts" not in read_card(installation.home):
        raise SystemExit("The data of an interrupted start have no accounts any more: make demo-reset")
    for table, told, step in _LATER:
        if not await ask(installation, f"SELECT EXISTS (SELECT FROM {table})"):
            console.print(f"{told} ...")
            card = read_card(installation.home)
            password = card["accounts"][0]["password"]
            further = await step(settings, installation.admin_url, password) or {}
            accounts = [*card["accounts"], *further.pop("accounts", ())]
            write_card(installation.home, {**card, **further, "accounts": accounts})


async def ask(installation: Installation, question: str, *arguments: str) -> Any:
    """Ask the database for one value, as its administrator."""
    connection = await asyncpg.connect(installation.admin_url)
    try:
        return await connection.fetchval(question, *arguments)
    finally:
        await connection.close()


async def _load(installation: Installation, clients: int, seed: int) -> None:
    with loading():
        from app.demo.loading import Volume, load
        from app.identity.passwords import hash_password
    password = secrets.token_urlsafe(12)
    hashed = await hash_password(password)
    console.print(f"Loading {clients} clients ...")
    # Written before the data: what is interrupted from here on begins anew.
    write_card(installation.home, {"loading": clients})
    loaded = await load(
        installation.admin_url,
        Volume.of(clients),
        seed=seed,
        password_hash=hashed,
        quiet=not sys.stderr.isatty(),
    )
    write_card(installation.home, {"accounts": entries(loaded.accounts, password)})


async def _file_documents(settings: Settings, admin_url: str, password: str) -> None:
    with loading():
        from app.demo.filing import file_documents
    await file_documents(settings, admin_url, password)


async def _transfer_cases(settings: Settings, admin_url: str, password: str) -> None:
    from app.demo.transferring import transfer_cases

    await transfer_cases(settings, admin_url, password)


async def _let_through(settings: Settings, admin_url: str, password: str) -> None:
    from app.demo.letting_through import let_through

    await let_through(settings, admin_url, password)


async def _refer_to_kim(settings: Settings, admin_url: str, password: str) -> None:
    from app.demo.referring_in import refer_to_kim

    await refer_to_kim(settings, admin_url, password)


async def _register(settings: Settings, admin_url: str, password: str) -> None:
    from app.demo.registering import register

    await register(settings, admin_url, password)


async def _partner(settings: Settings, admin_url: str, password: str) -> None:
    from app.demo.partnering import partner

    await partner(settings, admin_url, password)


async def _publish(settings: Settings, admin_url: str, password: str) -> None:
    from app.demo.publishing import publish_last_quarters

    await publish_last_quarters(settings, admin_url, password)


async def _let_machines_in(settings: Settings, admin_url: str, password: str) -> dict[str, Any]:
    from app.demo.machines import let_machines_in

    return {"partner_systems": await let_machines_in(settings, admin_url, password)}


async def _invite(settings: Settings, admin_url: str, password: str) -> dict[str, Any]:
    from app.demo.inviting import invite

    return await invite(settings, admin_url, password)


async def _arrive(settings: Settings, admin_url: str, password: str) -> None:
    from app.demo.arriving import arrive

    await arrive(settings, admin_url, password)


async def _export(settings: Settings, admin_url: str, password: str) -> dict[str, Any] | None:
    from app.demo.exporting import export_to_the_state

    return await export_to_the_state(settings, admin_url, password)


_LATER: tuple[tuple[str, str, Step], ...] = (
    ("documents", "Writing letters and filing documents", _file_documents),
    ("case_transfers", "Handing a few cases over from Wesel to Hagen", _transfer_cases),
    ("official_numbers", "Registering a child without parents, numbers, and a person twice", _register),
    ("duties", "Asking for disclosures without consent, and protecting a child", _let_through),
    ("incoming_referrals", "Referring a few people to KIM, as institutions do", _refer_to_kim),
    ("partner_barriers", "Referring to offers, and reporting barriers as institutions do", _partner),
    ("partner_systems", "Letting machines of two institutions in", _let_machines_in),
    ("invitations", "Inviting people of institutions", _invite),
    ("referral_charges", "Referring people to the institution of the first machine", _arrive),
    ("state_exports", "Letting people consent to the state-wide database, and exporting", _export),
    ("releases", "Computing and publishing the releases of the last two quarters", _publish),
)
"""Each is done when its table has a row."""
