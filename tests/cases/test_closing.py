"""Closing, reopening, and what a withdrawn consent does."""

import asyncio
from uuid import UUID

import pytest

from app.cases.actions import contacts
from app.kit.clock import utc_now
from tests.cases.arrange import (
    a_case,
    a_client,
    close,
    etag,
    in_phase,
    journal,
    open_case,
    record_intake,
    register,
    step,
    team_lead,
    travel,
)
from tests.conftest import Clock
from tests.consents.arrange import give_consent, withdraw
from tests.world import Person, World

CONTACT = {"contact_type": "phone", "happened_at": "2026-03-02T09:00:00Z"}
TASK = {"title": "Jobcenter anrufen", "due_on": "2030-01-01"}
GOAL = {"life_domain": "work", "wording": "Arbeit finden"}
SOMEBODY_WAITS_FOR_US = """SELECT EXISTS (SELECT FROM pg_locks
WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"""
REASON = {"reason": "Neue Kündigung"}


async def phase(person: Person, case_id: str) -> str:
    return str((await person.get(f"/v1/cases/{case_id}")).json()["phase"])


@pytest.mark.parametrize("before", ["intake", "assessment", "reassessment", "evaluation"])
async def test_case_is_closed_from_any_phase_and_reopened_where_it_was(world: World, before: str) -> None:
    amira = await world.case_manager()
    case_id = await in_phase(world, amira, before)
    await close(amira, case_id, "contact_lost")
    assert await phase(amira, case_id) == "closed"
    reopened = await amira.post(f"/v1/cases/{case_id}/reopen", REASON)
    assert (reopened.status_code, reopened.json()["phase"]) == (200, before)
    assert (reopened.json()["closing"], reopened.json()["closed_on"]) == (None, None)
    last = (await amira.get(f"/v1/cases/{case_id}/phases")).json()["items"][-1]
    assert (last["source"], last["reason"]) == ("closed", "Neue Kündigung")


