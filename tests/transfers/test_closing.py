"""A closing says `transferred` when the other unit has received the case, and by nobody's hand."""

from tests.refusals import places
from tests.transfers.arrange import a_scene, accepted, draft, offered, received, state_of
from tests.world import World

TRANSFERRED = {"reason": "transferred"}


async def test_nobody_closes_as_transferred_what_was_transferred_to_nobody(world: World) -> None:
    scene = await a_scene(world)
    path = f"/v1/cases/{scene.case_id}"
    refused = await scene.manager.post(f"{path}/close", TRANSFERRED)
    assert places(refused) == [{"place": "body.reason", "kind": "code_not_valid"}]
    assert (await scene.manager.get(path)).json()["phase"] == "intake"


async def test_transfer_under_way_is_named_and_goes_on(world: World) -> None:
    for begin, state in ((draft, "drafted"), (offered, "offered"), (accepted, "accepted")):
        scene = await a_scene(world)
        transfer_id = await begin(scene)
        path = f"/v1/cases/{scene.case_id}"
        refused = await scene.manager.post(f"{path}/close", TRANSFERRED)
        assert (refused.status_code, refused.json()["code"]) == (409, "transfer_under_way")
        assert refused.json()["transfer_id"] == transfer_id
        assert (await scene.manager.get(path)).json()["phase"] == "intake"
        assert (await scene.manager.get(f"{scene.path}/{transfer_id}")).json()["state"] == state


async def test_another_reason_closes_and_withdraws_what_is_under_way(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await offered(scene)
    closed = await scene.manager.post(f"/v1/cases/{scene.case_id}/close", {"reason": "client_ended"})
    assert closed.status_code == 200, closed.text
    assert (await state_of(scene, transfer_id))[0] == "withdrawn"


async def test_what_was_settled_after_the_receipt_is_taken_up_again(world: World) -> None:
    scene = await a_scene(world)
    manager, case = scene.manager, f"/v1/cases/{scene.case_id}"
    task = {"title": "Anrufen", "due_on": "2090-01-01", "recurrence": {"frequency": "weekly"}}
    task_id = (await manager.post(f"{case}/tasks", task)).json()["id"]
    goal = (await manager.post(f"{case}/goals", {"life_domain": "work", "wording": "Arbeit"})).json()["id"]
    measure = {"wording": "Bewerbung schreiben", "responsible": "client"}
    await manager.post(f"{case}/goals/{goal}/measures", measure)
    transfer_id = await received(scene)
    settled = await manager.post(f"{scene.path}/{transfer_id}/settle", {"tasks": "drop", "measures": "drop"})
    assert settled.status_code == 200, settled.text
    reopened = await manager.post(f"{case}/reopen", {"reason": "Zurückgezogen", "take_up": True})
    assert reopened.status_code == 200, reopened.text
    found = (await manager.get(f"{case}/tasks/{task_id}")).json()
    assert (found["state"], found["recurrence"]["frequency"]) == ("open", "weekly")
    (plan,) = (await manager.get(f"{case}/goals")).json()["items"]
    assert plan["measures"][0]["state"] == "open"
