"""What is written of a person while a file is composed: it is in the file's decision, or there is no file.

Two connections, one statement at a time, in many orders. Each with the lock of composing taken out, and
with the trigger of the change taken out, which must be noticed.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.kit.clock import utc_now
from app.kit.database import Database, System
from app.settings import driver_url
from app.state_exports.handlers import compose_now
from tests.referrals.interleaving import interleave, stops
from tests.share import share_of
from tests.state_exports.arrange import EVERYTHING, PATH, Office
from tests.state_exports.test_left_out import disputes, is_only_kept
from tests.state_exports.test_races import unlocked

ORDERS, MOST = 16, 100
Line = dict[str, Any]
Change = Callable[[Office, Database, UUID], Awaitable[Any]]
_CASES = "(SELECT id FROM cases WHERE client_id = $1)"
_CASE = (
    "DELETE FROM assignments WHERE client_id = $1",
    f"DELETE FROM case_phases WHERE case_id IN {_CASES}",
    f"DELETE FROM case_contents WHERE id IN {_CASES}",
    "DELETE FROM cases WHERE client_id = $1",
)
_CLIENT = ("DELETE FROM consents WHERE client_id = $1", *_CASE, "DELETE FROM clients WHERE id = $1")

_TRIGGERS = """SELECT tgname AS name, tgrelid::regclass::text AS of FROM pg_trigger
WHERE tgrelid::regclass::text = ANY ($1) AND tgname LIKE 'call_back%'"""


async def _disputed(office: Office, _: Database, client: UUID) -> None:
    await disputes(office, client)


async def _only_kept(office: Office, _: Database, client: UUID) -> None:
    await is_only_kept(office, client)


async def _one_entry_kept(office: Office, _: Database, client: UUID) -> None:
    entry = await office.world.admin.fetchval("SELECT id FROM language_levels WHERE client_id = $1", client)
    kept = {
        "ground": "accuracy_contested",
        "entry": "languages",
        "entry_id": str(entry),
        "asked_by": "client",
    }
    answer = await office.manager.post(f"/v1/clients/{client}/restrictions", kept)
    assert answer.status_code == 201, answer.text


async def _closed(office: Office, _: Database, client: UUID) -> None:
    case = await office.world.admin.fetchval("SELECT id FROM cases WHERE client_id = $1", client)
    answer = await office.manager.post(f"/v1/cases/{case}/close", {"reason": "deceased"})
    assert answer.status_code == 200, answer.text


async def _consents_anew(office: Office, _: Database, client: UUID) -> None:
    body = {
        "client_id": str(client), "purpose": "state_database", "institution_id": str(office.database),
        "data_categories": ["case_record"], "special_categories": [], "direction": "to",
        "text_language": "deu", "text_version": "1", "interpreter_used": False,
        "consequences_explained": True, "revocability_explained": True, "form": "written",
        "given_at": utc_now().isoformat(), "evidence": "Ordner 2",
    }  # fmt: skip
    answer = await office.manager.post("/v1/consents", body)
    assert answer.status_code == 201, answer.text


def _erased(*statements: str) -> Change:
    async def erase(office: Office, owner: Database, client: UUID) -> None:
        async with owner.transaction(System(office.world.area)) as db:
            for statement in statements:
                await (await db.driver()).execute(statement, client)

    return erase


def _gone(line: Line | None) -> bool:
    return line is None


def _without_the_value(line: Line | None) -> bool:
    return line is None or (line["sex"] is None and "sex" in line["disputed"])


def _without_the_level(line: Line | None) -> bool:
    return line is None or line["german_last"] in (None, "not_stated")


def _with_less(line: Line | None) -> bool:
    return line is None or "age_band" not in line


CHANGES: dict[str, tuple[Change, Callable[[Line | None], bool], str]] = {
    "disputed": (_disputed, _without_the_value, "disputes"),
    "only kept": (_only_kept, _gone, "clients processing_restrictions"),
    "one entry only kept": (_one_entry_kept, _without_the_level, "processing_restrictions"),
    "closed for a death": (_closed, _gone, "case_contents"),
    "case erased": (_erased(*_CASE), _gone, "cases"),
    "person erased": (_erased(*_CLIENT), _gone, "cases clients"),
    "given anew for less": (_consents_anew, _with_less, "consents"),
}
"""The change, whether a line (none: the person is in none) has it, and the tables whose triggers it takes."""


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[Database]:
    """A pool that may delete rows which no operation deletes."""
    pool = Database.connect(driver_url(database_url), pool_size=2)
    yield pool
    await pool.close()


async def _somebody(office: Office) -> UUID:
    client = await office.person(born=date(1991, 5, 2))
    await office.consent(client, *EVERYTHING)
    level = {"language": "deu", "overall": "B1"}
    assert (await office.manager.post(f"/v1/clients/{client}/languages", level)).status_code == 201
    return client


async def _is_in_the_decision(
    office: Office, owner: Database, name: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[bool, bool]:
    """Compose and change in one order; return whether there is a file, and whether it has the change."""
    change, has_it, _ = CHANGES[name]
    client = await _somebody(office)
    pseudonym = await office.world.admin.fetchval("SELECT pseudonym FROM clients WHERE id = $1", client)
    place = (office.world.area, str(office.unit), str(office.database))
    names = office.keys.pseudonyms(str(pseudonym), *place)
    export = await office.released()
    with stops(monkeypatch):
        await interleave(
            seed,
            office.world.admin,
            lambda: office.in_work(compose_now, export),
            lambda: change(office, owner, client),
        )
    lines = await office.waiting(export)
    await office.admin.post(f"{PATH}/{export}/discard")
    if lines is None:
        return False, True
    return True, has_it(next((line for line in lines if line["pseudonym"] in names), None))


@pytest.mark.parametrize("name", sorted(CHANGES))
async def test_change_while_composing_is_in_the_file_or_there_is_none(
    office: Office, owner: Database, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.persons(11)
    seen = {
        await _is_in_the_decision(office, owner, name, seed, monkeypatch) for seed in range(share_of(ORDERS))
    }
    assert all(has_it for _, has_it in seen), seen


@asynccontextmanager
async def _without_triggers(office: Office, tables: str) -> AsyncIterator[None]:
    triggers = await office.world.admin.fetch(_TRIGGERS, tables.split())
    try:
        for each in triggers:
            await office.world.admin.execute(f"ALTER TABLE {each['of']} DISABLE TRIGGER {each['name']}")
        yield
    finally:
        for each in triggers:
            await office.world.admin.execute(f"ALTER TABLE {each['of']} ENABLE TRIGGER {each['name']}")


@pytest.mark.parametrize("fault", ["lock", "trigger"])
@pytest.mark.parametrize("name", sorted(CHANGES))
async def test_without_the_lock_or_the_trigger_it_is_noticed(
    office: Office, owner: Database, name: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.persons(11)
    planted = (
        unlocked(office, monkeypatch) if fault == "lock" else _without_triggers(office, CHANGES[name][2])
    )
    async with planted:
        for seed in range(MOST):
            if (await _is_in_the_decision(office, owner, name, seed, monkeypatch)) == (True, False):
                return
    pytest.fail("a file that says what it must not was never seen")
