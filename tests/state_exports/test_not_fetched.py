"""What a recipient reads of a file before fetching it: the same whoever is in it.

Size and digest of a file that somebody's withdrawal destroyed, held against the file that follows, would give
away the line of whoever withdrew.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.kit.clock import local_date, utc_now
from tests.state_exports.arrange import PARTNER_PATH, PATH, Office, planted
from tests.state_exports.test_nobody_told import alike, read_of

MEASURES = ("persons", "withdrawals", "size_bytes", "sha256")
COLUMNS = (*MEASURES, "keep_until", "sealed_key", "sealed_content")
FUNCTIONS = {
    "measures_of_fetched_state_exports": (
        "SELECT count(*) FROM measures_of_fetched_state_exports() WHERE id = $1"
    ),
    "content_of_fetched_state_export": "SELECT count(*) FROM content_of_fetched_state_export($1, now())",
}
_FETCHED = "(f.fetched_at IS NOT NULL)"


_ENDS = "UPDATE consents SET valid_until = $2 WHERE id = $1"


async def told_before(office: Office, persons: int, *, ends_in: int = 300) -> str:
    """Return all that the recipient reads of a file of so many persons that it has not fetched.

    The first consent in it ends in so many days.
    """
    clients = await office.persons(persons)
    end = local_date(utc_now()) + timedelta(days=ends_in)
    await office.world.admin.execute(_ENDS, office.consents[clients[0]], end)
    export = await office.ready()
    paths = (PARTNER_PATH, f"{PARTNER_PATH}?limit=1", f"{PARTNER_PATH}/{export}")
    told = alike("\n".join([await read_of(office.recipient, path) for path in paths]))
    file = (await office.recipient.get(paths[-1])).json()
    return f"{told} {kept_for(file)}"


def kept_for(file: dict[str, Any]) -> timedelta:
    """Return how long a file is said to be kept."""
    return datetime.fromisoformat(file["keep_until"]) - datetime.fromisoformat(file["composed_at"])


async def readable(office: Office) -> set[str]:
    """Return the columns of those that tell of persons which the recipient reads in the table itself."""
    read = set()
    for column in COLUMNS:
        async with office.world.sql(office.recipient) as db:
            driver = await db.driver()
            try:
                await driver.fetch(f"SELECT {column} FROM state_export_files")
            except asyncpg.InsufficientPrivilegeError:
                continue
            read.add(column)
    return read


async def answered(office: Office, export: str) -> set[str]:
    """Return the functions that tell the recipient something of an export."""
    async with office.world.sql(office.recipient) as db:
        driver = await db.driver()
        return {name for name, sql in FUNCTIONS.items() if await driver.fetchval(sql, UUID(export))}


async def test_what_a_recipient_reads_before_fetching_is_the_same_whoever_is_in_the_file(
    office: Office, other: Office
) -> None:
    assert await told_before(office, 11) == await told_before(other, 14, ends_in=2)


@pytest.mark.parametrize(("persons", "ends_in"), [(14, 300), (11, 2)])
async def test_a_measure_that_is_told_before_fetching_is_noticed(
    office: Office, other: Office, persons: int, ends_in: int
) -> None:
    async with planted(office.world, "measures_of_fetched_state_exports", _FETCHED, "true"):
        assert await told_before(office, 11) != await told_before(other, persons, ends_in=ends_in)


async def test_whose_withdrawal_destroyed_a_file_is_not_found_with_what_was_told_of_it(
    office: Office,
) -> None:
    clients = await office.persons()
    export = await office.ready()
    before = (await office.recipient.get(f"{PARTNER_PATH}/{export}")).json()
    assert (await office.withdraw(clients[0])).status_code == 200
    assert (await office.lead.post(f"{PATH}/{export}/discard")).status_code == 200
    again = await office.ready()
    assert len(await office.lines(again)) == len(clients) - 1
    after = (await office.recipient.get(f"{PARTNER_PATH}/{again}")).json()
    told = (*MEASURES, "manifest")
    assert {name for name in told if before[name] is not None} == set()
    assert {name for name in told if after[name] is None} == set()


async def test_an_acknowledgement_before_fetching_does_not_tell_whether_a_digest_is_right(
    office: Office,
) -> None:
    await office.persons()
    export = await office.ready()
    held = "SELECT sha256 FROM state_export_files WHERE id = $1"
    right = await office.world.admin.fetchval(held, UUID(export))
    told = []
    for digest in (right, "0" * 64):
        body = {"sha256": digest, "withdrawals_deleted": 0}
        answer = await office.recipient.post(f"{PARTNER_PATH}/{export}/acknowledge", body)
        told.append((answer.status_code, answer.json()["code"]))
    assert told == [(409, "wrong_state")] * 2


async def test_the_database_tells_the_application_no_more(office: Office) -> None:
    await office.persons()
    export = await office.ready()
    assert await readable(office) == set()
    assert await answered(office, export) == set()
    await office.lines(export)
    assert await readable(office) == set()
    assert await answered(office, export) == set(FUNCTIONS)


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
async def test_a_function_that_does_not_ask_whether_it_was_fetched_is_noticed(
    office: Office, function: str
) -> None:
    await office.persons()
    export = await office.ready()
    async with planted(office.world, function, _FETCHED, "true"):
        assert await answered(office, export) == {function}


@pytest.mark.parametrize("column", COLUMNS)
async def test_a_column_that_can_be_read_is_noticed(office: Office, column: str) -> None:
    await office.world.admin.execute(f"GRANT SELECT ({column}) ON state_export_files TO kim_app")
    try:
        assert await readable(office) == {column}
    finally:
        await office.world.admin.execute(f"REVOKE SELECT ({column}) ON state_export_files FROM kim_app")
