"""What became of a barrier reaches who reported it, and the coordination learns of nobody."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.database import Database
from app.wiring import wire
from app.worker import run_once
from tests.barriers.arrange import file_barrier
from tests.cases.arrange import a_client, open_case
from tests.conftest import Clock
from tests.obstacles.arrange import MINUTE, WHY, bundled, compared, in_project_group, moved, new_obstacle
from tests.world import Person, World

TOLD = ("barrier_outcome", "obstacle")


async def work(worker_database: Database, clock: Clock) -> None:
    await run_once(worker_database, wire(), clock, jobs=())


async def told(person: Person) -> list[str]:
    """Return the obstacles of which somebody was told, newest first."""
    listed = (await person.get("/v1/me/notifications")).json()["items"]
    return [each["object_id"] for each in listed if (each["kind"], each["object_type"]) == TOLD]


async def outcomes(person: Person) -> list[dict[str, Any]]:
    answer = await person.get("/v1/me/outcomes")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def observed(world: World, manager: Person) -> str:
    """Write an observation that coordinators see at once."""
    body = {
        "text": "Am Schalter spricht niemand Englisch.",
        "institution_type": "jobcenter",
        "barrier_type": "D1",
    }
    written = await manager.post("/v1/observations", body)
    assert written.status_code == 201, written.text
    await world.admin.execute(
        "UPDATE observations SET visible_from = '2026-01-05' WHERE id = $1", UUID(written.json()["id"])
    )
    return str(written.json()["id"])


async def reported(world: World, manager: Person) -> dict[str, Any]:
    """File a report of last year and return the signal that counts it."""
    at_jobcenter = {"institution_id": str(await world.institution()), "barrier_type": "D1"}
    await filed(world, manager, **at_jobcenter)
    return {"quarter": "2025Q4", "barrier_type": "D1", "institution_group": "benefits"}


async def filed(world: World, manager: Person, **more: Any) -> None:
    """File a report of last year, of an interface unless an institution is named."""
    case = await open_case(manager, await a_client(world, manager))
    report = await file_barrier(manager, case, **more)
    await world.admin.execute(
        """UPDATE barrier_figures SET quarter = '2025Q4', year = 2025, reported_on = '2025-11-03'
        WHERE report_id = $1""",
        UUID(report["id"]),
    )


async def test_author_of_an_observation_hears_what_became_of_it(
    world: World, worker_database: Database, clock: Clock
) -> None:
    author, colleague = await world.case_manager(), await world.case_manager()
    coordinator = await world.person(Role.COORDINATOR)
    obstacle = await new_obstacle(coordinator, observation_ids=[await observed(world, author)])
    await moved(coordinator, obstacle["id"], "under_review")
    await work(worker_database, clock)
    assert (await told(author), await outcomes(author)) == ([], [])
    await moved(coordinator, obstacle["id"], "bundled")
    await work(worker_database, clock)
    assert await told(author) == [obstacle["id"]]
    (outcome,) = await outcomes(author)
    assert (outcome["title"], outcome["status"]) == (obstacle["title"], "bundled")
    assert set(outcome) == {
        "id", "title", "barrier_types", "institution_types", "status", "measures", "decisions",
    }  # fmt: skip
    assert (await told(colleague), await outcomes(colleague)) == ([], [])
    assert await told(coordinator) == []


async def test_who_reported_what_a_signal_counts_hears_of_it_too(
    world: World, worker_database: Database, clock: Clock
) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    coordinator = await world.person(Role.COORDINATOR)
    signal = await reported(world, manager)
    await reported(world, colleague)
    other = {**signal, "barrier_type": "K1"}
    await world.admin.execute(
        "UPDATE barrier_figures SET barrier_type = 'K1' WHERE contributor_id = $1", colleague.user_id
    )
    obstacle = await bundled(coordinator, signals=[signal])
    await work(worker_database, clock)
    assert (await told(manager), await told(colleague)) == ([obstacle["id"]], [])
    assert (len(await outcomes(manager)), await outcomes(colleague)) == (1, [])
    again = await bundled(coordinator, signals=[other])
    await work(worker_database, clock)
    assert await told(colleague) == [again["id"]]


async def test_an_interface_without_an_institution_is_bundled_and_who_reported_it_hears_of_it(
    world: World, worker_database: Database, clock: Clock
) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    coordinator = await world.person(Role.COORDINATOR)
    await filed(world, manager)
    await filed(world, colleague, institution_id=str(await world.institution()))
    signal = {"quarter": "2025Q4", "barrier_type": "B1", "institution_group": None}
    obstacle = await bundled(coordinator, institution_types=[], signals=[signal, signal])
    assert obstacle["signals"] == [signal]
    await work(worker_database, clock)
    assert (await told(manager), await told(colleague)) == ([obstacle["id"]], [])
    assert (len(await outcomes(manager)), await outcomes(colleague)) == (1, [])
    part = {"title": "Teil", "description": "Teil", "barrier_types": ["B1"], "institution_types": []}
    path = f"/v1/obstacles/{obstacle['id']}/split"
    split = await coordinator.post(path, {**part, "signals": [signal]}, if_match=f'"{obstacle["version"]}"')
    assert (split.status_code, split.json()["signals"]) == (201, [signal]), split.text


async def test_report_on_a_person_whose_data_are_only_kept_tells_nobody(
    world: World, worker_database: Database, clock: Clock
) -> None:
    manager, coordinator = await world.case_manager(), await world.person(Role.COORDINATOR)
    signal = await reported(world, manager)
    await world.admin.execute(
        "UPDATE barrier_figures SET is_held = true WHERE contributor_id = $1", manager.user_id
    )
    obstacle = await bundled(coordinator, signals=[signal])
    await work(worker_database, clock)
    assert (await told(manager), await outcomes(manager)) == ([], [])
    await world.admin.execute(
        "UPDATE barrier_figures SET is_held = false WHERE contributor_id = $1", manager.user_id
    )
    assert [each["id"] for each in await outcomes(manager)] == [obstacle["id"]]


async def test_each_ending_is_told_and_a_repeat_changes_nothing(
    world: World, worker_database: Database, clock: Clock
) -> None:
    author, coordinator = await world.case_manager(), await world.person(Role.COORDINATOR)
    obstacle = await in_project_group(world, coordinator)
    path = f"/v1/obstacles/{obstacle['id']}"
    version = f'"{obstacle["version"]}"'
    await coordinator.patch(path, {"observation_ids": [await observed(world, author)]}, if_match=version)
    await work(worker_database, clock)
    heard = len(await told(author))
    decided = await moved(coordinator, obstacle["id"], "decided", **MINUTE, decision="Zwei Schalter")
    measure = decided["measures"][0]
    await coordinator.patch(f"{path}/measures/{measure['id']}", {"state": "done"}, if_match='"1"')
    await moved(coordinator, obstacle["id"], "implemented")
    await compared(world, obstacle["id"])
    await moved(coordinator, obstacle["id"], "effect_checked")
    await work(worker_database, clock)
    await world.admin.execute(
        "UPDATE outbox SET done_at = NULL, available_at = now() WHERE municipal_area_id = $1", world.area
    )
    await work(worker_database, clock)
    assert len(await told(author)) == heard + 3
    (outcome,) = await outcomes(author)
    assert (outcome["status"], outcome["decisions"][0]["text"]) == ("effect_checked", "Zwei Schalter")
    assert [(each["title"], each["state"]) for each in outcome["measures"]] == [("Schalter", "done")]


async def test_draft_that_was_rejected_is_an_answer(
    world: World, worker_database: Database, clock: Clock
) -> None:
    author, coordinator = await world.case_manager(), await world.person(Role.COORDINATOR)
    obstacle = await new_obstacle(coordinator, observation_ids=[await observed(world, author)])
    await moved(coordinator, obstacle["id"], "rejected", **WHY)
    await work(worker_database, clock)
    assert await told(author) == [obstacle["id"]]
    assert [each["status"] for each in await outcomes(author)] == ["rejected"]


async def test_what_was_merged_is_followed_to_where_it_went(
    world: World, worker_database: Database, clock: Clock
) -> None:
    author, coordinator = await world.case_manager(), await world.person(Role.COORDINATOR)
    gone = await bundled(coordinator, observation_ids=[await observed(world, author)])
    await coordinator.post(f"/v1/obstacles/{gone['id']}/decisions", {**MINUTE, "text": "Ein Schalter"})
    stays = await bundled(coordinator)
    merge = f"/v1/obstacles/{stays['id']}/merge"
    assert (await coordinator.post(merge, {"obstacle_id": gone["id"], **WHY})).status_code == 200
    (outcome,) = await outcomes(author)
    assert (outcome["id"], [each["text"] for each in outcome["decisions"]]) == (stays["id"], ["Ein Schalter"])
    await moved(coordinator, stays["id"], "rejected", **WHY)
    await work(worker_database, clock)
    assert (await told(author))[0] == stays["id"]


async def test_who_is_no_case_manager_any_more_is_told_of_nothing(
    world: World, worker_database: Database, clock: Clock
) -> None:
    author, coordinator = await world.case_manager(), await world.person(Role.COORDINATOR)
    observation = await observed(world, author)
    await world.admin.execute("UPDATE memberships SET ended_at = now() WHERE user_id = $1", author.user_id)
    await bundled(coordinator, observation_ids=[observation])
    await work(worker_database, clock)
    count = "SELECT count(*) FROM notifications WHERE user_id = $1"
    assert await world.admin.fetchval(count, author.user_id) == 0


async def test_coordination_learns_neither_who_was_told_nor_how_many(
    world: World, worker_database: Database, clock: Clock
) -> None:
    author, coordinator = await world.case_manager(), await world.person(Role.COORDINATOR)
    answers = []
    for observations in ([await observed(world, author)], []):
        obstacle = await new_obstacle(coordinator, observation_ids=observations)
        await moved(coordinator, obstacle["id"], "under_review")
        path = f"/v1/obstacles/{obstacle['id']}/status"
        step = await coordinator.post(path, {"to": "bundled"})
        answers.append(
            {**step.json(), "id": None, "observation_ids": None, "steps": len(step.json()["steps"])}
        )
    assert answers[0] == answers[1]
    waiting = "SELECT count(*) FROM outbox WHERE municipal_area_id = $1 AND event = 'obstacle.moved'"
    assert await world.admin.fetchval(waiting, world.area) == 2
    await work(worker_database, clock)
    async with world.sql(coordinator) as db:
        driver = await db.driver()
        assert await driver.fetchval("SELECT count(*) FROM notifications") == 0
        assert await driver.fetchval("SELECT my_outcomes()") == []
    for statement in (
        "SELECT tell_of_outcome(gen_random_uuid(), gen_random_uuid(), now())",
        "SELECT count(*) FROM outbox",
        "SELECT count(contributor_id) FROM barrier_figures",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.sql(coordinator) as db:
                await (await db.driver()).execute(statement)
    assert (await coordinator.get("/v1/me/outcomes")).status_code == 403


async def test_second_lock_shows_a_case_manager_no_other_obstacle(world: World) -> None:
    author, coordinator = await world.case_manager(), await world.person(Role.COORDINATOR)
    obstacle = await bundled(coordinator, observation_ids=[await observed(world, author)])
    await bundled(coordinator)
    await new_obstacle(coordinator, observation_ids=obstacle["observation_ids"])
    async with world.sql(author) as db:
        driver = await db.driver()
        assert await driver.fetchval("SELECT array_agg(id) FROM obstacles") == [UUID(obstacle["id"])]
        for table in ("obstacle_links", "obstacle_members", "steering_meetings"):
            assert await driver.fetchval(f"SELECT count(*) FROM {table}") == 0
        assert await driver.execute("UPDATE obstacles SET title = 'x'") == "UPDATE 0"


async def test_planted_link_to_a_strangers_observation_would_be_noticed(world: World) -> None:
    """The opposite of what is shown above: whose name stands at an observation decides, and nothing else."""
    author, other = await world.case_manager(), await world.case_manager()
    coordinator = await world.person(Role.COORDINATOR)
    observation = await observed(world, author)
    await bundled(coordinator, observation_ids=[observation])
    assert (len(await outcomes(author)), len(await outcomes(other))) == (1, 0)
    await world.admin.execute(
        "UPDATE observation_sources SET author_id = $1 WHERE observation_id = $2",
        other.user_id,
        UUID(observation),
    )
    assert (len(await outcomes(author)), len(await outcomes(other))) == (0, 1)
