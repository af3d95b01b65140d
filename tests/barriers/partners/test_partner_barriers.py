"""An institution reports what stands in the way: counted in no statistic, withdrawn by it alone."""

import asyncpg
import pytest

from app.access.roles import Role
from app.access.scopes import Scope
from app.barriers.partners.rules import MOST_A_DAY
from tests.barriers.partners.arrange import FILED, REPORT, TEXT, a_partner, report, reported
from tests.barriers.test_observations import appear
from tests.cases.arrange import open_case
from tests.clients.arrange import new_client
from tests.identity.partner_systems.arrange import a_machine, bearer, token
from tests.obstacles.arrange import bundled
from tests.refusals import places
from tests.world import World


async def test_institution_sees_what_it_filed_and_the_coordination_the_sentence_alone(world: World) -> None:
    partner, coordinator = await a_partner(world), await world.person(Role.COORDINATOR)
    made = await reported(partner, observation=TEXT)
    assert (made["state"], made["observation"], made["institution_type"]) == ("received", TEXT, "sozialamt")
    assert (await partner.get(FILED)).json()["items"] == [made]
    assert (await partner.get(f"{FILED}/{made['id']}")).json() == made
    await appear(world)
    (seen,) = (await coordinator.get("/v1/observations")).json()["items"]
    assert (seen["barrier_type"], seen["institution_type"], seen["text"]) == ("D1", "sozialamt", TEXT)
    for path in (FILED, f"{FILED}/{made['id']}"):
        assert (await coordinator.get(path)).status_code == 403


async def test_colleagues_of_the_institution_see_it_and_another_institution_does_not(world: World) -> None:
    made = await reported(await a_partner(world), observation=TEXT)
    path = f"{FILED}/{made['id']}"
    colleague, other = await a_partner(world), await a_partner(world, "schule")
    assert (await colleague.get(path)).status_code == 200
    assert (await other.get(FILED)).json()["items"] == []
    assert (await other.get(path)).status_code == 404
    assert (await other.post(f"{path}/withdraw")).status_code == 404
    async with world.sql(other) as db:
        driver = await db.driver()
        assert await driver.fetchval("SELECT count(*) FROM partner_barriers") == 0
        assert await driver.fetchval("SELECT count(id) FROM observations") == 0


async def test_nobody_of_kim_files_or_reads_such_a_report(world: World) -> None:
    made = await reported(await a_partner(world))
    for role in (Role.CASE_MANAGER, Role.TEAM_LEAD, Role.COORDINATOR, Role.PRIVACY_OFFICER, Role.ADMIN):
        person = await world.person(role)
        assert (await report(person)).status_code == 403
        assert (await person.get(f"{FILED}/{made['id']}")).status_code == 403
        async with world.sql(person) as db:
            assert await (await db.driver()).fetchval("SELECT count(*) FROM partner_barriers") == 0


async def test_without_a_key_it_is_refused_and_with_the_same_key_it_is_one_report(world: World) -> None:
    partner = await a_partner(world)
    async with world.http(partner.http.headers["Authorization"].removeprefix("Bearer ")) as http:
        assert (await http.post(FILED, json=REPORT)).json()["code"] == "idempotency_key_missing"
        answers = [
            await http.post(FILED, json=REPORT, headers={"Idempotency-Key": "barrier-0001"}) for _ in range(2)
        ]
    assert answers[0].json() == answers[1].json()
    assert len((await partner.get(FILED)).json()["items"]) == 1


async def test_machine_needs_the_scope(world: World) -> None:
    for scope, status in ((Scope.BARRIERS_CREATE, 201), (Scope.REFERRALS_CREATE, 403)):
        machine = await a_machine(world, scope)
        async with world.http() as http:
            headers = {**bearer(await token(http, machine)), "Idempotency-Key": "barrier-0001"}
            answer = await http.post(FILED, json=REPORT, headers=headers)
            assert answer.status_code == status, answer.text


async def test_withdrawn_report_loses_its_sentence_for_everybody(world: World) -> None:
    partner, coordinator = await a_partner(world), await world.person(Role.COORDINATOR)
    made = await reported(partner, observation=TEXT)
    await appear(world)
    path = f"{FILED}/{made['id']}/withdraw"
    gone = await partner.post(path)
    assert (gone.status_code, gone.json()["state"], gone.json()["observation"]) == (200, "withdrawn", None)
    assert (await coordinator.get("/v1/observations")).json()["items"] == []
    again = await partner.post(path)
    assert (again.status_code, again.json()["state"], again.json()["allowed"]) == (409, "withdrawn", [])


async def test_withdrawn_sentence_goes_from_the_obstacle_that_it_was_bundled_into(world: World) -> None:
    partner, coordinator = await a_partner(world), await world.person(Role.COORDINATOR)
    made = await reported(partner, observation=TEXT)
    await appear(world)
    (seen,) = (await coordinator.get("/v1/observations")).json()["items"]
    obstacle = await bundled(coordinator, observation_ids=[seen["id"]])
    assert (await partner.post(f"{FILED}/{made['id']}/withdraw")).status_code == 200
    left = (await coordinator.get(f"/v1/obstacles/{obstacle['id']}")).json()
    assert left["observation_ids"] == []


