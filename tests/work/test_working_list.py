"""What is due for a case manager: in the morning, for the colleague who is away, and for nobody else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.cases.arrange import a_case, close, journal, open_case, pseudonym
from tests.clients.arrange import new_client
from tests.conftest import Clock
from tests.consents.arrange import give_consent, withdraw
from tests.referrals.arrange import a_scene, assign, sent, step
from tests.work.arrange import a_document, a_task, behind, due, group, on_the_day, work
from tests.world import World


async def client_of(world: World, case_id: str) -> str:
    found = await world.admin.fetchval("SELECT client_id FROM cases WHERE id = $1", UUID(case_id))
    return str(found)


async def test_morning_begins_with_what_is_overdue(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    case_id = await a_case(world, manager)
    late = await a_task(world, manager, case_id, "2026-06-14", title="Widerspruch")
    later = await a_task(world, manager, case_id, "2026-05-01", title="Anruf")
    today = await a_task(world, manager, case_id, "2026-06-15")
    await a_task(world, manager, case_id, "2026-06-16")
    on_the_day(world, clock, manager)
    items = await group(manager, "tasks_overdue")
    assert [item["target"]["id"] for item in items] == [later, late]
    assert [item["target"]["id"] for item in await group(manager, "tasks_today")] == [today]
    (item, _) = items
    assert item["title"] == "Anruf"
    assert item["case"]["id"] == case_id
    assert (item["client"]["given_name"], item["client"]["family_name"]) == ("Amina", "Haddad")
    assert item["responsible"]["id"] == str(manager.user_id)
    assert item["relation"] == "lead"


async def test_task_that_is_done_is_off_the_list(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    task_id = await a_task(world, manager, await a_case(world, manager), "2026-06-01")
    await behind(world, "UPDATE tasks SET state = 'done', done_at = now() WHERE id = $1", task_id)
    on_the_day(world, clock, manager)
    assert await due(manager, "tasks_overdue") == []


async def test_closed_case_is_off_the_list(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    case_id = await a_case(world, manager)
    await a_task(world, manager, case_id, "2026-06-01")
    await close(manager, case_id, "client_ended")
    on_the_day(world, clock, manager)
    assert {each["group"]: each["count"] for each in (await work(manager))["groups"] if each["count"]} == {}


async def test_deputy_sees_what_is_due_for_the_colleague_and_a_member_only_their_own(
    world: World, clock: Clock
) -> None:
    manager, deputy, member = [await world.case_manager() for _ in range(3)]
    case_id = await a_case(world, manager)
    client_id = await client_of(world, case_id)
    await assign(world, deputy, client_id, case_id, "deputy")
    await assign(world, member, client_id, case_id, "member")
    await a_task(world, manager, case_id, "2026-06-01")
    own = await a_task(world, manager, case_id, "2026-06-02", assignee_id=str(member.user_id))
    on_the_day(world, clock, manager, deputy, member)
    assert len(await group(manager, "tasks_overdue")) == 2
    (first, _) = await group(deputy, "tasks_overdue")
    assert (first["relation"], first["responsible"]["id"]) == ("deputy", str(manager.user_id))
    assert [item["target"]["id"] for item in await group(member, "tasks_overdue")] == [own]


async def test_past_deputy_and_colleague_see_nothing(world: World, clock: Clock) -> None:
    manager, past, colleague = [await world.case_manager() for _ in range(3)]
    case_id = await a_case(world, manager)
    await assign(world, past, await client_of(world, case_id), case_id, "deputy")
    await world.admin.execute("UPDATE assignments SET active_until = now() WHERE user_id = $1", past.user_id)
    await a_task(world, manager, case_id, "2026-06-01")
    on_the_day(world, clock, manager, past, colleague)
    for somebody in (past, colleague):
        assert {each["count"] for each in (await work(somebody))["groups"]} == {0}


@pytest.mark.parametrize(
    ("state", "deadline", "expected"),
    [
        ("requested", "2026-06-14", ("2026-06-14", "deadline_passed")),
        ("requested", "2026-06-19", ("2026-06-19", "deadline_near")),
        ("requested", "2026-06-25", None),
        ("expired", "2026-06-01", ("2026-06-01", "no_answer")),
        ("expired", "2026-04-01", None),
        ("accepted", "2026-06-01", None),
    ],
)
async def test_referral_without_answer_comes_up_in_time(
    world: World, clock: Clock, state: str, deadline: str, expected: tuple[str, str] | None
) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    sql = """UPDATE referral_requests SET state = $2, deadline_at = $3::text::date + time '12:00'
        WHERE id = $1"""
    await behind(world, sql, referral_id, state, deadline)
    on_the_day(world, clock, scene.manager)
    assert await due(scene.manager, "referrals_unanswered") == ([expected] if expected else [])


async def test_letter_without_answer_is_asked_about_after_two_weeks(world: World, clock: Clock) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, channel="letter")
    sql = "UPDATE referral_requests SET requested_at = '2026-06-01T10:00Z' WHERE id = $1"
    await behind(world, sql, referral_id)
    on_the_day(world, clock, scene.manager)
    (item,) = await group(scene.manager, "referrals_unanswered")
    assert (item["due_on"], item["reason"], item["code"]) == ("2026-06-15", "ask_for_answer", "letter")


async def test_rejected_referral_comes_up_for_its_second_look(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await step(scene, referral_id, "reject", reason="no_capacity")
    (item,) = await group(scene.manager, "referrals_rejected")
    assert (item["target"]["id"], item["code"]) == (referral_id, "no_capacity")
    assert item["institution"]["name"] == "jobcenter"
    back = await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")
    assert back.status_code == 200, back.text
    assert await group(scene.manager, "referrals_rejected") == []


@pytest.mark.parametrize(
    ("until", "reason"),
    [
        ("2026-06-22", "ends_within_7"), ("2026-06-23", "ends_within_30"), ("2026-09-13", "ends_within_90"),
        ("2026-06-14", "ended"), ("2026-09-14", None), ("2026-05-01", None),
    ],
)  # fmt: skip
async def test_consent_comes_up_before_it_ends(
    world: World, clock: Clock, until: str, reason: str | None
) -> None:
    scene = await a_scene(world)
    consent_id = await give_consent(scene.manager, scene.client_id, scene.institution_id)
    sql = """UPDATE consents SET given_at = '2026-01-05T09:00Z', given_on = '2026-01-05',
        valid_until = $2::text::date WHERE id = $1"""
    await behind(world, sql, consent_id, until)
    on_the_day(world, clock, scene.manager)
    assert await due(scene.manager, "consents_ending") == ([(until, reason)] if reason else [])


async def test_consent_that_was_renewed_or_withdrawn_does_not_come_up(world: World) -> None:
    scene = await a_scene(world)
    soon = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    far = (datetime.now(UTC) + timedelta(days=200)).date().isoformat()
    place = (scene.manager, scene.client_id, scene.institution_id)
    ending = await give_consent(*place, valid_until=soon)
    assert len(await group(scene.manager, "consents_ending")) == 1
    less = await give_consent(*place, valid_until=far, data_categories=["master_data"])
    assert len(await group(scene.manager, "consents_ending")) == 1
    renewed = await give_consent(*place, valid_until=far)
    assert await group(scene.manager, "consents_ending") == []
    for consent_id in (renewed, ending, less):
        await withdraw(scene.manager, consent_id, only_this=True)
    assert await group(scene.manager, "consents_ending") == []


async def test_consent_for_every_case_comes_up_once(world: World) -> None:
    scene = await a_scene(world)
    await open_case(scene.manager, scene.client_id, kind="counselling")
    soon = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    await give_consent(scene.manager, scene.client_id, scene.institution_id, valid_until=soon)
    assert len(await group(scene.manager, "consents_ending")) == 1


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"printed_end": "2026-06-20"}, [("2026-06-20", "printed_end_within_7")]),
        ({"printed_end": "2026-07-10"}, [("2026-07-10", "printed_end_within_30")]),
        ({"printed_end": "2026-06-14"}, [("2026-06-14", "printed_end_passed")]),
        ({"printed_end": "2026-12-01"}, []),
        ({"printed_end": "2026-06-14", "continued_effect": "to_check"},
         [("2026-06-14", "printed_end_passed")]),
        ({"printed_end": "2026-02-01", "continued_effect": "ordinance", "continued_until": "2027-03-04"}, []),
        ({"printed_end": "2026-02-01", "continued_effect": "ordinance", "continued_until": "2026-06-16"},
         [("2026-06-16", "continued_effect_within_7")]),
        ({"printed_end": "2026-06-20", "continued_effect": "ordinance", "continued_until": "2026-08-20"},
         [("2026-06-20", "printed_end_within_7"), ("2026-08-20", "continued_effect_within_90")]),
    ],
)  # fmt: skip
async def test_both_ends_of_a_residence_document_come_up(
    world: World, clock: Clock, document: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    await open_case(manager, client_id)
    await a_document(manager, client_id, **document)
    on_the_day(world, clock, manager)
    items = await group(manager, "residence_ending")
    assert [(item["due_on"], item["reason"]) for item in items] == expected
    for item in items:
        passed = item["reason"].endswith("_passed")
        assert item["hint"] == ("expired: check continued effect" if passed else None)
        assert item["printed_end"] == document["printed_end"]


async def test_document_that_a_later_one_follows_does_not_come_up(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    await open_case(manager, client_id)
    await a_document(manager, client_id, printed_end="2026-06-10", valid_until="2026-06-10")
    on_the_day(world, clock, manager)
    assert len(await group(manager, "residence_ending")) == 1
    await a_document(manager, client_id, printed_end="2028-06-10", valid_from="2026-06-11")
    assert await group(manager, "residence_ending") == []


async def test_plan_and_review_come_up_when_their_day_has_come(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    case_id = await a_case(world, manager)
    path = f"/v1/cases/{case_id}/goals"
    goal = await manager.post(path, {"life_domain": "work", "wording": "Arbeit", "target_on": "2199-01-01"})
    measure = await manager.post(
        f"{path}/{goal.json()['id']}/measures",
        {"wording": "Bewerbung", "responsible": "client", "due_on": "2199-01-01"},
    )
    await behind(world, "UPDATE goals SET target_on = '2026-06-10' WHERE id = $1", goal.json()["id"])
    await behind(world, "UPDATE measures SET due_on = '2026-06-14' WHERE id = $1", measure.json()["id"])
    await behind(world, "UPDATE case_contents SET next_review_on = '2026-06-20' WHERE id = $1", case_id)
    on_the_day(world, clock, manager)
    assert await due(manager, "plan_overdue") == [
        ("2026-06-10", "goal_overdue"), ("2026-06-14", "measure_overdue"),
    ]  # fmt: skip
    assert await due(manager, "reviews_due") == [("2026-06-20", "review_near")]
    await behind(world, "UPDATE goals SET attainment = 'reached' WHERE id = $1", goal.json()["id"])
    await behind(world, "UPDATE case_contents SET next_review_on = '2026-06-15' WHERE id = $1", case_id)
    assert await due(manager, "plan_overdue") == [("2026-06-14", "measure_overdue")]
    assert await due(manager, "reviews_due") == [("2026-06-15", "review_today")]


async def test_group_is_read_page_by_page_and_counted_whole(world: World, clock: Clock) -> None:
    manager = await world.case_manager()
    case_id = await a_case(world, manager)
    tasks = {await a_task(world, manager, case_id, "2026-06-01") for _ in range(5)}
    on_the_day(world, clock, manager)
    seen: list[str] = []
    query: dict[str, str] = {}
    while True:
        (only,) = (await work(manager, group="tasks_overdue", limit=2, **query))["groups"]
        assert only["count"] == 5
        seen += [item["target"]["id"] for item in only["items"]]
        if only["next"] is None:
            break
        query = {"cursor": only["next"]}
    assert len(seen) == 5
    assert set(seen) == tasks
    whole = await work(manager, limit=3)
    shown = {each["group"]: len(each["items"]) for each in whole["groups"]}
    assert (shown["tasks_overdue"], shown["tasks_today"]) == (3, 0)


@pytest.mark.parametrize("cursor", ["W10", "WyIyMDI2LTA2LTAxIiwieCIsInkiXQ"])
async def test_cursor_without_its_group_or_of_another_list_is_refused(world: World, cursor: str) -> None:
    manager = await world.case_manager()
    assert (await manager.get("/v1/me/work", cursor=cursor)).status_code == 422
    assert (await manager.get("/v1/me/work", cursor=cursor, group="tasks_today")).status_code == 422


async def test_working_list_is_written_into_the_journal_with_whom_it_shows(
    world: World, clock: Clock
) -> None:
    manager = await world.case_manager()
    shown, quiet = await a_case(world, manager), await a_case(world, manager)
    await a_task(world, manager, shown, "2026-06-01")
    on_the_day(world, clock, manager)
    await work(manager, group="tasks_overdue")
    (entry,) = await journal(world, "work.list")
    assert [str(each) for each in entry["client_pseudonyms"]] == [
        await pseudonym(world, await client_of(world, shown))
    ]
    assert quiet != shown
