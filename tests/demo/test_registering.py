"""In the demonstration numbers are held, persons were merged, and a child without parents has a guardian."""

import pytest

from app.demo import registering
from app.demo.registering import NUMBERS, register
from app.settings import Settings
from tests.clients.arrange import new_client
from tests.identity.arrange import PASSWORD, hashed
from tests.world import World

_NUMBERS = """SELECT client_id, count(*) AS held FROM official_numbers WHERE municipal_area_id = $1
GROUP BY 1 ORDER BY 2"""
_GUARDED = """SELECT g.kind, g.valid_until IS NULL AS lasts, NOT EXISTS (SELECT FROM household_members m
    WHERE m.client_id = g.client_id) AS is_alone FROM guardians g
WHERE g.municipal_area_id = $1 ORDER BY g.valid_from"""


async def test_numbers_a_merge_and_a_guardian_are_written_down(
    world: World, settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registering, "WESEL", world.area)
    manager = await world.case_manager()
    await world.institution("jugendamt")
    await world.admin.execute(
        "UPDATE accounts SET password_hash = $2 WHERE id = $1", manager.account_id, hashed(PASSWORD)
    )
    for number in range(len(NUMBERS) + 1):
        await new_client(manager, given_name=f"Amina {number}", phone="+49 151 2345678")
    await register(settings, database_url, PASSWORD)
    admin, area = world.admin, world.area
    merged = "SELECT count(*) FROM clients WHERE municipal_area_id = $1 AND merged_into IS NOT NULL"
    assert await admin.fetchval(merged, area) == 1
    assert [row["held"] for row in await admin.fetch(_NUMBERS, area)] == [1, 1, 2, 3]
    guarded = [tuple(row) for row in await admin.fetch(_GUARDED, area)]
    assert guarded == [("taken_into_care", False, True), ("guardian", True, True)]
