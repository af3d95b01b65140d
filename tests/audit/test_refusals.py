"""What somebody was refused stands in the journal, also what they could not see."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.access import guard
from app.access.roles import Role
from app.kit.ids import new_id
from tests.cases.arrange import a_client, open_case, pseudonym, team_lead
from tests.consents.arrange import give_consent
from tests.inquiries.arrange import ask
from tests.referrals.arrange import a_scene, sent
from tests.world import Person, World


async def _refused(world: World, person: Person) -> list[tuple[Any, ...]]:
    rows = await world.admin.fetch(
        """SELECT action, object_type, object_id, client_pseudonyms, reason FROM audit_journal
        WHERE user_id = $1 AND outcome = 'refused' ORDER BY position""",
        person.user_id,
    )
    return [tuple(row) for row in rows]


@pytest.mark.asvs("16.3.2")
async def test_looking_for_what_one_cannot_see_is_written_with_the_record(world: World) -> None:
    scene, curious = await a_scene(world), await world.case_manager()
    referral_id = await sent(scene)
    consent_id = await give_consent(scene.manager, scene.client_id)
    paths = {
        ("client.read", "client"): (f"/v1/clients/{scene.client_id}", scene.client_id),
        ("case.read", "case"): (f"/v1/cases/{scene.case_id}", scene.case_id),
        ("referral.read", "referral"): (f"/v1/referrals/{referral_id}", referral_id),
        ("consent.read", "consent"): (f"/v1/consents/{consent_id}", consent_id),
    }
    for path, _ in paths.values():
        assert (await curious.get(path)).status_code == 404
    whom = [UUID(await pseudonym(world, scene.client_id))]
    assert await _refused(world, curious) == [
        (action, kind, UUID(identity), whom, "not_found") for (action, kind), (_, identity) in paths.items()
    ]


async def test_partner_of_another_institution_leaves_a_trace(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    stranger = await world.person(Role.PARTNER_USER, institution="sozialamt")
    assert (await stranger.get(f"/v1/partner/referrals/{referral_id}")).status_code == 404
    ((action, kind, identity, _, reason),) = await _refused(world, stranger)
    assert (action, kind, identity) == ("partner_referral.read", "referral", UUID(referral_id))
    assert reason == "not_found"


async def test_trying_to_change_what_one_cannot_see_leaves_a_trace(world: World) -> None:
    scene, curious = await a_scene(world), await world.case_manager()
    path = f"/v1/cases/{scene.case_id}/close"
    assert (await curious.post(path, {"reason": "goals_reached"})).status_code == 404
    ((action, _, identity, _, _),) = await _refused(world, curious)
    assert (action, identity) == ("case.close", UUID(scene.case_id))


async def test_id_that_names_nothing_or_another_area_is_left_out(world: World) -> None:
    amira, neighbour = await world.case_manager(), await world.neighbour()
    far = await neighbour.case_manager()
    elsewhere = await open_case(far, await a_client(neighbour, far))
    for identity in (elsewhere, str(uuid4())):
        assert (await amira.get(f"/v1/cases/{identity}")).status_code == 404
    assert await _refused(world, amira) == [("case.read", "operation", None, [], "not_found")]


async def test_nobody_floods_the_journal(world: World) -> None:
    scene, curious = await a_scene(world), await world.case_manager()
    other = await a_client(world, scene.manager)
    for _ in range(5):
        await curious.get(f"/v1/cases/{uuid4()}")
        for client_id in (scene.client_id, other):
            await curious.get(f"/v1/clients/{client_id}")
    written = [(action, identity) for action, _, identity, _, _ in await _refused(world, curious)]
    assert sorted(written, key=str) == sorted(
        [("case.read", None), ("client.read", UUID(scene.client_id)), ("client.read", UUID(other))], key=str
    )


async def test_after_a_minute_it_is_written_again(world: World) -> None:
    scene, curious = await a_scene(world), await world.case_manager()
    path = f"/v1/clients/{scene.client_id}"
    await curious.get(path)
    await world.admin.execute(
        "UPDATE audit_journal SET at = at - interval '61 seconds' WHERE user_id = $1", curious.user_id
    )
    await curious.get(path)
    assert len(await _refused(world, curious)) == 2


async def test_refusal_names_the_case_too(world: World) -> None:
    scene, lead = await a_scene(world), await world.person(Role.TEAM_LEAD)
    path = f"/v1/cases/{scene.case_id}"
    for _ in range(2):
        assert (await lead.get(path)).status_code == 403
    assert [(row[0], row[2]) for row in await _refused(world, lead)] == [
        ("case.read", UUID(scene.case_id))
    ] * 2


async def test_what_is_found_costs_no_statement_and_no_entry(world: World) -> None:
    scene = await a_scene(world)
    assert (await scene.manager.get(f"/v1/clients/{scene.client_id}")).status_code == 200
    assert await _refused(world, scene.manager) == []


async def test_caller_learns_nothing_from_the_writing(world: World) -> None:
    scene, curious = await a_scene(world), await world.case_manager()
    answers = [await curious.get(f"/v1/cases/{each}") for each in (scene.case_id, str(uuid4()))]
    for answer in answers:
        assert "x-request-id" in answer.headers
    assert answers[0].json() == answers[1].json()


async def test_record_is_not_named_without_the_table_of_parameters(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: a parameter that the guard does not know leaves an entry without its record."""
    monkeypatch.setattr(guard, "PERSONAL", {})
    scene, curious = await a_scene(world), await world.case_manager()
    await curious.get(f"/v1/cases/{scene.case_id}")
    assert [row[2] for row in await _refused(world, curious)] == [None]


