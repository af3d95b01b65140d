"""Bringing a database to the newest schema, and asking whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

_ROOT = Path(__file__).parents[2]


def _config(url: str) -> Config:
    config = Config(str(_ROOT / "alembic.ini"))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Run the migrations that are missing, as the migration role; each in a transaction of its own."""
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Go back to an older schema."""
    command.downgrade(_config(url), revision)


def check(url: str) -> None:
    """Raise alembic's error when the models and the database differ."""
    command.check(_config(url))


def newest_revision() -> str | None:
    """Return the revision of the schema that this version needs."""
    return ScriptDirectory.from_config(_config("")).get_current_head()