async def test_withdrawn_report_cannot_be_received_again_in_the_database_either(world: World) -> None:
    partner = await a_partner(world)
    made = await reported(partner)
    assert (await partner.post(f"{FILED}/{made['id']}/withdraw")).status_code == 200
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(partner) as db:
            await (await db.driver()).execute(
                "UPDATE partner_barriers SET state = 'received', withdrawn_on = NULL"
            )


async def test_report_makes_no_figure_that_statistics_count(world: World) -> None:
    manager = await world.case_manager()
    await open_case(manager, await new_client(manager))
    await reported(await a_partner(world), observation=TEXT)
    for table in ("barrier_figures", "barrier_reports", "barrier_proposals"):
        count = await world.admin.fetchval(
            f"SELECT count(*) FROM {table} WHERE municipal_area_id = $1", world.area
        )
        assert count == 0, table
    granted = await world.admin.fetchval(
        "SELECT has_any_column_privilege('kim_reporting', 'partner_barriers', 'SELECT')"
    )
    assert granted is False


async def test_institution_files_only_so_many_reports_a_day(world: World) -> None:
    partner = await a_partner(world)
    await reported(partner)
    await world.admin.execute(
        """INSERT INTO partner_barriers (municipal_area_id, id, reporting_institution_id, reported_by,
            reported_on, quarter, barrier_type, interface_from, interface_to, effect, since)
        SELECT municipal_area_id, gen_random_uuid(), reporting_institution_id, reported_by, reported_on,
            quarter, barrier_type, 'ASYLBLG', 'SGB_II', effect, since
        FROM partner_barriers, generate_series(2, $2) WHERE municipal_area_id = $1""",
        world.area,
        MOST_A_DAY,
    )
    full = await report(partner)
    assert (full.status_code, full.json()["code"]) == (429, "too_many_requests")
    assert 86_000 < int(full.headers["Retry-After"]) <= 86_401
    assert f"Your institution has filed {MOST_A_DAY} reports" in full.json()["detail"]
    for role in (Role.PARTNER_USER, Role.PARTNER_SYSTEM):
        colleague = await report(await world.person(role))
        assert colleague.status_code == 429
    assert (await report(await a_partner(world, "schule"))).status_code == 201
    await world.admin.execute(
        """UPDATE partner_barriers SET created_at = created_at - interval '1 day'
        WHERE municipal_area_id = $1 AND id = (SELECT id FROM partner_barriers
            WHERE municipal_area_id = $1 AND barrier_type = 'D1' ORDER BY created_at LIMIT 1)""",
        world.area,
    )
    assert (await report(partner)).status_code == 201


@pytest.mark.parametrize(
    ("changes", "place", "kind"),
    [
        ({"institution_type": None}, "body", "nowhere"),
        ({"barrier_type": "Z9"}, "body.barrier_type", "unknown_code"),
        ({"institution_type": "nonsense"}, "body.institution_type", "unknown_code"),
        ({"effect": "nonsense"}, "body.effect", "unknown_code"),
        ({"since": "2199-01-01"}, "body.since", "in_the_future"),
        ({"reporting_institution_id": "00000000-0000-7000-8000-000000000000"},
         "body.reporting_institution_id", "not_your_institution"),
        ({"referral_id": "00000000-0000-7000-8000-000000000000"}, "body.referral_id", "unknown_reference"),
        ({"referral_id": "00000000-0000-7000-8000-000000000000", "observation": TEXT},
         "body", "observation_of_a_referral"),
        ({"institution_id": "00000000-0000-7000-8000-000000000000"}, "body", "said_by_institution"),
        ({"institution_type": None, "institution_id": "00000000-0000-7000-8000-000000000000"},
         "body.institution_id", "unknown_reference"),
        ({"interface": {"from_legal_domain": "SGB_II", "to_legal_domain": "SGB_II"}},
         "body.interface", "one_domain"),
        ({"institution_type": None, "observation": TEXT,
          "interface": {"from_legal_domain": "ASYLBLG", "to_legal_domain": "SGB_II"}},
         "body.institution_type", "missing"),
    ],
)  # fmt: skip
async def test_what_says_too_little_or_too_much_is_refused(
    world: World, changes: dict[str, object], place: str, kind: str
) -> None:
    answer = await report(await a_partner(world), **changes)
    assert (answer.status_code, places(answer)) == (422, [{"place": place, "kind": kind}])


async def test_institution_that_is_named_says_its_kind(world: World) -> None:
    school = str(await world.institution("schule"))
    made = await reported(await a_partner(world), institution_type=None, institution_id=school)
    assert (made["institution_id"], made["institution_type"]) == (school, "schule")


async def test_institution_that_takes_no_part_any_more_reports_nothing(world: World) -> None:
    partner = await a_partner(world)
    await world.admin.execute(
        "UPDATE institutions SET is_active = false WHERE municipal_area_id = $1", world.area
    )
    answer = await report(partner)
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")
