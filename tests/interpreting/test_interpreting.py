"""Interpreting from the need to what came of it; safe contact is obeyed, a provider learns of nobody."""

from datetime import timedelta
from typing import Any

import pytest

from app.interpreting.rules import WAY, State, Step, channel_refused
from app.kit.clock import local_date, utc_now
from tests.cases.arrange import journal, pseudonym
from tests.interpreting.arrange import NEED, a_desk
from tests.refusals import places
from tests.world import World

TOLD = {
    "language", "language_label", "mode", "starts_at", "minutes", "place", "wished_sex", "caller",
    "caller_email",
}  # fmt: skip


def test_every_state_is_reached_and_what_has_ended_is_left_by_no_step() -> None:
    assert {each.target for each in WAY} == set(State)
    ended = {State.HELD, State.CANCELLED, State.NO_SHOW}
    assert {each.source for each in WAY} == {None, *State} - ended


def test_nothing_is_held_that_was_asked_for_and_not_confirmed() -> None:
    held_from = {state for state in State if WAY.target_of(Step.HOLD, state)}
    assert held_from == {State.CONFIRMED, State.NEEDED}


@pytest.mark.parametrize(
    ("mode", "channels", "refused"),
    [("phone", ["email"], True), ("phone", ["phone"], False), ("phone", None, False), ("video", [], False)],
)
def test_telephone_only_where_it_is_safe(mode: str, channels: list[str] | None, refused: bool) -> None:
    assert channel_refused(mode, channels) is refused


