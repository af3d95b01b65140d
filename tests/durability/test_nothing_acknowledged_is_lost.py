"""Server and database are killed under load; every contact that was acknowledged is there, just once.

The controls: with `synchronous_commit = off` the same kill must lose, without the kept keys a repeat must
double, and the comparison must notice both.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app.kit.embedded.binaries import find_binaries
from tests.durability.site import Site, a_site
from tests.durability.storm import Storm, differences, journalled, repeat, stored
from tests.share import share_of

KILLS = share_of(10, dear=True)
"""Of the API, and as many of the database."""
BETWEEN_KILLS = 25
"""Acknowledged contacts."""
LAWFUL = {"201", "503", "409 still_running", "ConnectError", "ReadError", "RemoteProtocolError", "WriteError"}
"""Everything a writer may meet: a success, a refusal that says when to come back, or a dead server."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def installed(programs: Path | None) -> AsyncIterator[Site]:
    with TemporaryDirectory(prefix="kim-durability-") as home:
        async with a_site(Path(home), programs) as site:
            yield site


@pytest.fixture
async def site(installed: Site, request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    """The installation with an API that was just started and no contacts, whatever a test left behind.

    The parameter is what the application's commits wait for, "on" unless it is given.
    """
    await installed.start_database()
    await installed.promise(getattr(request, "param", "on"))
    admin = await installed.admin()
    await admin.execute("DELETE FROM contacts; DELETE FROM idempotency_keys")
    await admin.execute("DELETE FROM audit_journal WHERE action = 'contact.create'")
    await admin.close()
    await installed.start_api()
    yield installed
    await installed.api.kill()


async def kill_each(site: Site, storm: Storm) -> None:
    """Kill the API under load, then the database under load, and start each again."""
    await storm.acknowledges(BETWEEN_KILLS)
    await site.kill_api()
    await site.start_api()
    await storm.acknowledges(BETWEEN_KILLS)
    await site.kill_database()
    await site.start_database()


def faults(site: Site) -> list[str]:
    """Return what the API has logged about answers that it could not explain."""
    return [line for line in site.api.said().splitlines() if "request_failed" in line]


async def test_kills_of_both_under_load_lose_and_double_nothing(site: Site) -> None:
    before = site.recoveries()
    async with Storm(site) as storm:
        for _ in range(KILLS):
            await kill_each(site, storm)
        await storm.acknowledges(BETWEEN_KILLS)
    ledger = storm.ledger
    assert site.recoveries() - before == KILLS
    assert len(ledger.promised) >= 2 * KILLS * BETWEEN_KILLS
    assert faults(site) == []
    assert set(ledger.answers) <= LAWFUL, ledger.answers
    assert differences(ledger.promised, await stored(site)) == []
    assert sorted(map(str, await journalled(site))) == sorted(ledger.promised.values())


async def test_key_repeated_after_the_kills_finds_the_first_effect(site: Site) -> None:
    async with Storm(site) as storm:
        await kill_each(site, storm)
        await storm.acknowledges(1)
    before = await stored(site)
    assert storm.ledger.asked_again
    answers = await repeat(site, storm.ledger.promised)
    assert {key: answer.status_code for key, answer in answers.items()} == dict.fromkeys(answers, 201)
    assert {key: answer.json()["id"] for key, answer in answers.items()} == storm.ledger.promised
    assert await stored(site) == before


async def test_without_the_kept_keys_a_repeat_doubles_and_the_comparison_notices(site: Site) -> None:
    async with Storm(site) as storm:
        await storm.acknowledges(BETWEEN_KILLS)
    admin = await site.admin()
    await admin.execute("DELETE FROM idempotency_keys")
    await admin.close()
    await repeat(site, storm.ledger.promised)
    doubled = [f"{key} is there 2 times" for key in storm.ledger.promised]
    assert sorted(differences(storm.ledger.promised, await stored(site))) == sorted(doubled)


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
            assert answer.json()["status"] == 503
        await storm.is_refused()
        assert len(storm.ledger.promised) == promised
        assert site.api.lives
        await site.start_database()
        await storm.acknowledges(BETWEEN_KILLS)
        assert site.api.lives
    assert faults(site) == []
    assert set(storm.ledger.answers) <= LAWFUL, storm.ledger.answers
    assert differences(storm.ledger.promised, await stored(site)) == []


@pytest.mark.parametrize(("site", "loses"), [("on", False), ("off", True)], indirect=["site"])
async def test_commit_that_waits_for_the_disk_is_what_keeps_the_promise(site: Site, loses: bool) -> None:
    async with site.background_frozen(), Storm(site) as storm:
        await storm.acknowledges(BETWEEN_KILLS)
        await site.kill_database()
        await storm.is_refused()
        promised = dict(storm.ledger.promised)
        await site.start_database()
        there = await stored(site)
    lost = [told for told in differences(promised, there) if told.endswith("is lost")]
    assert bool(lost) is loses
    assert set(storm.ledger.answers) <= LAWFUL, storm.ledger.answers


async def test_what_is_killed_is_the_postgresql_of_this_run(installed: Site, programs: Path | None) -> None:
    expected = find_binaries(programs, None)
    assert installed.installation.server.version.split(".")[0] == str(expected.major)


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
