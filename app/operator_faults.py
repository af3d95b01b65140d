"""What went wrong with a command, in a sentence for whoever runs it; never a value, an address or a row."""

import asyncpg
from sqlalchemy.exc import DBAPIError

from app.identity.tokens import UnusableKey
from app.kit.dumping import DumpFailed
from app.kit.errors import Problem
from app.kit.migrating import SchemaDiffers
from app.kit.restoring import NotFit
from app.kit.sealing import UnusableFieldKeys

_OF_THE_OPERATOR = ("08", "28", "3D", "42501", "53", "55P03", "57P", "25006")
"""SQLSTATE: connection, password, no such database, permission, resources, lock, shutdown, read-only."""


def sentence_of(error: BaseException) -> str | None:
    """Return what to tell; None for what only a programmer can mend."""
    if isinstance(error, (Problem, DumpFailed, NotFit, SchemaDiffers, UnusableKey, UnusableFieldKeys)):
        return str(error)
    cause = _innermost(error)
    if isinstance(cause, asyncpg.PostgresError):
        mine = (cause.sqlstate or "").startswith(_OF_THE_OPERATOR)
        return f"The database refuses: {cause.args[0]} ({cause.sqlstate})." if mine else None
    if isinstance(cause, OSError):
        what = f"{cause.filename}: " if cause.filename else "No connection to the database: "
        return f"{what}{cause.strerror or type(cause).__name__}"
    return None


def _innermost(error: BaseException) -> BaseException:
    """Return what the driver said, beneath what the ORM made of it."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error
