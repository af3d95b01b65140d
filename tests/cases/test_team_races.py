"""Two who take somebody into a team at once: they are in it once, and out of it when taken off."""

import pytest

from tests.cases.arrange import a_case, sees, team_lead
from tests.referrals.interleaving import interleave, stops
from tests.world import Person, World

ASSIGN = "assign_case(uuid, uuid, uuid, text, timestamptz, timestamptz, text)"
END = "end_assignment(uuid)"
_SOURCE = "SELECT pg_get_functiondef($1::text::regprocedure)"


async def _assigned_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch, seed: int, kind: str = "member"
) -> tuple[list[int], bool]:
    """Assign somebody twice at once; return the answers, and whether they see the case when taken off."""
    amira, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    path, body = f"/v1/cases/{case_id}", {"user_id": str(ben.user_id), "kind": kind}
    with stops(monkeypatch):
        both = await interleave(
            seed, world.admin, *[lambda: lead.post(f"{path}/assign", body) for _ in range(2)]
        )
    made = next(each for each in both if each.status_code == 201)
    if kind == "member":
        await _taken_off(lead, path, made.json()["id"])
    return sorted(each.status_code for each in both), await sees(ben, case_id)


async def _taken_off(lead: Person, path: str, assignment_id: str) -> None:
    assert (await lead.delete(f"{path}/team/{assignment_id}")).status_code == 204


async def test_of_two_at_once_one_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [await _assigned_at_once(world, monkeypatch, seed) for seed in range(10)]
    assert seen == [([201, 409], False)] * 10


async def test_a_case_is_handed_to_somebody_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [await _assigned_at_once(world, monkeypatch, seed, "lead") for seed in range(5)]
    assert seen == [([201, 409], True)] * 5


@pytest.mark.parametrize(
    ("planted", "sees_it"),
    [
        ({ASSIGN: ("IN ('lead', 'member')", "IN ('nobody')")}, False),
        (
            {ASSIGN: ("IN ('lead', 'member')", "IN ('nobody')"), END: ("OR a.kind = 'member'", "OR false")},
            True,
        ),
    ],
)
async def test_without_it_two_memberships_are_noticed_and_end_together(
    world: World, monkeypatch: pytest.MonkeyPatch, planted: dict[str, tuple[str, str]], *, sees_it: bool
) -> None:
    kept = {name: await world.admin.fetchval(_SOURCE, name) for name in planted}
    try:
        for name, (there, instead) in planted.items():
            assert there in kept[name]
            await world.admin.execute(kept[name].replace(there, instead))
        assert await _assigned_at_once(world, monkeypatch, 1) == ([201, 201], sees_it)
    finally:
        for source in kept.values():
            await world.admin.execute(source)
