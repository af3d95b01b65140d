"""Who looks alike and is not the same is said once, and remembered for everybody who sees both."""

from uuid import UUID

from tests.cases.arrange import open_case
from tests.clients.arrange import assign, new_client
from tests.clients.test_merging import REASON, merge_body, two_records
from tests.clients.test_review import review
from tests.world import Person, World


async def say(person: Person, one: str, other: str) -> str:
    body = {"client_id": one, "other_client_id": other, "reason": "Zwillinge, beide waren hier"}
    answer = await person.post("/v1/clients/distinct", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_pair_that_is_distinct_leaves_the_review_list_until_it_is_taken_back(world: World) -> None:
    manager = await world.case_manager()
    one, other = await new_client(manager), await new_client(manager)
    assert len(await review(manager)) == 2
    said = await say(manager, one, other)
    assert await review(manager) == []
    assert (await manager.delete(f"/v1/clients/distinct/{said}")).status_code == 204
    assert len(await review(manager)) == 2


async def test_colleague_who_sees_both_does_not_find_the_pair_either(world: World) -> None:
    manager, colleague, other = [await world.case_manager() for _ in range(3)]
    pair = await new_client(manager), await new_client(manager)
    for each in pair:
        await assign(world, each, UUID(await open_case(manager, each)), colleague, "member")
    await say(manager, *pair)
    assert await review(colleague) == []
    assert len((await colleague.get("/v1/clients/distinct")).json()["items"]) == 1
    assert (await other.get("/v1/clients/distinct")).json()["items"] == []


async def test_distinct_persons_are_not_merged_until_that_is_taken_back(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    said = await say(manager, merged, kept)
    body = await merge_body(manager, kept, merged)
    answer = await manager.post(f"/v1/clients/{kept}/merges", body)
    assert (answer.status_code, answer.json()["obstacles"]) == (409, ["said_to_be_distinct"])
    await manager.delete(f"/v1/clients/distinct/{said}")
    assert (await manager.post(f"/v1/clients/{kept}/merges", body)).status_code == 201


async def test_it_is_said_once_and_only_of_persons_whom_one_sees(world: World) -> None:
    manager, other = await world.case_manager(), await world.case_manager()
    one, two, foreign = await new_client(manager), await new_client(manager), await new_client(other)
    await say(manager, one, two)
    body = {"client_id": two, "other_client_id": one, "reason": REASON}
    again = await manager.post("/v1/clients/distinct", body)
    assert (again.status_code, again.json()["code"]) == (409, "duplicate")
    assert (await manager.post("/v1/clients/distinct", {**body, "client_id": foreign})).status_code == 404
    assert (await manager.post("/v1/clients/distinct", {**body, "client_id": one})).status_code == 422
