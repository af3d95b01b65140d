"""The commands `kim db`."""

import asyncio
import json
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.kit.restoring import Restored

db = typer.Typer(no_args_is_help=True, help="The database")


def _address(value: str) -> str:
    from urllib.parse import urlsplit

    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    from app.settings import driver_url

    try:
        make_url(driver_url(value))
        _ = urlsplit(value).port  # the driver's own reading, whose error would repeat half a password
    except (ValueError, ArgumentError):
        raise typer.BadParameter(
            "it must be like postgresql://role:password@host/database; characters of a password that mean"
            " something in an address are percent-encoded"
        ) from None
    return value


MigrateUrl = Annotated[
    str,
    typer.Option(envvar="KIM_MIGRATE_DATABASE_URL", help="address of kim_migrate", callback=_address),
]
AdminUrl = Annotated[
    str, typer.Option(envvar="KIM_ADMIN_URL", help="address of a superuser", callback=_address)
]
BackupUrl = Annotated[
    str, typer.Option(envvar="KIM_BACKUP_URL", help="address of kim_backup", callback=_address)
]
Programs = Annotated[
    Path | None, typer.Option(help="folder of pg_dump and pg_restore, where they are not on the path")
]


@db.command()
def bootstrap(
    admin_url: AdminUrl,
    passwords: Annotated[Path, typer.Option(help="JSON file: role to password, for each login role")],
    database: Annotated[str, typer.Option()] = "kim",
) -> None:
    """Create the roles and the database; once, by an administrator, safe to repeat."""
    from app.kit import roles

    asyncio.run(roles.bootstrap(admin_url, database, _passwords(passwords, roles.LOGIN_ROLES)))


def _passwords(file: Path, roles: tuple[str, ...]) -> dict[str, str]:
    """Read a password for every role before anything is changed."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise typer.BadParameter(f"{file} is no JSON that names a password for each role.")
    lacking = [role for role in roles if not (isinstance(found.get(role), str) and found[role])]
    if lacking:
        raise typer.BadParameter(f"{file} has no password for {', '.join(lacking)}; nothing was changed.")
    return found


@db.command("upgrade")
def upgrade_database(url: MigrateUrl) -> None:
    """Bring the schema and the catalogues to this version."""
    from app.kit import migrating
    from app.reference import load_reference

    migrating.upgrade(url)
    asyncio.run(load_reference(url))
    asyncio.run(_make_months(url))


async def _make_months(url: str) -> None:
    """Make the journal's first months before anybody writes: the rest keeps for ever what it has caught."""
    import asyncpg

    from app.kit.clock import local_date, utc_now
    from app.worker import MAKE_PARTITION, months_from

    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET ROLE kim_owner")
        for month in months_from(local_date(utc_now()), 3):
            await connection.fetchval(MAKE_PARTITION, month)
    finally:
        await connection.close()


@db.command("check")
def check_database(url: MigrateUrl) -> None:
    """Say whether models and database agree; fails when they differ."""
    from app.kit import migrating

    migrating.check(url)


@db.command("backup")
def back_up(
    url: BackupUrl,
    file: Annotated[Path, typer.Option(help="the dump to be written; never overwritten")],
    programs: Programs = None,
) -> None:
    """Write a dump of the database that only its owner reads."""
    from app.kit.dumping import dump
    from app.settings import bare_environment

    size = dump(url, file, bare_environment(), programs)
    typer.echo(f"{file}: {size} bytes. Copy the store of documents now, after the dump and not before it.")


@db.command("restore")
def restore_database(
    admin_url: AdminUrl,
    file: Annotated[Path | None, typer.Option(help="the dump")] = None,
    database: Annotated[str, typer.Option(help="empty, made by `kim db bootstrap`")] = "kim",
    programs: Programs = None,
    *,
    brought_in: Annotated[
        bool, typer.Option("--brought-in", help="pg_restore was run by hand: only do what must follow it")
    ] = False,
) -> None:
    """Restore a dump into an empty database, whole or not at all, and say what remains to be done."""
    from app.kit.dumping import bring_back
    from app.kit.restoring import finish, refuse_unfit_target
    from app.kit.roles import with_database
    from app.settings import bare_environment

    if (file is None) != brought_in:
        raise typer.BadParameter("Name the dump with --file, or say --brought-in.")
    url = with_database(admin_url, database)
    if file is not None:
        asyncio.run(refuse_unfit_target(url))
        bring_back(admin_url, database, file, bare_environment(), programs)
    for sentence in _remaining(asyncio.run(finish(url))):
        typer.echo(sentence)


def _remaining(restored: "Restored") -> list[str]:
    from app.kit.migrating import newest_revision

    until = f"{restored.newest.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if restored.newest else "unknown"
    steps = [
        f"The database is restored, as it was at {until}. All sessions have ended. Before anybody works:",
        "- Repeat what protected people and happened since (chapter 9 of docs/operations.md).",
        "- Put the copy of the documents in place that was made after this dump, and the keys of that time.",
        "- Behind pgbouncer set the parameters of the roles again (chapter 7): no dump holds them.",
        "- Start the API; start the worker last, when the restore is final.",
    ]
    if restored.revision != newest_revision():
        steps.insert(1, "- The dump is of another version: run `kim db upgrade`.")
    return steps
