"""A conference from its plan to what was agreed; nobody of an institution sits in it without a basis."""

from typing import Any

import pytest

from app.access.roles import Role
from app.conferences.rules import TRANSITIONS, State, Step, steps_from, target_of
from app.kit.clock import local_date, utc_now
from app.kit.database import Database
from app.wiring import wire
from app.worker import run_once
from tests.cases.arrange import close, etag, journal
from tests.cases.test_plan import GOAL
from tests.conferences.arrange import PLAN, Table, a_table
from tests.consents.arrange import give_consent, withdraw
from tests.referrals.arrange import assign
from tests.refusals import places
from tests.work.arrange import due
from tests.world import Person, World


def test_every_state_is_reached_and_what_is_over_is_left_by_no_step() -> None:
    assert {each.target for each in TRANSITIONS} == set(State)
    assert {each.source for each in TRANSITIONS} == {None, State.PLANNED}
    assert steps_from(State.PLANNED) == ["hold", "cancel"]
    assert target_of(Step.HOLD, State.CANCELLED) is None


async def test_story_from_plan_to_what_was_agreed(world: World) -> None:
    table = await a_table(world)
    consent = await table.agreed()
    row = await table.planned_today()
    outside = await table.invited(row)
    await table.colleague(row, table.scene.manager.user_id)
    seen = await table.read(row)
    mine = seen["participants"][1]["id"]
    assert seen["participants"][0]["consent_id"] == consent
    held = (await table.step(row, "hold", attended=[outside], record="Wir suchen gemeinsam.")).json()
    assert (held["state"], held["record"]) == ("held", "Wir suchen gemeinsam.")
    assert {each["id"]: each["attended"] for each in held["participants"]} == {outside: True, mine: False}
    goal = (await table.scene.manager.post(f"/v1/cases/{table.scene.case_id}/goals", GOAL)).json()["id"]
    there = {"responsible": "institution", "institution_id": table.scene.institution_id}
    await table.agree(row, goal_id=goal, **there)
    agreed = (await table.agree(row)).json()["agreements"]
    assert [each["institution"] is not None for each in agreed] == [True, False]
    path = f"/v1/cases/{table.scene.case_id}"
    (measure,) = (await table.scene.manager.get(f"{path}/goals/{goal}")).json()["measures"]
    assert (measure["id"], measure["responsible_name"]) == (agreed[0]["measure_id"], "jobcenter")
    (task,) = (await table.scene.manager.get(f"{path}/tasks")).json()["items"]
    assert (task["id"], task["title"]) == (agreed[1]["task_id"], "Platz suchen")
    assert (await table.scene.manager.get(table.path)).json()["items"] == [await table.read(row)]


async def test_what_somebody_outside_learned_stands_in_the_disclosure_log(world: World) -> None:
    table = await a_table(world)
    await table.agreed()
    row = await table.planned_today()
    there, away = await table.invited(row), await table.invited(row, name="Frau Nowak")
    assert await table.logged() == []
    await table.step(row, "hold", attended=[there], record="Ergebnis")
    entry = {
        "institution_id": table.scene.institution_id, "legal_basis": "consent", "purpose": "case_conference",
        "data_categories": ["master_data"], "channel": "conference",
    }  # fmt: skip
    assert await table.logged() == [entry]
    assert (await table.hand_out(row, away)).status_code == 200
    assert await table.logged() == [entry, {**entry, "channel": "letter"}]


CONSENTS: list[tuple[dict[str, Any] | None, list[str]]] = [
    (None, ["recipient"]),
    ({"purpose": "referral"}, ["recipient"]),
    ({"direction": "to"}, ["direction"]),
    ({"data_categories": ["contact"]}, ["category:master_data"]),
    ({"valid_until": "2029-12-31"}, ["expired"]),
]


