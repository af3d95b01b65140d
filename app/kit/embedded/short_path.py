"""A short name for a socket directory whose own path is too long for a socket address.

The operating system allows 107 bytes (103 on macOS). The server is not concerned, since it opens its socket
relative to the data directory; clients get a symbolic link in a directory that only this user may enter.
"""

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.kit.embedded.cluster import PORT
from app.kit.embedded.errors import EmbeddedServerError

_LONGEST = 103 if sys.platform == "darwin" else 107


def fits(sockets: Path) -> bool:
    """Say whether clients can use the socket in this directory by its own path."""
    return len(os.fsencode(sockets / f".s.PGSQL.{PORT}")) <= _LONGEST


def connectable(sockets: Path) -> Path:
    """Return the directory itself when its path is short enough, otherwise a link to it, made when missing.

    Raises EmbeddedServerError when there is no private place for the link.
    """
    if fits(sockets):
        return sockets
    for link in _links(sockets):
        if fits(link) and _private(link.parent):
            _point(link, sockets)
            return link
    raise EmbeddedServerError(
        f"The path {sockets} is too long for a socket, and there is no private directory for a short link: "
        "choose a shorter home for the embedded server."
    )


def forget(sockets: Path) -> None:
    """Remove the short link of a server that has stopped."""
    if fits(sockets):
        return
    for link in _links(sockets):
        if link.is_symlink() and _private(link.parent) and link.readlink() == sockets:
            link.unlink()


def _links(sockets: Path) -> Iterator[Path]:
    """Yield where the link may be, best place first."""
    name = hashlib.sha256(os.fsencode(sockets)).hexdigest()[:16]
    return (place / name for place in _places())


def _places() -> Iterator[Path]:
    user = os.geteuid()
    if user == 0:
        yield Path("/run/kim-embedded")
    yield Path(f"/run/user/{user}/kim-embedded")
    yield Path(tempfile.gettempdir()) / f"kim-embedded-{user}"
    yield Path("/tmp") / f"kim-embedded-{user}"  # noqa: S108 - checked to be ours and private


def _private(place: Path) -> bool:
    """Make a directory of ours, or say no to one that others made or may change."""
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        found = place.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _point(link: Path, sockets: Path) -> None:
    if link.is_symlink() and link.readlink() == sockets:
        return
    unfinished = link.with_name(f"{link.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    unfinished.symlink_to(sockets)
    unfinished.replace(link)
