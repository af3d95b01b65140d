"""Steps that migrations share: SQL files for policies and functions, and who a migration runs as."""

from pathlib import Path

from alembic import op
from sqlalchemy.util import await_

SQL = Path(__file__).parent / "sql"


def run_sql(*names: str) -> None:
    """Run files of `migrations/sql` inside the migration's transaction, each as one script."""
    bind = op.get_bind()
    bind.exec_driver_sql("SELECT 1")  # the adapter begins its transaction with the first cursor
    for name in names:
        script = (SQL / name).read_text(encoding="utf-8")
        await_(bind.connection.driver_connection.execute(script))
