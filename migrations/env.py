"""Runs migrations in the migration role, as the owner, one transaction for each."""

import asyncio

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.ext.asyncio import create_async_engine

from app.kit.tables import Xid8
from app.models import metadata
from app.settings import driver_url

ischema_names["xid8"] = Xid8


def _own_table(_: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    # Partitions of the journal are made by the worker and are no part of the model.
    return not (
        kind == "table" and reflected and compare_to is None and (name or "").startswith("audit_journal_")
    )


def _run(connection: Connection) -> None:
    connection.exec_driver_sql("SET ROLE kim_owner")
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        include_object=_own_table,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _online() -> None:
    url = context.config.attributes.get("url") or context.config.get_main_option("sqlalchemy.url")
    engine = create_async_engine(driver_url(url), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


if context.is_offline_mode():
    raise SystemExit("offline migrations are not supported: the scripts read the database")
given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    asyncio.run(_online())
