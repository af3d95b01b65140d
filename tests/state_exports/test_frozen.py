"""Figures of a dry run hold for a week: nobody counts by asking again, and what leaves was looked at."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.state_exports import dry_run, handlers
from app.state_exports.handlers import check_now, compose_now
from app.state_exports.rules import DECIDED, FROZEN
from tests.state_exports.arrange import PATH, QUARTER, Office
from tests.state_exports.test_exports import later

UP_TO_19, UP_TO_49 = {"at_least": 10, "at_most": 19}, {"at_least": 20, "at_most": 49}
_ELSEWHERE = "SELECT false WHERE $1::uuid IS NULL OR $2::timestamptz IS NULL"
_DROP = "ALTER TABLE state_exports DROP CONSTRAINT ex_state_exports_figures"
_ADD = """ALTER TABLE state_exports ADD CONSTRAINT ex_state_exports_figures EXCLUDE USING gist
(municipal_area_id WITH =, unit_id WITH =, institution_id WITH =,
    tstzrange(figures_at, figures_until) WITH &&) WHERE (figures_are_own)"""


async def _again(office: Office, quarter: str = QUARTER) -> dict[str, Any]:
    """Put aside what is open, ask again within the time of the figures, and return what is told."""
    for export in (await office.admin.get(PATH)).json()["items"]:
        await office.admin.post(f"{PATH}/{export['id']}/discard")
    made = (await office.asked(quarter)).json()
    await office.in_work(check_now, made["id"])
    return await office.read(made["id"])


async def test_asking_again_answers_with_the_same_figures_until_their_time_is_over(office: Office) -> None:
    await office.persons(19)
    first = await office.read(await office.checked())
    await office.persons(1)
    second = await _again(office)
    assert second["dry_run"] == first["dry_run"]
    assert second["dry_run"]["persons"] == UP_TO_19
    assert (second["dry_run_at"], second["dry_run_until"]) == (first["dry_run_at"], first["dry_run_until"])
    held = datetime.fromisoformat(first["dry_run_until"]) - datetime.fromisoformat(first["dry_run_at"])
    assert held == FROZEN == timedelta(days=7)
    await office.cool()
    assert (await _again(office))["dry_run"]["persons"] == UP_TO_49


async def test_a_refusal_holds_as_long(office: Office) -> None:
    await office.persons(9)
    first = await office.read(await office.checked())
    assert (first["state"], first["refusal"]) == ("refused", "too_few")
    await office.persons(1)
    second = await _again(office)
    assert (second["state"], second["refusal"]) == ("refused", "too_few")
    assert second["dry_run"] == first["dry_run"]
    await office.cool()
    assert (await _again(office))["state"] == "checked"


async def test_another_quarter_does_not_get_round_it(office: Office) -> None:
    await office.persons()
    export = await office.checked()
    await office.admin.post(f"{PATH}/{export}/discard")
    refused = await office.asked("2026Q1")
    assert (refused.status_code, refused.json()["code"]) == (409, "state_export_too_soon")
    await office.cool()
    assert (await office.asked("2026Q1")).status_code == 201


async def test_another_recipient_has_figures_of_its_own(office: Office) -> None:
    clients = await office.persons()
    await office.checked()
    other = await office.world.institution("landesdatenbank", "Zweite Datenbank")
    for client in clients:
        await office.consent(client, to=other)
    office.database = other
    assert (await office.asked("2026Q1")).status_code == 201


async def test_database_lets_no_second_figures_be_computed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.persons(19)
    await office.checked()
    await office.persons(1)
    monkeypatch.setattr(handlers, "REPEAT", _ELSEWHERE)
    with pytest.raises(asyncpg.ExclusionViolationError):
        await _again(office)
    monkeypatch.setattr(handlers, "FROZEN", timedelta(days=1))
    await office.cool()
    with pytest.raises(asyncpg.CheckViolationError):
        await _again(office)


async def test_without_both_the_moment_in_which_a_band_changes_is_seen(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.persons(19)
    await office.checked()
    await office.persons(1)
    monkeypatch.setattr(handlers, "REPEAT", _ELSEWHERE)
    await office.world.admin.execute(_DROP)
    try:
        assert (await _again(office))["dry_run"]["persons"] == UP_TO_49
    finally:
        await office.world.admin.execute("UPDATE state_exports SET figures_are_own = false")
        await office.world.admin.execute(_ADD)


async def test_figures_are_not_changed_by_whoever_may_ask(office: Office) -> None:
    await office.persons()
    export = await office.checked()
    async with office.world.sql(office.admin) as db:
        driver = await db.driver()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await driver.execute("UPDATE state_exports SET figures_until = now() WHERE id = $1", UUID(export))
    async with office.world.sql(office.admin) as db:
        driver = await db.driver()
        for function in (
            "repeat_state_figures($1, now())",
            "check_state_export($1, now(), NULL, '{}', now(), true)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with driver.transaction():
                    await driver.execute(f"SELECT {function}", UUID(export))


@pytest.mark.parametrize("more", [0, 8])
async def test_what_leaves_lies_in_the_bands_that_were_released(office: Office, more: int) -> None:
    await office.persons(12)
    export = await office.released()
    await office.persons(more)
    await office.in_work(compose_now, export)
    assert (await office.read(export))["state"] == "ready"
    assert (await office.waiting(export) is None) == bool(more)


async def test_otherwise_more_would_leave_than_was_looked_at_and_that_is_noticed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.persons(12)
    export = await office.released()
    await office.persons(8)
    monkeypatch.setattr(dry_run, "are_as_told", lambda *_: True)
    await office.in_work(compose_now, export)
    assert len(await office.waiting(export) or ()) == 20


async def test_dry_run_ends_when_its_figures_are_old_though_it_was_asked_for_later(office: Office) -> None:
    await office.persons()
    await office.checked()
    await later(office, timedelta(days=6))
    again = await _again(office)
    assert again["state"] == "checked"
    await office.world.admin.execute(
        "UPDATE state_exports SET figures_at = figures_at - $2::interval WHERE id = $1",
        UUID(again["id"]),
        DECIDED,
    )
    await later(office, timedelta(minutes=1))
    assert (await office.read(again["id"]))["state"] == "expired"