@pytest.mark.parametrize(("consent", "missing"), CONSENTS)
async def test_without_a_consent_that_covers_it_nobody_outside_is_invited(
    world: World, consent: dict[str, Any] | None, missing: list[str]
) -> None:
    table = await a_table(world)
    row = await table.plan()
    if consent is not None:
        await table.agreed(**{"valid_until": "2031-01-01", **consent})
    refused = await table.invite(row)
    assert (refused.status_code, refused.json()["code"]) == (409, "consent_missing")
    assert refused.json()["missing"] == missing
    assert (await table.read(row))["participants"] == []


async def test_consent_for_another_institution_lets_nobody_in(world: World) -> None:
    table = await a_table(world)
    other = str(await world.institution("school"))
    scene = table.scene
    await give_consent(scene.manager, scene.client_id, other, purpose="case_conference")
    refused = await table.invite(await table.planned_today())
    assert refused.json()["missing"] == ["recipient"]


async def test_another_basis_is_held_against_the_law(world: World) -> None:
    table = await a_table(world)
    row = await table.plan()
    task = {"legal_basis": "gdpr_6_1_e"}
    assert (await table.invite(row, **task)).json()["missing"] == ["necessity"]
    unfit = await table.invite(row, legal_basis="sgbx_69", necessity="Gemeinsame Aufgabe")
    assert (unfit.status_code, unfit.json()["code"]) == (409, "legal_basis_not_applicable")
    await table.invited(row, **task, necessity="Gemeinsame Aufgabe")
    (seen,) = (await table.read(row))["participants"]
    assert (seen["legal_basis"], seen["consent_id"]) == ("gdpr_6_1_e", None)


async def test_foreigners_authority_sits_there_on_nothing_but_a_consent(world: World) -> None:
    table = await a_table(world, "auslaenderbehoerde")
    row = await table.planned_today()
    refused = await table.invite(row, legal_basis="gdpr_6_1_e", necessity="Gemeinsame Aufgabe")
    assert (refused.status_code, refused.json()["code"]) == (409, "duty_workflow_required")
    too_much = await table.invite(row, data_categories=["health"])
    assert places(too_much) == [{"place": "body.data_categories.0", "kind": "not_allowed"}]
    await table.agreed()
    await table.invited(row)


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"name": None}, "body.name", "missing"),
    ({"legal_basis": None}, "body.legal_basis", "missing"),
    ({"data_categories": []}, "body.data_categories", "missing"),
    ({"data_categories": ["shoes"]}, "body.data_categories.0", "unknown_code"),
    ({"data_categories": ["protection_from_violence"]}, "body.data_categories.0", "not_allowed"),
    ({"institution_id": None}, "body.institution_id", "one_of_two"),
]


@pytest.mark.parametrize(("fields", "place", "kind"), REFUSED)
async def test_invitation_that_cannot_be_meant_is_refused(
    world: World, fields: dict[str, Any], place: str, kind: str
) -> None:
    table = await a_table(world)
    await table.agreed()
    answer = await table.invite(await table.planned_today(), **fields)
    assert places(answer) == [{"place": place, "kind": kind}]


async def test_colleague_off_the_team_takes_part_only_where_nobody_learns_who_it_is_about(
    world: World,
) -> None:
    table, colleague = await a_table(world), await world.case_manager()
    stranger = await world.case_manager(unit="Caritas")
    row = await table.plan()
    refused = await table.colleague(row, colleague.user_id)
    assert places(refused) == [{"place": "body.user_id", "kind": "not_on_team"}]
    anonymous = await table.plan(form="anonymised_discussion")
    assert (await table.colleague(anonymous, colleague.user_id)).status_code == 200
    assert (await table.colleague(anonymous, stranger.user_id)).status_code == 422
    assert (await colleague.get(f"{table.path}/{anonymous['id']}")).status_code == 404


async def test_anonymised_discussion_asks_no_basis_logs_nothing_and_gives_no_record(world: World) -> None:
    table = await a_table(world)
    row = await table.planned_today(form="anonymised_discussion")
    named = await table.invite(row)
    assert places(named) == [{"place": "body.legal_basis", "kind": "anonymised"}]
    outside = await table.invited(row, legal_basis=None, data_categories=[])
    assert (await table.step(row, "hold", attended=[outside], record="Rat geholt")).status_code == 200
    refused = await table.hand_out(row, outside)
    assert (refused.status_code, refused.json()["code"]) == (409, "anonymised")
    assert await table.logged() == []


