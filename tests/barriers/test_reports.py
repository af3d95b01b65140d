"""Barrier reports: filing in under a minute, correcting, resolving, and who sees them."""

from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from tests.barriers.arrange import INTERFACE, REPORT, at, file_barrier
from tests.cases.arrange import a_client, close, open_case
from tests.conftest import Clock
from tests.refusals import places
from tests.world import Person, World


async def opened(world: World) -> tuple[Person, str, str]:
    """Return a case manager, their client and the client's case."""
    manager = await world.case_manager()
    client = await a_client(world, manager)
    return manager, client, await open_case(manager, client)


async def test_four_fields_are_enough(world: World, clock: Clock) -> None:
    manager, client, case = await opened(world)
    at(world, clock, (2026, 7, 1, 22, 30), manager)
    made = await file_barrier(manager, case, institution_id=str(await world.institution()))
    assert made == {
        "id": made["id"],
        "case_id": case,
        "barrier_type": "B1",
        "institution_id": str(await world.institution()),
        "interface": None,
        "effect": "benefit_gap",
        "since": "2026-01-02",
        "persons": [client],
        "level": None,
        "duration_days": None,
        "workaround": None,
        "suggestion": None,
        "note": None,
        "reported_by": str(manager.user_id),
        "reported_on": "2026-07-02",  # the day where the offices are
        "resolved_on": None,
        "version": 1,
    }
    assert (await manager.get(f"/v1/barriers/{made['id']}")).json() == made
    listed = (await manager.get("/v1/barriers", case_id=case)).json()
    assert listed == {"items": [made], "next": None}


async def test_interface_stands_in_for_an_institution(world: World) -> None:
    manager, _, case = await opened(world)
    made = await file_barrier(manager, case, interface=INTERFACE, level="interface", note="Nur hier")
    assert (made["interface"], made["institution_id"], made["note"]) == (INTERFACE, None, "Nur hier")


@pytest.mark.parametrize(
    ("change", "place", "kind"),
    [
        ({"barrier_type": "Z9"}, "body.barrier_type", "unknown_code"),
        ({"effect": "nonsense"}, "body.effect", "unknown_code"),
        ({"level": "nonsense"}, "body.level", "unknown_code"),
        ({"since": "2199-01-01"}, "body.since", "in_the_future"),
        ({"since": "1990-03-31"}, "body.since", "before_birth"),
        ({"interface": None}, "body.institution_id", "missing"),
        ({"interface": {**INTERFACE, "from_legal_domain": "SGB_II"}}, "body.interface", "one_domain"),
        (
            {"interface": {**INTERFACE, "from_legal_domain": "XXX"}},
            "body.interface.from_legal_domain",
            "unknown_code",
        ),
        (
            {"institution_id": "00000000-0000-7000-8000-000000000000"},
            "body.institution_id",
            "unknown_reference",
        ),
        (
            {"persons": ["00000000-0000-7000-8000-000000000000"]},
            "body.persons",
            "not_of_the_household",
        ),
    ],
)
async def test_what_cannot_be_meant_is_refused(
    world: World, change: dict[str, Any], place: str, kind: str
) -> None:
    manager, _, case = await opened(world)
    body = {**REPORT, "interface": INTERFACE, "case_id": case, **change}
    answer = await manager.post("/v1/barriers", body)
    assert (answer.status_code, places(answer)) == (422, [{"place": place, "kind": kind}])


async def test_closed_case_takes_no_report(world: World) -> None:
    manager, _, case = await opened(world)
    await close(manager, case, "moved_away")
    answer = await manager.post("/v1/barriers", {**REPORT, "interface": INTERFACE, "case_id": case})
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


async def test_report_concerns_several_persons_of_one_household_only(world: World) -> None:
    manager, client, case = await opened(world)
    child, neighbour = await a_client(world, manager), await a_client(world, manager)
    await world.admin.execute(
        "UPDATE clients SET household_key = (SELECT household_key FROM clients WHERE id = $1) WHERE id = $2",
        UUID(client), UUID(child),
    )  # fmt: skip
    made = await file_barrier(manager, case, persons=[client, child])
    assert sorted(made["persons"]) == sorted([client, child])
    body = {**REPORT, "interface": INTERFACE, "case_id": case, "persons": [client, neighbour]}
    answer = await manager.post("/v1/barriers", body)
    assert places(answer) == [{"place": "body.persons", "kind": "not_of_the_household"}]


