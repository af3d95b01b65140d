"""Server and database are killed under load; every contact that was acknowledged is there, just once.

The control: with `synchronous_commit = off` the same kill must lose, and the comparison must notice.
"""

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.durability.site import Site, a_site
from tests.durability.storm import Storm, differences, journalled, stored

KILLS = 10
BETWEEN_KILLS = 25
"""Acknowledged contacts."""
LAWFUL = {"201", "503", "409 still_running", "ConnectError", "ReadError", "RemoteProtocolError", "WriteError"}
"""Everything a writer may meet: a success, a refusal that says when to come back, or a dead server."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def installed() -> AsyncIterator[Site]:
    home = Path(tempfile.mkdtemp(prefix="kim-durability-"))
    site = await a_site(home)
    yield site
    await site.close()
    shutil.rmtree(home)


@pytest.fixture
async def site(installed: Site) -> AsyncIterator[Site]:
    """The installation with an API that was just started and no contacts."""
    admin = await installed.admin()
    await admin.execute("DELETE FROM contacts; DELETE FROM idempotency_keys")
    await admin.execute("DELETE FROM audit_journal WHERE action = 'contact.create'")
    await admin.close()
    await installed.start_api()
    yield installed
    await installed.api.kill()
    await installed.promise("on")


async def test_twenty_kills_under_load_lose_and_double_nothing(site: Site) -> None:
    async with Storm(site) as storm:
        for _ in range(KILLS):
            await storm.acknowledges(BETWEEN_KILLS)
            await site.api.kill()
            await site.start_api()
            await storm.acknowledges(BETWEEN_KILLS)
            await site.kill_database()
            await site.start_database()
        await storm.acknowledges(BETWEEN_KILLS)
    ledger = storm.ledger
    assert len(ledger.promised) >= 2 * KILLS * BETWEEN_KILLS
    assert faults(site) == []
    assert set(ledger.answers) <= LAWFUL, ledger.answers
    assert differences(ledger.promised, await stored(site)) == []
    assert sorted(map(str, await journalled(site))) == sorted(ledger.promised.values())


async def test_key_repeated_after_the_kills_finds_the_first_effect(site: Site) -> None:
    storm = Storm(site)
    async with storm:
        await storm.acknowledges(BETWEEN_KILLS)
        await site.api.kill()
        await site.start_api()
        await storm.acknowledges(BETWEEN_KILLS)
        await site.kill_database()
        await site.start_database()
        await storm.acknowledges(1)
    again = Storm(site)
    before = await stored(site)
    assert storm.ledger.asked_again
    for key, contact_id in storm.ledger.promised.items():
        answer = await again.send(key.partition(":")[0], key)
        assert (answer.status_code, answer.json()["id"]) == (201, contact_id)
    assert await stored(site) == before
    await again.close()


async def test_database_away_is_503_and_never_a_false_success_and_the_api_recovers_by_itself(
    site: Site,
) -> None:
    async with Storm(site) as storm:
        await storm.acknowledges(BETWEEN_KILLS)
        await site.kill_database()
        await storm.is_refused()
        promised = len(storm.ledger.promised)
        for case in site.cases:
            answer = await storm.send(case, "a-key-of-the-outage")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            assert answer.headers["content-type"] == "application/problem+json"
        await storm.is_refused()
        assert len(storm.ledger.promised) == promised
        assert site.api.lives
        await site.start_database()
        await storm.acknowledges(BETWEEN_KILLS)
    assert set(storm.ledger.answers) <= LAWFUL
    assert differences(storm.ledger.promised, await stored(site)) == []


def faults(site: Site) -> list[str]:
    """Return what the API has logged about answers that it could not explain."""
    return [line for line in site.api.said().splitlines() if "request_failed" in line]


@pytest.mark.parametrize(("promise", "loses"), [("on", False), ("off", True)])
async def test_commit_that_waits_for_the_disk_is_what_keeps_the_promise(
    site: Site, promise: str, loses: bool
) -> None:
    await site.promise(promise)
    await site.api.kill()
    await site.start_api()
    await site.freeze_background()
    async with Storm(site) as storm:
        await storm.acknowledges(BETWEEN_KILLS)
        await site.kill_database()
        await storm.is_refused()
        promised = dict(storm.ledger.promised)
        await site.start_database()
        there = await stored(site)
    lost = [told for told in differences(promised, there) if told.endswith("is lost")]
    assert bool(lost) is loses
    assert set(storm.ledger.answers) <= LAWFUL


@pytest.mark.parametrize(
    ("stored_rows", "told"),
    [
        ([("a", "1"), ("b", "2")], []),
        ([("a", "1")], ["b is lost"]),
        ([("a", "1"), ("b", "3")], ["b is lost"]),
        ([("a", "1"), ("b", "2"), ("b", "3")], ["b is there 2 times"]),
        ([("a", "1"), ("b", "2"), ("c", "3")], ["c was never acknowledged"]),
    ],
)
def test_comparison_with_the_ledger_notices(stored_rows: list[tuple[str, str]], told: list[str]) -> None:
    assert differences({"a": "1", "b": "2"}, stored_rows) == told