async def test_records_that_are_found_by_no_case_or_client_are_named_too(world: World) -> None:
    amira, curious, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    officer = await world.person(Role.PRIVACY_OFFICER)
    client_id = await a_client(world, amira)
    case_id = await open_case(amira, client_id)
    barrier = {"case_id": case_id, "barrier_type": "B1", "effect": "benefit_gap", "since": "2026-01-02"}
    institution = str(await world.institution())
    report = (await amira.post("/v1/barriers", {**barrier, "institution_id": institution})).json()["id"]
    inquiry = (await ask(amira)).rpartition("/")[2]
    await lead.post(f"/v1/cases/{case_id}/break-glass", {"reason": "Lebensgefahr am Abend"})
    review = (await officer.get("/v1/access-reviews")).json()["items"][0]["id"]
    assert (await curious.get(f"/v1/inquiries/{inquiry}")).status_code == 404
    assert (await curious.get(f"/v1/barriers/{report}")).status_code == 404
    assert (await curious.get(f"/v1/access-reviews/{review}")).status_code == 403
    assert (await curious.get(f"/v1/inquiries/{uuid4()}")).status_code == 404
    whom = [UUID(await pseudonym(world, client_id))]
    assert [row[1:4] for row in await _refused(world, curious)] == [
        ("inquiry", UUID(inquiry), []),
        ("barrier_report", UUID(report), whom),
        ("access_review", UUID(review), whom),
        ("operation", None, []),
    ]


async def test_proposal_of_a_barrier_is_named_too(world: World) -> None:
    scene, curious = await a_scene(world), await world.case_manager()
    proposal = new_id()
    await world.admin.execute(
        """INSERT INTO barrier_proposals
            (municipal_area_id, id, case_id, referral_id, institution_id, barrier_type, outcome)
        VALUES ($1, $2, $3, gen_random_uuid(), $4, 'B1', 'rejected')""",
        world.area, proposal, UUID(scene.case_id), UUID(str(scene.institution_id)),
    )  # fmt: skip
    dropped = await curious.post(f"/v1/barriers/proposals/{proposal}/drop")
    assert dropped.status_code == 404
    whom = [UUID(await pseudonym(world, scene.client_id))]
    assert [row[1:4] for row in await _refused(world, curious)] == [("barrier_proposal", proposal, whom)]


async def test_refusal_about_an_id_that_is_none_names_no_record(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    assert (await coordinator.get("/v1/consents", client_id="nobody")).status_code == 403
    assert await _refused(world, coordinator) == [("consent.read", "operation", None, [], "role_missing")]
