"""Data are restricted (Art. 18 GDPR) while somebody is assigned: nothing of them stays in figures."""

from collections import Counter
from functools import partial
from uuid import UUID

import pytest

from tests.cases.arrange import a_case, team_lead
from tests.referrals.interleaving import interleave, stops
from tests.world import Person, World

ORDERS = 12
PLANTED = {
    "hold_new_assignment()": (" FOR SHARE", ""),
    "assign_case(uuid, uuid, uuid, text, timestamptz, timestamptz, text)": (" FOR SHARE OF k", ""),
}

_SOURCE = "SELECT pg_get_functiondef($1::text::regprocedure)"
_COUNTED = "SELECT EXISTS (SELECT FROM assignments WHERE client_id = $1 AND NOT is_held)"


async def _assigned(
    world: World, people: tuple[Person, Person], seed: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, int, bool]:
    """Assign and restrict in one order; return both answers, and whether the client is still counted."""
    manager, lead = people
    case_id = await a_case(world, manager)
    client_id = await world.admin.fetchval("SELECT client_id FROM cases WHERE id = $1", UUID(str(case_id)))
    member = {"user_id": str((await world.case_manager()).user_id), "kind": "member"}
    with stops(monkeypatch):
        both = await interleave(
            seed,
            world.admin,
            partial(lead.post, f"/v1/cases/{case_id}/assign", member),
            partial(manager.post, f"/v1/clients/{client_id}/restrictions", {"ground": "objection"}),
        )
    return both[0].status_code, both[1].status_code, await world.admin.fetchval(_COUNTED, client_id)


async def _in_many_orders(world: World, monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[int, int, bool]]:
    people = await world.case_manager(), await team_lead(world)
    return Counter([await _assigned(world, people, seed, monkeypatch) for seed in range(ORDERS)])


async def test_who_is_restricted_meanwhile_is_counted_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(await _in_many_orders(world, monkeypatch)) == {(201, 201, False)}


async def test_without_the_locks_they_are_counted_on_and_it_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {name: await world.admin.fetchval(_SOURCE, name) for name in PLANTED}
    try:
        for name, (there, instead) in PLANTED.items():
            assert there in kept[name]
            await world.admin.execute(kept[name].replace(there, instead))
        assert (201, 201, True) in await _in_many_orders(world, monkeypatch)
    finally:
        for source in kept.values():
            await world.admin.execute(source)
