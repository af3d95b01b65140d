"""An inquiry from the first question to what becomes of it, told as stories."""

import asyncio
from typing import Any

import asyncpg
import pytest

from app.access.roles import Role
from app.inquiries.rules import STATES, TRANSITIONS, WORKER, following
from tests.cases.arrange import a_case, close, journal, record_intake, team_lead
from tests.inquiries.arrange import ASKS, NAMED, PATH, ask, figures, waiting
from tests.refusals import places
from tests.world import World


async def test_somebody_who_gives_no_name_is_advised_and_counted(world: World) -> None:
    amira = await world.case_manager()
    path = await ask(amira)
    done = await amira.post(f"{path}/finish", {"outcome": "advised"})
    assert (done.status_code, done.json()["state"], done.json()["is_anonymous"]) == (200, "advised", True)
    assert await figures(world) == [("advised", True, None), ("received", True, None)]


async def test_double_submit_is_one_inquiry_and_one_figure(world: World) -> None:
    amira = await world.case_manager()
    first = await amira.post(PATH, ASKS, idempotency_key="inquiry-01")
    again = await amira.post(PATH, ASKS, idempotency_key="inquiry-01")
    assert first.json() == again.json()
    assert await figures(world) == [("received", True, None)]


async def test_who_waits_is_seen_by_the_unit_without_name_and_concern(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    lead, elsewhere = await team_lead(world), await world.person(Role.CASE_MANAGER, unit="Caritas")
    path = await waiting(amira)
    listed = await ben.get(f"{PATH}/waiting")
    (one,) = listed.json()["items"]
    assert set(one) == {
        "id", "unit_id", "language", "waiting_since", "priority_reason", "referral", "answer_until",
        "version",
    }  # fmt: skip
    assert one["referral"] is one["answer_until"] is None
    assert "Nadia" not in listed.text
    assert "housing" not in listed.text
    assert (await ben.get(path)).status_code == 404
    assert (await elsewhere.get(f"{PATH}/waiting")).json()["items"] == []
    assert (await lead.get(f"{PATH}/waiting")).status_code == 403
    async with world.sql(ben) as db:
        driver = await db.driver()
        assert await driver.fetchval("SELECT count(*) FROM inquiries") == 1
        assert await driver.fetchval("SELECT count(*) FROM inquiry_contents") == 0


async def test_with_a_careless_policy_the_unit_would_read_what_was_said(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    await waiting(amira)
    await world.admin.execute("CREATE POLICY planted ON inquiry_contents FOR SELECT TO kim_app USING (true)")
    try:
        async with world.sql(ben) as db:
            driver = await db.driver()
            assert await driver.fetchval("SELECT name FROM inquiry_contents") == "Nadia Karim"
    finally:
        await world.admin.execute("DROP POLICY planted ON inquiry_contents")


async def test_who_takes_it_sees_it_and_who_had_it_no_longer(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    path = await waiting(amira)
    taken = await ben.post(f"{path}/take")
    assert (taken.status_code, taken.json()["name"], taken.json()["state"]) == (200, "Nadia Karim", "open")
    assert (await amira.get(path)).status_code == 404
    assert (await amira.get(f"{PATH}/waiting")).json()["items"] == []
    assert len(await journal(world, "inquiry.take")) == 1


async def test_whoever_puts_it_back_sees_it_no_longer_and_who_had_it_was_told(world: World) -> None:
    amira, ben, cem = [await world.case_manager() for _ in range(3)]
    path = await waiting(amira)
    await ben.post(f"{path}/take")
    back = await ben.post(f"{path}/wait", {}, idempotency_key="back-00001")
    again = await ben.post(f"{path}/wait", {}, idempotency_key="back-00001")
    assert (back.status_code, again.json()) == (200, back.json())
    assert "Nadia" not in back.text
    for person in (amira, ben):
        assert (await person.get(path)).status_code == 404
        assert (await person.get(PATH)).json()["items"] == []
    async with world.sql(ben) as db:
        assert await (await db.driver()).fetchval("SELECT count(*) FROM inquiry_contents") == 0
    told = (await amira.get("/v1/me/notifications")).json()["items"]
    identity = path.rpartition("/")[2]
    assert [(each["kind"], each["object_id"]) for each in told] == [("inquiry_taken", identity)]
    waits = await journal(world, "inquiry.wait")
    assert [each["changed"] for each in waits] == [["state"], ["responsible_id", "state"]]
    assert len(await journal(world, "inquiry.take")) == 1
    assert (await cem.post(f"{path}/take")).json()["name"] == "Nadia Karim"
    assert (await ben.get("/v1/me/notifications")).json()["items"] == []


async def test_inquiry_that_nobody_answers_for_waits_or_has_lapsed(world: World) -> None:
    amira = await world.case_manager()
    await waiting(amira)
    with pytest.raises(asyncpg.CheckViolationError, match="ck_inquiries_responsible"):
        await world.admin.execute(
            "UPDATE inquiries SET responsible_id = NULL, state = 'open' WHERE municipal_area_id = $1",
            world.area,
        )


async def test_two_who_take_at_once_do_not_both_have_it(world: World) -> None:
    amira, ben, cem = [await world.case_manager() for _ in range(3)]
    path = await waiting(amira)
    answers = await asyncio.gather(ben.post(f"{path}/take"), cem.post(f"{path}/take"))
    assert sorted(each.status_code for each in answers) == [200, 404]


async def test_putting_back_keeps_the_day_since_when_somebody_waits(world: World) -> None:
    amira = await world.case_manager()
    path = await waiting(amira)
    await world.admin.execute(
        "UPDATE inquiries SET waiting_since = '2026-01-07' WHERE municipal_area_id = $1", world.area
    )
    await amira.post(f"{path}/take")
    back = await amira.post(f"{path}/wait", {"priority_reason": "child"})
    assert (back.json()["waiting_since"], back.json()["priority_reason"]) == ("2026-01-07", "child")


async def test_who_has_a_reason_comes_first_then_who_has_waited_longest(world: World) -> None:
    amira = await world.case_manager()
    for day, language, reason in (("03", "ara", None), ("01", "tur", None), ("05", "ukr", "deadline")):
        path = await waiting(amira, language=language)
        await world.admin.execute(
            """UPDATE inquiries SET waiting_since = $2::text::date, priority_reason = $3
            WHERE municipal_area_id = $1 AND language = $4""",
            world.area, f"2026-02-{day}", reason, language,
        )  # fmt: skip
        assert path
    first = (await amira.get(f"{PATH}/waiting", limit=2)).json()
    second = (await amira.get(f"{PATH}/waiting", limit=2, cursor=first["next"])).json()
    assert [each["language"] for each in first["items"] + second["items"]] == ["ukr", "tur", "ara"]


async def test_who_cannot_be_reached_does_not_wait(world: World) -> None:
    amira = await world.case_manager()
    refused = await amira.post(f"{await ask(amira)}/wait", {})
    assert (refused.status_code, refused.json()["missing"]) == (409, ["reachable"])
    path = await waiting(amira)
    version = (await amira.get(path)).headers["etag"]
    assert (await amira.patch(path, {"reachable": None}, if_match=version)).status_code == 409


async def test_inquiry_becomes_a_case_and_keeps_nothing_of_the_person(world: World) -> None:
    amira = await world.case_manager()
    path, case_id = await ask(amira, **NAMED), await a_case(world, amira)
    early = await amira.post(f"{path}/case", {"case_id": case_id})
    assert (early.status_code, early.json()["missing"]) == (409, ["documentation_basis"])
    assert (await amira.get(path)).json()["name"] == "Nadia Karim"
    await record_intake(amira, case_id)
    became = (await amira.post(f"{path}/case", {"case_id": case_id})).json()
    assert (became["state"], became["case_id"]) == ("case", case_id)
    assert [became[each] for each in ("name", "reachable", "note")] == [None, None, None]
    (entry,) = await journal(world, "inquiry.become_case")
    assert len(entry["client_pseudonyms"]) == 1
    second = await amira.post(f"{await ask(amira)}/case", {"case_id": case_id})
    assert (second.status_code, second.json()["code"]) == (409, "duplicate")


async def test_inquiry_rests_on_a_consent_that_is_not_there(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    await record_intake(amira, case_id, documentation_basis="consent")
    refused = await amira.post(f"{await ask(amira)}/case", {"case_id": case_id})
    assert refused.json()["missing"] == ["documentation_consent"]


async def test_inquiry_becomes_only_an_open_case_of_ones_own(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    path, foreign, ended = await ask(amira), await a_case(world, ben), await a_case(world, amira)
    await close(amira, ended, "client_ended")
    assert (await amira.post(f"{path}/case", {"case_id": foreign})).status_code == 404
    assert (await amira.post(f"{path}/case", {"case_id": ended})).json()["code"] == "wrong_state"


async def test_inquiry_becomes_no_case_of_another_unit(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    await record_intake(amira, case_id)
    await world.also_at(amira, "Caritas")
    elsewhere = await ask(amira, unit_id=str(await world.unit("Caritas")))
    refused = await amira.post(f"{elsewhere}/case", {"case_id": case_id})
    assert places(refused) == [{"place": "body.case_id", "kind": "other_unit"}]


async def test_restricted_person_is_not_counted_as_a_case(world: World) -> None:
    amira = await world.case_manager()
    for restricted in (False, True):
        case_id = await a_case(world, amira, restricted=restricted)
        await record_intake(amira, case_id)
        became = await amira.post(f"{await ask(amira)}/case", {"case_id": case_id})
        assert became.status_code == 200, became.text
    assert [event for event, _, _ in await figures(world)].count("case") == 1


@pytest.mark.parametrize(
    ("body", "place", "kind"),
    [
        ({"outcome": "passed_on"}, "body.institution_id", "one_of_two"),
        ({"outcome": "advised", "institution_name": "MBE"}, "body.institution_id", "not_passed_on"),
        ({"outcome": "declined"}, "body.reason", "missing"),
        ({"outcome": "declined", "reason": "moved_away"}, "body.reason", "missing"),
        ({"outcome": "advised", "reason": "other"}, "body.reason", "no_reason_here"),
    ],
)
async def test_outcome_says_what_it_must_and_no_more(
    world: World, body: dict[str, Any], place: str, kind: str
) -> None:
    amira = await world.case_manager()
    assert places(await amira.post(f"{await ask(amira)}/finish", body)) == [{"place": place, "kind": kind}]


async def test_removing_is_for_those_who_wait(world: World) -> None:
    amira = await world.case_manager()
    gone = {"outcome": "removed", "reason": "not_reached"}
    early = await amira.post(f"{await ask(amira)}/finish", gone)
    assert (early.status_code, "removed" in early.json()["allowed"]) == (409, False)
    removed = await amira.post(f"{await waiting(amira)}/finish", gone)
    assert (removed.json()["state"], removed.json()["reason"]) == ("removed", "not_reached")


async def test_who_was_taken_from_the_list_and_not_reached_is_removed(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    path = await waiting(amira)
    await ben.post(f"{path}/take")
    gone = {"outcome": "removed", "reason": "not_reached"}
    removed = await ben.post(f"{path}/finish", gone)
    assert (removed.status_code, removed.json()["state"]) == (200, "removed")
    assert await figures(world) == [("received", False, None), ("removed", False, "not_reached")]


async def test_finished_inquiry_is_finished(world: World) -> None:
    amira = await world.case_manager()
    path = await ask(amira, **NAMED)
    body = {"outcome": "passed_on", "institution_name": "MBE der AWO"}
    done = await amira.post(f"{path}/finish", body)
    assert done.json()["institution"] == {"id": None, "name": "MBE der AWO"}
    for verb, sent in (("finish", {"outcome": "advised"}), ("wait", {}), ("take", None)):
        again = await amira.post(f"{path}/{verb}", sent)
        assert (again.status_code, again.json()["allowed"]) == (409, []), verb
    changed = await amira.patch(path, {"note": "x"}, if_match=done.headers["etag"])
    assert changed.status_code == 409
    assert [event for event, _, _ in await figures(world)] == ["passed_on", "received"]


async def test_change_needs_the_version_of_both_parts(world: World) -> None:
    amira = await world.case_manager()
    path = await ask(amira)
    assert (await amira.patch(path, {"note": "x"}, if_match='"1"')).status_code == 412
    version = (await amira.get(path)).headers["etag"]
    assert (await amira.patch(path, {"note": "x"}, if_match=version)).json()["note"] == "x"


@pytest.mark.parametrize(
    ("changes", "place", "kind"),
    [
        ({"access_route": "magic"}, "body.access_route", "unknown_code"),
        ({"language": "xx"}, "body.language", "unknown_code"),
        ({"concerns": ["work", "magic"]}, "body.concerns.1", "unknown_code"),
        ({"received_on": "2199-01-01"}, "body.received_on", "in_the_future"),
        ({"unit_id": "00000000-0000-4000-8000-000000000000"}, "body.unit_id", "not_your_unit"),
    ],
)
async def test_unusable_inquiry_is_refused_by_place(
    world: World, changes: dict[str, Any], place: str, kind: str
) -> None:
    amira = await world.case_manager()
    assert places(await amira.post(PATH, {**ASKS, **changes})) == [{"place": place, "kind": kind}]


def test_every_state_but_the_last_ones_leads_on() -> None:
    for has_waited in (True, False):
        assert {state for state in STATES if following(state, has_waited=has_waited)} == {"open", "waiting"}
    assert all(each.target == "lapsed" for each in TRANSITIONS if each.label == WORKER)
