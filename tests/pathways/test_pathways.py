"""Pathways over HTTP: a checklist with what is missing, a newer law, members of the family, no decision."""

import asyncio
import copy
from typing import Any

import pytest

from tests.cases.arrange import journal, travel
from tests.conftest import Clock
from tests.pathways.arrange import Desk, a_desk, decisions_in
from tests.refusals import places
from tests.world import World


async def answers(desk: Desk) -> list[Any]:
    """Return what every reading and writing operation answers about one pathway."""
    row = await desk.start()
    path = f"{desk.path}/{row['id']}"
    said = await desk.say(row, "language", state="evidence_there")
    changed = await desk.lead.patch(path, {"note": "Termin"}, if_match=said.headers["etag"])
    found = [row, said.json(), changed.json()]
    found += [(await desk.lead.get(each)).json() for each in (path, desk.path, f"{path}/steps")]
    found.append((await desk.step(row, "apply")).json())
    return found


async def test_no_answer_decides_and_each_says_who_examines(world: World) -> None:
    for answer in await answers(await a_desk(world)):
        assert decisions_in(answer) == []


async def test_answer_that_decides_or_lacks_the_notice_is_noticed(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.start()
    faults: list[dict[str, Any]] = [{"notice": ""}, {"notice": "erfüllt"}, {"is_eligible": True}]
    for fault in faults:
        assert decisions_in({**row, **fault}) != []
    deep = copy.deepcopy(row)
    deep["requirements"][0]["is_met"] = False
    assert decisions_in(deep) == ["is_met"]
    without = {name: value for name, value in row.items() if name != "notice"}
    assert decisions_in({"items": [row, without]}) == ["no notice"]


async def test_notice_comes_in_the_language_of_the_reader(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.start()
    assert row["notice"] == "von der Behörde zu prüfen"
    english = await desk.lead.http.get(f"{desk.path}/{row['id']}", headers={"Accept-Language": "en"})
    assert english.json()["notice"] == "to be examined by the authority"
    assert english.json()["pathway"]["label"] == "Naturalisation as of right"


async def test_pathway_begins_with_every_requirement_open(world: World) -> None:
    row = await (await a_desk(world)).start()
    assert row["law_version"]["code"] == "StAG10-2025"
    assert [each["requirement"] for each in row["requirements"]] == row["missing"]
    language = next(each for each in row["requirements"] if each["requirement"] == "language")
    assert language["norm"] == "§ 10 Abs. 1 Satz 1 Nr. 6, Abs. 4 StAG"
    assert "B1" in language["usual_evidence"]


async def test_what_is_missing_follows_from_what_was_written_down(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.start()
    for requirement, state in (
        ("language", "evidence_there"),
        ("family", "not_applicable"),
        ("no_exclusion", "to_be_examined"),
        ("livelihood", "not_met_yet"),
    ):
        answer = await desk.say(row, requirement, state=state)
        assert answer.status_code == 200, answer.text
    missing = answer.json()["missing"]
    assert {"language", "family", "no_exclusion"} & set(missing) == set()
    assert "livelihood" in missing


async def test_steps_keep_what_was_said_before(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.start()
    await desk.say(row, "language", state="in_progress", evidence="Kurs B1 begonnen")
    await desk.say(row, "language", state="evidence_there", evidence="Zertifikat B1 vom 3. März")
    steps = (await desk.lead.get(f"{desk.path}/{row['id']}/steps")).json()["items"]
    said = [(each["step"], each["source"], each["target"], each["evidence"]) for each in steps]
    assert said == [
        ("requirement", "in_progress", "evidence_there", "Zertifikat B1 vom 3. März"),
        ("requirement", "open", "in_progress", "Kurs B1 begonnen"),
        ("start", None, "preparing", None),
    ]


async def test_change_without_the_version_that_was_read_is_refused(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.start()
    path = f"{desk.path}/{row['id']}/requirements/language"
    assert (await desk.lead.patch(path, {"state": "open"})).status_code == 428
    await desk.say(row, "identity", state="in_progress")
    assert (await desk.lead.patch(path, {"state": "open"}, if_match='"1"')).status_code == 412


async def test_story_from_application_to_the_decision_of_the_authority(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.start()
    refused = await desk.step(row, "grant")
    assert (refused.status_code, refused.json()["allowed"]) == (409, ["apply", "turn", "withdraw"])
    applied = (await desk.step(row, "apply", on="2026-03-01")).json()
    assert (applied["state"], applied["applied_on"]) == ("applied", "2026-03-01")
    early = await desk.step(row, "grant", on="2026-02-01")
    assert places(early) == [{"place": "body.on", "kind": "before_application"}]
    granted = (await desk.step(row, "grant", on="2026-06-01")).json()
    assert (granted["state"], granted["ended_on"]) == ("granted", "2026-06-01")
    after = await desk.say(row, "language", state="open")
    assert (after.status_code, after.json()["allowed"]) == (409, [])


@pytest.mark.parametrize("step", ["reject", "withdraw"])
async def test_end_without_success_says_why(world: World, step: str) -> None:
    desk = await a_desk(world)
    row = await desk.start()
    await desk.step(row, "apply")
    assert places(await desk.step(row, step)) == [{"place": "body.reason", "kind": "missing"}]
    ended = (await desk.step(row, step, reason="Lebensunterhalt")).json()
    assert ended["state"] == {"reject": "rejected", "withdraw": "withdrawn"}[step]


async def test_day_to_come_is_no_day_on_which_something_happened(world: World) -> None:
    desk = await a_desk(world)
    answer = await desk.step(await desk.start(), "apply", on="2199-01-01")
    assert places(answer) == [{"place": "body.on", "kind": "in_the_future"}]


async def test_pathway_turned_to_another_brings_its_evidence_along(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.start("stay_young")
    await desk.say(row, "identity", state="evidence_there", evidence="Pass")
    same = await desk.step(row, "turn", reason="Zu alt", into="stay_young")
    assert places(same) == [{"place": "body.into", "kind": "somewhere_else"}]
    turned = await desk.step(row, "turn", reason="Zu alt", into="stay_integrated")
    assert turned.status_code == 200, turned.text
    other = (await desk.lead.get(f"{desk.path}/{turned.json()['turned_into_id']}")).json()
    identity = next(each for each in other["requirements"] if each["requirement"] == "identity")
    assert (identity["state"], identity["evidence"]) == ("in_progress", "Pass")
    assert (turned.json()["state"], other["state"]) == ("turned", "preparing")


async def test_law_that_has_run_out_is_not_started_and_names_what_follows(world: World) -> None:
    desk = await a_desk(world)
    answer = await desk.lead.post(desk.path, {"pathway": "stay_opportunity"})
    assert (answer.status_code, answer.json()["code"]) == (409, "pathway_ended")
    assert answer.json()["followed_by"] == ["stay_young", "stay_integrated"]


async def test_pathway_keeps_its_version_until_it_is_moved_and_keeps_its_entries(
    world: World, clock: Clock
) -> None:
    desk = await a_desk(world)
    travel(world, clock, desk.lead, 2025, 10, 20)
    row = await desk.start()
    assert (row["law_version"]["code"], row["newer_version"]) == ("StAG10-2024", None)
    path = f"{desk.path}/{row['id']}"
    same = (await desk.lead.get(f"{path}/newer-version")).json()
    assert decisions_in(same) == []
    assert (same["newer_version"], same["added"], same["removed"]) == (None, [], [])
    await desk.say(row, "special_integration", state="in_progress", evidence="C1-Kurs")
    await desk.say(row, "language", state="evidence_there", evidence="B2")
    travel(world, clock, desk.lead, 2025, 11, 3)
    kept = (await desk.lead.get(path)).json()
    assert (kept["law_version"]["code"], kept["newer_version"]) == ("StAG10-2024", "StAG10-2025")
    assert "special_integration" in kept["missing"]
    compared = (await desk.lead.get(f"{path}/newer-version")).json()
    assert decisions_in(compared) == []
    assert [each["requirement"] for each in compared["removed"]] == ["special_integration"]
    wrong = await desk.lead.post(f"{path}/move", {"law_version": "StAG9-2024"})
    assert places(wrong) == [{"place": "body.law_version", "kind": "not_the_newer_one"}]
    moved = (await desk.lead.post(f"{path}/move", {"law_version": "StAG10-2025"})).json()
    assert decisions_in(moved) == []
    assert (moved["law_version"]["code"], moved["newer_version"]) == ("StAG10-2025", None)
    assert "special_integration" not in moved["missing"]
    entries = {each["requirement"]: each for each in moved["requirements"]}
    gone = entries["special_integration"]
    assert (gone["is_asked"], gone["evidence"]) == (False, "C1-Kurs")
    assert entries["language"]["evidence"] == "B2"
    again = await desk.lead.post(f"{path}/move", {"law_version": "StAG10-2025"})
    assert (again.status_code, again.json()["code"]) == (409, "no_newer_version")


async def test_child_goes_together_with_the_parent(world: World) -> None:
    desk = await a_desk(world)
    parent = await desk.start()
    child = await desk.member(name="Sami", birth_year=2015, relation="child")
    made = await desk.start(member_id=child, together_with_id=parent["id"])
    assert made["member"] == {"client_id": None, "name": "Sami", "relation": "child"}
    assert (await desk.lead.get(f"{desk.path}/{parent['id']}")).json()["together"] == [made["id"]]


async def test_nothing_but_a_running_naturalisation_of_the_case_goes_together(world: World) -> None:
    desk, other = await a_desk(world), await a_desk(world)
    stay, foreign = await desk.start("stay_young"), await other.start()
    for pathway, together, kind in [
        ("naturalisation", stay["id"], "unknown_pathway"),
        ("naturalisation", foreign["id"], "unknown_pathway"),
        ("stay_integrated", stay["id"], "not_together"),
    ]:
        answer = await desk.lead.post(desk.path, {"pathway": pathway, "together_with_id": together})
        assert places(answer) == [{"place": "body.together_with_id", "kind": kind}]


async def test_member_kept_apart_or_of_another_household_is_refused(world: World) -> None:
    desk, other = await a_desk(world), await a_desk(world)
    apart = await desk.member(name="Karim", relation="spouse", is_kept_apart=True)
    foreign = await other.member(name="Lina", relation="child")
    for member, kind in [(apart, "kept_apart"), (foreign, "unknown_member")]:
        answer = await desk.lead.post(desk.path, {"pathway": "naturalisation", "member_id": member})
        assert places(answer) == [{"place": "body.member_id", "kind": kind}]


async def test_same_pathway_runs_once_for_a_person_however_often_it_is_started(world: World) -> None:
    desk = await a_desk(world)
    body = {"pathway": "naturalisation"}
    both = await asyncio.gather(*(desk.lead.post(desk.path, body) for _ in range(2)))
    assert sorted(each.status_code for each in both) == [201, 409]
    assert {each.json()["code"] for each in both if each.status_code == 409} == {"pathway_runs"}
    assert len((await desk.lead.get(desk.path)).json()["items"]) == 1


async def test_next_date_in_the_past_is_refused_and_leaves_nothing(world: World) -> None:
    desk = await a_desk(world)
    answer = await desk.lead.post(desk.path, {"pathway": "naturalisation", "next_on": "2020-01-01"})
    assert places(answer) == [{"place": "body.next_on", "kind": "in_the_past"}]
    assert (await desk.lead.get(desk.path)).json()["items"] == []


async def test_unknown_pathway_and_unknown_requirement(world: World) -> None:
    desk = await a_desk(world)
    answer = await desk.lead.post(desk.path, {"pathway": "asyl"})
    assert places(answer) == [{"place": "body.pathway", "kind": "unknown_code"}]
    row = await desk.start()
    assert (await desk.say(row, "special_integration", state="open")).status_code == 404


async def test_colleague_off_the_team_finds_nothing(world: World) -> None:
    desk, other = await a_desk(world), await a_desk(world)
    row = await desk.start()
    for path in (desk.path, f"{desk.path}/{row['id']}", f"{desk.path}/{row['id']}/steps",
                 f"{desk.path}/{row['id']}/newer-version"):  # fmt: skip
        assert (await other.lead.get(path)).status_code == 404
    assert (await other.lead.get(f"{other.path}/{row['id']}")).status_code == 404
    taken = await other.lead.post(f"{other.path}/{row['id']}/step", {"step": "apply"})
    assert taken.status_code == 404


async def test_pathway_of_a_member_who_becomes_restricted_elsewhere_is_seen_no_more(world: World) -> None:
    from tests.cases.arrange import a_client

    desk = await a_desk(world)
    member_client = await a_client(world, desk.lead)
    member = await desk.member(client_id=member_client, relation="spouse")
    row = await desk.start(member_id=member)
    assert row["member"]["name"] == "Amina Haddad"
    await world.admin.execute(
        "UPDATE assignments SET active_until = now() WHERE client_id = $1::text::uuid", member_client
    )
    assert (await desk.lead.get(desk.path)).json()["items"] == []
    assert (await desk.lead.get(f"{desk.path}/{row['id']}")).status_code == 404
    timeline = (await desk.lead.get(f"/v1/cases/{desk.case_id}/timeline", kinds="pathway")).json()
    assert timeline["items"] == []


async def test_next_dates_come_up_on_the_working_list_and_steps_in_the_timeline(
    world: World, clock: Clock
) -> None:
    desk = await a_desk(world)
    travel(world, clock, desk.lead, 2026, 3, 2, 9)
    row = await desk.start(next_on="2026-03-05")
    await desk.say(row, "identity", next_on="2026-03-03", state="in_progress")
    await desk.say(row, "language", next_on="2026-06-01")
    groups = (await desk.lead.get("/v1/me/work")).json()["groups"]
    due = next(each for each in groups if each["group"] == "pathways_due")
    assert [(each["due_on"], each["title"], each["code"]) for each in due["items"]] == [
        ("2026-03-03", "identity", "naturalisation"), ("2026-03-05", None, "naturalisation"),
    ]  # fmt: skip
    lines = (await desk.lead.get(f"/v1/cases/{desk.case_id}/timeline", kinds="pathway")).json()["items"]
    assert [each["what"] for each in lines] == ["requirement", "requirement", "start"]
    assert len(await journal(world, "pathway.start")) == 1
