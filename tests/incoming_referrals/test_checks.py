"""What is wrong is refused by its place, and nothing of it is kept or lost."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.access.roles import Role
from app.kit.clock import local_date, months_later, utc_now
from app.transfers.rules import CATEGORY_OF_DOMAIN
from tests.incoming_referrals.arrange import BODY, CONSENT, HERE, PERSON, SENT, a_desk, send
from tests.world import World

_CONTACT = BODY["contact"]
_YEAR = {**PERSON, "birth_date": None, "birth_year": 1991}
_CHILD = {**PERSON, "birth_date": str(months_later(local_date(utc_now()), -12 * 10))}
_NAMED = {**_CHILD, "guardian": {"kind": "parent", "name": "Nadia Haddad"}}
_BY_YEAR = {**_NAMED, "birth_date": None, "birth_year": local_date(utc_now()).year - 10}
_GREW_UP = {**PERSON, "birth_date": str(months_later(local_date(utc_now()), -12 * 19))}
_LONG_AGO = {**CONSENT, "obtained_on": str(months_later(local_date(utc_now()), -12 * 2))}
_ALL = [*CONSENT["covers"], "health"]


@pytest.mark.parametrize(
    ("changes", "place", "kind"),
    [
        ({"municipality": "05170044"}, "body.unit_id", "one_of_two"),
        ({"unit_id": None}, "body.unit_id", "one_of_two"),
        ({"unit_id": None, "municipality": "00000000"}, "body.municipality", "unknown_code"),
        ({"unit_id": "00000000-0000-4000-8000-000000000000"}, "body.unit_id", "takes_no_referrals"),
        ({"institution_id": "00000000-0000-4000-8000-000000000000"}, "body.institution_id",
         "not_your_institution"),
        ({"person": {**PERSON, "birth_year": 1991}}, "body.person.birth_date", "one_of_two"),
        ({"person": {**PERSON, "birth_date": None}}, "body.person.birth_date", "one_of_two"),
        ({"person": {**PERSON, "birth_date": "2199-01-01"}}, "body.person.birth_date", "in_the_future"),
        ({"person": {**PERSON, "language": "xx"}}, "body.person.language", "unknown_code"),
        ({"person": _CHILD}, "body.person.guardian", "missing"),
        ({"person": _NAMED}, "body.consent.given_by", "under_age"),
        ({"person": _BY_YEAR}, "body.consent.given_by", "under_age"),
        ({"person": _GREW_UP, "consent": _LONG_AGO}, "body.consent.given_by", "under_age"),
        ({"contact": {"times": "vormittags"}}, "body.contact", "missing"),
        ({"contact": {**_CONTACT, "phone": "ruf an"}}, "body.contact.phone", "string_pattern_mismatch"),
        ({"concerns": ["work", "magic"]}, "body.concerns.1", "unknown_code"),
        ({"concerns": ["work", "health"]}, "body.concerns.1", "not_covered"),
        ({"concerns": []}, "body.concerns", "too_short"),
        ({"urgency": "urgent"}, "body.urgent_because", "with_urgency"),
        ({"urgent_because": "housing"}, "body.urgent_because", "with_urgency"),
        ({"consent": None}, "body.consent", "with_basis"),
        ({"necessity": "Weil"}, "body.necessity", "with_basis"),
        ({"legal_basis": "sgbx_69", "consent": None}, "body.necessity", "with_basis"),
        ({"legal_basis": "sgbx_69", "consent": None, "necessity": "Weil"}, "body.legal_basis",
         "not_between_these"),
        ({"legal_basis": "aufenthg_87"}, "body.legal_basis", "literal_error"),
        ({"consent": {**CONSENT, "covers": ["contact", "housing"]}}, "body.consent.covers", "not_covered"),
        ({"consent": {**CONSENT, "covers": [*_ALL, "magic"]}}, "body.consent.covers.5", "unknown_code"),
        ({"consent": {**CONSENT, "obtained_on": "2199-01-01"}}, "body.consent.obtained_on", "in_the_future"),
        ({"consent": {**CONSENT, "form": "spoken"}}, "body.consent.circumstance", "missing"),
        ({"consent": {**CONSENT, "form": "spoken", "covers": _ALL, "circumstance": "Eilig"}},
         "body.consent.form", "never_spoken"),
        ({"consent": {**CONSENT, "was_told_how_to_withdraw": False}},
         "body.consent.was_told_how_to_withdraw", "literal_error"),
        ({"reference": "Frau Haddad!"}, "body.reference", "string_pattern_mismatch"),
        ({"text": "x" * 2001}, "body.text", "too_long"),
        ({"client_id": "00000000-0000-4000-8000-000000000000"}, "body.unknown_field", "extra_forbidden"),
    ],
)  # fmt: skip
async def test_unusable_referral_is_refused_by_place_and_nothing_is_kept(
    world: World, changes: dict[str, Any], place: str, kind: str
) -> None:
    desk = await a_desk(world)
    refused = await send(desk.partner, SENT, desk.body(**changes), key="kept-for-the-right-one")
    assert refused.status_code == 422, refused.text
    found = [(each["place"], each["kind"]) for each in refused.json()["errors"]]
    assert found == [(place, kind)]
    assert not any(word in refused.text for word in ("Samira", "Haddad", "0151", "1991"))
    for table in ("incoming_referrals", "received_data", "inquiries", "idempotency_keys"):
        kept = await world.admin.fetchval(
            f"SELECT count(*) FROM {table} WHERE municipal_area_id = $1", world.area
        )
        assert kept == 0
    right = await send(desk.partner, SENT, desk.body(), key="kept-for-the-right-one")
    assert right.status_code == 201


async def test_example_of_the_guide_is_taken_as_it_stands(world: World) -> None:
    desk = await a_desk(world)
    guide = (Path(__file__).parents[2] / "docs" / "partners.md").read_text("utf-8")
    (said,) = re.findall(r"```json\n(\{\n  \"municipality\".*?)```", guide, re.DOTALL)
    body = {**json.loads(said), "municipality": None, "unit_id": desk.unit_id}
    taken = await send(desk.partner, SENT, body)
    assert taken.status_code == 201, taken.text
    body["consent"]["given_by"] = "client"
    assert (await send(desk.partner, SENT, body)).status_code == 422


def test_guide_names_the_category_of_each_concern() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "partners.md").read_text("utf-8")
    (said,) = re.findall(r"category of each concern: (.*?); other concerns", guide)
    named = {
        concern: category
        for category, concerns in re.findall(r"`(\w+)`(?: \(([\w, ]+)\))?", said)
        for concern in (concerns.split(", ") if concerns else [category])
    }
    assert named == CATEGORY_OF_DOMAIN


@pytest.mark.parametrize(
    "changes",
    [
        {"person": _YEAR},
        {"contact": {"in_words": "über die Schulsozialarbeit"}},
        {"consent": {**CONSENT, "form": "spoken", "circumstance": "Am Telefon, Wohnung verloren"}},
        {"person": _NAMED, "consent": {**CONSENT, "given_by": "guardian"}},
        {"person": _BY_YEAR, "consent": {**CONSENT, "given_by": "guardian"}},
        {"person": _GREW_UP, "consent": {**CONSENT, "obtained_on": str(local_date(utc_now()))}},
        {"person": {**_BY_YEAR, "birth_year": local_date(utc_now()).year - 18}},
        {"legal_basis": "vital_interest", "consent": None, "necessity": "Droht zu erfrieren"},
        {"concerns": ["health"], "consent": {**CONSENT, "covers": _ALL}},
        {"concerns": ["participation"], "reference": "BG-31/2026"},
    ],
)
async def test_what_says_enough_is_taken(world: World, changes: dict[str, Any]) -> None:
    desk = await a_desk(world)
    made = await send(desk.partner, SENT, desk.body(**changes))
    assert made.status_code == 201, made.text


async def test_section_69_holds_between_two_bodies_of_social_law(world: World) -> None:
    desk = await a_desk(world)
    changes = {"legal_basis": "sgbx_69", "consent": None, "necessity": "Aufgabe nach SGB II"}
    await world.admin.execute("UPDATE units SET is_sgb_body = true WHERE id::text = $1", desk.unit_id)
    assert (await send(desk.partner, SENT, desk.body(**changes))).status_code == 201
    school = await world.person(Role.PARTNER_USER, institution="schule")
    refused = await send(school, SENT, desk.body(**changes))
    assert refused.json()["errors"][0]["kind"] == "not_between_these"


async def test_unit_that_takes_none_or_has_nobody_is_not_there(world: World) -> None:
    desk = await a_desk(world)
    empty = await world.unit("Ohne Leute")
    await world.admin.execute("UPDATE units SET takes_referrals = true WHERE id = $1", empty)
    listed = (await desk.partner.get("/v1/partner/units")).json()["items"]
    assert [each["name"] for each in listed] == ["KI"]
    await world.admin.execute(
        "UPDATE memberships SET ended_at = now() WHERE user_id = $1", desk.manager.user_id
    )
    assert (await desk.partner.get("/v1/partner/units")).json()["items"] == []
    refused = await send(desk.partner, SENT, desk.body())
    assert refused.json()["errors"][0]["kind"] == "takes_no_referrals"


async def test_officer_of_an_authority_answers_and_does_not_refer(world: World) -> None:
    desk = await a_desk(world)
    officer = await world.person(Role.AUTHORITY_OFFICER, institution="auslaenderbehoerde")
    assert (await send(officer, SENT, desk.body())).status_code == 403
    assert (await officer.get(SENT)).status_code == 403


async def test_institution_that_has_left_refers_nobody(world: World) -> None:
    desk = await a_desk(world)
    await world.admin.execute(
        "UPDATE institutions SET is_active = false WHERE municipal_area_id = $1", world.area
    )
    refused = await send(desk.partner, SENT, desk.body())
    assert (refused.status_code, refused.json()["code"]) == (403, "role_missing")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Frau Yilmaz ruft an", "tells_colleague"),
        ("Siehe Fall 2026-123456", "tells_number"),
        ("0201 88 123 45 anrufen", "tells_number"),
        ("Schreiben Sie an a.b@kim.example", "tells_address"),
    ],
)
async def test_text_for_the_institution_names_no_colleague_and_no_number(
    world: World, text: str, kind: str
) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    for step, body in (("ask", {"question": "other"}), ("reject", {"reason": "no_capacity"})):
        refused = await desk.manager.post(f"{HERE}/{incoming_id}/{step}", {**body, "text": text})
        assert (refused.status_code, refused.json()["errors"][0]["kind"]) == (422, kind)
    said = await desk.manager.post(
        f"{HERE}/{incoming_id}/ask", {"question": "other", "text": "Wann passt es, am 3. Mai um 10 Uhr?"}
    )
    assert said.status_code == 200, said.text


async def test_other_question_says_what(world: World) -> None:
    desk = await a_desk(world)
    incoming_id = await desk.taken()
    refused = await desk.manager.post(f"{HERE}/{incoming_id}/ask", {"question": "other"})
    assert refused.json()["errors"][0] == {
        "place": "body.text", "kind": "missing", "message": "Say what you want to know.",
    }  # fmt: skip
