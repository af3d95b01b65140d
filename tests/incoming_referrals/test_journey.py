"""From the institution's desk to a case: who sees what on the way."""

from datetime import timedelta
from typing import Any

from app.access.roles import Role
from app.kit.clock import local_date, months_later, utc_now
from app.kit.database import Database
from tests.cases.arrange import record_intake
from tests.incoming_referrals.arrange import (
    HERE,
    SENT,
    a_desk,
    deliver,
    kinds_told,
    send,
    state_of,
)
from tests.inquiries.arrange import figures
from tests.world import World


async def test_what_was_referred_waits_at_the_unit_without_a_name(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.refer()
    assert await state_of(world, incoming_id) == ("requested", "waiting", None)
    (waits,) = (await desk.manager.get("/v1/inquiries/waiting")).json()["items"]
    assert (waits["id"], waits["language"], waits["referral"]) == (incoming_id, "ara", "unanswered")
    for person in (desk.manager, desk.lead):
        listed = await person.get(HERE)
        (line,) = listed.json()["items"]
        assert (line["id"], line["responsible"]) == (incoming_id, None)
        assert not any(word in listed.text for word in ("Haddad", "jobcenter", "housing", "0151"))
    assert (await desk.manager.get(f"{HERE}/{incoming_id}")).status_code == 404
    assert (await desk.lead.get(f"{HERE}/{incoming_id}")).status_code == 403


async def test_whoever_takes_it_reads_what_came_and_nobody_else_of_the_unit(world: World) -> None:
    desk = await a_desk(world)
    ben = await world.case_manager()
    incoming_id = await desk.taken()
    read = (await desk.manager.get(f"{HERE}/{incoming_id}")).json()
    assert read["institution"]["name"] == "jobcenter"
    assert read["content"]["person"]["family_name"] == "Haddad"
    assert read["content"]["consent"]["obtained_by"] == "Petra Lang"
    assert read["receipt"] is None
    inquiry = (await desk.manager.get(f"/v1/inquiries/{incoming_id}")).json()
    assert (inquiry["name"], inquiry["access_route"]) == ("Samira Haddad", "jobcenter")
    assert inquiry["reachable"] == "0151 2345678; keine Nachricht auf Mailbox"
    assert (await ben.get(f"{HERE}/{incoming_id}")).status_code == 404
    assert (await ben.get(HERE)).json()["items"] == []
    async with world.sql(ben) as db:
        driver = await db.driver()
        for table in ("incoming_referrals", "received_data", "incoming_messages", "incoming_receipts"):
            assert await driver.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_team_lead_gives_it_to_a_case_manager_without_reading_it(
    world: World, worker_database: Database
) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.refer()
    stranger = await world.person(Role.CASE_MANAGER, unit="Caritas")
    path = f"{HERE}/{incoming_id}/assign"
    wrong = await desk.lead.post(path, {"user_id": str(stranger.user_id)})
    assert (wrong.status_code, wrong.json()["errors"][0]["kind"]) == (422, "not_of_the_unit")
    given = await desk.lead.post(path, {"user_id": str(desk.manager.user_id)})
    assert given.status_code == 204
    assert await state_of(world, incoming_id) == ("requested", "open", str(desk.manager.user_id))
    assert (await desk.manager.get(f"{HERE}/{incoming_id}")).status_code == 200
    (line,) = (await desk.lead.get(HERE)).json()["items"]
    assert line["responsible"]["name"] == "Amira Yilmaz"
    await deliver(world, worker_database)
    assert await kinds_told(world, desk.manager) == ["incoming_arrived", "incoming_assigned"]


async def test_team_lead_of_another_unit_gives_nothing(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.refer()
    other = await world.person(Role.TEAM_LEAD, unit="Caritas")
    answer = await other.post(f"{HERE}/{incoming_id}/assign", {"user_id": str(desk.manager.user_id)})
    assert answer.status_code == 404
    assert (await other.get(HERE)).json()["items"] == []


async def test_accepting_makes_a_client_a_case_and_a_task_to_inform_them(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    accepted = await desk.accept(incoming_id)
    assert accepted["state"] == "accepted"
    receipt = accepted["receipt"]
    client = (await desk.manager.get(f"/v1/clients/{receipt['client_id']}")).json()
    assert (client["given_name"], client["birth_date"], client["contact_language"]) == (
        "Samira", "1991-04-12", "ara",
    )  # fmt: skip
    assert (client["no_voicemail"], client["is_restricted"]) == (True, False)
    case = (await desk.manager.get(f"/v1/cases/{receipt['case_id']}")).json()
    assert (case["access_route"], case["concern"]) == ("jobcenter", "Sucht Wohnung und Arbeit")
    (task,) = (await desk.manager.get(f"/v1/cases/{receipt['case_id']}/tasks")).json()["items"]
    assert "Art. 14" in task["title"]
    assert "jobcenter" in task["note"]
    assert task["due_on"] == str(months_later(local_date(utc_now()), 1))
    (entry,) = await world.admin.fetch(
        "SELECT client_pseudonyms FROM audit_journal WHERE action = 'incoming_referral.accept' "
        "AND municipal_area_id = $1", world.area,
    )  # fmt: skip
    assert len(entry["client_pseudonyms"]) == 1


async def test_inquiry_becomes_the_case_later_and_is_counted_once(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    assert await figures(world) == []
    accepted = await desk.accept(incoming_id)
    assert await figures(world) == [("received", False, None)]
    inquiry = (await desk.manager.get(f"/v1/inquiries/{incoming_id}")).json()
    assert [inquiry[name] for name in ("state", "referral", "name", "reachable", "note")] == [
        "open", "answered", None, None, None,
    ]  # fmt: skip
    case_id = accepted["receipt"]["case_id"]
    assert inquiry["case_id"] == case_id
    await record_intake(desk.manager, case_id)
    became = await desk.manager.post(f"/v1/inquiries/{incoming_id}/case", {"case_id": case_id})
    assert (became.status_code, became.json()["state"]) == (200, "case")
    routes = await world.admin.fetch(
        "SELECT event, access_route FROM inquiry_figures WHERE municipal_area_id = $1 ORDER BY event",
        world.area,
    )
    assert [tuple(row) for row in routes] == [("case", "jobcenter"), ("received", "jobcenter")]


async def test_inquiry_is_not_ended_while_the_institution_waits(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    ended = await desk.manager.post(f"/v1/inquiries/{incoming_id}/finish", {"outcome": "advised"})
    assert (ended.status_code, ended.json()["code"]) == (409, "referral_unanswered")
    assert await state_of(world, incoming_id) == ("requested", "open", str(desk.manager.user_id))


async def test_question_goes_round_several_times_and_gives_time_anew(
    world: World, worker_database: Database
) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    for _ in range(2):
        asked = await desk.manager.post(
            f"{HERE}/{incoming_id}/ask", {"question": "language", "text": "Spricht sie auch Französisch?"}
        )
        assert (asked.status_code, asked.json()["state"]) == (200, "asked")
        (line,) = (await desk.lead.get(HERE)).json()["items"]
        assert line["answer_until"] is None
        replied = await send(desk.partner, f"{SENT}/{incoming_id}/reply", {"text": "Ja, fließend."})
        assert (replied.status_code, replied.json()["state"]) == (200, "requested")
    assert [each["step"] for each in replied.json()["messages"]] == ["ask", "reply"] * 2
    assert replied.json()["messages"][0].keys() == {"at", "side", "step", "question", "text"}
    seen = (await desk.manager.get(f"{HERE}/{incoming_id}")).json()
    assert [each["text"] for each in seen["messages"]][1] == "Ja, fließend."
    await deliver(world, worker_database)
    assert (await kinds_told(world, desk.partner)).count("incoming_asked") == 2
    assert (await kinds_told(world, desk.manager)).count("incoming_replied") == 2


async def test_unit_is_chosen_by_town_the_towns_own_first(world: World) -> None:
    desk = await a_desk(world)
    town = await world.unit("Stadt Voerde", kind="town")
    await world.case_manager("Stadt Voerde")
    await world.admin.execute(
        "UPDATE units SET takes_referrals = true, municipality = '05170044' WHERE id = $1", town
    )
    listed = (await desk.partner.get("/v1/partner/units", municipality="05170044")).json()["items"]
    assert {each["name"] for each in listed} == {"KI", "Stadt Voerde"}
    for municipality, unit in (("05170044", str(town)), ("05170048", desk.unit_id)):
        body = {**desk.body(municipality=municipality), "unit_id": None}
        made = await send(desk.partner, SENT, body)
        assert (made.status_code, made.json()["unit"]["id"]) == (201, unit), made.text


async def test_deadline_is_that_of_the_unit_by_urgency(world: World) -> None:
    desk = await a_desk(world)
    await world.admin.execute(
        "UPDATE units SET referral_days = 10, urgent_referral_days = 2 WHERE id::text = $1", desk.unit_id
    )
    for changes, days in (({}, 10), ({"urgency": "urgent", "urgent_because": "housing"}, 2)):
        body: dict[str, Any] = desk.body(**changes)
        made = (await send(desk.partner, SENT, body)).json()
        span = await world.admin.fetchval(
            "SELECT deadline_at - requested_at FROM incoming_referrals WHERE id::text = $1", made["id"]
        )
        assert span == timedelta(days=days)
    (first, _) = (await desk.manager.get("/v1/inquiries/waiting")).json()["items"]
    assert first["priority_reason"] == "housing"


async def test_minor_comes_with_a_guardian_who_is_recorded(world: World) -> None:
    desk = await a_desk(world)
    born = str(months_later(local_date(utc_now()), -12 * 15))
    minor = {
        "given_name": "Yusuf", "family_name": "Haddad", "birth_date": born, "language": "ara",
        "guardian": {"kind": "parent", "name": "Samira Haddad", "reachable": "0151 2345678"},
    }  # fmt: skip
    consent = {**desk.body()["consent"], "given_by": "guardian"}
    incoming_id = await desk.taken(person=minor, consent=consent)
    accepted = await desk.accept(incoming_id)
    path = f"/v1/clients/{accepted['receipt']['client_id']}/guardians"
    (guardian,) = (await desk.manager.get(path)).json()["items"]
    assert (guardian["name"], guardian["kind"]) == ("Samira Haddad", "parent")
    assert guardian["evidence"] == "Angabe von jobcenter"


async def test_threatened_person_becomes_restricted_and_is_counted_nowhere(world: World) -> None:
    desk = await a_desk(world)
    ben = await world.case_manager()
    incoming_id = await desk.taken(needs_protection=True)
    accepted = await desk.accept(incoming_id)
    client_id = accepted["receipt"]["client_id"]
    assert (await desk.manager.get(f"/v1/clients/{client_id}")).json()["is_restricted"] is True
    assert await figures(world) == []
    assert (await ben.get(f"{HERE}/{incoming_id}")).status_code == 404
