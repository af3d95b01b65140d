"""Transfers on the timeline, on the working list, on paper, and in the journal of refusals."""

from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from app.work.working_list.groups import OF_TEAM_LEADS
from tests.cases.arrange import record_intake
from tests.consents.arrange import withdraw
from tests.transfers.arrange import a_scene, accept, accepted, agree, draft, offer, offered, receive, received
from tests.world import Person, World


async def _due(person: Person) -> list[dict[str, Any]]:
    groups = (await person.get("/v1/me/work", group="transfers_due")).json()["groups"]
    items: list[dict[str, Any]] = groups[0]["items"] if groups else []
    return items


async def _offered_to(person: Person) -> list[tuple[str, str]]:
    (group,) = (await person.get("/v1/me/work", group="transfers_offered")).json()["groups"]
    assert group["count"] == len(group["items"])
    assert all(item["case"] is item["client"] is item["relation"] is None for item in group["items"])
    return [(item["reason"], item["target"]["id"]) for item in group["items"]]


async def _timeline(person: Person, case_id: str) -> list[tuple[str, str]]:
    entries = (await person.get(f"/v1/cases/{case_id}/timeline", kinds="transfer")).json()["items"]
    return [(entry["what"], entry["details"]["receiving_unit"]["name"]) for entry in reversed(entries)]


async def test_the_timeline_tells_what_became_of_an_offer(world: World) -> None:
    scene = await a_scene(world)
    await received(scene)
    assert await _timeline(scene.manager, scene.case_id) == [
        ("offered", "KI Hagen"),
        ("accepted", "KI Hagen"),
        ("received", "KI Hagen"),
    ]


