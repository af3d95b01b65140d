"""Restricted data are used by no way through the application: not handed out, counted, proposed, extended."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from app.clients import attributes
from app.documents.clearing import end_keeping
from app.kit.clock import local_date, utc_now
from app.kit.database import Database
from app.referrals.deadlines import expire_due, remind_due
from app.upkeep import Job
from app.wiring import wire
from app.worker import run_once
from tests.barriers.arrange import file_barrier
from tests.cases.arrange import a_case, close, etag, open_case, team_lead
from tests.clients.arrange import add_period, new_client
from tests.clients.test_restrictions import lifted, restrict, use
from tests.conferences.arrange import a_table
from tests.conftest import Clock
from tests.documents.arrange import an_office, filed_long_ago
from tests.interpreting.arrange import a_desk as an_interpreting_desk
from tests.referrals.arrange import Scene, a_scene, sent, step
from tests.referrals.test_deadlines import Worker, worker  # noqa: F401
from tests.school_entries.arrange import a_desk as a_school_desk
from tests.world import World

ONLY_KEPT = (409, "processing_restricted")


def said(answer: Any) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("code")


async def test_record_of_a_conference_is_not_handed_out(world: World) -> None:
    table = await a_table(world)
    await table.agreed()
    conference = await table.planned_today()
    outside = await table.invited(conference)
    await table.step(conference, "hold", attended=[outside], record="Ergebnis")
    before = await table.logged()
    made = await restrict(table.scene.manager, str(table.scene.client_id), ground="objection")
    assert said(await table.hand_out(conference, outside)) == ONLY_KEPT
    assert await table.logged() == before
    assert (await table.read(conference))["participants"][0]["handed_out_at"] is None
    await lifted(table.scene.manager, made)
    assert (await table.hand_out(conference, outside)).status_code == 200


async def test_no_case_is_opened_until_a_use_is_permitted(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    await restrict(manager, client_id, ground="objection")
    body = {"client_id": client_id, "kind": "case_management", "access_route": "self", "concern": "Wohnung"}
    assert said(await manager.post("/v1/cases", body)) == ONLY_KEPT
    assert await world.admin.fetchval("SELECT count(*) FROM cases WHERE client_id = $1", UUID(client_id)) == 0
    assert (await use(manager, client_id)).status_code == 201
    assert (await manager.post("/v1/cases", body)).status_code == 201


async def test_closed_case_is_not_reopened(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    await restrict(manager, client_id, ground="objection")
    await close(manager, case_id, "contact_lost")
    path, body = f"/v1/cases/{case_id}", {"reason": "Neue Frage"}
    version = await etag(manager, path)
    assert said(await manager.post(f"{path}/reopen", body, if_match=version)) == ONLY_KEPT


async def test_caseload_counts_nobody_whose_data_are_only_kept(world: World) -> None:
    manager, lead = await world.case_manager(), await team_lead(world)
    client_id = await new_client(manager)
    await open_case(manager, client_id)
    await a_case(world, manager)

    async def counted() -> tuple[int, int, int]:
        load = (await lead.get(f"/v1/units/{await world.unit()}/caseload")).json()
        person = next(each for each in load["case_managers"] if each["user"]["id"] == str(manager.user_id))
        return load["open_cases"], sum(each["count"] for each in load["phases"]), person["open_cases"]

    assert await counted() == (2, 2, 2)
    made = await restrict(manager, client_id, ground="objection")
    assert await counted() == (1, 1, 1)
    await lifted(manager, made)
    assert await counted() == (2, 2, 2)


@pytest.mark.parametrize("who", ["client", "child"])
async def test_bands_of_waiting_children_count_nobody_whose_data_are_only_kept(
    world: World, who: str
) -> None:
    lead = await world.person(Role.TEAM_LEAD)
    desks = [await a_school_desk(world) for _ in range(4)]
    child = await new_client(desks[0].lead, given_name="Samir", birth_date="2015-04-01")
    member = await desks[0].member(client_id=child, relation="child")
    day = str(local_date(utc_now()))
    for desk in desks[1:]:
        await desk.register(registered_on=day)
    await desks[0].register(registered_on=day, member_id=member)

    async def counted() -> int | None:
        bands = (await lead.get(f"/v1/units/{lead.place_id}/school-waiting")).json()["bands"]
        return max((each["children"] for each in bands if each["children"] is not None), default=None)

    assert await counted() == 4
    await restrict(desks[0].lead, child if who == "child" else desks[0].client_id, ground="objection")
    assert await counted() == 3


async def test_nothing_is_begun_or_gone_on_with_for_a_held_member_of_the_household(world: World) -> None:
    desk = await a_school_desk(world)
    child = await new_client(desk.lead, given_name="Samir", birth_date="2015-04-01")
    member = await desk.member(client_id=child, relation="child")
    entry = await desk.register(member_id=member)
    pathways = f"/v1/cases/{desk.case_id}/pathways"
    pathway = (await desk.lead.post(pathways, {"pathway": "naturalisation", "member_id": member})).json()
    await restrict(desk.lead, child, ground="objection")
    answers = [
        await desk.step(entry, "counsel"),
        await desk.lead.post(desk.path, {"stage": "primary", "member_id": member}),
        await desk.lead.patch(f"{desk.path}/{entry['id']}", {"note": "x"}, if_match=f'"{entry["version"]}"'),
        await desk.lead.post(f"{pathways}/{pathway['id']}/step", {"step": "apply"}),
        await desk.lead.post(pathways, {"pathway": "stay_integrated", "member_id": member}),
    ]
    assert [said(each) for each in answers] == [ONLY_KEPT] * len(answers)
    assert (await desk.register())["state"] == "registered"


async def test_interpreting_is_called_off_and_nothing_else(world: World) -> None:
    desk = await an_interpreting_desk(world)
    row = await desk.requested()
    await restrict(desk.lead, desk.client_id, ground="objection")
    assert said(await desk.step(row, "confirm")) == ONLY_KEPT
    called_off = await desk.step(row, "cancel", reason="Widerspruch")
    assert (called_off.status_code, called_off.json()["state"]) == (200, "cancelled")


async def test_no_observation_comes_from_a_restricted_case(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    report = await file_barrier(manager, case_id)
    await restrict(manager, client_id, ground="objection")
    about = {"barrier_type": "D1", "institution_type": "jobcenter", "case_id": case_id}
    of_the_report = {"barrier_report_id": report["id"], "institution_type": "jobcenter"}
    text = {"text": "Seit dem Frühjahr gibt es am Schalter keine Sprachmittlung."}
    for body in (about, of_the_report):
        assert said(await manager.post("/v1/observations", {**text, **body})) == ONLY_KEPT
    del about["case_id"]
    assert (await manager.post("/v1/observations", {**text, **about})).status_code == 201


async def _group(world: World) -> str:
    found: str = await world.admin.fetchval(
        "SELECT residence_group FROM barrier_figures WHERE municipal_area_id = $1 ORDER BY reported_on DESC,"
        " report_id DESC LIMIT 1", world.area,
    )  # fmt: skip
    return found


async def test_contested_residence_counts_as_not_stated(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    period = await add_period(
        manager, client_id, "residence-documents", residence_status="VIS-D", valid_from="2026-01-01"
    )
    await file_barrier(manager, case_id)
    stated = await _group(world)
    assert stated == "visum"
    await restrict(manager, client_id, entry="residence-documents", entry_id=period)
    await file_barrier(manager, case_id, barrier_type="B2")
    assert await _group(world) == "keine_angabe"
    without = attributes._ATTRIBUTES.replace("p.lifted_at IS NULL", "false")
    monkeypatch.setattr(attributes, "_ATTRIBUTES", without)
    await file_barrier(manager, case_id, barrier_type="B3")
    assert await _group(world) == stated


async def test_recipient_is_not_reminded_but_the_referral_expires(
    world: World,
    worker: Worker,  # noqa: F811
) -> None:
    scene = await a_scene(world)
    await sent(scene)
    made = await restrict(scene.manager, str(scene.client_id), ground="objection")
    assert await worker.run(remind_due, days=4) == 0
    await lifted(scene.manager, made)
    assert await worker.run(remind_due, days=4) == 1
    await restrict(scene.manager, str(scene.client_id), ground="objection")
    assert await worker.run(remind_due, days=10) == 0
    assert await worker.run(expire_due, days=15) == 1


async def _proposals(scene: Scene) -> int:
    return len((await scene.manager.get("/v1/barriers/proposals", case_id=scene.case_id)).json()["items"])


@pytest.mark.parametrize(("is_held", "expected"), [(True, 0), (False, 1)])
async def test_failed_referral_of_a_held_person_proposes_nothing(
    world: World, worker_database: Database, clock: Clock, *, is_held: bool, expected: int
) -> None:
    scene = await a_scene(world)
    referral = await sent(scene)
    if is_held:
        await restrict(scene.manager, str(scene.client_id), ground="objection")
    await step(scene, referral, "reject", reason="no_capacity")
    await run_once(worker_database, wire(), clock, jobs=())
    assert await _proposals(scene) == expected


async def test_restricted_documents_are_not_deleted_when_their_time_is_over(
    world: World, worker_database: Database, clock: Clock
) -> None:
    office = await an_office(world)
    document = await office.put()
    await filed_long_ago(office, document["id"])
    made = await restrict(office.lead, str(office.client_id), ground="legal_claims")

    async def removed() -> str | None:
        await run_once(worker_database, wire(), clock, (Job("end", timedelta(hours=1), end_keeping),))
        reason: str | None = (await office.lead.get(f"/v1/documents/{document['id']}")).json()[
            "removal_reason"
        ]
        return reason

    assert await removed() is None
    await lifted(office.lead, made)
    assert await removed() == "retention"


async def test_nobody_is_compared_with_a_held_person(world: World) -> None:
    manager = await world.case_manager()
    one, other = await new_client(manager), await new_client(manager)
    body = {"client_id": one, "other_client_id": other, "reason": "Zwillinge"}
    made = await restrict(manager, other, ground="objection")
    assert said(await manager.post("/v1/clients/distinct", body)) == ONLY_KEPT
    await lifted(manager, made)
    assert (await manager.post("/v1/clients/distinct", body)).status_code == 201
