"""The story of a case: told in one order, in both directions, to those who may hear it."""

from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from app.kit.pages import encode_cursor
from app.work.timeline import queries
from app.work.timeline.source import KINDS
from tests.barriers.arrange import file_barrier
from tests.cases.arrange import close, etag, in_phase, journal, pseudonym, record_intake, step
from tests.cases.test_row_security import full_case
from tests.conferences.arrange import PLAN
from tests.consents.arrange import give_consent, withdraw
from tests.referrals.arrange import Scene, a_scene, assign, sent
from tests.referrals.arrange import step as answer_as_partner
from tests.world import Person, World

CONTACT = {"contact_type": "phone", "happened_at": "2026-03-02T09:00:00Z", "note": "Termin im Mai"}


async def timeline(person: Person, case_id: str, **query: Any) -> dict[str, Any]:
    answer = await person.get(f"/v1/cases/{case_id}/timeline", **query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def told(page: dict[str, Any]) -> list[tuple[str, str]]:
    return [(entry["kind"], entry["what"]) for entry in page["items"]]


async def a_story(world: World) -> Scene:
    """Return a case in which something of every kind has happened."""
    scene = await a_scene(world)
    manager, case_id = scene.manager, scene.case_id
    await record_intake(manager, case_id)
    await step(manager, case_id, "linking", skip_reason="Notlage")
    referral_id = await sent(scene)
    await answer_as_partner(scene, referral_id, "accept")
    task = await manager.post(f"/v1/cases/{case_id}/tasks", {"title": "Anrufen", "due_on": "2199-01-01"})
    path = f"/v1/cases/{case_id}/tasks/{task.json()['id']}"
    done = await manager.patch(path, {"done": True}, if_match=f'"{task.json()["version"]}"')
    assert done.status_code == 200, done.text
    needs = {"assessed_on": "2026-03-01", "domains": [{"life_domain": "work", "state": "need"}]}
    assert (await manager.post(f"/v1/cases/{case_id}/assessments", needs)).status_code == 201
    assert (await manager.post(f"/v1/cases/{case_id}/contacts", CONTACT)).status_code == 201
    await file_barrier(manager, case_id, institution_id=scene.institution_id)
    assert (await manager.post(f"/v1/cases/{case_id}/conferences", PLAN)).status_code == 201
    return scene


async def test_everything_that_happened_is_told_newest_first(world: World) -> None:
    scene = await a_story(world)
    page = await timeline(scene.manager, scene.case_id)
    assert sorted(told(page)) == sorted(
        [
            ("phase", "opened"), ("team", "assigned"), ("phase", "skipped"), ("consent", "given"),
            ("referral", "draft"), ("referral", "requested"), ("referral", "accepted"), ("task", "created"),
            ("task", "done"), ("assessment", "recorded"), ("contact", "recorded"), ("barrier", "filed"),
            ("conference", "planned"),
        ]
    )  # fmt: skip
    moments = [entry["at"] for entry in page["items"]]
    assert moments == sorted(moments, reverse=True)
    assert told(page)[-2:] == [("contact", "recorded"), ("assessment", "recorded")]
    assert page["next"] is None
    assert page["previous"] is None


async def test_line_needs_no_second_request(world: World) -> None:
    scene = await a_story(world)
    lines = {(e["kind"], e["what"]): e for e in (await timeline(scene.manager, scene.case_id))["items"]}
    accepted = lines["referral", "accepted"]
    assert accepted["details"]["institution"] == {"id": scene.institution_id, "name": "jobcenter"}
    assert accepted["actor"]["id"] == str(scene.partner.user_id)
    assert lines["contact", "recorded"]["details"]["note"] == "Termin im Mai"
    assert lines["assessment", "recorded"]["details"]["needs"] == ["work"]
    assert lines["task", "done"]["details"]["title"] == "Anrufen"
    assert lines["phase", "skipped"]["details"]["reason"] == "Notlage"
    assert lines["barrier", "filed"]["details"]["barrier_type"] == "B1"


@pytest.mark.parametrize("size", [1, 3, 5])
async def test_pages_forward_and_back_tell_the_same_story(world: World, size: int) -> None:
    scene = await a_story(world)
    whole = (await timeline(scene.manager, scene.case_id))["items"]
    pages = [await timeline(scene.manager, scene.case_id, limit=size)]
    while pages[-1]["next"]:
        pages.append(await timeline(scene.manager, scene.case_id, limit=size, cursor=pages[-1]["next"]))
    assert [entry for page in pages for entry in page["items"]] == whole
    back = [pages[-1]]
    while back[-1]["previous"]:
        back.append(await timeline(scene.manager, scene.case_id, limit=size, cursor=back[-1]["previous"]))
    assert [entry for page in reversed(back) for entry in page["items"]] == whole


async def test_what_happens_meanwhile_moves_no_page(world: World) -> None:
    scene = await a_story(world)
    whole = (await timeline(scene.manager, scene.case_id))["items"]
    first = await timeline(scene.manager, scene.case_id, limit=4)
    new = await scene.manager.post(
        f"/v1/cases/{scene.case_id}/tasks", {"title": "Neu", "due_on": "2199-01-01"}
    )
    assert new.status_code == 201
    second = await timeline(scene.manager, scene.case_id, limit=200, cursor=first["next"])
    assert [*first["items"], *second["items"]] == whole
    newer = await timeline(scene.manager, scene.case_id, cursor=second["previous"])
    assert newer["items"][0]["id"] == new.json()["id"]
    assert newer["items"][1:] == first["items"]


async def test_things_of_one_moment_are_each_told_once(world: World) -> None:
    scene = await a_story(world)
    contacts = f"/v1/cases/{scene.case_id}/contacts"
    for _ in range(4):
        assert (await scene.manager.post(contacts, CONTACT)).status_code == 201
    ids, cursor = [], {}
    while True:
        page = await timeline(scene.manager, scene.case_id, kinds="contact", limit=2, **cursor)
        ids += [entry["id"] for entry in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(ids) == len(set(ids)) == 5


async def test_several_kinds_are_asked_for_at_once(world: World) -> None:
    scene = await a_story(world)
    page = await timeline(scene.manager, scene.case_id, kinds="contact,phase")
    assert page["kinds"] == ["contact", "phase"]
    assert {kind for kind, _ in told(page)} == {"contact", "phase"}


@pytest.mark.parametrize("kinds", ["", "contact,", "contact,gossip", "contact phase"])
async def test_kinds_that_are_none_are_refused(world: World, kinds: str) -> None:
    scene = await a_story(world)
    answer = await scene.manager.get(f"/v1/cases/{scene.case_id}/timeline", kinds=kinds)
    assert (answer.status_code, answer.json()["errors"][0]["place"]) == (422, "query.kinds")


async def test_corrected_contact_is_told_as_it_counts_now(world: World) -> None:
    scene = await a_story(world)
    made = await scene.manager.post(f"/v1/cases/{scene.case_id}/contacts", CONTACT)
    path = f"/v1/cases/{scene.case_id}/contacts/{made.json()['id']}"
    for note in ("Termin im Juni", "Termin im Juli " + "x" * 400):
        fixed = await scene.manager.patch(path, {"note": note}, if_match=await etag(scene.manager, path))
        assert fixed.status_code == 200, fixed.text
        original, path = path.rpartition("/")[2], f"/v1/cases/{scene.case_id}/contacts/{fixed.json()['id']}"
    page = await timeline(scene.manager, scene.case_id, kinds="contact")
    assert sorted(told(page)) == [("contact", "corrected"), ("contact", "recorded")]
    line = next(entry for entry in page["items"] if entry["what"] == "corrected")["details"]
    assert line["corrects"] == original
    assert line["note"].startswith("Termin im Juli")
    assert (len(line["note"]), line["note_goes_on"]) == (300, True)


async def test_consent_is_told_given_withdrawn_and_run_out(world: World) -> None:
    scene = await a_scene(world)
    other = str(await world.institution("school"))
    ended = await give_consent(scene.manager, scene.client_id, other)
    await world.admin.execute(
        """UPDATE consents SET given_at = '2026-01-05T09:00Z', given_on = '2026-01-05',
            valid_until = '2026-02-01' WHERE id = $1::text::uuid""",
        ended,
    )  # fmt: skip
    await withdraw(scene.manager, await give_consent(scene.manager, scene.client_id, scene.institution_id))
    page = await timeline(scene.manager, scene.case_id, kinds="consent")
    assert told(page) == [
        ("consent", "withdrawn"), ("consent", "given"), ("consent", "expired"), ("consent", "given"),
    ]  # fmt: skip
    assert page["items"][2]["at"] == "2026-02-01T22:59:59+00:00"


async def test_closing_and_going_on_are_told(world: World) -> None:
    manager = await world.case_manager()
    case_id = await in_phase(world, manager, "linking")
    await close(manager, case_id, "client_ended")
    reopened = await manager.post(f"/v1/cases/{case_id}/reopen", {"reason": "Sie braucht doch noch Hilfe"})
    assert reopened.status_code == 200, reopened.text
    page = await timeline(manager, case_id, kinds="phase")
    assert [what for _, what in told(page)] == ["reopened", "closed", "skipped", "opened"]


async def test_deputy_hears_of_those_who_came_and_left(world: World) -> None:
    manager = await world.case_manager()
    deputy = await world.case_manager()
    case_id = await full_case(world, manager)
    days = {"user_id": str(deputy.user_id), "from": "2020-01-01", "until": "2199-01-01"}
    refused = await manager.post(f"/v1/cases/{case_id}/deputies", days)
    assert refused.status_code == 422
    client_id = await world.admin.fetchval("SELECT client_id FROM cases WHERE id = $1::text::uuid", case_id)
    await assign(world, deputy, str(client_id), case_id, "deputy")
    gone = await world.case_manager()
    await assign(world, gone, str(client_id), case_id, "member")
    await world.admin.execute("UPDATE assignments SET active_until = now() WHERE user_id = $1", gone.user_id)
    page = await timeline(deputy, case_id, kinds="team")
    assert sorted(what for _, what in told(page)) == ["assigned", "assigned", "deputised", "ended"]
    assert (await gone.get(f"/v1/cases/{case_id}/timeline")).status_code == 404


async def test_team_lead_by_break_glass_is_shown_no_barriers(world: World) -> None:
    scene = await a_story(world)
    lead = await world.person(Role.TEAM_LEAD)
    assert (await lead.get(f"/v1/cases/{scene.case_id}/timeline")).status_code in {403, 404}
    broken = await lead.post(f"/v1/cases/{scene.case_id}/break-glass", {"reason": "Lebensgefahr am Abend"})
    assert broken.status_code == 201, broken.text
    for path, body in (
        ("pathways", {"pathway": "naturalisation"}),
        ("school-entries", {"stage": "upper_secondary"}),
    ):
        assert (await scene.manager.post(f"/v1/cases/{scene.case_id}/{path}", body)).status_code == 201
    page = await timeline(lead, scene.case_id)
    assert set(page["kinds"]) == set(KINDS) - {"barrier"}
    assert {kind for kind, _ in told(page)} <= set(page["kinds"])
    asked = await lead.get(f"/v1/cases/{scene.case_id}/timeline", kinds="barrier")
    assert (asked.status_code, asked.json()["code"]) == (403, "relation_missing")
    heard = await timeline(scene.manager, scene.case_id, kinds="team")
    assert told(heard)[0] == ("team", "glass_broken")


async def test_what_brings_about_stands_before_what_comes_of_it(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    sql = "SELECT consent_id FROM referrals WHERE id = $1"
    await withdraw(scene.manager, str(await world.admin.fetchval(sql, UUID(referral_id))))
    page = await timeline(scene.manager, scene.case_id)
    assert told(page)[:2] == [("referral", "revoked"), ("consent", "withdrawn")]


async def test_nobody_else_hears_the_story(world: World) -> None:
    scene = await a_story(world)
    colleague = await world.case_manager()
    assert (await colleague.get(f"/v1/cases/{scene.case_id}/timeline")).status_code == 404
    async with world.sql(colleague) as db:
        driver = await db.driver()
        assert await driver.fetch("SELECT * FROM case_team_history($1::text::uuid)", scene.case_id) == []


async def test_telling_is_written_into_the_journal(world: World) -> None:
    scene = await a_story(world)
    await timeline(scene.manager, scene.case_id)
    (entry,) = await journal(world, "case_timeline.list")
    assert str(entry["object_id"]) == scene.case_id
    assert [str(each) for each in entry["client_pseudonyms"]] == [await pseudonym(world, scene.client_id)]


@pytest.mark.parametrize(
    "cursor",
    [
        [],
        ["older"],
        ["sideways", "2026-03-02", "1", str(UUID(int=1))],
        ["older", "2026-W99-9", "1", str(UUID(int=1))],
        ["older", "2026-03-02", "1", "no id"],
        ["older", "2026-03-02", "99999999999", str(UUID(int=1))],
    ],
)
async def test_cursor_of_another_list_is_refused(world: World, cursor: list[str]) -> None:
    manager = await world.case_manager()
    case_id = await in_phase(world, manager, "assessment")
    answer = await manager.get(f"/v1/cases/{case_id}/timeline", cursor=encode_cursor(cursor))
    assert (answer.status_code, answer.json()["errors"][0]["kind"]) == (422, "cursor_invalid")


async def test_page_that_begins_with_the_last_line_of_the_one_before_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = queries.statement(older=True).replace(") < (", ") <= (")
    monkeypatch.setitem(queries.STATEMENTS, "older", wrong)
    with pytest.raises(AssertionError):
        await test_things_of_one_moment_are_each_told_once(world)