async def test_barrier_of_a_family_may_be_older_than_its_children(world: World) -> None:
    manager, client, case = await opened(world)
    child = await a_client(world, manager)
    await world.admin.execute(
        """UPDATE clients SET household_key = (SELECT household_key FROM clients WHERE id = $1),
            birth_date = '2025-05-01' WHERE id = $2""",
        UUID(client), UUID(child),
    )  # fmt: skip
    made = await file_barrier(manager, case, persons=[client, child], since="2024-01-02")
    path = f"/v1/barriers/{made['id']}"
    alone = await manager.patch(path, {"persons": [child]}, if_match='"1"')
    assert (alone.status_code, places(alone)) == (422, [{"place": "body.since", "kind": "before_birth"}])
    both = await manager.patch(path, {"persons": [child], "since": "2025-05-01"}, if_match='"1"')
    assert both.status_code == 200, both.text
    earlier = await manager.patch(path, {"since": "2025-04-30"}, if_match='"2"')
    assert places(earlier) == [{"place": "body.since", "kind": "before_birth"}]


async def test_report_is_seen_by_the_team_of_its_case_alone(world: World) -> None:
    manager, _, case = await opened(world)
    colleague, lead = await world.case_manager(), await world.person(Role.TEAM_LEAD)
    made = await file_barrier(manager, case)
    body = {**REPORT, "interface": INTERFACE, "case_id": case}
    for path in (f"/v1/barriers/{made['id']}", f"/v1/barriers?case_id={case}"):
        assert (await colleague.get(path)).status_code == 404
        assert (await lead.get(path)).status_code == 403
    assert (await colleague.post("/v1/barriers", body)).status_code == 404
    path = f"/v1/barriers/{made['id']}"
    assert (await colleague.patch(path, {"effect": "delay"}, if_match='"1"')).status_code == 404
    assert (await colleague.post(f"{path}/resolve", {})).status_code == 404


@pytest.mark.asvs("8.2.2")
async def test_coordinator_is_refused_alike_for_every_client_case_and_report(world: World) -> None:
    manager, client, case = await opened(world)
    report = await file_barrier(manager, case)
    coordinator = await world.person(Role.COORDINATOR)
    unknown = "00000000-0000-7000-8000-000000000000"
    for path, real in (("/v1/clients", client), ("/v1/cases", case), ("/v1/barriers", report["id"])):
        seen, invented = await coordinator.get(f"{path}/{real}"), await coordinator.get(f"{path}/{unknown}")
        assert seen.status_code == invented.status_code == 403
        assert seen.json() == invented.json()
    assert (await coordinator.get("/v1/barriers", case_id=case)).status_code == 403
    assert (await coordinator.get("/v1/barriers/proposals", case_id=case)).status_code == 403
    async with world.sql(coordinator) as db:
        driver = await db.driver()
        for table in ("barrier_reports", "barrier_persons", "barrier_proposals", "observation_sources"):
            assert await driver.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_reading_writes_everybody_concerned_into_the_journal(world: World) -> None:
    manager, client, case = await opened(world)
    child = await a_client(world, manager)
    await world.admin.execute(
        "UPDATE clients SET household_key = gen_random_uuid() WHERE id = $1", UUID(child)
    )
    await world.admin.execute(
        "UPDATE clients SET household_key = (SELECT household_key FROM clients WHERE id = $1) WHERE id = $2",
        UUID(child), UUID(client),
    )  # fmt: skip
    made = await file_barrier(manager, case, persons=[client, child])
    await manager.get(f"/v1/barriers/{made['id']}")
    pseudonyms = await world.admin.fetchval(
        "SELECT array_agg(pseudonym ORDER BY pseudonym) FROM clients WHERE id = ANY ($1)",
        [UUID(client), UUID(child)],
    )
    entries = await world.admin.fetch(
        """SELECT action, object_id, client_pseudonyms FROM audit_journal
        WHERE municipal_area_id = $1 AND action LIKE 'barrier.%' ORDER BY position""",
        world.area,
    )
    assert [(row["action"], str(row["object_id"])) for row in entries] == [
        ("barrier.file", made["id"]),
        ("barrier.read", made["id"]),
        ("barrier.read", made["id"]),
    ]
    assert all(sorted(row["client_pseudonyms"]) == pseudonyms for row in entries)


