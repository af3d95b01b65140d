"""The worker as a process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from pydantic import SecretStr

from app.documents.shelf import store_of
from app.kit import logging
from app.kit.clock import utc_now
from app.kit.database import Database
from app.kit.events import Wiring
from app.kit.lock_check import refuse_to_start_on
from app.protection import Rules
from app.reporting.handlers import Desk
from app.settings import WorkerSettings, driver_url, field_keys_of
from app.upkeep import jobs
from app.webhooks.addresses import Addresses
from app.webhooks.postman import Postman
from app.webhooks.sending import Sender
from app.wiring import wire
from app.worker import Beside, run_until_stopped

log = structlog.get_logger(__name__)


@asynccontextmanager
async def worker_parts(settings: WorkerSettings) -> AsyncIterator[tuple[Database, Wiring]]:
    """Open the pools of the worker and of reporting, and wire the handlers to them."""
    if settings.worker_database_url is None or settings.reporting_database_url is None:
        raise SystemExit("kim worker needs KIM_WORKER_DATABASE_URL and KIM_REPORTING_DATABASE_URL")
    database = _pool(settings.worker_database_url, settings, "kim worker")
    reporting = _pool(settings.reporting_database_url, settings, "kim reporting")
    rules = Rules(k=settings.statistics_k, k_sensitive=settings.statistics_k_sensitive)
    try:
        store = store_of(settings)
        yield (
            database,
            wire(
                Desk(reporting, rules),
                retention_years=settings.retention_years,
                store=store,
                keys=field_keys_of(settings),
            ),
        )
    finally:
        await reporting.close()
        await database.close()


@asynccontextmanager
async def _post(settings: WorkerSettings, database: Database, wiring: Wiring) -> AsyncIterator[Beside]:
    """Return what delivers webhooks beside the worker; nothing where there are no keys for their secrets."""
    keys = field_keys_of(settings)
    if keys is None:
        log.warning("webhooks_without_keys")
        yield ()
        return
    sender = Sender(
        Addresses(frozenset(settings.webhook_origins)),
        seconds=settings.webhook_seconds,
        trusted=settings.webhook_ca_file,
    )
    try:
        yield (Postman(database, wiring, utc_now, keys, sender).run,)
    finally:
        await sender.close()


def _pool(url: SecretStr, settings: WorkerSettings, name: str) -> Database:
    return Database.connect(
        driver_url(url.get_secret_value()),
        pool_size=4,
        statement_caches=settings.statement_caches,
        statement_timeout_ms=120_000,
        plans_anew=True,
        works_alone=True,
        application_name=name,
    )


async def _refuse_wrong_reporting(settings: WorkerSettings) -> None:
    """Look at the address of reporting now: the first release may be months away."""
    assert settings.reporting_database_url is not None
    reporting = _pool(settings.reporting_database_url, settings, "kim reporting")
    try:
        await refuse_to_start_on(reporting, "KIM_REPORTING_DATABASE_URL")
    finally:
        await reporting.close()


async def run_worker(settings: WorkerSettings) -> None:
    """Work until told to stop."""
    logging.configure(settings.log_level)
    async with worker_parts(settings) as (database, wiring):
        await refuse_to_start_on(database, "KIM_WORKER_DATABASE_URL")
        await _refuse_wrong_reporting(settings)
        due = jobs(
            inquiry_months=settings.inquiry_months,
            store=store_of(settings),
            school_weeks=settings.weeks_waiting_for_school,
            settle_days=settings.days_to_settle,
        )
        async with _post(settings, database, wiring) as post:
            await run_until_stopped(database, wiring, utc_now, due, beside=post)
