"""Who may decide for a person: recorded with scope and evidence, ended by the majority, asked for consent."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.clients.guardians.rules import Mandate, Part, lacking, of_age_on
from app.kit.clock import local_date, utc_now
from tests.cases.arrange import open_case
from tests.clients.arrange import new_client
from tests.clients.test_merging import merge, preview
from tests.consents.arrange import consent_body, give_consent
from tests.refusals import places
from tests.world import Person, World

MOTHER = {"kind": "parent", "name": "Layla Al-Hadi", "scope": ["custody"], "evidence": "Geburtsurkunde"}
CHILD = {"birth_date": "2012-06-30"}


async def guardian(person: Person, client_id: str, **fields: Any) -> str:
    answer = await person.post(f"/v1/clients/{client_id}/guardians", {**MOTHER, **fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def listed(person: Person, client_id: str) -> list[dict[str, Any]]:
    return list((await person.get(f"/v1/clients/{client_id}/guardians")).json()["items"])


async def test_guardian_is_a_member_an_institution_or_a_name(world: World) -> None:
    manager = await world.case_manager()
    child = await new_client(manager, **CHILD, household_members=[{"name": "Layla", "relation": "parent"}])
    member = (await manager.get(f"/v1/clients/{child}/household")).json()["items"][0]["id"]
    office = str(await world.institution("jugendamt", "Jugendamt Essen"))
    await guardian(manager, child, name=None, member_id=member)
    await guardian(manager, child, kind="guardian", name=None, institution_id=office)
    await guardian(manager, child)
    names = [each["name"] for each in await listed(manager, child)]
    assert names == ["Layla", "Jugendamt Essen", "Layla Al-Hadi"]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"name": None}, "body.name"),
        ({"institution_id": str(uuid4())}, "body.name"),
        ({"name": None, "institution_id": str(uuid4())}, "body.institution_id"),
        ({"name": None, "member_id": str(uuid4())}, "body.member_id"),
        ({"valid_from": "2026-03-02", "valid_until": "2026-03-01"}, "body.valid_until"),
        ({"kind": "legal_adviser"}, "body.kind"),
        ({"scope": []}, "body.scope"),
    ],
)
async def test_what_makes_no_guardian_is_refused(world: World, fields: dict[str, Any], place: str) -> None:
    manager = await world.case_manager()
    child = await new_client(manager, **CHILD)
    answer = await manager.post(f"/v1/clients/{child}/guardians", {**MOTHER, **fields})
    assert answer.status_code == 422
    assert [each["place"] for each in places(answer) or []] == [place]


async def test_adult_has_a_legal_adviser_and_no_parents_who_decide(world: World) -> None:
    manager = await world.case_manager()
    adult = await new_client(manager)
    answer = await manager.post(f"/v1/clients/{adult}/guardians", MOTHER)
    assert places(answer) == [{"place": "body.kind", "kind": "age"}]
    await guardian(manager, adult, kind="legal_adviser", scope=["health", "authorities"])
    assert [(each["ends_on"], each["is_current"]) for each in await listed(manager, adult)] == [(None, True)]


def born(days_before_majority: int) -> str:
    """Return the birth date of somebody who comes of age in so many days."""
    day = local_date(utc_now()) + timedelta(days=days_before_majority)
    return str(day.replace(year=day.year - 18, day=min(day.day, 28)))


async def test_coming_of_age_ends_it_by_itself(world: World) -> None:
    manager = await world.case_manager()
    child = await new_client(manager, birth_date=born(40))
    await guardian(manager, child)
    assert [each["is_current"] for each in await listed(manager, child)] == [True]
    today = local_date(utc_now())
    for turns, is_current in ((today + timedelta(days=1), True), (today, False)):
        birth = date(turns.year - 18, turns.month, turns.day)
        await world.admin.execute("UPDATE clients SET birth_date = $1 WHERE id = $2", birth, UUID(child))
        ends = str(turns - timedelta(days=1))
        assert [(each["ends_on"], each["is_current"]) for each in await listed(manager, child)] == [
            (ends, is_current)
        ]


@pytest.mark.parametrize(("days", "reason"), [(80, "ends_within_90"), (20, "ends_within_30"), (100, None)])
async def test_working_list_reminds_ninety_days_before(world: World, days: int, reason: str | None) -> None:
    manager = await world.case_manager()
    child = await new_client(manager, birth_date=born(days))
    await open_case(manager, child)
    made = await guardian(manager, child)
    groups = (await manager.get("/v1/me/work", group="guardianships_ending")).json()["groups"]
    found = [(each["reason"], each["target"]["id"]) for each in groups[0]["items"]]
    assert found == ([(reason, made)] if reason else [])


async def test_recorded_guardian_consents_for_a_minor(world: World) -> None:
    manager = await world.case_manager()
    child = await new_client(manager, **CHILD)
    made = await guardian(manager, child)
    by_name = consent_body(child, None, given_by="guardian", guardian="Irgendwer")
    answer = await manager.post("/v1/consents", by_name)
    assert places(answer) == [{"place": "body.guardian_ids", "kind": "guardian_unknown"}]
    consent = await give_consent(manager, child, given_by="guardian", guardian_ids=[made])
    read = (await manager.get(f"/v1/consents/{consent}")).json()
    assert (read["guardian"], read["guardian_ids"]) == ("Layla Al-Hadi", [made])


async def test_joint_guardians_consent_together(world: World) -> None:
    manager = await world.case_manager()
    child = await new_client(manager, **CHILD)
    both = [await guardian(manager, child, name=name, is_joint=True) for name in ("Layla", "Omar")]
    body = consent_body(child, None, given_by="guardian", guardian_ids=both[:1])
    assert places(await manager.post("/v1/consents", body)) == [
        {"place": "body.guardian_ids", "kind": "guardian_joint"}
    ]
    await give_consent(manager, child, given_by="guardian", guardian_ids=both)


async def test_guardian_who_must_not_learn_is_never_asked(world: World) -> None:
    manager = await world.case_manager()
    child = await new_client(manager, **CHILD)
    made = await guardian(manager, child, must_not_learn=True)
    body = consent_body(child, None, given_by="guardian", guardian_ids=[made])
    assert places(await manager.post("/v1/consents", body)) == [
        {"place": "body.guardian_ids", "kind": "guardian_must_not_learn"}
    ]


async def test_guardian_of_somebody_else_consents_to_nothing(world: World) -> None:
    manager = await world.case_manager()
    child, other = await new_client(manager, **CHILD), await new_client(manager, **CHILD)
    made = await guardian(manager, other)
    body = consent_body(child, None, given_by="guardian", guardian_ids=[made])
    assert places(await manager.post("/v1/consents", body)) == [
        {"place": "body.guardian_ids", "kind": "guardian_unknown"}
    ]


async def test_guardian_is_changed_in_the_version_that_was_read(world: World) -> None:
    manager = await world.case_manager()
    child, other = await new_client(manager, **CHILD), await new_client(manager, **CHILD)
    made = await guardian(manager, child)
    path = f"/v1/clients/{child}/guardians/{made}"
    answer = await manager.patch(path, {"valid_until": "2026-05-31"}, if_match='"1"')
    assert (answer.status_code, answer.json()["ends_on"]) == (200, "2026-05-31")
    assert (await manager.patch(path, {"reachable": "0201"}, if_match='"1"')).status_code == 412
    elsewhere = f"/v1/clients/{other}/guardians/{made}"
    assert (await manager.patch(elsewhere, {"reachable": "0201"}, if_match='"2"')).status_code == 404


async def test_guardian_follows_a_merge_and_stays_when_it_is_final(world: World) -> None:
    manager = await world.case_manager()
    mother = await new_client(manager, given_name="Layla")
    kept, merged = await new_client(manager, **CHILD), await new_client(manager, **CHILD)
    for child in (kept, merged):
        body = {"client_id": mother, "relation": "parent"}
        assert (await manager.post(f"/v1/clients/{child}/household", body)).status_code == 201
    member = (await manager.get(f"/v1/clients/{merged}/household")).json()["items"][0]["id"]
    made = await guardian(manager, merged, name=None, member_id=member)
    assert await preview(manager, kept, merged)
    await merge(manager, kept, merged)
    await world.admin.execute("DELETE FROM clients WHERE id = $1", UUID(merged))
    assert [(each["id"], each["name"]) for each in await listed(manager, kept)] == [(made, "Layla Al-Hadi")]


def test_scope_reaches_only_its_own_data() -> None:
    one = Mandate(uuid4(), "legal_adviser", frozenset({Part.HEALTH}), False, False, None, None)
    assert lacking([one.id], [one], ["health"]) is None
    assert lacking([one.id], [one], ["health", "master_data"]) == "scope"


def test_who_is_born_on_a_leap_day_comes_of_age_all_the_same() -> None:
    assert of_age_on(date(2008, 2, 29)) == date(2026, 2, 28)
    assert of_age_on(None) is None
