"""Who loses a case while they change something of it is told that there is nothing, not that we failed."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest

from app.kit import problems
from app.kit.errors import NotFound, Problem
from tests.cases.arrange import a_case, team_lead
from tests.clients.arrange import etag_of
from tests.referrals.interleaving import interleave, stops
from tests.world import World

ORDERS = 12

_REFUSED = "SELECT count(*) FROM audit_journal WHERE object_id = $1 AND outcome = 'refused'"


async def _hidden_and_handed_on(world: World, seed: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Hand a case to somebody else while its lead hides the client; return both answers."""
    manager, other, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, manager)
    client_id = await world.admin.fetchval("SELECT client_id FROM cases WHERE id = $1", UUID(str(case_id)))
    client = f"/v1/clients/{client_id}"
    hide = partial(manager.patch, client, {"is_restricted": True}, if_match=await etag_of(manager, client))
    handing = partial(
        lead.post, f"/v1/cases/{case_id}/assign", {"user_id": str(other.user_id), "kind": "lead"}
    )
    with stops(monkeypatch):
        handed, hidden = await interleave(seed, world.admin, handing, hide)
    if hidden.status_code == 404:
        assert hidden.json()["code"] == "not_found"
        assert await world.admin.fetchval(_REFUSED, client_id) == 1
    return handed.status_code, hidden.status_code


async def test_change_of_what_went_out_of_sight_is_unknown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {await _hidden_and_handed_on(world, seed, monkeypatch) for seed in range(ORDERS)}
    assert (201, 404) in seen
    # Who had begun before the other one did was still the lead.
    assert seen <= {(404, 200), (201, 404), (201, 200)}


async def test_as_our_own_failure_it_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    known = problems.from_database

    def forgetful(error: BaseException) -> Problem | None:
        found: Any = known(error)
        return None if isinstance(found, NotFound) else found

    monkeypatch.setattr(problems, "from_database", forgetful)
    seen = {await _hidden_and_handed_on(world, seed, monkeypatch) for seed in range(ORDERS)}
    assert (201, 500) in seen