async def test_answer_says_how_it_ended_and_counts_what_was_left_open(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    await amira.post(f"/v1/cases/{case_id}/tasks", TASK)
    goal = (await amira.post(f"/v1/cases/{case_id}/goals", GOAL)).json()["id"]
    measure = {"wording": "Bewerbung", "responsible": "client"}
    await amira.post(f"/v1/cases/{case_id}/goals/{goal}/measures", measure)
    body = {"reason": "moved_away", "outcomes": {"work": "improved"}, "note": "Nach Essen"}
    closed = await amira.post(f"/v1/cases/{case_id}/close", body)
    unfinished = dict.fromkeys(("referrals", "interpretings", "pathways", "school_entries"), 0)
    unfinished |= {"tasks": 1, "measures": 1}
    assert closed.json()["closing"] == {**body, "unfinished": unfinished}
    assert closed.json()["closed_on"] is not None


async def test_planned_ending_waits_for_the_evaluation_but_nobody_is_held(world: World) -> None:
    amira = await world.case_manager()
    case_id = await in_phase(world, amira, "evaluation")
    await amira.post(f"/v1/cases/{case_id}/goals", GOAL)
    held = await amira.post(f"/v1/cases/{case_id}/close", {"reason": "goals_reached"})
    assert (held.status_code, held.json()["missing"]) == (409, ["goal_attainment", "client_feedback"])
    await close(amira, case_id, "client_ended")


async def test_closing_from_evaluation_with_attainment_and_feedback(world: World) -> None:
    amira = await world.case_manager()
    case_id = await in_phase(world, amira, "evaluation")
    path = f"/v1/cases/{case_id}"
    goal = await amira.post(f"{path}/goals", GOAL)
    version = goal.headers["etag"]
    await amira.patch(f"{path}/goals/{goal.json()['id']}", {"attainment": "reached"}, if_match=version)
    await amira.patch(path, {"client_feedback": "Hat geholfen"}, if_match=await etag(amira, path))
    await close(amira, case_id, "goals_reached")


@pytest.mark.parametrize(
    "body",
    [{"reason": "boredom"}, {"reason": "other", "outcomes": {"space": "improved"}},
     {"reason": "other", "outcomes": {"work": "splendid"}}],
)  # fmt: skip
async def test_unknown_codes_close_nothing(world: World, body: dict[str, object]) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    assert (await amira.post(f"/v1/cases/{case_id}/close", body)).status_code == 422
    assert await phase(amira, case_id) == "intake"


async def test_closed_case_takes_no_further_entries(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    path = f"/v1/cases/{case_id}"
    goal = (await amira.post(f"{path}/goals", GOAL)).json()["id"]
    await close(amira, case_id)
    version = await etag(amira, path)
    domains = [{"life_domain": "work", "state": "need"}]
    answers = [
        await amira.post(f"{path}/contacts", CONTACT),
        await amira.post(f"{path}/tasks", TASK),
        await amira.post(f"{path}/goals", GOAL),
        await amira.post(f"{path}/goals/{goal}/measures", {"wording": "x", "responsible": "client"}),
        await amira.post(f"{path}/assessments", {"assessed_on": "2026-03-01", "domains": domains}),
        await amira.post(f"{path}/close", {"reason": "other"}),
        await amira.patch(path, {"summary": "x"}, if_match=version),
        await amira.patch(f"{path}/intake", {"note": "x"}, if_match=version),
        await amira.post(f"{path}/phase", {"to": "assessment"}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state"), answer.request.url
        assert answer.json()["allowed"] == ["reopen"]


async def entry_during_closing(world: World) -> int:
    """Return the status of an entry that comes while another transaction closes the case."""
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    async with world.admin.transaction():
        await world.admin.execute("SELECT FROM cases WHERE id = $1 FOR UPDATE", UUID(case_id))
        entry = asyncio.create_task(amira.post(f"/v1/cases/{case_id}/contacts", CONTACT))
        while not await world.admin.fetchval(SOMEBODY_WAITS_FOR_US):
            assert not entry.done(), (await entry).text
        await world.admin.execute(
            "UPDATE cases SET phase = 'closed', closed_on = opened_on WHERE id = $1", UUID(case_id)
        )
    return (await entry).status_code


async def test_entry_that_waited_for_the_closing_finds_the_case_closed(world: World) -> None:
    assert await entry_during_closing(world) == 409


async def test_without_the_lock_the_entry_would_slip_into_the_closed_case(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contacts, "_WRITE", contacts._WRITE.replace("FOR KEY SHARE OF c", ""))
    assert await entry_during_closing(world) == 201


async def test_open_case_cannot_be_reopened(world: World) -> None:
    amira = await world.case_manager()
    answer = await amira.post(f"/v1/cases/{await a_case(world, amira)}/reopen", REASON)
    assert (answer.status_code, answer.json()["allowed"]) == (409, ["close"])


async def test_member_of_the_team_may_write_but_not_close(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    case_id = await a_case(world, amira)
    lead = await team_lead(world)
    await lead.post(f"/v1/cases/{case_id}/assign", {"user_id": str(ben.user_id), "kind": "member"})
    assert (await ben.post(f"/v1/cases/{case_id}/contacts", CONTACT)).status_code == 201
    refused = await ben.post(f"/v1/cases/{case_id}/close", {"reason": "other"})
    assert (refused.status_code, refused.json()["code"]) == (403, "relation_missing")


async def test_reopening_is_possible_until_the_retention_is_over(world: World, clock: Clock) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    travel(world, clock, amira, 2031, 3, 1)
    await close(amira, case_id)
    travel(world, clock, amira, 2037, 1, 1)
    late = await amira.post(f"/v1/cases/{case_id}/reopen", REASON)
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
    assert await phase(amira, case_id) == "closed"
    travel(world, clock, amira, 2036, 12, 31, 22)
    assert (await amira.post(f"/v1/cases/{case_id}/reopen", REASON)).status_code == 200


async def test_withdrawing_the_consent_to_documentation_closes_the_case(world: World) -> None:
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    case_id = await open_case(amira, client_id)
    consent = await give_consent(amira, client_id, case_id=case_id)
    await record_intake(amira, case_id, documentation_basis="consent")
    await step(amira, case_id, "assessment")
    await withdraw(amira, consent)
    seen = (await amira.get(f"/v1/cases/{case_id}")).json()
    assert (seen["phase"], seen["closing"]["reason"]) == ("closed", "consent_withdrawn")
    assert (await amira.post(f"/v1/cases/{case_id}/contacts", CONTACT)).status_code == 409
    (entry,) = await journal(world, "case.close")
    assert str(entry["object_id"]) == case_id


async def test_reopening_after_a_withdrawal_needs_a_basis_again(world: World) -> None:
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    case_id = await open_case(amira, client_id)
    await withdraw(amira, await give_consent(amira, client_id, case_id=case_id))
    refused = await amira.post(f"/v1/cases/{case_id}/reopen", REASON)
    assert (refused.status_code, refused.json()["missing"]) == (409, ["documentation_basis"])
    await give_consent(amira, client_id, case_id=case_id, given_at=utc_now().isoformat())
    assert (await amira.post(f"/v1/cases/{case_id}/reopen", REASON)).status_code == 200


async def test_withdrawal_for_the_client_reaches_cases_that_the_writer_does_not_see(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    client_id = await a_client(world, amira)
    hers = await open_case(amira, client_id)
    await register(world, ben, client_id, await world.unit())
    his = await open_case(ben, client_id)
    assert (await amira.get(f"/v1/cases/{his}")).status_code == 404
    await withdraw(amira, await give_consent(amira, client_id))
    assert await phase(amira, hers) == await phase(ben, his) == "closed"


async def test_withdrawal_of_one_cases_consent_leaves_the_other_open(world: World) -> None:
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    ended, other = await open_case(amira, client_id), await open_case(amira, client_id)
    await withdraw(amira, await give_consent(amira, client_id, case_id=ended))
    assert (await phase(amira, ended), await phase(amira, other)) == ("closed", "intake")


async def test_withdrawal_of_another_consent_closes_nothing(world: World) -> None:
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    case_id = await open_case(amira, client_id)
    consent = await give_consent(amira, client_id, await world.institution())
    await withdraw(amira, consent)
    assert await phase(amira, case_id) == "intake"