async def test_nobody_takes_part_twice(world: World) -> None:
    table = await a_table(world)
    await table.agreed()
    row = await table.planned_today()
    await table.invited(row)
    await table.colleague(row, table.scene.manager.user_id)
    for again in (await table.invite(row), await table.colleague(row, table.scene.manager.user_id)):
        assert (again.status_code, again.json()["code"]) == (409, "invited_already")
    assert (await table.invite(row, name="Frau Nowak")).status_code == 200


async def test_whoever_is_uninvited_was_not_there(world: World) -> None:
    table = await a_table(world)
    await table.agreed()
    row = await table.planned_today()
    outside = await table.invited(row)
    path = f"{table.path}/{row['id']}/participants/{outside}"
    assert (await table.scene.manager.delete(path)).status_code == 204
    assert (await table.scene.manager.delete(path)).status_code == 404
    refused = await table.step(row, "hold", attended=[outside])
    assert places(refused) == [{"place": "body.attended", "kind": "no_participant"}]
    assert (await table.read(row))["state"] == "planned"


async def test_consent_that_ran_out_before_the_day_lets_nobody_have_been_there(world: World) -> None:
    table = await a_table(world)
    consent = await table.agreed()
    row = await table.planned_today()
    outside = await table.invited(row)
    await world.admin.execute(
        "UPDATE consents SET valid_until = given_on - 1 WHERE id = $1::text::uuid", consent
    )
    refused = await table.step(row, "hold", attended=[outside])
    assert (refused.status_code, refused.json()["missing"]) == (409, ["expired"])
    assert (await table.step(row, "hold")).status_code == 200
    assert await table.logged() == []


async def test_conference_of_tomorrow_was_not_held(world: World) -> None:
    table = await a_table(world)
    answer = await table.step(await table.plan(), "hold")
    assert places(answer) == [{"place": "body.step", "kind": "in_the_future"}]


async def test_plan_is_changed_until_it_is_over_and_the_record_afterwards(world: World) -> None:
    table = await a_table(world)
    row = await table.planned_today()
    path = f"{table.path}/{row['id']}"
    early = await table.scene.manager.patch(path, {"record": "Ergebnis"}, if_match='"1"')
    assert (early.status_code, early.json()["code"]) == (409, "not_held")
    moved = await table.scene.manager.patch(path, {"mode": "online"}, if_match='"1"')
    assert (moved.status_code, moved.json()["mode"]) == (200, "online")
    stale = await table.scene.manager.patch(path, {"mode": "phone"}, if_match='"1"')
    assert stale.status_code == 412
    await table.step(row, "hold")
    version = await etag(table.scene.manager, path)
    late = await table.scene.manager.patch(path, {"mode": "phone"}, if_match=version)
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
    written = await table.scene.manager.patch(path, {"record": "Ergebnis"}, if_match=version)
    assert written.json()["record"] == "Ergebnis"


@pytest.mark.parametrize(
    ("fields", "place", "kind"),
    [
        ({"starts_at": "2020-01-01T09:00:00Z"}, "body.starts_at", "in_the_past"),
        ({"minutes": 4}, "body.minutes", "greater_than_equal"),
    ],
)
async def test_plan_that_cannot_be_meant_is_refused(
    world: World, fields: dict[str, Any], place: str, kind: str
) -> None:
    table = await a_table(world)
    answer = await table.scene.manager.post(table.path, {**PLAN, **fields})
    assert places(answer) == [{"place": place, "kind": kind}]


async def test_womens_shelter_is_no_place_that_others_are_told(world: World) -> None:
    table = await a_table(world)
    shelter = str(await world.institution("frauenhaus", "Haus Sonne"))
    answer = await table.scene.manager.post(table.path, {**PLAN, "place_id": shelter})
    assert places(answer) == [{"place": "body.place_id", "kind": "no_place"}]


