"""A withdrawal, a cancellation, a closing; who is told, and where a conference is due."""

from datetime import timedelta

from app.kit.clock import local_date, utc_now
from app.kit.database import Database
from app.wiring import wire
from app.worker import run_once
from tests.cases.arrange import close, journal
from tests.conferences.arrange import PLAN, Table, a_table
from tests.consents.arrange import give_consent, withdraw
from tests.referrals.arrange import assign
from tests.work.arrange import due
from tests.world import Person, World


async def _told(world: World, person: Person) -> list[str]:
    rows = await world.admin.fetch("SELECT kind FROM notifications WHERE user_id = $1", person.user_id)
    return sorted(row["kind"] for row in rows)


async def _on_team(table: Table) -> Person:
    ben = await table.scene.world.case_manager()
    await assign(table.scene.world, ben, table.scene.client_id, table.scene.case_id)
    return ben


async def test_colleagues_are_told_of_invitation_and_cancellation(
    world: World, worker_database: Database
) -> None:
    table = await a_table(world)
    ben = await _on_team(table)
    row = await table.plan()
    await table.colleague(row, ben.user_id)
    await table.colleague(row, table.scene.manager.user_id)
    await table.step(row, "cancel", reason="Krank")
    await run_once(worker_database, wire(), utc_now, jobs=())
    assert await _told(world, ben) == ["conference_cancelled", "conference_invited"]
    assert await _told(world, table.scene.manager) == []


async def test_withdrawal_takes_them_out_tells_the_team_and_keeps_the_record_from_them(world: World) -> None:
    table = await a_table(world)
    ben = await _on_team(table)
    consent = await table.agreed()
    held, planned = (
        await table.planned_today(),
        await table.plan(starts_at=(utc_now() + timedelta(days=1)).isoformat()),
    )
    was_there, would_come = await table.invited(held), await table.invited(planned)
    await table.step(held, "hold", attended=[was_there], record="Ergebnis")
    await withdraw(table.scene.manager, consent)
    for row in (held, planned):
        (gone,) = (await table.read(row))["participants"]
        assert (gone["removed_because"], gone["removed_at"] is not None) == ("consent_withdrawn", True)
    assert (await table.read(held))["participants"][0]["attended"] is True
    refused = await table.hand_out(held, was_there)
    assert (refused.status_code, refused.json()["code"]) == (409, "participant_removed")
    absent = await table.step(planned, "hold", attended=[would_come])
    assert absent.status_code == 422
    assert (await table.invite(planned)).json()["missing"] == ["withdrawn"]
    assert await _told(world, ben) == ["conference_left", "conference_left"]
    assert await _told(world, table.scene.manager) == ["conference_left", "conference_left"]
    assert len(await journal(world, "conference.leave")) == 2


async def test_withdrawal_for_another_institution_takes_nobody_out(world: World) -> None:
    table = await a_table(world)
    await table.agreed()
    row = await table.planned_today()
    await table.invited(row)
    scene = table.scene
    other = await give_consent(
        scene.manager, scene.client_id, str(await world.institution("school")), purpose="case_conference"
    )
    await withdraw(scene.manager, other)
    assert (await table.read(row))["participants"][0]["removed_at"] is None


async def test_withdrawn_consent_to_documentation_cancels_what_is_planned(world: World) -> None:
    table = await a_table(world)
    documentation = await give_consent(table.scene.manager, table.scene.client_id)
    await table.agreed()
    held, planned = await table.planned_today(), await table.plan()
    outside = await table.invited(held)
    await table.colleague(planned, table.scene.manager.user_id)
    await table.step(held, "hold", attended=[outside], record="Ergebnis")
    await withdraw(table.scene.manager, documentation)
    seen = await table.read(planned)
    assert (seen["state"], seen["cancel_reason"]) == ("cancelled", "consent_withdrawn")
    assert (await table.read(held))["state"] == "held"
    assert (await table.hand_out(held, outside)).json()["code"] == "processing_restricted"


async def test_closed_case_gives_the_record_but_plans_nothing(world: World) -> None:
    table = await a_table(world)
    await table.agreed()
    held, planned = await table.planned_today(), await table.plan()
    outside = await table.invited(held)
    await table.step(held, "hold", attended=[outside], record="Ergebnis")
    await close(table.scene.manager, table.scene.case_id, "moved_away", settle={"conferences": "cancel"})
    assert (await table.read(planned))["cancel_reason"] == "Fall abgeschlossen"
    assert (await table.scene.manager.post(table.path, PLAN)).status_code == 409
    assert (await table.hand_out(held, outside)).status_code == 200


async def test_it_is_due_shown_and_told_to_the_calendar_without_a_word(world: World) -> None:
    table = await a_table(world)
    row = await table.planned_today()
    await table.colleague(row, table.scene.manager.user_id)
    today = str(local_date(utc_now()))
    assert await due(table.scene.manager, "conferences_due") == [(today, "conference_today")]
    path = f"/v1/cases/{table.scene.case_id}"
    listed = {
        each["kind"]: each["items"]
        for each in (await table.scene.manager.get(f"{path}/open-items")).json()["kinds"]
    }
    assert [each["title"] for each in listed["conference"]] == ["Übergang in die Schule"]
    secret = (await table.scene.manager.post("/v1/me/calendar")).json()["secret"]
    async with world.http() as program:
        feed = (await program.get(f"/v1/calendar/{secret}.ics")).text
    assert feed.count("BEGIN:VEVENT") == 1
    assert [word for word in ("Schule", row["id"], table.scene.case_id) if word in feed] == []
    await table.held(row)
    story = (await table.scene.manager.get(f"{path}/timeline", kinds="conference")).json()["items"]
    assert [each["what"] for each in story] == ["held", "planned"] or [each["what"] for each in story] == [
        "planned",
        "held",
    ]
    assert await due(table.scene.manager, "conferences_due") == []
