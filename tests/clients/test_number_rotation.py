"""After a change of keys everything is sealed anew, beside a running application, and nothing is lost."""

from uuid import UUID

import pytest
from fastapi import FastAPI

from app.clients.numbers import rotation
from app.clients.numbers.rotation import numbers_left, rotate_numbers
from app.kit.roles import with_role
from app.kit.sealing import FieldKeys, Ring, load_field_keys, new_field_keys
from tests import database
from tests.clients.arrange import new_client
from tests.clients.test_official_numbers import TAX, find, record, show
from tests.world import World


@pytest.fixture
def url(database_url: str) -> str:
    """The address of the migration role."""
    return with_role(database_url, "kim_migrate", database.PASSWORD)


def _with(keys: FieldKeys, older: FieldKeys) -> FieldKeys:
    """Return keys that also read what older ones made."""
    return FieldKeys(
        Ring(keys.sealing.current, {**older.sealing.keys, **keys.sealing.keys}),
        Ring(keys.marking.current, {**older.marking.keys, **keys.marking.keys}),
    )


async def test_numbers_are_read_and_found_before_during_and_after(
    world: World, app: FastAPI, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    await world.admin.execute("DELETE FROM official_numbers")
    manager = await world.case_manager()
    client_id = await new_client(manager)
    line = await record(manager, client_id)
    old: FieldKeys = app.state.field_keys
    new = load_field_keys(new_field_keys())
    both = _with(new, old)
    try:
        app.state.field_keys = both
        assert (await show(manager, client_id, line["id"])).json()["value"] == TAX
        assert await find(manager, TAX) == [client_id]
        waiting = await numbers_left(url, both)
        turned = await rotate_numbers(url, both)
        assert waiting == turned.done > 0
        assert turned.unopened == []
        assert (await rotate_numbers(url, both)).done == await numbers_left(url, both) == 0
        app.state.field_keys = new
        assert (await show(manager, client_id, line["id"])).json()["value"] == TAX
        assert await find(manager, TAX) == [client_id]
        app.state.field_keys = old
        assert (await show(manager, client_id, line["id"])).status_code == 503
    finally:
        await rotate_numbers(url, _with(old, new))
        app.state.field_keys = old
    assert (await show(manager, client_id, line["id"])).json()["value"] == TAX


async def test_number_that_does_not_open_is_named_and_stays(world: World, url: str) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    line = await record(manager, client_id)
    sealed = "SELECT sealed FROM official_numbers WHERE client_id = $1"
    before = await world.admin.fetchval(sealed, UUID(client_id))
    foreign = load_field_keys(new_field_keys())
    turned = await rotate_numbers(url, foreign)
    assert UUID(line["id"]) in turned.unopened
    assert turned.done == 0
    assert await numbers_left(url, foreign) == len(turned.unopened)
    assert await world.admin.fetchval(sealed, UUID(client_id)) == before
