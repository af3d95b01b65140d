"""What other tests have left to deliver is not delivered here: a postman serves every area."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from tests.conftest import Clock


@pytest.fixture(autouse=True)
async def _nothing_waits(admin: asyncpg.Connection) -> None:
    await admin.execute("DELETE FROM outbox")
    await admin.execute("DELETE FROM webhooks")


@pytest.fixture
def post_clock() -> Clock:
    """The clock of the worker, which a test moves; that of the application goes on, so that tokens hold."""
    clock = Clock()
    clock.fixed = datetime.now(UTC) + timedelta(minutes=5)  # what the test has left before is due
    return clock
