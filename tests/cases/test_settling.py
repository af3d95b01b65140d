"""What is open when a case ends: it is listed, ends or stays, and can go on; nothing holds anybody back."""

from typing import Any
from uuid import UUID

from app.access.roles import Role
from tests.cases.arrange import a_case, a_client, close, etag, open_case, record_intake
from tests.cases.test_plan import GOAL, MEASURE
from tests.consents.arrange import give_consent, withdraw
from tests.interpreting.arrange import NEED
from tests.referrals.arrange import Scene, a_scene, draft, sent, step
from tests.world import Person, World

NONE: dict[str, list[str]] = {"conference": [], "pathway": [], "school_entry": []}
REASON = {"reason": "Neue Kündigung"}
TASK = {"title": "Bescheid prüfen", "due_on": "2030-01-07"}
VISIT = {"kind": "appointment", "title": "Jobcenter", "due_at": "2030-03-04T09:00:00Z", "minutes": 30}
EVERYTHING = {
    "tasks": "drop", "measures": "drop", "referrals": "cancel", "interpretings": "cancel",
    "barrier_proposals": "drop", "drafts": "discard",
}  # fmt: skip


async def leave_open(person: Person, case_id: str) -> dict[str, str]:
    """Leave a task, an appointment, a goal with a measure, an interpreting and a draft open."""
    path, made = f"/v1/cases/{case_id}", {}

    async def make(name: str, where: str, body: dict[str, Any]) -> None:
        answer = await person.post(path + where, body)
        assert answer.status_code == 201, answer.text
        made[name] = str(answer.json()["id"])

    await make("task", "/tasks", TASK)
    await make("appointment", "/tasks", VISIT)
    await make("goal", "/goals", GOAL)
    await make("measure", f"/goals/{made['goal']}/measures", MEASURE)
    await make("interpreting", "/interpretings", NEED)
    await make("contact_draft", "/contact-drafts", {"note": "Noch nicht fertig"})
    return made


async def _left_open(world: World) -> tuple[Scene, dict[str, str]]:
    scene = await a_scene(world)
    made = await leave_open(scene.manager, scene.case_id)
    return scene, {**made, "referral": await sent(scene)}


async def _listed(person: Person, case_id: str) -> dict[str, list[str]]:
    answer = await person.get(f"/v1/cases/{case_id}/open-items")
    assert answer.status_code == 200, answer.text
    return {each["kind"]: [item["id"] for item in each["items"]] for each in answer.json()["kinds"]}


async def test_everything_that_is_open_is_listed_by_kind(world: World) -> None:
    scene, made = await _left_open(world)
    listed = await _listed(scene.manager, scene.case_id)
    consents = listed.pop("consent")
    assert len(consents) == 1
    assert listed == {**{kind: [made[kind]] for kind in made}, "barrier_proposal": [], **NONE}


async def test_line_says_what_it_is_and_whose(world: World) -> None:
    scene, _ = await _left_open(world)
    seen = (await scene.manager.get(f"/v1/cases/{scene.case_id}/open-items")).json()
    lines = {each["kind"]: each["items"][0] for each in seen["kinds"] if each["items"]}
    assert (lines["task"]["title"], lines["task"]["due_on"]) == ("Bescheid prüfen", "2030-01-07")
    assert lines["task"]["responsible"]["id"] == str(scene.manager.user_id)
    assert lines["referral"]["institution"]["id"] == scene.institution_id
    assert (lines["referral"]["state"], lines["consent"]["code"]) == ("requested", "referral")
    assert (seen["handover"], seen["is_closed"]) == (None, False)


async def test_somebody_elses_draft_is_in_nobodys_list(world: World) -> None:
    scene, made = await _left_open(world)
    ben, lead = await world.case_manager(), await world.person(Role.TEAM_LEAD)
    await lead.post(f"/v1/cases/{scene.case_id}/assign", {"user_id": str(ben.user_id), "kind": "member"})
    listed = await _listed(ben, scene.case_id)
    assert (listed["task"], listed["contact_draft"]) == ([made["task"]], [])


async def test_who_looks_by_break_glass_sees_no_proposals_of_barriers(world: World) -> None:
    scene, _ = await _left_open(world)
    lead = await world.person(Role.TEAM_LEAD)
    path = f"/v1/cases/{scene.case_id}/open-items"
    assert (await lead.get(path)).status_code == 404
    await lead.post(f"/v1/cases/{scene.case_id}/break-glass", {"reason": "Niemand ist erreichbar"})
    assert "barrier_proposal" not in await _listed(lead, scene.case_id)


async def test_closing_leaves_everything_as_it_stands_and_counts_it(world: World) -> None:
    scene, _ = await _left_open(world)
    await close(scene.manager, scene.case_id, "client_ended")
    seen = (await scene.manager.get(f"/v1/cases/{scene.case_id}")).json()
    assert seen["closing"]["unfinished"] == {
        "tasks": 2, "measures": 1, "referrals": 1, "interpretings": 1, "pathways": 0, "school_entries": 0,
    }  # fmt: skip
    assert (await _listed(scene.manager, scene.case_id))["task"] != []


async def test_what_is_told_to_end_ends_with_the_case(world: World) -> None:
    scene, made = await _left_open(world)
    await close(scene.manager, scene.case_id, "moved_away", settle=EVERYTHING)
    listed = await _listed(scene.manager, scene.case_id)
    assert {kind for kind, ids in listed.items() if ids} == {"goal", "consent"}
    path = f"/v1/cases/{scene.case_id}"
    assert set((await scene.manager.get(path)).json()["closing"]["unfinished"].values()) == {0}
    task = (await scene.manager.get(f"{path}/tasks/{made['task']}")).json()
    assert (task["state"], task["drop_reason"]) == ("dropped", "Fall abgeschlossen: Wegzug")
    interpreting = (await scene.manager.get(f"{path}/interpretings/{made['interpreting']}")).json()
    assert (interpreting["state"], interpreting["steps"][-1]["reason"]) == ("cancelled", "Fall abgeschlossen")


