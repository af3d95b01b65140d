"""Institutions see the protected figures about their group before others, and comment until a day."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.access.roles import Role
from app.kit.clock import utc_now
from app.kit.database import Database
from app.wiring import wire
from app.worker import run_once
from tests.obstacles.arrange import WHY, bundled, moved, new_obstacle
from tests.refusals import places
from tests.world import Person, World

UNTIL = {"comment_until": "2199-12-31"}
ABOUT = {"barrier_types": ["D1", "D3"], "institution_types": ["jobcenter"]}
CELLS = (
    (["D1", "benefits"], "published", 12),
    (["D3", "benefits"], "suppressed", None),
    (["D1", "total"], "published", 40),
    (["D1", "education"], "published", 9),
    (["K1", "benefits"], "published", 8),
)


async def a_release(world: World, state: str = "computed") -> str:
    """Place a release with signals, as the worker leaves it."""
    release, coordinator = uuid4(), await world.person(Role.COORDINATOR)
    async with world.admin.transaction():
        await world.admin.execute("SET LOCAL session_replication_role = replica")
        is_sealed = state in ("computed", "published")
        await world.admin.execute(
            """INSERT INTO releases (municipal_area_id, id, quarter, state, requested_by, published_by,
                content_de, content_en, sha256) VALUES ($1, $2, '2026Q1', $3, $4, $5, $6, $6, $7)""",
            world.area, release, state, coordinator.user_id, uuid4() if state == "published" else None,
            "{}" if is_sealed else None, "x" if is_sealed else None,
        )  # fmt: skip
        for place, (codes, status, value) in enumerate(CELLS):
            await world.admin.execute(
                """INSERT INTO release_cells (municipal_area_id, release_id, table_name, position, key, codes,
                    status, value) VALUES ($1, $2, 'signals', $3, $4, $5, $6, $7)""",
                world.area, release, place, str(place), codes, status, value,
            )  # fmt: skip
    return str(release)


async def opened(coordinator: Person, obstacle_id: str, release_id: str, **more: Any) -> Any:
    body = {"release_id": release_id, **UNTIL, **more}
    return await coordinator.post(f"/v1/obstacles/{obstacle_id}/hearings", body)


async def asked(person: Person) -> list[dict[str, Any]]:
    answer = await person.get("/v1/hearings")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_institution_sees_the_protected_cells_of_its_group_alone(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    partner, school = (
        await world.person(Role.PARTNER_USER),
        await world.person(Role.PARTNER_USER, institution="schule"),
    )
    obstacle = await bundled(coordinator, **ABOUT)
    answer = await opened(coordinator, obstacle["id"], await a_release(world))
    assert answer.status_code == 200, answer.text
    (hearing,) = await asked(partner)
    assert (hearing["title"], hearing["description"]) == (obstacle["title"], obstacle["description"])
    assert (hearing["institution_group"], hearing["quarter"]) == ("benefits", "2026Q1")
    assert hearing["figures"] == [
        {"barrier_type": "D1", "status": "published", "value": 12},
        {"barrier_type": "D3", "status": "suppressed", "value": None},
    ]
    assert (await partner.get(f"/v1/hearings/{hearing['id']}")).json() == hearing
    assert await asked(school) == []
    assert (await school.get(f"/v1/hearings/{hearing['id']}")).status_code == 404
    assert (await partner.get(f"/v1/obstacles/{obstacle['id']}")).status_code == 403


async def test_who_answers_for_a_measure_is_heard_too(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    officer = await world.person(Role.AUTHORITY_OFFICER, institution="auslaenderbehoerde")
    obstacle = await bundled(coordinator, **ABOUT)
    release = await a_release(world)
    nobody = await opened(coordinator, obstacle["id"], release)
    assert (nobody.status_code, nobody.json()["code"]) == (409, "nobody_to_hear")
    measure = {"title": "Schalter", "institution_id": str(officer.place_id)}
    await coordinator.post(f"/v1/obstacles/{obstacle['id']}/measures", measure)
    assert (await opened(coordinator, obstacle["id"], release)).status_code == 200
    assert [each["obstacle_id"] for each in await asked(officer)] == [obstacle["id"]]


async def test_comment_counts_until_its_day_and_is_read_with_the_obstacle(world: World) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    partner = await world.person(Role.PARTNER_USER)
    obstacle = await bundled(coordinator, **ABOUT)
    await opened(coordinator, obstacle["id"], await a_release(world))
    (hearing,) = await asked(partner)
    path = f"/v1/hearings/{hearing['id']}/comment"
    first = await partner.post(path, {"comment": "Seit Juni gibt es Sprachmittlung."}, if_match='"1"')
    assert first.status_code == 200, first.text
    assert (await partner.post(path, {"comment": "Zu spät"}, if_match='"1"')).status_code == 412
    second = await partner.post(path, {"comment": "Seit Juli."}, idempotency_key="comment-0001")
    again = await partner.post(path, {"comment": "Seit Juli."}, idempotency_key="comment-0001")
    assert second.json() == again.json()
    for reader in (coordinator, member):
        read = (await reader.get(f"/v1/obstacles/{obstacle['id']}/hearings")).json()["items"]
        assert [each["comment"] for each in read] == ["Seit Juli."]
    await world.admin.execute("UPDATE obstacle_hearings SET comment_until = '2026-01-01'")
    late = await partner.post(path, {"comment": "Doch nicht"})
    assert (late.status_code, late.json()["code"]) == (409, "hearing_over")
    async with world.sql(partner) as db:
        late_row = "UPDATE obstacle_hearings SET comment = 'Doch nicht'"
        assert await (await db.driver()).execute(late_row) == "UPDATE 0"


async def test_comment_names_nobody_and_only_the_institution_comments(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    partner, school = (
        await world.person(Role.PARTNER_USER),
        await world.person(Role.PARTNER_USER, institution="schule"),
    )
    obstacle = await bundled(coordinator, **ABOUT)
    await opened(coordinator, obstacle["id"], await a_release(world))
    path = f"/v1/hearings/{(await asked(partner))[0]['id']}/comment"
    named = await partner.post(path, {"comment": "Frau Haddad hat einen Termin"})
    assert (named.status_code, named.json()["code"]) == (422, "text_identifies")
    for told in ("Kundennummer 123D456789 wartet", "Am 3.4.2026 war sie da", "AZR 123456789012"):
        assert (await partner.post(path, {"comment": told})).json()["code"] == "text_identifies", told
    assert (await school.post(path, {"comment": "x"})).status_code == 404
    assert (await coordinator.post(path, {"comment": "x"})).status_code == 403
    assert (await (await world.person(Role.PARTNER_SYSTEM)).post(path, {"comment": "x"})).status_code == 403


async def test_what_was_shown_stays_as_it_was_shown(world: World) -> None:
    coordinator, partner = await world.person(Role.COORDINATOR), await world.person(Role.PARTNER_USER)
    obstacle = await bundled(coordinator, **ABOUT)
    release = await a_release(world)
    await opened(coordinator, obstacle["id"], release)
    before = await asked(partner)
    version = f'"{obstacle["version"]}"'
    path = f"/v1/obstacles/{obstacle['id']}"
    changed = await coordinator.patch(path, {"title": "Anders", "barrier_types": ["K1"]}, if_match=version)
    assert changed.status_code == 200, changed.text
    assert (await opened(coordinator, obstacle["id"], release)).status_code == 200
    assert await asked(partner) == before


@pytest.mark.parametrize("state", ["requested", "discarded"])
async def test_release_that_is_not_computed_shows_nothing(world: World, state: str) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    await world.person(Role.PARTNER_USER)
    obstacle = await bundled(coordinator, **ABOUT)
    for release in (await a_release(world, state), str(uuid4())):
        answer = await opened(coordinator, obstacle["id"], release)
        assert places(answer) == [{"place": "body.release_id", "kind": "not_computed"}]


async def test_nobody_is_heard_on_drafts_and_on_what_is_over(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    await world.person(Role.PARTNER_USER)
    release, obstacle = await a_release(world), await new_obstacle(coordinator, **ABOUT)
    assert (await opened(coordinator, obstacle["id"], release)).json()["allowed"] == [
        "merged",
        "rejected",
        "under_review",
    ]
    await moved(coordinator, obstacle["id"], "rejected", **WHY)
    over = await opened(coordinator, obstacle["id"], release)
    assert (over.status_code, over.json()["state"]) == (409, "rejected")
    past = await opened(coordinator, (await bundled(coordinator))["id"], release, comment_until="2020-01-01")
    assert places(past) == [{"place": "body.comment_until", "kind": "in_the_past"}]


async def test_institution_and_coordination_are_told(world: World, worker_database: Database) -> None:
    coordinator, partner = await world.person(Role.COORDINATOR), await world.person(Role.PARTNER_USER)
    school = await world.person(Role.PARTNER_USER, institution="schule")
    obstacle = await bundled(coordinator, **ABOUT)
    await opened(coordinator, obstacle["id"], await a_release(world))
    (hearing,) = await asked(partner)
    await partner.post(f"/v1/hearings/{hearing['id']}/comment", {"comment": "Seit Juli."})
    await run_once(worker_database, wire(), utc_now, jobs=())

    async def told(person: Person) -> list[tuple[str, str]]:
        listed = (await person.get("/v1/me/notifications")).json()["items"]
        return [(each["kind"], each["object_id"]) for each in listed]

    assert await told(partner) == [("hearing_opened", hearing["id"])]
    assert await told(coordinator) == [("hearing_commented", hearing["id"])]
    assert await told(school) == []


async def test_second_lock_keeps_obstacles_releases_and_other_hearings_from_institutions(
    world: World,
) -> None:
    coordinator, partner = await world.person(Role.COORDINATOR), await world.person(Role.PARTNER_USER)
    await world.person(Role.PARTNER_USER, institution="sozialamt")
    kinds = {"institution_types": ["jobcenter", "sozialamt"]}
    obstacle = await bundled(coordinator, **{**ABOUT, **kinds})
    await opened(coordinator, obstacle["id"], await a_release(world))
    async with world.sql(partner) as db:
        driver = await db.driver()
        assert await driver.fetchval("SELECT array_agg(institution_id) FROM obstacle_hearings") == [
            partner.place_id
        ]
        for table in ("obstacles", "obstacle_links", "releases", "release_cells", "release_tables"):
            assert await driver.fetchval(f"SELECT count(*) FROM {table}") == 0
    assert await world.admin.fetchval("SELECT count(*) FROM obstacle_hearings") >= 2


async def test_planted_figure_under_the_threshold_cannot_be_shown(world: World) -> None:
    """What is copied is what a release may show: a hidden cell has no value that could be copied."""
    coordinator, partner = await world.person(Role.COORDINATOR), await world.person(Role.PARTNER_USER)
    release = await a_release(world)
    hidden = "UPDATE release_cells SET value = 2 WHERE release_id = $1 AND status = 'suppressed'"
    with pytest.raises(Exception, match="ck_release_cells_value"):
        await world.admin.execute(hidden, UUID(release))
    obstacle = await bundled(coordinator, **ABOUT)
    await opened(coordinator, obstacle["id"], release)
    shown = [each["value"] for each in (await asked(partner))[0]["figures"]]
    assert shown == [12, None]


async def test_steering_group_reads_comments_and_no_signals(world: World) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    partner, obstacle = await world.person(Role.PARTNER_USER), await bundled(coordinator, **ABOUT)
    await opened(coordinator, obstacle["id"], await a_release(world))
    (hearing,) = await asked(partner)
    path = f"/v1/obstacles/{obstacle['id']}/hearings"
    shown = [(await reader.get(path)).json()["items"][0] for reader in (coordinator, member)]
    assert shown == [hearing, {**hearing, "figures": []}]
