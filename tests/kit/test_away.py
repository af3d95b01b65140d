"""A database that is there and does not serve: read-only, or with another password than ours."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from structlog.testing import capture_logs

from app.kit.database import Database
from app.kit.errors import Unavailable
from app.kit.metrics import Metrics
from app.kit.ops import ops_app
from app.kit.roles import with_role
from app.main import create_app, serve_app
from app.settings import Settings, driver_url
from tests.database import PASSWORD
from tests.durability.databases import own_database

SIGN_IN = {"email": "anna@example.org", "password": "not a secret of anybody"}


@pytest.fixture
async def read_only(admin_url: str) -> AsyncIterator[str]:
    """A database to which nothing can be written, as on a primary that became a replica."""
    async with own_database(admin_url, "readonly", with_schema=True) as url:
        admin = await asyncpg.connect(url)
        name = await admin.fetchval("SELECT current_database()")
        await admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        await admin.close()
        yield with_role(url, "kim_app", PASSWORD)


async def signing_in(settings: Settings, url: str) -> tuple[httpx.Response, list[dict[str, object]]]:
    """Sign in at a server of that database; return the answer and what was written to the log."""
    app = create_app(settings.model_copy(update={"database_url": type(settings.database_url)(url)}))
    transport = httpx.ASGITransport(serve_app(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://kim.test") as http:
        with capture_logs() as lines:
            answer = await http.post("/v1/sessions", json=SIGN_IN)
    await app.state.hub.close()
    await app.state.gate.database.close()
    return answer, [dict(line) for line in lines]


async def test_read_only_database_is_not_ready(read_only: str) -> None:
    database = Database.connect(driver_url(read_only), pool_size=1)
    with pytest.raises(Unavailable, match="only be read"):
        await database.ping()
    transport = httpx.ASGITransport(ops_app(database, Metrics()))
    async with httpx.AsyncClient(transport=transport, base_url="http://ops.test") as http:
        answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "database read-only"})
    await database.close()


async def test_what_cannot_be_written_is_unavailable_and_the_log_says_why(
    settings: Settings, read_only: str
) -> None:
    answer, lines = await signing_in(settings, read_only)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    (line,) = [line for line in lines if line["event"] == "unavailable"]
    assert line["sqlstate"] == "25006"


async def test_wrong_password_is_unavailable_and_the_log_says_why_without_it(
    settings: Settings, database_url: str
) -> None:
    answer, lines = await signing_in(settings, with_role(database_url, "kim_app", "of-somebody-else"))
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    (line,) = [line for line in lines if line["event"] == "unavailable"]
    assert line["sqlstate"] == "28P01"
    assert "of-somebody-else" not in str(lines)


async def test_database_that_serves_is_ready(settings: Settings) -> None:
    """The control."""
    database = Database.connect(driver_url(settings.database_url.get_secret_value()), pool_size=1)
    await database.ping()
    await database.close()
