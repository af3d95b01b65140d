"""Exports of a unit to a recipient go forward: no line of a quarter twice, none before one that it has."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.kit.clock import utc_now
from app.kit.ids import random_id
from app.state_exports import dry_run, gathering
from app.state_exports.handlers import check_now, compose_now
from app.state_exports.profile import PROFILE
from tests.state_exports.arrange import PATH, QUARTER, Office

_INSERT = """INSERT INTO state_exports (municipal_area_id, id, unit_id, institution_id, quarter, profile,
    requested_by, requested_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"""

_WITHOUT_QUARTER = """SELECT unit_id, institution_id, institution_type, quarter, profile, figures,
    has_had_one, false AS has_quarter FROM hold_state_export($1, $2)"""
_FETCHED = _INSERT.replace("at)", "at, state, fetched_at)").replace("$8)", "$8, 'fetched', $8)")


async def _inserted(office: Office, quarter: str) -> None:
    """Ask by SQL, in the role of the application and as the administrator."""
    async with office.world.sql(office.admin) as db:
        driver = await db.driver()
        await driver.execute(
            _INSERT, office.world.area, random_id(), office.unit, office.database, quarter, PROFILE,
            office.admin.user_id, utc_now(),
        )  # fmt: skip


@pytest.mark.parametrize("is_acknowledged", [False, True])
async def test_quarters_before_the_one_that_the_recipient_has_are_refused(
    office: Office, *, is_acknowledged: bool
) -> None:
    await office.persons()
    export = await office.ready()
    await office.lines(export)
    if is_acknowledged:
        await office.acknowledge(export)
    await office.cool()
    refused = await office.asked("2025Q3")
    assert (refused.status_code, refused.json()["code"]) == (409, "state_export_passed")
    with pytest.raises(asyncpg.CheckViolationError):
        await _inserted(office, "2025Q3")
    assert (await office.asked("2026Q1")).status_code == 201


async def _withdrawn(office: Office) -> list[dict[str, Any]]:
    """Let twelve lines be fetched and one person withdraw, while figures hold; return the lines."""
    clients = await office.persons()
    export = await office.ready()
    before = await office.lines(export)
    await office.acknowledge(export)
    await office.withdraw(clients[0])
    return before


async def test_withdrawals_follow_at_once_without_a_line_and_without_a_count(office: Office) -> None:
    before = {line["pseudonym"] for line in await _withdrawn(office)}
    export = (await office.asked()).json()["id"]
    await office.in_work(check_now, export)
    asked = await office.read(export)
    assert asked["dry_run"] == dry_run.of_withdrawals_alone()
    await office.lead.post(f"{PATH}/{export}/release")
    await office.in_work(compose_now, export)
    lines = await office.lines(export)
    assert [line.keys() for line in lines] == [{"pseudonym", "withdrawn"}]
    assert {line["pseudonym"] for line in lines} < before
    assert (await office.acknowledge(export)).status_code == 200
    again = (await office.asked()).json()["id"]
    await office.in_work(check_now, again)
    assert (await office.read(again))["dry_run"] == asked["dry_run"]


@pytest.fixture
async def forgetful(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose recipient has lines of a quarter, which the worker does not remember."""
    await office.persons()
    await office.lines(await office.ready())
    monkeypatch.setattr(gathering, "HOLD", _WITHOUT_QUARTER)
    await office.cool()
    return office


async def test_database_takes_no_second_line_of_a_quarter(forgetful: Office) -> None:
    export = await forgetful.released()
    with pytest.raises(asyncpg.CheckViolationError):
        await forgetful.in_work(compose_now, export)


async def test_quarter_that_was_never_fetched_is_asked_for_again(office: Office) -> None:
    await office.persons()
    export = await office.ready("2026Q1")
    await office.admin.post(f"{PATH}/{export}/discard")
    assert (await office.asked("2026Q1")).status_code == 201


async def test_another_unit_and_another_recipient_are_not_behind_it(office: Office) -> None:
    await office.persons()
    await office.lines(await office.ready("2026Q1"))
    unit, database = office.unit, office.database
    office.unit = await office.world.unit("Caritas")
    assert (await office.asked()).status_code == 201
    office.unit, office.database = unit, await office.world.institution("landesdatenbank", "Zweite")
    assert (await office.asked()).status_code == 201
    assert office.database != database


async def test_one_that_came_by_another_way_is_neither_released_nor_fetched(office: Office) -> None:
    await office.persons()
    early = await office.ready("2025Q3")
    await office.world.admin.execute("ALTER TABLE state_exports DISABLE TRIGGER USER")
    try:
        await office.world.admin.execute(
            _FETCHED,
            office.world.area, random_id(), office.unit, office.database, QUARTER, PROFILE,
            office.admin.user_id, utc_now(),
        )  # fmt: skip
    finally:
        await office.world.admin.execute("ALTER TABLE state_exports ENABLE TRIGGER USER")
    async with office.world.sql(office.recipient) as db:
        driver = await db.driver()
        with pytest.raises(asyncpg.CheckViolationError):
            await driver.fetchval("SELECT fetch_state_export($1, now())", UUID(early))


async def test_without_the_rules_the_same_quarter_would_be_told_twice_and_that_is_noticed(
    forgetful: Office,
) -> None:
    await forgetful.world.admin.execute("ALTER TABLE state_export_files DISABLE TRIGGER single")
    try:
        assert len(await forgetful.lines(await forgetful.ready())) == 12
    finally:
        await forgetful.world.admin.execute("ALTER TABLE state_export_files ENABLE TRIGGER single")
