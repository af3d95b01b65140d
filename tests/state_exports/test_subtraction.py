"""Lines and published figures of one area: what is left of a figure is never about few who have no line.

Through the real reading, computing and composing; the search for attacks is in `tests/attacks/test_lines.py`.
"""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.access.roles import Role
from app.kit.database import System
from app.kit.ids import new_id
from app.protection import Rules
from app.reporting import handlers as reporting_handlers
from app.reporting.handlers import Desk, LinesWereAdded, compute_now, disclosed_persons
from app.reporting.material import Computed, Material
from app.reporting.parts import Part
from app.reporting.rules import Refusal
from app.state_exports import published
from app.state_exports.handlers import compose_now
from tests.reporting.arrange import compute_here, insert, request
from tests.state_exports.arrange import QUARTER, Office, a_person, planted

_FIGURES = "SELECT max(value) FROM ledger WHERE municipal_area_id = $1 AND key = $2 GROUP BY key"
SEXES, EACH = ("w", "m", "d"), 30
_SEX = "clients=active&quarter={quarter}&sex={sex}"


async def _fill(office: Office, *, silent: int = 1) -> None:
    """Lay thirty persons of each sex of four case managers; so many of each never consented."""
    managers = [office.manager, *[await office.world.case_manager() for _ in range(3)]]
    await office.world.admin.execute(
        "UPDATE clients SET is_restricted = true WHERE municipal_area_id = $1", office.world.area
    )
    for sex in SEXES:
        for number in range(EACH):
            client = await a_person(office.world, managers[number % 4], office.unit, date(1990, 4, 1))
            await office.world.admin.execute("UPDATE clients SET sex = $2 WHERE id = $1", client, sex)
            if number >= silent:
                await office.consent(client)


async def _release(office: Office, compute: Any = compute_here, quarter: str = QUARTER) -> str:
    coordinator = await office.world.person(Role.COORDINATOR)
    release = await request(coordinator, quarter)
    desk = Desk(office.reporting, Rules(effort=50), compute)

    async def work(ctx: Any, *_: Any) -> None:
        await compute_now(ctx, desk, UUID(release))

    await office.in_work(work, release)
    return release


async def _told(office: Office, quarter: str = QUARTER) -> dict[str, int | None]:
    keys = {sex: _SEX.format(quarter=quarter, sex=sex) for sex in (*SEXES[:2], "other")}
    return {
        sex: await office.world.admin.fetchval(_FIGURES, office.world.area, key) for sex, key in keys.items()
    }


def _every(value: int | None) -> dict[str, int | None]:
    return dict.fromkeys((*SEXES[:2], "other"), value)


async def _left(office: Office, export: str) -> dict[str, int]:
    """Return of each figure that was told what the recipient is left with."""
    lines = Counter(line["sex"] for line in await office.lines(export))
    return {sex: value - lines[sex] for sex, value in (await _told(office)).items() if value is not None}


async def test_enough_stay_back_of_a_figure_that_was_released(office: Office) -> None:
    await _fill(office)
    await _release(office)
    assert await _told(office) == _every(EACH)
    export = await office.ready()
    assert (await office.read(export))["dry_run"]["left_out"]["held_back"] == {"at_least": 0, "at_most": 9}
    assert await _left(office, export) == _every(3)


async def test_otherwise_who_did_not_consent_is_read_and_that_is_noticed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _fill(office)
    await _release(office)
    monkeypatch.setattr(published, "held_back", lambda *_: frozenset())
    assert await _left(office, await office.ready()) == _every(1)


async def test_nobody_stays_back_where_enough_did_not_consent(office: Office) -> None:
    await _fill(office, silent=4)
    await _release(office)
    export = await office.ready()
    assert await _left(office, export) == _every(4)


async def test_figures_can_be_told_after_lines(office: Office) -> None:
    await _fill(office)
    export = await office.ready()
    await _release(office)
    assert await _told(office) == _every(EACH)
    assert await _left(office, export) == _every(3)