async def test_cancelling_needs_a_reason_and_happens_once(world: World) -> None:
    table = await a_table(world)
    row = await table.plan()
    assert places(await table.step(row, "cancel")) == [{"place": "body.reason", "kind": "missing"}]
    assert (await table.step(row, "cancel", reason="Krank")).json()["cancel_reason"] == "Krank"
    again = await table.step(row, "hold")
    assert (again.status_code, again.json()["allowed"]) == (409, [])


async def test_nothing_is_agreed_in_what_was_not_held_or_by_who_was_not_asked(world: World) -> None:
    table = await a_table(world)
    row = await table.planned_today()
    early = await table.agree(row)
    assert (early.status_code, early.json()["allowed"]) == (409, ["cancel", "hold"])
    await table.step(row, "hold")
    there = {"responsible": "institution", "institution_id": table.scene.institution_id}
    assert places(await table.agree(row, **there)) == [
        {"place": "body.institution_id", "kind": "no_participant"}
    ]
    assert places(await table.agree(row, responsible="institution")) == [
        {"place": "body.institution_id", "kind": "institution"}
    ]
    assert (await table.read(row))["agreements"] == []


async def test_double_submit_of_an_agreement_makes_one_task(world: World) -> None:
    table = await a_table(world)
    row = await table.planned_today()
    await table.step(row, "hold")
    body = {"wording": "Platz suchen", "responsible": "client", "due_on": "2030-04-01"}
    path = f"{table.path}/{row['id']}/agreements"
    for _ in range(2):
        answer = await table.scene.manager.post(path, body, idempotency_key="agreed-once")
        assert len(answer.json()["agreements"]) == 1
    tasks = (await table.scene.manager.get(f"/v1/cases/{table.scene.case_id}/tasks")).json()["items"]
    assert len(tasks) == 1


async def test_colleague_of_the_team_keeps_reading_and_the_record_is_theirs_without_being_given(
    world: World,
) -> None:
    table = await a_table(world)
    row = await table.planned_today()
    answer = (await table.colleague(row, table.scene.manager.user_id)).json()
    me = answer["participants"][0]["id"]
    await table.step(row, "hold", attended=[me], record="Ergebnis")
    assert places(await table.hand_out(row, me)) == [{"place": "body.participant_id", "kind": "colleague"}]


async def test_record_is_not_given_before_there_is_one(world: World) -> None:
    table = await a_table(world)
    await table.agreed()
    row = await table.planned_today()
    outside = await table.invited(row)
    early = await table.hand_out(row, outside)
    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    await table.step(row, "hold", attended=[outside])
    none = await table.hand_out(row, outside)
    assert (none.status_code, none.json()["code"]) == (409, "record_missing")


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
        await table.plan(starts_at=f"{local_date(utc_now())}T22:30:00Z"),
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
    held, planned = await table.planned_today(), await table.planned_today()
    outside = await table.invited(held)
    await table.invited(planned)
    await table.step(held, "hold", attended=[outside], record="Ergebnis")
    await withdraw(table.scene.manager, documentation)
    seen = await table.read(planned)
    assert (seen["state"], seen["cancel_reason"]) == ("cancelled", "consent_withdrawn")
    assert (await table.read(held))["state"] == "held"
    assert (await table.hand_out(held, outside)).json()["code"] == "participant_removed"


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
    await table.step(row, "hold")
    story = (await table.scene.manager.get(f"{path}/timeline", kinds="conference")).json()["items"]
    assert [each["what"] for each in story] == ["held", "planned"] or [each["what"] for each in story] == [
        "planned",
        "held",
    ]
    assert await due(table.scene.manager, "conferences_due") == []


async def test_nobody_off_the_team_and_no_participant_from_outside_reads_any_of_it(world: World) -> None:
    table = await a_table(world)
    await table.agreed()
    row = await table.planned_today()
    await table.invited(row)
    for person in (await world.case_manager(), await world.person(Role.TEAM_LEAD)):
        assert (await person.get(f"{table.path}/{row['id']}")).status_code == 404
    assert (await table.scene.partner.get(f"{table.path}/{row['id']}")).status_code == 403
