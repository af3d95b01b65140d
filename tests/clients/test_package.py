"""What of a person may go into a referral's package, and what never does."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from app.access.context import Actor, Context, Membership
from app.access.permissions import Permission
from app.access.roles import Role
from app.catalogues.source import allowed_categories
from app.clients.package import collect
from app.kit.clock import utc_now
from app.kit.database import Db
from app.kit.errors import NotFound
from app.kit.events import Wiring
from tests.clients.arrange import add_period, etag_of, new_client
from tests.world import Person, World

ALL = dict.fromkeys(
    ("master_data", "contact", "residence", "benefits", "household", "education_language", "work", "housing")
)


def context(person: Person, db: Db) -> Context:
    membership = Membership(Role.CASE_MANAGER, person.place_id)
    actor = Actor(person.user_id, person.account_id, person.session_id, person.area, (membership,))
    return Context(db, actor, Permission.CLIENT_READ, utc_now(), Wiring())


async def packed(
    world: World, person: Person, client_id: str, categories: Mapping[str, tuple[str, ...] | None] = ALL
) -> dict[str, Any]:
    async with world.sql(person) as db:
        return await collect(context(person, db), UUID(client_id), categories)


async def a_person(manager: Person, **fields: Any) -> str:
    client_id = await new_client(
        manager,
        nationalities=["475"],
        phone="+49 203 1",
        email="amina@example.org",
        household_type="family",
        languages=[{"language": "deu", "overall": "A2"}],
        legal_domains=[{"strand": "livelihood", "legal_domain": "SGB_II"}],
        household_members=[
            {"name": "Sami", "birth_year": 2015, "relation": "child"},
            {"name": "Karim", "relation": "spouse", "is_kept_apart": True},
            {"name": "Nabil", "relation": "no_contact"},
        ],
        **fields,
    )
    document = {"residence_status": "AE-25.2B", "work_permission": "allowed", "valid_from": "2024-01-01"}
    await add_period(manager, client_id, "residence-documents", **document)
    await add_period(manager, client_id, "schooling", school_step="waiting")
    for strand, street in (("registered", "Markt 1"), ("actual", "Hafen 2")):
        await add_period(
            manager, client_id, "addresses", strand=strand, street=street, housing_type="private"
        )
    return client_id


async def test_whole_categories_carry_what_is_known(world: World) -> None:
    manager = await world.case_manager()
    data = await packed(world, manager, await a_person(manager))
    assert data["master_data"] == {
        "name": {"given": "Amina", "family": "Al-Hadi"},
        "birth_date": "1990-05-17",
        "sex": "w",
        "nationalities": ["475"],
    }
    assert (data["contact"]["phone"], data["contact"]["address"]) == ("+49 203 1", {"street": "Markt 1"})
    assert data["residence"]["title"]["residence_status"] == "AE-25.2B"
    assert data["benefits"] == {"current": [{"strand": "livelihood", "legal_domain": "SGB_II"}]}
    assert data["education_language"]["languages"] == [
        {"language": "deu", "is_native": False, "overall": "A2"}
    ]
    assert data["education_language"]["schooling"] == [{"school_step": "waiting"}]
    assert data["work"] == {"work_permissions": ["allowed"]}
    assert data["housing"]["actual"] == {"street": "Hafen 2", "housing_type": "private"}


async def test_foreigners_authority_gets_exactly_name_and_birth_date(world: World) -> None:
    manager = await world.case_manager()
    allowed = allowed_categories("auslaenderbehoerde")
    data = await packed(world, manager, await a_person(manager), allowed)
    assert data == {
        "master_data": {"name": {"given": "Amina", "family": "Al-Hadi"}, "birth_date": "1990-05-17"}
    }


async def test_category_that_is_kept_elsewhere_or_was_not_asked_for_is_missing(world: World) -> None:
    manager = await world.case_manager()
    data = await packed(world, manager, await a_person(manager), {"health": None, "contact": ("phone",)})
    assert data == {"contact": {"phone": "+49 203 1"}}


async def test_members_kept_apart_stay_out_of_the_household(world: World) -> None:
    manager = await world.case_manager()
    data = await packed(world, manager, await a_person(manager))
    members = [{"name": "Sami", "birth_year": 2015, "relation": "child"}]
    assert data["household"] == {"household_type": "family", "members": members}


async def test_restricted_member_leaves_no_trace_in_the_household_of_another(world: World) -> None:
    manager = await world.case_manager()
    client_id = await a_person(manager)
    hidden = await new_client(manager, given_name="Zaynab", birth_date="1991-02-03")
    added = {"client_id": hidden, "relation": "sibling"}
    assert (await manager.post(f"/v1/clients/{client_id}/household", added)).status_code == 201
    path = f"/v1/clients/{hidden}"
    assert "Zaynab" in str(await packed(world, manager, client_id))
    restricted = await manager.patch(path, {"is_restricted": True}, if_match=await etag_of(manager, path))
    assert restricted.status_code == 200
    assert "Zaynab" not in str(await packed(world, manager, client_id))


async def test_shelter_leaves_no_trace_in_any_category(world: World) -> None:
    manager = await world.case_manager()
    client_id = await a_person(manager)
    path = f"/v1/clients/{client_id}/addresses"
    shelter = {"strand": "actual", "housing_type": "womens_shelter", "valid_from": "2026-01-01"}
    answer = await manager.post(path, {**shelter, "ends_previous": True})
    assert answer.status_code == 201
    client = (await manager.get(f"/v1/clients/{client_id}")).json()
    await manager.patch(
        f"/v1/clients/{client_id}", {"is_restricted": False}, if_match=f'"{client["version"]}"'
    )  # the place alone must be reason enough
    data = await packed(world, manager, client_id)
    assert "housing" not in data
    assert "address" not in data["contact"]
    assert "shelter" not in str(data)
    assert "Markt" not in str(data)


async def where_somebody_is(world: World, manager: Person, client_id: str) -> set[str]:
    """Return which of the fields that tell where somebody is are in a package."""
    data = await packed(world, manager, client_id)
    (obliged,) = data["residence"].values()
    (schooling,) = data["education_language"]["schooling"]
    assert obliged["has_residence_obligation"]
    assert schooling["school_step"] == "attending"
    return {"school", "residence_obligation_place"} & (set(obliged) | set(schooling))


async def at_school(manager: Person, **fields: Any) -> str:
    client_id = await new_client(manager, **fields)
    await add_period(manager, client_id, "schooling", school_step="attending", school="Schule am Park")
    await add_period(
        manager, client_id, "residence-documents", residence_status="GEST",
        has_residence_obligation=True, residence_obligation_place="Moers",
    )  # fmt: skip
    return client_id


async def test_school_and_place_of_obligation_of_a_hidden_person_are_not_told(world: World) -> None:
    manager = await world.case_manager()
    told = {"school", "residence_obligation_place"}
    assert await where_somebody_is(world, manager, await at_school(manager)) == told
    hidden = await at_school(manager, is_restricted=True)
    assert await where_somebody_is(world, manager, hidden) == set()


@pytest.mark.parametrize(
    "period", [{"valid_from": "2026-01-01"}, {"valid_until": "2024-12-31"}, {"valid_from": "2190-01-01"}]
)
async def test_shelter_at_any_time_keeps_school_and_place_of_obligation_back(
    world: World, period: dict[str, str]
) -> None:
    manager = await world.case_manager()
    client_id = await at_school(manager)
    await add_period(
        manager, client_id, "addresses", strand="actual", housing_type="womens_shelter", **period
    )
    await world.admin.execute("UPDATE clients SET is_restricted = false WHERE id = $1", UUID(client_id))
    assert await where_somebody_is(world, manager, client_id) == set()


@pytest.mark.parametrize(
    ("fields", "ways"),
    [
        ({}, {"phone", "email", "address"}),
        ({"contact_channels": ["email"]}, {"email"}),
        ({"contact_channels": ["messenger"]}, {"phone"}),
        ({"contact_channels": ["post"]}, {"address"}),
        ({"contact_channels": []}, set()),
        ({"no_post": True}, {"phone", "email"}),
        ({"is_restricted": True}, {"phone", "email"}),
    ],
)
async def test_only_safe_ways_of_contact_are_told(
    world: World, fields: dict[str, object], ways: set[str]
) -> None:
    manager = await world.case_manager()
    data = await packed(world, manager, await a_person(manager, **fields))
    assert set(data.get("contact", {})) & {"phone", "email", "address"} == ways
    assert "must_not_learn" not in str(data)


async def test_status_that_tells_of_trafficking_is_told_by_its_group_only(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager, residence_documents=[{"residence_status": "AE-25.4A"}])
    data = await packed(world, manager, client_id)
    assert data["residence"] == {"title": {"residence_group": "ae_humanitaer"}}


async def test_what_is_over_or_has_not_begun_is_not_told(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    for period in ({"valid_until": "2020-01-01"}, {"valid_from": "2190-01-01"}):
        body = {"strand": "livelihood", "legal_domain": "SGB_II", **period}
        await add_period(manager, client_id, "legal-domains", **body)
    assert "benefits" not in await packed(world, manager, client_id)


async def test_person_who_is_not_seen_is_not_packed(world: World) -> None:
    client_id = await new_client(await world.case_manager())
    with pytest.raises(NotFound):
        await packed(world, await world.case_manager(), client_id)