async def test_cancelled_referral_is_taken_from_the_recipient(world: World) -> None:
    scene, made = await _left_open(world)
    await step(scene, made["referral"], "accept")
    await close(scene.manager, scene.case_id, "moved_away", settle={"referrals": "cancel"})
    seen = (await scene.partner.get(f"/v1/partner/referrals/{made['referral']}")).json()
    assert (seen["state"], "package" in seen) == ("cancelled", False)


async def test_referral_that_is_kept_is_still_answered_after_the_closing(world: World) -> None:
    scene, made = await _left_open(world)
    await close(scene.manager, scene.case_id, "moved_away")
    await step(scene, made["referral"], "accept")
    assert (await scene.manager.get(f"/v1/referrals/{made['referral']}")).json()["state"] == "accepted"


async def test_drafts_of_referrals_end_too(world: World) -> None:
    scene = await a_scene(world)
    waiting = await draft(scene)
    await close(scene.manager, scene.case_id, "moved_away", settle={"referrals": "cancel"})
    assert (await scene.manager.get(f"/v1/referrals/{waiting}")).json()["state"] == "cancelled"


async def test_refused_closing_ends_nothing(world: World) -> None:
    scene, made = await _left_open(world)
    body = {"reason": "boredom", "settle": EVERYTHING}
    assert (await scene.manager.post(f"/v1/cases/{scene.case_id}/close", body)).status_code == 422
    assert (await _listed(scene.manager, scene.case_id))["referral"] == [made["referral"]]


async def test_task_that_recurs_is_dropped_and_followed_by_none(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    weekly = {**TASK, "recurrence": {"frequency": "weekly"}}
    assert (await amira.post(f"/v1/cases/{case_id}/tasks", weekly)).status_code == 201
    await close(amira, case_id, "moved_away", settle={"tasks": "drop"})
    assert (await _listed(amira, case_id))["task"] == []


async def test_reopened_case_takes_up_what_its_closing_dropped_and_nothing_else(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    made = await leave_open(amira, case_id)
    path = f"/v1/cases/{case_id}"
    before = (await amira.post(f"{path}/tasks", TASK)).json()["id"]
    await amira.post(f"{path}/tasks/{before}/step", {"step": "drop", "reason": "Erledigt sich"})
    await close(amira, case_id, "moved_away", settle=EVERYTHING)
    assert (await amira.post(f"{path}/reopen", {**REASON, "take_up": True})).status_code == 200
    listed = await _listed(amira, case_id)
    assert (listed["task"], listed["measure"]) == ([made["task"]], [made["measure"]])
    assert listed["interpreting"] == []


async def test_reopened_case_leaves_it_dropped_when_nobody_asks(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    await leave_open(amira, case_id)
    await close(amira, case_id, "moved_away", settle=EVERYTHING)
    await amira.post(f"/v1/cases/{case_id}/reopen", REASON)
    listed = await _listed(amira, case_id)
    assert (listed["task"], listed["measure"]) == ([], [])


async def test_what_had_been_agreed_with_an_interpreter_ends_after_the_closing(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    made = await leave_open(amira, case_id)
    await close(amira, case_id, "moved_away")
    path = f"/v1/cases/{case_id}/interpretings/{made['interpreting']}/step"
    service = str(await world.institution("sprachmittlung", "Sprachmittlung Nord"))
    asked = await amira.post(path, {"step": "request", "provider_id": service})
    assert (asked.status_code, asked.json()["code"]) == (409, "wrong_state")
    ended = await amira.post(path, {"step": "cancel", "reason": "Fall beendet"})
    assert ended.json()["state"] == "cancelled"


async def test_withdrawn_consent_to_documentation_deletes_the_drafts_of_everybody(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    client_id = await a_client(world, amira)
    case_id = await open_case(amira, client_id)
    consent = await give_consent(amira, client_id)
    await record_intake(amira, case_id, documentation_basis="consent")
    lead = await world.person(Role.TEAM_LEAD)
    await lead.post(f"/v1/cases/{case_id}/assign", {"user_id": str(ben.user_id), "kind": "member"})
    other = await a_case(world, amira)
    for person, where in ((amira, case_id), (ben, case_id), (amira, other)):
        made = await person.post(f"/v1/cases/{where}/contact-drafts", {"note": "Noch nicht fertig"})
        assert made.status_code == 201
    await withdraw(amira, consent)
    left = await world.admin.fetch(
        "SELECT case_id::text FROM contact_drafts WHERE municipal_area_id = $1", world.area
    )
    assert [row["case_id"] for row in left] == [other]
    assert await etag(amira, f"/v1/cases/{case_id}")


async def test_closing_does_not_wait_for_somebody_who_answers_at_this_moment(world: World) -> None:
    scene, made = await _left_open(world)
    async with world.admin.transaction():
        await world.admin.execute(
            "SELECT FROM referral_requests WHERE id = $1 FOR UPDATE", UUID(made["referral"])
        )
        await close(scene.manager, scene.case_id, "moved_away", settle={"referrals": "cancel"})
    seen = (await scene.manager.get(f"/v1/cases/{scene.case_id}")).json()
    assert seen["closing"]["unfinished"]["referrals"] == 1
    assert (await _listed(scene.manager, scene.case_id))["referral"] == [made["referral"]]
