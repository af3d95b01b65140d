"""The commands `kim keys`."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from app.db_commands import MigrateUrl

keys = typer.Typer(no_args_is_help=True, help="Keys of sealed fields")
KeyFile = Annotated[Path, typer.Option(envvar="KIM_FIELD_KEYS_FILE", help="JSON file with the keys")]


@keys.command("create")
def create_keys(file: KeyFile) -> None:
    """Write a new key file, readable by its owner only; an existing one is never overwritten."""
    from app.kit.sealing import new_field_keys

    _write_secret(file, new_field_keys())


@keys.command("renew")
def renew_keys(file: KeyFile, to: Annotated[Path, typer.Option(help="the new file")]) -> None:
    """Write a copy of a key file with new current keys and all older ones."""
    from app.kit.sealing import with_new_keys

    _write_secret(to, with_new_keys(file.read_text()))


def _write_secret(file: Path, content: str) -> None:
    """Write a file that only its owner reads; SystemExit where it exists already or cannot be made."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as created:
            created.write(content)
    except FileExistsError:
        raise SystemExit(f"{file} exists already and is not overwritten.") from None
    except OSError as error:
        raise SystemExit(f"{file} cannot be written: {error.strerror}.") from None


@keys.command("rotate-fields")
def rotate_fields(
    file: KeyFile,
    url: MigrateUrl,
) -> None:
    """Seal anew what older keys sealed; safe to interrupt, to repeat, and beside a running application."""
    from app.clients.numbers.rotation import numbers_left, rotate_numbers
    from app.consents.signatures.rotation import SIGNATURES
    from app.documents.rotation import DOCUMENT_KEYS
    from app.kit.sealing import load_field_keys
    from app.state_exports.rotation import STATE_EXPORT_KEYS
    from app.webhooks.rotation import WEBHOOK_SECRETS

    ring = load_field_keys(file.read_text())
    rotation = asyncio.run(rotate_numbers(url, ring))
    documents, unopened = asyncio.run(DOCUMENT_KEYS.rotate(url, ring))
    secrets, unreadable = asyncio.run(WEBHOOK_SECRETS.rotate(url, ring))
    signed, illegible = asyncio.run(SIGNATURES.rotate(url, ring))
    files, locked = asyncio.run(STATE_EXPORT_KEYS.rotate(url, ring))
    typer.echo(
        f"{rotation.done} sealed anew, the keys of {documents} documents, {signed} signatures,"
        f" {secrets} secrets of webhooks, the keys of {files} exports"
    )
    for identity in (*rotation.unopened, *unopened, *unreadable, *illegible, *locked):
        typer.echo(f"{identity} does not open with any of these keys", err=True)
    left = sum(
        asyncio.run(count(url, ring))
        for count in (
            numbers_left,
            DOCUMENT_KEYS.left,
            SIGNATURES.left,
            WEBHOOK_SECRETS.left,
            STATE_EXPORT_KEYS.left,
        )
    )
    typer.echo(f"{left} left" if left else "The older keys are no longer needed.")
    raise typer.Exit(1 if left else 0)