async def test_story_from_need_to_contact(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.requested(wished_sex="w", payer="state_pool")
    assert (await desk.step(row, "confirm")).json()["state"] == "confirmed"
    contact = {"contact_type": "office", "happened_at": "2026-03-02T09:00:00Z", "interpreter": "professional"}
    held_at = (await desk.lead.post(f"/v1/cases/{desk.case_id}/contacts", contact)).json()["id"]
    held = (await desk.step(row, "hold", contact_id=held_at)).json()
    assert (held["state"], held["contact_id"], held["provider_id"]) == ("held", held_at, desk.service)
    assert [each["step"] for each in held["steps"]] == ["record", "request", "confirm", "hold"]
    assert (await desk.lead.get(desk.path)).json()["items"] == [held]


async def test_declined_request_goes_to_a_colleague(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.requested()
    assert places(await desk.step(row, "decline")) == [{"place": "body.reason", "kind": "missing"}]
    await desk.step(row, "decline", reason="Niemand frei")
    again = (await desk.step(row, "request", colleague_id=str(desk.lead.user_id))).json()
    assert (again["state"], again["provider_id"]) == ("requested", None)
    assert again["colleague"]["id"] == str(desk.lead.user_id)


@pytest.mark.parametrize("step", ["hold", "miss"])
async def test_what_came_of_it_is_not_said_before_its_day(world: World, step: str) -> None:
    desk = await a_desk(world)
    row = await desk.requested()
    await desk.step(row, "confirm", circle_excluded=True)
    body = {"step": step, "reason": "Niemand kam."}
    early = await desk.lead.post(f"{desk.path}/{row['id']}/step", body)
    assert (early.status_code, early.json()["errors"][0]["kind"]) == (422, "in_the_future")
    assert (await desk.step(row, **body)).status_code == 200


async def test_step_from_a_wrong_state_names_those_that_lead_on(world: World) -> None:
    desk = await a_desk(world)
    answer = await desk.step(await desk.need(), "confirm")
    assert (answer.status_code, answer.json()["allowed"]) == (409, ["cancel", "hold", "request"])


@pytest.mark.parametrize("step", ["cancel", "miss"])
async def test_end_without_interpreting_says_why(world: World, step: str) -> None:
    desk = await a_desk(world)
    row = await desk.requested()
    await desk.step(row, "confirm")
    assert places(await desk.step(row, step)) == [{"place": "body.reason", "kind": "missing"}]
    ended = (await desk.step(row, step, reason="Dolmetscher krank")).json()
    assert ended["state"] == {"cancel": "cancelled", "miss": "no_show"}[step]


async def test_same_circle_is_warned_of_and_excluded_before_confirming(world: World) -> None:
    desk = await a_desk(world)
    await desk.safe_contact("no_interpreter_of_same_circle = true, must_not_learn = 'Der Bruder'")
    row = await desk.requested()
    assert row["warnings"] == ["not_of_same_circle", "somebody_must_not_learn"]
    refused = await desk.step(row, "confirm")
    assert (refused.status_code, refused.json()["missing"]) == (409, ["circle_excluded"])
    assert (await desk.step(row, "confirm", circle_excluded=True)).json()["circle_excluded"] is True


async def test_safe_contact_learned_later_stops_a_request_by_telephone(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.need(mode="phone")
    await desk.safe_contact("contact_channels = '{in_person}'")
    answer = await desk.step(row, "request", provider_id=desk.service)
    assert places(answer) == [{"place": "body.mode", "kind": "not_safe"}]
    assert (await desk.lead.get(f"{desk.path}/{row['id']}")).json()["warnings"] == ["no_phone"]


async def test_language_comes_from_safe_contact_where_none_is_named(world: World) -> None:
    desk = await a_desk(world)
    without = {name: value for name, value in NEED.items() if name != "language"}
    refused = await desk.lead.post(desk.path, without)
    assert places(refused) == [{"place": "body.language", "kind": "missing"}]
    await desk.safe_contact("contact_language = 'ukr'")
    assert (await desk.lead.post(desk.path, without)).json()["language"] == "ukr"


async def test_request_tells_language_time_place_and_whom_to_call_and_nobody_else(world: World) -> None:
    desk = await a_desk(world)
    school = await world.institution("school", "Grundschule am Markt")
    await desk.safe_contact("must_not_learn = 'Der Bruder', contact_language = 'ara', phone = '0201 123'")
    row = await desk.need(note="Frau Haddad hat Angst", place_id=str(school), wished_sex="w")
    answer = await desk.lead.get(f"{desk.path}/{row['id']}/request")
    told = answer.json()
    assert (told["language_label"], told["place"]) == ("Arabisch", "Grundschule am Markt")
    assert (told["starts_at"], told["wished_sex"]) == ("2030-03-05T09:30:00Z", "w")
    assert told["caller_email"].endswith("@kim.test")
    assert set(told) == TOLD
    number = await world.admin.fetchval("SELECT number FROM cases WHERE id = $1::text::uuid", desk.case_id)
    personal = ("Haddad", "Amina", "Angst", "Bruder", "0201", number, desk.case_id, desk.client_id, row["id"])
    assert [each for each in personal if each in answer.text] == []
    (entry,) = await journal(world, "interpreting.read_request")
    whom = [str(each) for each in entry["client_pseudonyms"]]
    assert whom == [await pseudonym(world, desk.client_id)]


@pytest.mark.parametrize(
    ("fields", "place", "kind"),
    [
        ({"language": "xx-no"}, "body.language", "unknown_code"),
        ({"starts_at": "2020-01-01T09:00:00Z"}, "body.starts_at", "in_the_past"),
    ],
)
async def test_need_that_cannot_be_meant_is_refused(
    world: World, fields: dict[str, Any], place: str, kind: str
) -> None:
    desk = await a_desk(world)
    answer = await desk.lead.post(desk.path, {**NEED, **fields})
    assert places(answer) == [{"place": place, "kind": kind}]


async def test_womens_shelter_is_no_place_that_is_told(world: World) -> None:
    desk = await a_desk(world)
    shelter = await world.institution("frauenhaus", "Haus Sonne")
    answer = await desk.lead.post(desk.path, {**NEED, "place_id": str(shelter)})
    assert places(answer) == [{"place": "body.place_id", "kind": "no_place"}]


async def test_only_a_service_or_somebody_of_the_team_is_asked(world: World) -> None:
    desk, stranger = await a_desk(world), await world.case_manager()
    row = await desk.need()
    school = str(await world.institution("school"))
    asked: list[tuple[dict[str, str], str, str]] = [
        ({}, "body.provider_id", "one_of_two"),
        ({"provider_id": school}, "body.provider_id", "no_interpreting_service"),
        ({"colleague_id": str(stranger.user_id)}, "body.colleague_id", "not_on_team"),
    ]
    for who, place, kind in asked:
        assert places(await desk.step(row, "request", **who)) == [{"place": place, "kind": kind}]


async def test_what_was_asked_for_is_not_changed_behind_the_provider(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.need()
    path = f"{desk.path}/{row['id']}"
    longer = await desk.lead.patch(path, {"minutes": 90}, if_match='"1"')
    assert longer.json()["minutes"] == 90
    asked = await desk.step(row, "request", provider_id=desk.service)
    refused = await desk.lead.patch(path, {"minutes": 30}, if_match=asked.headers["etag"])
    assert (refused.status_code, refused.json()["code"]) == (409, "provider_is_asked")
    paid = await desk.lead.patch(path, {"payer": "kim"}, if_match=asked.headers["etag"])
    assert paid.json()["payer"] == "kim"


async def test_contact_of_another_case_is_not_linked(world: World) -> None:
    desk, other = await a_desk(world), await a_desk(world)
    row = await desk.requested()
    await desk.step(row, "confirm")
    contact = {"contact_type": "office", "happened_at": "2026-03-02T09:00:00Z"}
    foreign = (await other.lead.post(f"/v1/cases/{other.case_id}/contacts", contact)).json()["id"]
    answer = await desk.step(row, "hold", contact_id=foreign)
    assert places(answer) == [{"place": "body.contact_id", "kind": "unknown_contact"}]


async def test_colleague_off_the_team_finds_nothing(world: World) -> None:
    desk, colleague = await a_desk(world), await world.case_manager()
    row = await desk.need()
    for path in (desk.path, f"{desk.path}/{row['id']}", f"{desk.path}/{row['id']}/request"):
        assert (await colleague.get(path)).status_code == 404
    other = await a_desk(world)
    assert (await other.lead.get(f"{other.path}/{row['id']}")).status_code == 404
    step = await other.lead.post(f"{other.path}/{row['id']}/step", {"step": "cancel", "reason": "x"})
    assert step.status_code == 404


async def test_deputy_of_a_later_day_interprets_nothing_before(world: World) -> None:
    desk = await a_desk(world)
    sabine, first = await world.case_manager(), local_date(utc_now()) + timedelta(days=12)
    named = {"user_id": str(sabine.user_id), "from": str(first), "until": str(first + timedelta(days=7))}
    assert (await desk.lead.post(f"/v1/cases/{desk.case_id}/deputies", named)).status_code == 201
    refused = await desk.step(await desk.need(), "request", colleague_id=str(sabine.user_id))
    expected = [{"place": "body.colleague_id", "kind": "not_on_team"}]
    assert (refused.status_code, places(refused)) == (422, expected)