async def test_the_timeline_tells_of_a_withdrawal_and_to_whom_the_consent_was(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await agree(scene)
    await offer(scene, await draft(scene))
    await withdraw(scene.manager, consent_id)
    assert [what for what, _ in await _timeline(scene.manager, scene.case_id)] == ["offered", "revoked"]
    path = f"/v1/cases/{scene.case_id}/timeline"
    consents = (await scene.manager.get(path, kinds="consent")).json()["items"]
    assert {entry["details"]["receiving_unit"] for entry in consents} == {"KI Hagen"}


async def test_the_working_list_shows_what_was_declined_and_what_runs_out(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await offered(scene)
    assert await _due(scene.manager) == []
    await world.admin.execute(
        "UPDATE case_transfers SET deadline_at = now() + interval '2 days' WHERE id = $1", UUID(transfer_id)
    )
    (near,) = await _due(scene.manager)
    assert (near["reason"], near["title"], near["target"]["id"]) == ("deadline_near", "KI Hagen", transfer_id)
    await scene.lead.post(f"/v1/transfers/{transfer_id}/decline", {"reason": "no_capacity"})
    (declined,) = await _due(scene.manager)
    assert (declined["reason"], declined["code"]) == ("transfer_declined", "no_capacity")


async def test_the_working_list_says_that_consents_are_to_be_taken_until_there_is_a_basis(
    world: World,
) -> None:
    scene = await a_scene(world)
    got = await receive(scene, await accepted(scene))
    (due,) = await _due(scene.colleague)
    assert (due["reason"], due["case"]["id"]) == ("consents_to_take", got["case_id"])
    await record_intake(scene.colleague, got["case_id"])
    assert await _due(scene.colleague) == []


async def test_the_form_names_the_unit_that_is_to_take_the_case_over(world: World) -> None:
    scene = await a_scene(world)
    form = {
        "kind": "consent_form", "language": "ara", "purpose": "transfer", "direction": "to",
        "receiving_unit_id": scene.unit_id, "data_categories": ["master_data", "case_record"],
    }  # fmt: skip
    written = await scene.manager.post(f"/v1/cases/{scene.case_id}/letters", form)
    assert written.status_code == 201, written.text
    without = {name: value for name, value in form.items() if name != "receiving_unit_id"}
    refused = await scene.manager.post(f"/v1/cases/{scene.case_id}/letters", without)
    assert refused.status_code == 422


@pytest.mark.parametrize("side", ["sender", "receiver"])
async def test_who_tries_to_reach_a_transfer_stands_in_the_journal(world: World, side: str) -> None:
    scene = await a_scene(world)
    transfer_id = await offered(scene)
    if side == "sender":
        place, stranger = world, await world.case_manager()
        await stranger.get(f"{scene.path}/{transfer_id}")
    else:
        place, stranger = scene.hagen, await scene.hagen.person(Role.TEAM_LEAD, unit="Caritas Hagen")
        await stranger.get(f"/v1/transfers/{transfer_id}")
    row = await world.admin.fetchrow(
        """SELECT object_type, object_id, outcome FROM audit_journal
        WHERE municipal_area_id = $1 AND user_id = $2 AND outcome = 'refused'""",
        place.area,
        stranger.user_id,
    )
    expected = ("case", UUID(scene.case_id)) if side == "sender" else ("transfer", UUID(transfer_id))
    assert (row["object_type"], row["object_id"]) == expected


async def test_what_the_colleague_was_given_is_in_their_list(world: World) -> None:
    scene = await a_scene(world)
    await agree(scene)
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    assert (await scene.colleague.get("/v1/transfers")).json()["items"] == []
    await accept(scene, transfer_id)
    (given,) = (await scene.colleague.get("/v1/transfers")).json()["items"]
    assert (given["id"], given["case_manager_id"]) == (transfer_id, str(scene.colleague.user_id))


async def test_an_offer_is_on_the_working_list_of_the_team_leads_who_can_accept_it(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await offered(scene, urgency="urgent")
    both = await scene.hagen.person(Role.TEAM_LEAD, unit="KI Hagen")
    groups = (await scene.lead.get("/v1/me/work")).json()["groups"]
    (group,) = (each for each in groups if each["items"])
    (item,) = group["items"]
    assert (group["group"], item["reason"], item["code"]) == ("transfers_offered", "offer_urgent", "moved")
    assert (item["title"], item["target"]) == ("KI", {"type": "transfer", "id": transfer_id})
    assert item["due_on"] > item["since"]
    assert "Hadi" not in str(item)
    assert await _offered_to(both) == [("offer_urgent", transfer_id)]
    for other in (
        await scene.hagen.person(Role.TEAM_LEAD, unit="Caritas Hagen"),
        await world.person(Role.TEAM_LEAD),
        scene.colleague,
        scene.manager,
    ):
        assert await _offered_to(other) == []


async def test_what_was_given_is_on_the_list_of_who_was_named_until_it_is_received(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted(scene)
    assert await _offered_to(scene.colleague) == [("to_receive", transfer_id)]
    assert await _offered_to(scene.lead) == []
    await world.admin.execute(
        "UPDATE transfer_offers SET deadline_at = now() + interval '4 days' WHERE id = $1", UUID(transfer_id)
    )
    assert await _offered_to(scene.lead) == [("receipt_near", transfer_id)]
    await receive(scene, transfer_id)
    assert (await _offered_to(scene.lead), await _offered_to(scene.colleague)) == ([], [])


async def test_a_withdrawal_is_on_the_list_until_it_is_acknowledged(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await agree(scene)
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    await accept(scene, transfer_id)
    await withdraw(scene.manager, consent_id)
    assert await _offered_to(scene.colleague) == [("withdrawal_to_acknowledge", transfer_id)]
    await scene.colleague.post(f"/v1/transfers/{transfer_id}/acknowledge-withdrawal")
    assert await _offered_to(scene.colleague) == []


async def test_a_team_lead_reads_nothing_of_cases_on_their_list(world: World) -> None:
    scene = await a_scene(world)
    await offered(scene)
    lead = await world.person(Role.TEAM_LEAD)
    answer = await lead.get("/v1/me/work")
    assert [group["group"] for group in answer.json()["groups"]] == list(OF_TEAM_LEADS)
    assert (await lead.get("/v1/me/work", group="tasks_today")).json()["groups"] == []
    assert (await (await world.person(Role.COORDINATOR)).get("/v1/me/work")).status_code == 403


async def test_offers_go_on_page_by_page(world: World) -> None:
    scenes = [await a_scene(world)]
    scenes += [await a_scene(world, scenes[0].hagen) for _ in range(2)]
    ids = {await offered(scene) for scene in scenes}
    lead, seen, cursor = scenes[0].lead, [], {}
    for _ in ids:
        (group,) = (await lead.get("/v1/me/work", group="transfers_offered", limit=1, **cursor)).json()[
            "groups"
        ]
        assert group["count"] == len(ids)
        seen += [item["target"]["id"] for item in group["items"]]
        cursor = {"cursor": group["next"]}
    assert (set(seen), cursor) == (ids, {"cursor": None})
