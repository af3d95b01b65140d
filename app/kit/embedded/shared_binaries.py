"""Copies the wheel's programs to where the server's account can run them, once for each version.

Needed only by root with a virtual environment below a private directory: that stays closed, and a copy owned
by root lies in a place that everyone may read, under the digest of its contents.
"""

import errno
import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from app.kit.embedded.account import Account
from app.kit.embedded.binaries import Binaries
from app.kit.embedded.errors import EmbeddedServerError

DEFAULT_PLACE = Path("/var/cache/kim-embedded")
_PROGRAMS = ("postgres", "initdb")


def runnable_binaries(binaries: Binaries, account: Account, place: Path) -> Binaries:
    """Return the binaries themselves when the account can run them, otherwise the copy of them in `place`.

    Raises EmbeddedServerError when `place` cannot be used or is not root's alone.
    """
    if _runs(binaries, account):
        return binaries
    source = binaries.directory.parent
    base = source.parent.parent
    try:
        files = _needed_files(base, source)
        copy = _trusted(place) / f"postgresql-{binaries.major}-{_digest(base, files)}"
        if not copy.exists():
            _copy(base, files, copy)
    except OSError as error:
        raise EmbeddedServerError(
            f"The server's account cannot run {binaries.postgres}, and it could not be copied to {place} "
            f"({error}): install a system PostgreSQL, or run as another user than root."
        ) from error
    copied = Binaries(copy / binaries.directory.relative_to(base), binaries.major)
    if not _runs(copied, account):
        raise EmbeddedServerError(
            f"The server's account cannot run {copied.postgres} (is {place} mounted noexec?): "
            "install a system PostgreSQL, or run as another user than root."
        )
    return copied


def _runs(binaries: Binaries, account: Account) -> bool:
    try:
        tried = subprocess.run(  # noqa: S603 - the program is the point
            [binaries.postgres, "--version"],
            capture_output=True,
            check=False,
            cwd="/",
            env={},
            **account.process_options(),
        )
    except PermissionError as error:
        if error.errno == errno.EPERM:
            raise EmbeddedServerError(
                "Root may not start processes of another user here (the capabilities SETUID and SETGID are "
                "missing), and PostgreSQL refuses root: run as another user, or name a database server in "
                "KIM_DATABASE_URL."
            ) from error
        return False
    return tried.returncode == 0


def _needed_files(base: Path, source: Path) -> list[Path]:
    """Return the paths below `base` of the two programs, the libraries and the shared files.

    The programs of a wheel find further libraries in a directory beside its package, by a relative path.
    """
    libraries = [
        path for path in (source / "lib").rglob("*") if ".so" in path.name or path.suffix == ".dylib"
    ]
    shared = list((source / "share").rglob("*"))
    if not libraries or not shared:
        raise FileNotFoundError(f"{source} has no lib and share of its own")
    beside = (base / f"{source.parent.name}.libs").rglob("*")
    programs = [source / "bin" / name for name in _PROGRAMS]
    return sorted(
        path.relative_to(base) for path in (*programs, *libraries, *shared, *beside) if path.is_file()
    )


def _digest(base: Path, files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        contents = (base / path).read_bytes()
        digest.update(f"{path}\0{len(contents)}\0".encode())
        digest.update(contents)
    return digest.hexdigest()[:16]


def _trusted(place: Path) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise PermissionError(f"{place} must be a directory that only root may change")
    place.chmod(0o755)
    return place


def _copy(base: Path, files: list[Path], copy: Path) -> None:
    unfinished = Path(tempfile.mkdtemp(dir=copy.parent, prefix="unfinished-"))
    try:
        for path in files:
            target = unfinished / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(base / path, target)
            target.chmod(0o755 if path.parent.name == "bin" else 0o644)
        for directory, _, _ in os.walk(unfinished):
            Path(directory).chmod(0o755)
        unfinished.rename(copy)
    except OSError:
        if not copy.exists():  # another process may have been faster, with the same contents
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
