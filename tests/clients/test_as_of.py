"""What was believed at a time stays readable, whatever has been corrected since."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.clients.arrange import new_client
from tests.world import Person, World

BODIES = {
    "residence-documents": ({"residence_status": "GEST"}, {"residence_status": "AE-25.2B"}),
    "legal-domains": (
        {"strand": "health", "legal_domain": "SGB_V"},
        {"strand": "health", "legal_domain": "ASYLBLG"},
    ),
    "addresses": ({"strand": "actual", "street": "Markt 1"}, {"strand": "actual", "street": "Markt 2"}),
    "languages": ({"language": "deu", "overall": "A1"}, {"language": "deu", "overall": "B1"}),
    "schooling": ({"school_step": "waiting"}, {"school_step": "attending"}),
}


def before(moment: str) -> str:
    """Return the moment a microsecond earlier."""
    return (datetime.fromisoformat(moment) - timedelta(microseconds=1)).isoformat()


async def believed(person: Person, client_id: str, history: str, **query: str) -> list[Any]:
    """Return the ids of the periods that an answer shows."""
    answer = await person.get(f"/v1/clients/{client_id}/{history}", **query)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


@pytest.mark.parametrize("history", BODIES)
async def test_each_moment_shows_what_was_believed_then(world: World, history: str) -> None:
    manager = await world.case_manager()
    first, second = BODIES[history]
    client_id = await new_client(manager)
    path = f"/v1/clients/{client_id}/{history}"
    old = (await manager.post(path, first)).json()
    new = (await manager.post(f"{path}/{old['id']}/correct", second)).json()
    gone = (await manager.post(f"{path}/{new['id']}/withdraw")).json()
    moments = (
        before(old["recorded_at"]),
        old["recorded_at"],
        before(new["recorded_at"]),
        new["recorded_at"],
        before(gone["superseded_at"]),
        gone["superseded_at"],
    )
    shown = [await believed(manager, client_id, history, as_of=each) for each in moments]
    assert shown == [[], [old["id"]], [old["id"]], [new["id"]], [new["id"]], []]
    assert await believed(manager, client_id, history) == []


async def test_who_believed_it_and_what_came_after_is_told(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    path = f"/v1/clients/{client_id}/addresses"
    old = (await manager.post(path, {"strand": "actual", "street": "Markt 1"})).json()
    body = {"strand": "actual", "street": "Markt 2"}
    new = (await manager.post(f"{path}/{old['id']}/correct", body)).json()
    then = (await manager.get(path, as_of=old["recorded_at"])).json()["items"][0]
    assert (then["street"], then["recorded_by"]) == ("Markt 1", str(manager.user_id))
    assert (then["superseded_by"], then["superseded_because"]) == (new["id"], "corrected")


@pytest.mark.parametrize("moment", ["2190-09-01T00:00:00Z", "2026-05-01T00:00:00", "yesterday"])
async def test_what_is_no_past_moment_is_refused(world: World, moment: str) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    answer = await manager.get(f"/v1/clients/{client_id}/addresses", as_of=moment)
    assert answer.status_code == 422


async def test_stranger_learns_nothing_of_what_was_believed(world: World) -> None:
    manager, stranger = await world.case_manager(), await world.case_manager()
    client_id = await new_client(manager)
    path = f"/v1/clients/{client_id}/addresses"
    old = (await manager.post(path, {"strand": "actual", "street": "Markt 1"})).json()
    assert (await stranger.get(path, as_of=old["recorded_at"])).status_code == 404
