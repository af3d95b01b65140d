"""var/demo.json: where the demonstration is and who can sign in; readable by its owner alone."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.demo.staff import DemoAccount

_NAME = "demo.json"


def read_card(home: Path) -> dict[str, Any]:
    """Return what the card says; nothing when there is none."""
    path = home / _NAME
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def is_own(home: Path) -> bool:
    """Say whether there is a card that belongs to whoever asks, and not to somebody else of this machine."""
    path = home / _NAME
    return path.exists() and path.lstat().st_uid == os.geteuid()


def write_card(home: Path, content: Mapping[str, object]) -> None:
    """Write the card so that nobody ever reads half of it, nor anybody else."""
    path = home / _NAME
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2, ensure_ascii=False)
    beside.replace(path)


def is_unfinished(home: Path) -> bool:
    """Say whether a start was interrupted before it had completed the card."""
    card = read_card(home)
    return bool(card) and "base_url" not in card


def throw_away(home: Path) -> None:
    """Remove the card."""
    (home / _NAME).unlink(missing_ok=True)


def entries(accounts: tuple[DemoAccount, ...], password: str) -> list[dict[str, object]]:
    """Return the accounts as the card names them."""
    return [
        {
            "email": account.email,
            "password": password,
            "roles": list(account.roles),
            "unit": account.unit,
            "area": account.area,
        }
        for account in accounts
    ]