async def test_correction_changes_only_what_was_sent(world: World) -> None:
    manager, _, case = await opened(world)
    made = await file_barrier(manager, case, note="eins", workaround="zwei")
    path = f"/v1/barriers/{made['id']}"
    changed = await manager.patch(path, {"barrier_type": "J1", "note": None}, if_match='"1"')
    assert changed.json() == {**made, "barrier_type": "J1", "note": None, "version": 2}
    jobcenter = str(await world.institution())
    body = {"interface": None, "institution_id": jobcenter}
    changed = await manager.patch(path, body, if_match='"2"')
    assert (changed.json()["interface"], changed.json()["institution_id"]) == (None, jobcenter)


@pytest.mark.parametrize(
    "body", [{}, {"persons": None}, {"effect": None}, {"interface": None}, {"since": "2199-01-01"}]
)
async def test_correction_that_leaves_a_report_incomplete_is_refused(
    world: World, body: dict[str, Any]
) -> None:
    manager, _, case = await opened(world)
    made = await file_barrier(manager, case)
    answer = await manager.patch(f"/v1/barriers/{made['id']}", body, if_match='"1"')
    assert answer.status_code == 422
    assert (await manager.patch(f"/v1/barriers/{made['id']}", body)).status_code == 428


async def test_barrier_is_resolved_once_and_not_before_it_began(world: World, clock: Clock) -> None:
    manager, _, case = await opened(world)
    at(world, clock, (2026, 7, 1, 8), manager)
    made = await file_barrier(manager, case)
    path = f"/v1/barriers/{made['id']}/resolve"
    for day in ("2026-01-01", "2026-07-02"):
        answer = await manager.post(path, {"resolved_on": day})
        assert places(answer) == [{"place": "body.resolved_on", "kind": "out_of_order"}]
    assert (await manager.post(path, {})).json()["resolved_on"] == "2026-07-01"
    again = await manager.post(path, {})
    assert (again.status_code, again.json()["state"]) == (409, "resolved")


async def test_barrier_that_has_gone_needs_no_body(world: World, clock: Clock) -> None:
    manager, _, case = await opened(world)
    at(world, clock, (2026, 7, 1, 8), manager)
    made = await file_barrier(manager, case)
    gone = await manager.http.post(f"/v1/barriers/{made['id']}/resolve")
    assert (gone.status_code, gone.json()["resolved_on"]) == (200, "2026-07-01")


async def test_double_submit_files_one_report(world: World) -> None:
    manager, _, case = await opened(world)
    body = {**REPORT, "interface": INTERFACE, "case_id": case}
    first = await manager.post("/v1/barriers", body, idempotency_key="barrier-01")
    again = await manager.post("/v1/barriers", body, idempotency_key="barrier-01")
    assert first.json() == again.json()
    assert len((await manager.get("/v1/barriers", case_id=case)).json()["items"]) == 1


@pytest.mark.parametrize(("since", "status"), [("2026-06-20", 200), ("2026-06-21", 422)])
async def test_barrier_did_not_begin_after_it_had_gone(
    world: World, clock: Clock, since: str, status: int
) -> None:
    manager, _, case = await opened(world)
    at(world, clock, (2026, 7, 1, 12), manager)
    made = await file_barrier(manager, case, institution_id=str(await world.institution()))
    path = f"/v1/barriers/{made['id']}"
    gone = await manager.post(f"{path}/resolve", {"resolved_on": "2026-06-20"})
    answer = await manager.patch(path, {"since": since}, if_match=gone.headers["etag"])
    assert answer.status_code == status, answer.text
    if status == 422:
        assert places(answer) == [{"place": "body.since", "kind": "out_of_order"}]
