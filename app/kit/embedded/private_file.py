"""Files that only their owner may read: written whole or not at all, refused once they were open."""

import os
import stat
from pathlib import Path

from app.kit.embedded.errors import EmbeddedServerError


def write_private(path: Path, text: str) -> None:
    """Replace a file by one with mode 0600, durably; a crash leaves the old one or the new one."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    sync_directory(path.parent)


def read_private(path: Path) -> str:
    """Return the text of a private file.

    Raises FileNotFoundError when it is absent, EmbeddedServerError when others may read or change it.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise EmbeddedServerError(
            f"{path} cannot be read ({error.strerror}): it must be a file of its own with mode 0600, no link."
        ) from error
    with os.fdopen(descriptor, encoding="utf-8") as file:
        found = os.fstat(file.fileno())
        mode = stat.S_IMODE(found.st_mode)
        if found.st_uid != os.geteuid() or mode & 0o077:
            raise EmbeddedServerError(
                f"{path} must belong to user id {os.geteuid()} with mode 0600, but belongs to {found.st_uid} "
                f"with mode {mode:04o}: others may know what it holds. Change the passwords, then the mode."
            )
        return file.read()


def sync_directory(directory: Path) -> None:
    """Make the names in a directory survive a power failure."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
