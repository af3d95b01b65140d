"""Passwords of the application's database roles, made once and kept privately; roles are made elsewhere."""

import json
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from app.kit.embedded.errors import EmbeddedServerError
from app.kit.embedded.lease import exclusive
from app.kit.embedded.private_file import read_private, write_private

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def new_password() -> str:
    """Return a password of 256 random bits that needs no quoting anywhere."""
    return secrets.token_urlsafe(32)


class RoleSecrets:
    """The passwords in one `secrets.json`, shared by processes that may ask at the same time."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def password(self, role: str) -> str:
        """Return the password of a role, made when it is asked for the first time."""
        return self.passwords([role])[role]

    def passwords(self, roles: Iterable[str]) -> dict[str, str]:
        """Return the passwords of several roles, made where there are none yet.

        Raises EmbeddedServerError for a name that is no plain role, a damaged file or one open to others.
        """
        wanted = list(roles)
        for role in wanted:
            if not _ROLE.fullmatch(role):
                raise EmbeddedServerError(
                    f"{role!r} is no role name: use small letters, digits and underscores, at most 63."
                )
        with exclusive(self.path.with_name(f"{self.path.name}.lock")):
            known = self._read()
            missing = {role: new_password() for role in wanted if role not in known}
            if missing:
                known |= missing
                write_private(self.path, json.dumps(known, indent=1, sort_keys=True) + "\n")
        return {role: known[role] for role in wanted}

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(read_private(self.path))
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise EmbeddedServerError(
                f"{self.path} is no JSON: restore it, or delete it and set new passwords for the roles."
            ) from error
        if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
            raise EmbeddedServerError(
                f"{self.path} must hold one object of role names and passwords: restore it, or delete it."
            )
        return found
