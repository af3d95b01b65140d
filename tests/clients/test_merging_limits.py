"""What stands in the way of a merge, who may, and what happens at the same moment."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from tests.cases.arrange import open_case
from tests.clients.arrange import add_period, assign, new_client
from tests.clients.test_merging import REASON, client_of, merge, merge_body, preview, two_records
from tests.world import World


async def test_different_numbers_of_one_kind_stand_in_the_way(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    for each, value in ((kept, "86095742719"), (merged, "47036892816")):
        await manager.post(f"/v1/clients/{each}/official-numbers", {"kind": "tax", "value": value})
    body = await merge_body(manager, kept, merged)
    answer = await manager.post(f"/v1/clients/{kept}/merges", body)
    assert (answer.status_code, answer.json()["obstacles"]) == (409, ["numbers_differ"])


async def test_persons_of_two_units_are_not_merged(world: World) -> None:
    manager, other = await world.case_manager(), await world.case_manager("Caritas")
    kept, merged = await new_client(manager), await new_client(other)
    await world.admin.execute(
        """INSERT INTO assignments (municipal_area_id, id, user_id, client_id, unit_id, kind, created_by)
        SELECT municipal_area_id, gen_random_uuid(), $1, id, $2, 'registrar', $1
        FROM clients WHERE id = $3""",
        manager.user_id,
        await world.unit(),
        UUID(merged),
    )
    body = await merge_body(manager, kept, merged)
    answer = await manager.post(f"/v1/clients/{kept}/merges", body)
    assert (answer.status_code, answer.json()["obstacles"]) == (409, ["other_unit"])


async def test_only_who_sees_both_merges(world: World) -> None:
    manager, other = await world.case_manager(), await world.case_manager()
    kept, merged = await new_client(manager), await new_client(other)
    assert (await manager.get(f"/v1/clients/{kept}/merge-preview/{merged}")).status_code == 404
    body = {"merged_client_id": merged, "client_version": 1, "merged_version": 1, "reason": REASON}
    assert (await manager.post(f"/v1/clients/{kept}/merges", body)).status_code == 404
    assert (await manager.post(f"/v1/clients/{merged}/merges", body)).status_code == 404
    assert await world.admin.fetchval("SELECT count(*) FROM client_merges WHERE client_id = $1", kept) == 0


async def test_whoever_looks_by_break_glass_merges_nothing(world: World) -> None:
    manager = await world.case_manager()
    lead = await world.person(Role.TEAM_LEAD)
    kept, merged = await two_records(manager)
    for each in (kept, merged):
        await assign(world, each, UUID(await open_case(manager, each)), lead, "break_glass")
    assert (await lead.get(f"/v1/clients/{kept}/merge-preview/{merged}")).status_code == 403


async def test_merge_of_what_has_moved_on_is_refused(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    body = await merge_body(manager, kept, merged)
    await add_period(manager, merged, "addresses", strand="actual", street="Markt 1")
    refused = await manager.post(f"/v1/clients/{kept}/merges", body)
    assert (refused.status_code, refused.json()["current"]["id"]) == (412, kept)


async def test_nobody_is_merged_with_themselves(world: World) -> None:
    manager = await world.case_manager()
    kept = await new_client(manager)
    assert (await manager.get(f"/v1/clients/{kept}/merge-preview/{kept}")).status_code == 422


async def test_double_submit_merges_once(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    body = await merge_body(manager, kept, merged)
    path = f"/v1/clients/{kept}/merges"
    first, again = await asyncio.gather(
        *(manager.post(path, body, idempotency_key="merge-once-only") for _ in range(2))
    )
    assert {first.status_code, again.status_code} <= {201, 409}
    later = await manager.post(path, body, idempotency_key="merge-once-only")
    assert later.status_code == 201
    assert await world.admin.fetchval("SELECT count(*) FROM client_merges WHERE client_id = $1", kept) == 1


async def test_two_merges_at_once_leave_one(world: World) -> None:
    manager = await world.case_manager()
    one, other = await two_records(manager)
    there, back = await merge_body(manager, one, other), await merge_body(manager, other, one)
    answers = await asyncio.gather(
        manager.post(f"/v1/clients/{one}/merges", there), manager.post(f"/v1/clients/{other}/merges", back)
    )
    assert sorted(each.status_code for each in answers) in ([201, 404], [201, 412])
    assert (
        await world.admin.fetchval(
            "SELECT count(*) FROM clients WHERE merged_into IS NOT NULL AND municipal_area_id = $1",
            world.area,
        )
        == 1
    )


async def test_link_to_a_merged_record_leads_to_the_person(world: World) -> None:
    manager, stranger = await world.case_manager(), await world.case_manager()
    kept, merged = await two_records(manager)
    await merge(manager, kept, merged)
    answer = await manager.get(f"/v1/clients/{merged}")
    assert (answer.status_code, answer.json()["id"]) == (200, kept)
    assert answer.headers["content-location"] == f"/v1/clients/{kept}"
    assert (await stranger.get(f"/v1/clients/{merged}")).status_code == 404
    change = await manager.patch(f"/v1/clients/{merged}", {"phone": "0201 1"}, if_match='"1"')
    assert change.status_code == 404


async def test_colleagues_are_told_and_see_both(world: World) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    kept, merged = await two_records(manager)
    await assign(world, merged, UUID(await open_case(manager, merged)), colleague, "member")
    assert (await preview(manager, kept, merged))["colleagues_who_will_see_more"] == 1
    await merge(manager, kept, merged)
    told = (await colleague.get("/v1/me/notifications")).json()["items"]
    assert [(each["kind"], each["object_id"]) for each in told] == [("client_merged", kept)]
    assert (await colleague.get(f"/v1/clients/{kept}")).status_code == 200


async def test_journal_about_the_person_finds_what_was_said_of_both_records(world: World) -> None:
    manager = await world.case_manager()
    officer = await world.person(Role.PRIVACY_OFFICER)
    kept, merged = await two_records(manager)
    await client_of(manager, merged)
    await merge(manager, kept, merged)
    for asked in (kept, merged):
        entries = (await officer.get("/v1/audit", client_id=asked, action="client.read")).json()["items"]
        assert UUID(merged) in {UUID(each["object_id"]) for each in entries}, asked
        made = (await officer.get("/v1/audit", client_id=asked, action="client.create")).json()["items"]
        assert {each["object_id"] for each in made} == {kept, merged}


async def test_refused_merge_leaves_no_half(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager, phone="0201 1")
    await add_period(manager, merged, "addresses", strand="actual", street="Ring 2")
    body = await merge_body(manager, kept, merged)
    # Behind the preview and without moving a version: the database holds the line.
    await world.admin.execute(
        """INSERT INTO addresses (municipal_area_id, id, strand, client_id, valid, recorded_at, recorded_by)
        SELECT municipal_area_id, gen_random_uuid(), 'actual', id, '(,)', now(), created_by
        FROM clients WHERE id = $1""",
        UUID(kept),
    )
    answer = await manager.post(f"/v1/clients/{kept}/merges", body)
    assert answer.status_code == 409
    assert (await client_of(manager, kept))["phone"] is None
    assert (await client_of(manager, merged))["addresses"][0]["street"] == "Ring 2"


async def test_database_refuses_a_merge_of_a_record_that_is_not_seen(world: World) -> None:
    manager, other = await world.case_manager(), await world.case_manager()
    kept, merged = await new_client(manager), await new_client(other)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(manager) as db:
            await (await db.driver()).execute(
                """INSERT INTO client_merges (municipal_area_id, id, client_id, merged_client_id,
                merged_pseudonym, reason, taken, merged_by, merged_at, undo_until, client_was_restricted,
                merged_was_restricted, changes)
            VALUES (ctx_area(), gen_random_uuid(), $1, $2, gen_random_uuid(), 'x', '{}', ctx_user(), now(),
                now(), false, false, '{}')""",
                UUID(kept),
                UUID(merged),
            )


async def test_nothing_is_written_to_a_record_while_it_is_merged(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await two_records(manager)
    await merge(manager, kept, merged)
    with pytest.raises(Exception, match="merged into another"):
        await world.admin.execute(
            """INSERT INTO consents SELECT (jsonb_populate_record(NULL::consents, jsonb_build_object(
                'municipal_area_id', $1::text, 'client_id', $2::uuid))).*""",
            world.area,
            UUID(merged),
        )
