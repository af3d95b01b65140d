"""Once a month somebody is reminded to ask for the next file: whoever withdrew, or nobody."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.access.context import SystemContext
from app.access.roles import Role
from app.kit.clock import utc_now
from app.kit.database import System
from app.kit.events import Wiring
from app.notifications.of_state_exports import remind_to_follow
from app.upkeep import JOBS
from tests.state_exports.arrange import PATH, Office, planted
from tests.world import Person

DAY = timedelta(days=1)
EVERYBODYS = "(e.state = ANY (ARRAY['fetched'::text, 'acknowledged'::text]))"
OF_WHO_WITHDREW = (
    EVERYBODYS + " AND EXISTS (SELECT FROM public.consents s WHERE s.municipal_area_id = e.municipal_area_id"
    " AND s.withdrawn_at IS NOT NULL)"
)


async def told(office: Office, days: float, reader: Person | None = None) -> list[str]:
    """Let the worker look so many days from now; return of which exports somebody has been told."""
    async with office.worker.transaction(System(office.world.area)) as db:
        await remind_to_follow(SystemContext(db, office.world.area, utc_now() + days * DAY, Wiring()))
    inbox = (await (reader or office.admin).get("/v1/me/notifications")).json()["items"]
    found = [each for each in inbox if each["kind"] == "state_export_due"]
    assert {each["object_type"] for each in found} <= {"state_export"}
    return [each["object_id"] for each in reversed(found)]


async def fetched(office: Office) -> str:
    """Return an export that its recipient has just fetched."""
    await office.persons()
    export = await office.ready()
    assert (await office.fetch(export)).status_code == 200
    return export


async def test_who_asks_is_reminded_once_a_month_and_nobody_else(office: Office) -> None:
    another = await office.world.person(Role.ADMIN)
    export = await fetched(office)
    for days, times in ((0, 0), (29, 0), (30, 1), (31, 1), (59, 1), (60, 2), (60, 2), (365, 3)):
        assert await told(office, days) == [export] * times, days
    assert await told(office, 365, another) == [export] * 3
    for other in (office.lead, office.manager, office.recipient):
        assert await told(office, 365, other) == []
    assert (await office.admin.get(f"{PATH}/{export}")).status_code == 200


async def test_nothing_that_was_never_fetched_is_followed(office: Office) -> None:
    await office.persons()
    await office.ready()
    assert await told(office, 60) == []


async def test_the_next_file_begins_the_month_anew(office: Office) -> None:
    first = await fetched(office)
    assert (await office.acknowledge(first)).status_code == 200
    before = await office.world.admin.fetchval(
        "SELECT fetched_at FROM state_exports WHERE id = $1", UUID(first)
    )
    following = await office.ready()
    assert await told(office, 60) == []
    assert (await office.fetch(following)).status_code == 200
    await _moved(office, following, before + 20 * DAY)
    assert await told(office, 49) == []
    assert await told(office, 51) == [following]


async def _moved(office: Office, export: str, at: datetime) -> None:
    await office.world.admin.execute(
        "UPDATE state_exports SET fetched_at = $2 WHERE id = $1", UUID(export), at
    )


async def reminders(office: Office, *, somebody_withdraws: bool) -> list[str]:
    clients = await office.persons()
    export = await office.ready()
    await office.fetch(export)
    if somebody_withdraws:
        assert (await office.withdraw(clients[0])).status_code == 200
    return [name for name in await told(office, 30) if name == export]


@pytest.mark.parametrize("somebody_withdraws", [True, False])
async def test_reminder_tells_nothing_of_a_withdrawal(office: Office, somebody_withdraws: bool) -> None:
    assert len(await reminders(office, somebody_withdraws=somebody_withdraws)) == 1


async def test_reminder_that_came_for_a_withdrawal_is_noticed(office: Office) -> None:
    async with planted(office.world, "state_exports_to_follow", EVERYBODYS, OF_WHO_WITHDREW):
        assert await reminders(office, somebody_withdraws=False) == []


def test_worker_reminds() -> None:
    assert [job.name for job in JOBS if job.work is remind_to_follow] == ["remind_of_state_exports"]
