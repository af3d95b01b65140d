"""Somebody in a waiting file withdraws: the area's own people read the same as where nobody did.

Two worlds, told apart by that alone. All that an administrator, a team lead and a privacy officer read of
exports is the same text, but for ids and for when each world was made; and nothing moves in what the first
two read by any path without an id.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.access.roles import Role
from app.state_exports.handlers import check_now, compose_now
from app.state_exports.rules import KEPT
from tests.state_exports.arrange import PATH, Office
from tests.state_exports.test_exports import later
from tests.state_exports.test_left_out import CALLS_BACK
from tests.world import Person

Step = Callable[[Office, str], Awaitable[Any]]
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
_AREA = re.compile(r"KIM-T\d+-\d+")
_CURSOR = re.compile(r'"next":"[^"]+"')
_HEADERS = ("etag", "location", "link", "allow", "last-modified")
_TELLS = """CREATE FUNCTION tells_of_a_destroyed_file() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
    UPDATE state_exports SET {} WHERE id = OLD.id AND state = 'ready';
    RETURN NULL;
END $$"""
_TRIGGER = """CREATE TRIGGER tells AFTER DELETE ON state_export_files FOR EACH ROW
EXECUTE FUNCTION tells_of_a_destroyed_file()"""


def alike(text: str) -> str:
    """Return a text with ids, moments, areas and cursors (made of both) numbered as they first come."""
    for pattern in (_ID, _MOMENT, _AREA, _CURSOR):
        seen: dict[str, int] = {}
        text = pattern.sub(lambda found, seen=seen: f"#{seen.setdefault(found[0], len(seen))}", text)
    return text


async def read_of(person: Person, path: str) -> str:
    """Return what an answer says, with the headers that could tell of a change."""
    answer = await person.get(path)
    kept = {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
    return f"{path} {answer.status_code} {kept} {answer.text}"


def paths_of(office: Office) -> list[str]:
    """Return every path that is read without an id."""
    paths = office.world.app.openapi()["paths"]
    return sorted(path for path, verbs in paths.items() if "get" in verbs and "{" not in path)


async def of_exports(office: Office, export: str) -> str:
    """Return all that the area's people read of exports."""
    officer = await office.world.person(Role.PRIVACY_OFFICER)
    texts = [
        await read_of(person, path)
        for person in (office.admin, office.lead, officer)
        for path in (PATH, f"{PATH}?limit=1", f"{PATH}/{export}")
    ]
    asked = await office.asked("2026Q1")
    return "\n".join([*texts, f"{asked.status_code} {asked.text}"])


async def everything(office: Office) -> dict[str, str]:
    """Return by path what administrator and team lead read anywhere."""
    return {
        path: "\n".join([await read_of(person, path) for person in (office.admin, office.lead)])
        for path in paths_of(office)
    }


async def nothing(_office: Office, _export: str) -> None:
    """Let nothing happen."""


async def first_withdraws(office: Office, _export: str) -> None:
    """Let one of those in the file withdraw."""
    assert (await office.withdraw(next(iter(office.consents)))).status_code == 200


async def told_over_time(office: Office, step: Step, *, persons: int = 11, first: bool = False) -> list[str]:
    """Compose a file, let the step happen before or after, and return what is read until it has ended."""
    await office.persons(persons)
    export = await office.released()
    if first:
        await step(office, export)
    await office.in_work(compose_now, export)
    if not first:
        await step(office, export)
    told = [await of_exports(office, export)]
    for wait in (timedelta(days=3), KEPT - timedelta(hours=1), KEPT + timedelta(hours=1)):
        await later(office, wait)
        told.append(await of_exports(office, export))
    return [alike(text) for text in told]


@pytest.mark.parametrize(("persons", "first"), [(11, False), (11, True), (10, False), (10, True)])
async def test_withdrawal_looks_like_a_file_that_nobody_fetched(
    office: Office, other: Office, persons: int, *, first: bool
) -> None:
    """With ten persons the withdrawal leaves too few, which is not told either."""
    with_one = await told_over_time(office, first_withdraws, persons=persons, first=first)
    without = await told_over_time(other, nothing, persons=persons, first=first)
    assert with_one == without
    assert "expired" not in with_one[2]
    assert "expired" in with_one[3]


@pytest.mark.parametrize("reason", sorted(CALLS_BACK))
async def test_so_does_whatever_else_calls_a_file_back(office: Office, other: Office, reason: str) -> None:
    async def happens(office: Office, _export: str) -> None:
        await CALLS_BACK[reason](office, next(iter(office.consents)))

    assert await told_over_time(office, happens) == await told_over_time(other, nothing)


@pytest.mark.parametrize("persons", [11, 10])
async def test_putting_it_aside_and_asking_again_tells_nothing(
    office: Office, other: Office, persons: int
) -> None:
    told = []
    for where, step in ((office, first_withdraws), (other, nothing)):
        await where.persons(persons)
        export = await where.ready()
        await step(where, export)
        aside = await where.lead.post(f"{PATH}/{export}/discard")
        again = await where.asked()
        await where.in_work(check_now, again.json()["id"])
        released = await where.lead.post(f"{PATH}/{again.json()['id']}/release")
        texts = [
            f"{each.status_code} {each.headers.get('etag')} {each.text}" for each in (aside, again, released)
        ]
        told.append(alike("\n".join([*texts, await of_exports(where, export)])))
    assert told[0] == told[1]
    assert '"state":"released"' in told[0]


async def test_nothing_that_an_administrator_or_a_team_lead_reads_moves(office: Office) -> None:
    await office.persons()
    export = await office.ready()
    await everything(office)  # what a first reading writes down is written
    before = await everything(office)
    of_this = [await read_of(person, f"{PATH}/{export}") for person in (office.admin, office.lead)]
    await first_withdraws(office, export)
    await office.work()
    assert await office.waiting(export) is None
    assert [await read_of(person, f"{PATH}/{export}") for person in (office.admin, office.lead)] == of_this
    after = await everything(office)
    assert [path for path in before if before[path] != after[path]] == []


async def test_recipient_is_refused_at_once(office: Office) -> None:
    await office.persons()
    export = await office.ready()
    await first_withdraws(office, export)
    assert (await office.fetch(export)).status_code == 404


@pytest.mark.parametrize(
    "consented",
    [None, timedelta(days=2)],
)
async def test_end_is_fixed_whenever_the_first_consent_ends(
    office: Office, consented: timedelta | None
) -> None:
    clients = await office.persons()
    if consented is not None:
        await office.world.admin.execute(
            "UPDATE consents SET valid_until = current_date + 2 WHERE id = $1", office.consents[clients[0]]
        )
    export = await office.ready()
    told = await office.read(export)
    composed, kept = (datetime.fromisoformat(told[name]) for name in ("composed_at", "keep_until"))
    assert kept - composed == KEPT
    await later(office, KEPT + timedelta(hours=5))
    ended = await office.read(export)
    assert (ended["state"], ended["ended_at"]) == ("expired", told["keep_until"])


@pytest.mark.parametrize("change", ["ended_at = now()", "version = version + 1", "keep_until = now()"])
async def test_whatever_moves_when_a_file_is_destroyed_is_noticed(
    office: Office, other: Office, change: str
) -> None:
    await office.world.admin.execute(_TELLS.format(change))
    await office.world.admin.execute(_TRIGGER)
    try:
        with_one = await told_over_time(office, first_withdraws)
    finally:
        await office.world.admin.execute("DROP FUNCTION tells_of_a_destroyed_file() CASCADE")
    assert with_one != await told_over_time(other, nothing)
