"""A reference that the database refuses is named by its place, and no value is repeated."""

from typing import Any

import pytest

from app.access.roles import Role
from app.kit.references import column_of, place_of, place_of_value, unique_columns
from tests.refusals import places
from tests.world import World

NOWHERE = "00000000-0000-7000-8000-000000000000"
FIELDS = {"unit_id", "memberships", "role", "site_ids", "institution_id", "owner_unit_id", "name", "offer_id"}


@pytest.mark.parametrize(
    ("constraint", "column"),
    [
        ("fk_memberships_unit_id", "unit_id"),
        ("fk_positions_unit_id", ""),
        ("releases_are_two_persons", ""),
        (None, ""),
    ],
)
def test_column_follows_from_the_name_of_the_foreign_key(constraint: str | None, column: str) -> None:
    assert column_of("memberships", constraint) == column


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"unit_id": NOWHERE, "institution_id": NOWHERE}, "body.unit_id"),
        ({"memberships": [{"role": "admin", "unit_id": NOWHERE}]}, "body.memberships.0.unit_id"),
        ({"memberships": [{"unit_id": NOWHERE}, {"unit_id": NOWHERE}]}, "body.memberships"),
        ({"owner_unit_id": NOWHERE, "name": "Amt"}, "body.owner_unit_id"),
        ({"owner_unit_id": NOWHERE, "offer_id": NOWHERE}, None),
        ({"unit_id": None, "name": "Amt"}, None),
        ({"Gülsüm": {"unit_id": NOWHERE}}, None),
        ([], None),
        ("unit_id", None),
    ],
)
def test_place_is_the_field_and_no_name_that_somebody_made_up(body: Any, place: str | None) -> None:
    assert place_of(body, "unit_id", FIELDS) == place


def test_place_in_a_list_of_ids_is_the_list_or_its_only_one() -> None:
    assert place_of({"site_ids": [NOWHERE]}, "site_id", FIELDS) == "body.site_ids.0"
    assert place_of({"site_ids": [NOWHERE, NOWHERE]}, "site_id", FIELDS) == "body.site_ids"


async def test_database_refuses_a_reference_and_the_answer_names_its_field(world: World) -> None:
    admin, person = await world.person(Role.ADMIN), await world.case_manager()
    member = {"role": "team_lead", "unit_id": NOWHERE}
    answer = await admin.post(f"/v1/users/{person.user_id}/memberships", member)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")
    assert places(answer) == [{"place": "body.unit_id", "kind": "unknown_reference"}]
    assert NOWHERE not in answer.text


@pytest.mark.parametrize(
    ("table", "rule", "columns"),
    [
        ("units", "uq_units_name", ("name",)),
        ("institution_sites", "uq_institution_sites_institution_id_name", ("institution_id", "name")),
        ("household_members", "uq_household_members_pair", ("client_id", "member_client_id")),
        ("distinct_clients", "uq_distinct_clients_pair", ()),
        ("addresses", "ex_addresses_overlap", ()),
        ("units", "fk_units_municipal_area_id", ()),
        ("units", "uq_institutions_name", ()),
        ("nowhere", "uq_units_name", ()),
        (None, None, ()),
    ],
)
def test_columns_are_those_of_a_unique_rule_that_compares_columns_alone(
    table: str | None, rule: str | None, columns: tuple[str, ...]
) -> None:
    assert unique_columns(table, rule) == columns


@pytest.mark.parametrize(
    ("body", "columns", "place"),
    [
        ({"name": "Amt", "role": "admin"}, ("name",), "body.name"),
        ({"memberships": [{"role": "admin"}]}, ("role",), "body.memberships.0.role"),
        ({"name": "Amt"}, ("institution_id", "name"), "body.name"),
        ({"name": "Amt", "institution_id": NOWHERE}, ("institution_id", "name"), None),
        ({"memberships": [{"role": "admin"}, {"role": "admin"}]}, ("role",), None),
        ({"name": None}, ("name",), None),
        ({"Gülsüm": {"name": "Amt"}}, ("name",), None),
        ({"name": "Amt"}, (), None),
        ([], ("name",), None),
    ],
)
def test_what_is_there_already_is_placed_where_the_body_says_it_once(
    body: Any, columns: tuple[str, ...], place: str | None
) -> None:
    assert place_of_value(body, columns, FIELDS) == place


def test_body_that_is_nested_without_end_is_not_followed() -> None:
    nested: Any = NOWHERE
    for _ in range(100_000):
        nested = [nested]
    assert place_of({"unit_id": nested}, "unit_id", FIELDS) is None
