"""Where things lie below the home of an embedded server, and that the home is ours and private.

Parent directories are never changed: a home below a private directory stays below a private directory.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from app.kit.embedded.errors import EmbeddedServerError


@dataclass(frozen=True)
class Layout:
    """The paths below one home."""

    home: Path

    @property
    def data(self) -> Path:
        """The data directory; it appears complete (by a rename) or not at all."""
        return self.home / "data"

    @property
    def unfinished_data(self) -> Path:
        """Where initdb works; what lies here was interrupted."""
        return self.home / "data.unfinished"

    @property
    def sockets(self) -> Path:
        """The 0700 directory with the socket, inside the data directory so that the server reaches both."""
        return self.data / "run"

    @property
    def postmaster_pid(self) -> Path:
        """PostgreSQL's own lock file; it survives the server, so it proves nothing."""
        return self.data / "postmaster.pid"

    @property
    def guard(self) -> Path:
        """Locked while one process starts or stops the server."""
        return self.home / "guard.lock"

    @property
    def users(self) -> Path:
        """Locked, shared, by every process that uses the server."""
        return self.home / "users.lock"

    @property
    def server(self) -> Path:
        """Locked by the server's own processes for as long as one of them lives."""
        return self.home / "server.lock"

    @property
    def password(self) -> Path:
        """The superuser's password."""
        return self.home / "superuser.password"

    @property
    def secrets(self) -> Path:
        """The passwords of the application's roles."""
        return self.home / "secrets.json"

    @property
    def log(self) -> Path:
        """What PostgreSQL says."""
        return self.home / "postgres.log"

    def prepare(self) -> None:
        """Make the home, or check that it is ours, and close it to everyone else.

        Raises EmbeddedServerError when the home belongs to another user or holds something else.
        """
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = self.home.stat()
            names = sorted(entry.name for entry in self.home.iterdir())
        except OSError as error:
            raise EmbeddedServerError(
                f"The embedded server cannot use {self.home} ({error.strerror}): choose another home."
            ) from error
        if found.st_uid != os.geteuid():
            raise EmbeddedServerError(
                f"{self.home} belongs to user id {found.st_uid}, and this process runs as {os.geteuid()}: "
                "run as that user or choose another home for the embedded server."
            )
        if names and self.guard.name not in names:  # the guard is the first file that we make
            raise EmbeddedServerError(
                f"{self.home} holds other files ({', '.join(names[:3])}): "
                "the embedded server needs an empty directory or one of its own."
            )
        self.home.chmod(0o700)
        self.guard.touch(mode=0o600)
