"""Whom the server runs as. PostgreSQL refuses root, so root lends it a user id that nobody else has.

The id has no name (`nobody` is shared with other services) and owns the data directory only. Everything above
stays root's and closed: the server gets the directory opened instead of a path. Decision record 0003.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.kit.embedded.errors import EmbeddedServerError

if sys.platform != "win32":
    import pwd

# systemd.io/UIDS-GIDS: 60706 to 61183 are unused by people, services, homed, containers and dynamic users.
_FREE_IDS = range(60771, 61184)


@dataclass(frozen=True)
class Account:
    """A user and group id that processes can be started with."""

    uid: int
    gid: int

    def process_options(self) -> dict[str, Any]:
        """Return what `subprocess` needs to start a process as this account, with no other group."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_account(data: Path) -> Account | None:
    """Choose whom the server runs as: ourselves (None), or as root the owner of the data or a free id.

    Raises EmbeddedServerError when the data belong to root, or no process can be started with another id.
    """
    if os.geteuid() != 0:
        return None
    if not sys.platform.startswith("linux"):
        raise EmbeddedServerError(
            "The embedded server can be started by root on Linux only: use another user."
        )
    if data.exists():
        owner = data.stat()
        if owner.st_uid == 0:
            raise EmbeddedServerError(f"{data} belongs to root, which PostgreSQL refuses: restore its owner.")
        return Account(owner.st_uid, owner.st_gid)
    return Account(*(next(number for number in _FREE_IDS if not _has_name(number)),) * 2)


def making_account(account: Account) -> Account:
    """Return an account with a name, which initdb insists on, in the private group of the given one.

    The group keeps other processes of `nobody` from tracing initdb or entering its directory.
    """
    return Account(pwd.getpwnam("nobody").pw_uid, account.gid)


def give(directory: Path, account: Account) -> None:
    """Give a directory and all it holds to an account."""
    for _, directories, files, descriptor in os.fwalk(directory):
        for name in (*directories, *files):
            os.chown(name, account.uid, account.gid, dir_fd=descriptor, follow_symlinks=False)
    os.chown(directory, account.uid, account.gid)


@contextmanager
def directory_for(account: Account | None, directory: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield how a process of the account names a directory, and the descriptors it must be started with.

    An account cannot pass the private directories above, but it can use one that root opened, through its
    descriptor and without any change of permissions.
    """
    if account is None:
        yield str(directory), ()
        return
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield f"/proc/self/fd/{descriptor}", (descriptor,)
    finally:
        os.close(descriptor)


def _has_name(number: int) -> bool:
    try:
        pwd.getpwuid(number)
    except KeyError:
        return False
    return True
