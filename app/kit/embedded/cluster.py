"""Makes the data directory and states the settings every start uses.

Settings stand on the server's command line, so neither ALTER SYSTEM nor an edited file can open a port.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping

from app.kit.embedded.account import Account, directory_for, give, making_account
from app.kit.embedded.binaries import Binaries
from app.kit.embedded.errors import EmbeddedServerError
from app.kit.embedded.layout import Layout
from app.kit.embedded.private_file import read_private, sync_directory, write_private
from app.kit.embedded.role_secrets import new_password

SUPERUSER = "postgres"
PORT = 5432
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""What the server inherits: nothing of ours, since a superuser of the database can read it."""

_HBA = "# Only the socket, only with a password.\nlocal all all scram-sha-256\n"

_BUILTIN_LOCALE_MAJOR = 17

_FIXED = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_directories": "run",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "shared_preload_libraries": "",
    "log_destination": "stderr",
    "logging_collector": "off",
    # Errors of statements carry values of rows; the application gets them, the log file does not.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    # The signs of life that a long crash recovery gives.
    "log_startup_progress_interval": "1s",
    "log_timezone": "UTC",
    "timezone": "UTC",
}

_SMALL_MACHINE = {
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "max_connections": "200",
    "max_locks_per_transaction": "128",
    "random_page_cost": "1.1",
    "jit": "off",
}

_PLACES = {"cluster_name", "data_directory", "config_file", "hba_file", "ident_file"}

_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def checked_settings(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the caller's settings. Raises EmbeddedServerError for one that is not the caller's to choose."""
    for name, value in settings.items():
        if not re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", name) or not value.isprintable():
            raise EmbeddedServerError(f"{name!r}={value!r} is no setting of PostgreSQL.")
        closed = _FIXED.keys() | _DURABLE.keys() | _PLACES
        if name in closed:
            raise EmbeddedServerError(f"The embedded server decides {name} itself: leave it out.")
    return dict(settings)


def server_options(name: str, settings: Mapping[str, str], *, durable: bool) -> list[str]:
    """Return the server's command line options; without `durable` a power failure may destroy the data."""
    durability = _DURABLE if durable else dict.fromkeys(_DURABLE, "off")
    everything = _SMALL_MACHINE | dict(settings) | durability | _FIXED | {"cluster_name": name}
    return [word for name, value in everything.items() for word in ("-c", f"{name}={value}")]


def data_major(layout: Layout) -> int | None:
    """Return the major version that made the data directory, None when there is none yet."""
    try:
        return int((layout.data / "PG_VERSION").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def superuser_password(layout: Layout) -> str:
    """Return the superuser's password. Raises EmbeddedServerError if its file is missing or was open."""
    try:
        return read_private(layout.password).strip()
    except FileNotFoundError:
        raise EmbeddedServerError(
            f"{layout.password} is missing, so nobody can sign in to the database: restore it from a backup."
        ) from None


def make_data_directory(
    layout: Layout, binaries: Binaries, account: Account | None, *, durable: bool
) -> None:
    """Make the superuser's password and the data directory, which appears complete or not at all.

    Raises EmbeddedServerError with what initdb said.
    """
    if not layout.password.exists():
        write_private(layout.password, new_password() + "\n")
    unfinished = layout.unfinished_data
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700)
    maker = making_account(account) if account else None
    if maker:
        give(unfinished, maker)
    _run_initdb(layout, binaries, maker, durable=durable)
    write_private(unfinished / "pg_hba.conf", _HBA)
    (unfinished / layout.sockets.name).mkdir(mode=0o700)
    if account:
        give(unfinished, account)
    unfinished.rename(layout.data)
    sync_directory(layout.home)


def _run_initdb(layout: Layout, binaries: Binaries, maker: Account | None, *, durable: bool) -> None:
    with (
        directory_for(maker, layout.unfinished_data) as (directory, descriptors),
        tempfile.TemporaryFile(dir=layout.home) as password,
    ):
        password.write(superuser_password(layout).encode())
        password.seek(0)
        if maker:
            os.fchown(password.fileno(), maker.uid, maker.gid)
        done = subprocess.run(  # noqa: S603 - our own words and a path
            [
                binaries.initdb,
                *("-D", directory, "-U", SUPERUSER, f"--pwfile=/dev/fd/{password.fileno()}"),
                *("--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", *_locale(binaries.major)),
                *(() if durable else ("--no-sync",)),
            ],
            pass_fds=(*descriptors, password.fileno()),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=ENVIRONMENT,
            **(maker.process_options() if maker else {}),
        )
    if done.returncode != 0:
        raise EmbeddedServerError(f"initdb could not make {layout.data}: {done.stderr.strip()}")


def _locale(major: int) -> list[str]:
    """Return initdb's words for sorting by code point and classes of characters by Unicode, without ICU.

    With plain C, `lower('Ä')` is 'Ä' and pg_trgm drops every umlaut.
    """
    words = ["--locale=C", "--lc-ctype=C.UTF-8"]
    if major >= _BUILTIN_LOCALE_MAJOR:
        words += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return words
