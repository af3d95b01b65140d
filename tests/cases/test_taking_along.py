"""What an earlier case left open goes on in a later one of the same client: each thing once."""

from uuid import UUID

import pytest

from app.cases.actions import taking_along
from app.kit.clock import utc_now
from tests.cases.arrange import a_case, a_client, close, open_case
from tests.cases.test_settling import EVERYTHING, TASK, VISIT, leave_open
from tests.consents.arrange import give_consent, withdraw
from tests.referrals.interleaving import interleave, stops
from tests.refusals import places
from tests.world import World


@pytest.mark.parametrize("settle", [{}, EVERYTHING])
async def test_later_case_takes_along_what_was_left_each_once(world: World, settle: dict[str, str]) -> None:
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    earlier = await open_case(amira, client_id)
    await leave_open(amira, earlier)
    await close(amira, earlier, "contact_lost", settle=settle)
    later = await open_case(amira, client_id)
    path = f"/v1/cases/{later}"
    taken = await amira.post(f"{path}/take-along", {"from_case_id": earlier})
    assert taken.status_code == 200, taken.text
    counts = {kind: len(ids) for kind, ids in taken.json().items() if kind != "from_case_id"}
    assert counts == {"goals": 1, "measures": 1, "tasks": 2}
    tasks = (await amira.get(f"{path}/tasks")).json()["items"]
    assert [(each["kind"], each["due_on"]) for each in tasks] == [
        ("task", "2030-01-07"), ("appointment", "2030-03-04"),
    ]  # fmt: skip
    again = await amira.post(f"{path}/take-along", {"from_case_id": earlier})
    assert again.json() == taken.json()


async def test_what_is_past_is_due_today_in_the_later_case(world: World) -> None:
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    earlier = await open_case(amira, client_id)
    task = (await amira.post(f"/v1/cases/{earlier}/tasks", VISIT)).json()["id"]
    await world.admin.execute(
        """UPDATE tasks SET due_on = '2026-02-02', due_at = '2026-02-02T09:00:00Z' WHERE id = $1""",
        UUID(task),
    )
    await close(amira, earlier, "contact_lost")
    later = await open_case(amira, client_id)
    await amira.post(f"/v1/cases/{later}/take-along", {"from_case_id": earlier})
    (taken,) = (await amira.get(f"/v1/cases/{later}/tasks")).json()["items"]
    opened = (await amira.get(f"/v1/cases/{later}")).json()["opened_on"]
    assert (taken["kind"], taken["due_on"]) == ("task", opened)


async def test_only_a_closed_case_of_the_same_client_is_taken_along(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    client_id = await a_client(world, amira)
    one, other = await open_case(amira, client_id), await open_case(amira, client_id)
    path = f"/v1/cases/{other}/take-along"
    open_one = await amira.post(path, {"from_case_id": one})
    assert (open_one.status_code, open_one.json()["code"]) == (409, "wrong_state")
    strange = await a_case(world, amira)
    await close(amira, strange, "moved_away")
    refused = await amira.post(path, {"from_case_id": strange})
    assert places(refused) == [{"place": "body.from_case_id", "kind": "no_earlier_case"}]
    hidden = await a_case(world, ben)
    assert (await amira.post(path, {"from_case_id": hidden})).status_code == 404


async def test_what_is_only_kept_goes_on_nowhere_until_a_new_consent(world: World) -> None:
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    earlier = await open_case(amira, client_id)
    await amira.post(f"/v1/cases/{earlier}/tasks", TASK)
    await withdraw(amira, await give_consent(amira, client_id))
    body = {"client_id": client_id, "kind": "counselling", "access_route": "self"}
    refused = await amira.post("/v1/cases", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "processing_restricted")
    await give_consent(amira, client_id, given_at=utc_now().isoformat())
    path = f"/v1/cases/{await open_case(amira, client_id)}/take-along"
    assert len((await amira.post(path, {"from_case_id": earlier})).json()["tasks"]) == 1


async def test_what_was_dropped_stays_behind_where_no_closing_is_known(world: World) -> None:
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    earlier = await open_case(amira, client_id)
    await amira.post(f"/v1/cases/{earlier}/tasks", TASK)
    await close(amira, earlier, "moved_away", settle={"tasks": "drop"})
    await world.admin.execute("DELETE FROM case_phases WHERE case_id::text = $1", earlier)
    path = f"/v1/cases/{await open_case(amira, client_id)}/take-along"
    taken = await amira.post(path, {"from_case_id": earlier})
    assert (taken.status_code, taken.json()["tasks"]) == (200, [])


async def _taken_at_once(world: World, monkeypatch: pytest.MonkeyPatch, seed: int) -> tuple[list[int], int]:
    """Take along twice at once and return what was answered and how many tasks there are then."""
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    earlier = await open_case(amira, client_id)
    await amira.post(f"/v1/cases/{earlier}/tasks", TASK)
    await close(amira, earlier, "contact_lost")
    later = await open_case(amira, client_id)
    body = {"from_case_id": earlier}
    with stops(monkeypatch):
        both = await interleave(
            seed, world.admin, *[lambda: amira.post(f"/v1/cases/{later}/take-along", body) for _ in range(2)]
        )
    tasks = (await amira.get(f"/v1/cases/{later}/tasks")).json()["items"]
    return [answer.status_code for answer in both], len(tasks)


async def test_two_at_once_take_it_along_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [await _taken_at_once(world, monkeypatch, seed) for seed in range(15)]
    assert seen == [([200, 200], 1)] * 15


async def test_without_the_lock_the_second_would_be_refused_by_the_database_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = taking_along.find_case

    async def unlocked(ctx, case_id, *, to_change=False):  # type: ignore[no-untyped-def]
        return await locked(ctx, case_id)

    monkeypatch.setattr(taking_along, "find_case", unlocked)
    seen = [await _taken_at_once(world, monkeypatch, seed) for seed in range(15)]
    assert any(sorted(statuses) == [200, 409] for statuses, _ in seen), seen
    assert {count for _, count in seen} == {1}