@pytest.mark.parametrize("is_fetched", [True, False])
async def test_a_figure_is_hidden_that_lines_leave_too_few_of(
    office: Office, monkeypatch: pytest.MonkeyPatch, *, is_fetched: bool
) -> None:
    await _fill(office)
    monkeypatch.setattr(published, "held_back", lambda *_: frozenset())
    export = await office.ready()
    if is_fetched:
        await office.lines(export)
        await office.acknowledge(export)
    await _release(office)
    assert await _told(office) == _every(None)


async def test_otherwise_it_is_told_and_that_is_noticed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _fill(office)
    monkeypatch.setattr(published, "held_back", lambda *_: frozenset())
    export = await office.ready()
    async with planted(office.world, "persons_at_state_databases", "told t;", "told t WHERE false;"):
        await _release(office)
    assert await _left(office, export) == _every(1)


async def test_whoever_withdrew_is_known_to_the_recipient_as_before(office: Office) -> None:
    clients = await office.persons()
    export = await office.ready()
    await office.lines(export)
    await office.acknowledge(export)
    before = await _disclosed(office)
    assert len(before) == len(clients)
    await office.withdraw(clients[0])
    assert await _disclosed(office) == before


async def test_who_goes_into_another_record_is_known_there(office: Office) -> None:
    clients = await office.persons()
    await office.lines(await office.ready())
    before = await _disclosed(office)
    other = await office.person()
    await office.world.admin.execute("UPDATE clients SET merged_into = $2 WHERE id = $1", clients[0], other)
    pseudonym = await office.world.admin.fetchval("SELECT pseudonym FROM clients WHERE id = $1", other)
    assert await _disclosed(office) == before | {str(pseudonym)}


async def test_file_that_was_destroyed_tells_of_nobody(office: Office) -> None:
    clients = await office.persons()
    await office.ready()
    assert len(await _disclosed(office)) == len(clients)
    await office.withdraw(clients[0])
    assert await _disclosed(office) == frozenset()


async def test_release_is_computed_anew_when_lines_came_meanwhile(office: Office) -> None:
    await _fill(office)

    async def slowly(given: AsyncIterator[Material | Part]) -> Computed | Refusal:
        found = await compute_here(given)
        await _disclose(office)
        return found

    with pytest.raises(LinesWereAdded):
        await _release(office, slowly)
    assert await _told(office) == _every(None)


async def test_otherwise_it_would_be_stored_and_that_is_noticed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _fill(office)

    async def slowly(given: AsyncIterator[Material | Part]) -> Computed | Refusal:
        found = await compute_here(given)
        await _disclose(office)
        return found

    async def nobody(_: Any) -> frozenset[str]:
        return frozenset()

    monkeypatch.setattr(reporting_handlers, "disclosed_persons", nobody)
    await _release(office, slowly)
    assert await _told(office) == _every(EACH)


async def test_file_is_composed_anew_when_a_release_came_meanwhile(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _fill(office)
    export = await office.released()
    looked = published.allowed_persons

    async def slowly(*given: Any) -> Any:
        found = await looked(*given)
        await _release(office)
        return found

    monkeypatch.setattr("app.state_exports.gathering.allowed_persons", slowly)
    with pytest.raises(LinesWereAdded):
        await office.in_work(compose_now, export)
    assert (await office.read(export))["state"] == "released"


async def _disclosed(office: Office) -> frozenset[str]:
    async with office.worker.transaction(System(office.world.area)) as db:
        return await disclosed_persons(db)


async def _disclose(office: Office) -> None:
    """Write down that a line of somebody was fetched."""
    await insert(office.world.admin, "disclosure_log", [{
        "municipal_area_id": office.world.area, "id": new_id(), "at": datetime.now(UTC), "case_id": uuid4(),
        "client_pseudonym": uuid4(), "unit_id": office.unit, "institution_id": office.database,
        "legal_basis": "consent", "purpose": "state_database", "data_categories": ["case_record"],
        "channel": "platform", "disclosed_by": office.lead.user_id,
    }])  # fmt: skip
