"""The contract of a package says every field that leaves, and none that never does."""

from collections.abc import Iterator
from datetime import date
from typing import Any, get_args
from uuid import UUID

import pytest
from pydantic import BaseModel, ValidationError

from app.clients import package as packing
from app.clients.package import FIELDS, collect_marked
from app.clients.package_schemas import PackageData
from tests.clients.arrange import add_period, new_client
from tests.clients.test_disputes import dispute
from tests.clients.test_package import ALL, context
from tests.world import Person, World

TODAY = date(2026, 3, 2)
_PERIOD = {"valid_from": "2026-01-01", "valid_until": None}
_LEVELS = dict.fromkeys(("overall", "listening", "speaking", "reading", "writing"), "A2")
_DOCUMENT = {
    **_PERIOD, "residence_status": "AE-25.2B", "printed_end": "2026-02-02",
    "continued_effect": "fiction_81_4",
    "continued_until": "2026-05-05", "work_permission": "allowed", "has_residence_obligation": True,
    "residence_obligation_place": "Moers", "residence_obligation_until": "2026-06-06", "eu_ground": "worker",
}  # fmt: skip
_ADDRESS = {
    **_PERIOD, "care_of": "Lang", "street": "Markt 1", "postcode": "46483", "town": "Wesel",
    "housing_type": "private",
}  # fmt: skip
FULL: dict[str, Any] = {
    "given_name": "Amina", "family_name": "Al-Hadi", "former_names": ["Said"], "other_names": ["Amna"],
    "birth_date": "1990-01-01", "birth_precision": "year", "sex": "w", "nationalities": ["475"],
    "marital_status": "LD", "contact_channels": ["phone", "email", "post"], "contact_times": "vormittags",
    "contact_language": "ara", "phone": "+49 203 1", "email": "amina@example.org", "no_post": False,
    "no_voicemail": True, "needs_interpreter": False, "no_interpreter_of_same_circle": True,
    "is_restricted": False, "household_type": "family", "literacy": "latin",
    "residence_documents": [{**_DOCUMENT, "strand": each} for each in ("title", "certificate")],
    "legal_domains": [{**_PERIOD, "strand": "livelihood", "legal_domain": "SGB_II", "livelihood": "work"}],
    "addresses": [{**_ADDRESS, "strand": each} for each in ("registered", "actual")],
    "languages": [{**_PERIOD, **_LEVELS, "language": "deu", "is_native": False, "evidence": "certificate"}],
    "schooling": [{**_PERIOD, "school_step": "attending", "school": "Schule am Park"}],
    "household_members": [
        {"name": "Sami", "birth_year": 2015, "relation": "child", "is_kept_apart": False}
    ],
}  # fmt: skip
"""Somebody of whom everything is known that can leave."""


def packed(person: dict[str, Any]) -> dict[str, Any]:
    return {name: packing.chosen_of(fill(person, TODAY), None) for name, fill in packing._CATEGORIES.items()}


def places(value: Any, place: str = "") -> set[str]:
    """Return where something stands in a package."""
    if isinstance(value, list):
        return {found for each in value for found in places(each, place)} or {place}
    if isinstance(value, dict):
        return {found for name, each in value.items() for found in places(each, f"{place}.{name}")}
    return {place}


def documented(shape: type[BaseModel], place: str = "") -> set[str]:
    """Return where something may stand by the contract."""
    found: set[str] = set()
    for name, field in shape.model_fields.items():
        inner = next(_shapes(field.annotation), None)
        found |= documented(inner, f"{place}.{name}") if inner else {f"{place}.{name}"}
    return found


def _shapes(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for each in get_args(kind):
        yield from _shapes(each)


def test_contract_says_all_that_leaves_and_nothing_else() -> None:
    assert places(packed(FULL)) == documented(PackageData)
    PackageData.model_validate(packed(FULL))
    assert {name: set(fields) for name, fields in FIELDS.items()} == {
        name: set(next(_shapes(field.annotation)).model_fields)
        for name, field in PackageData.model_fields.items()
    }


@pytest.mark.parametrize("category", sorted(FIELDS))
def test_field_that_the_contract_does_not_say_is_noticed(category: str) -> None:
    spoilt = packed(FULL)
    spoilt[category]["must_not_learn"] = "Karim"
    assert places(spoilt) - documented(PackageData) == {f".{category}.must_not_learn"}
    with pytest.raises(ValidationError):
        PackageData.model_validate(spoilt)


async def marks(world: World, manager: Person, client_id: str) -> tuple[dict[str, Any], dict[str, list[str]]]:
    async with world.sql(manager) as db:
        return await collect_marked(context(manager, db), UUID(client_id), ALL)


async def test_disputed_parts_are_named_as_they_stand_in_the_package(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    document = {"residence_status": "GEST", "valid_from": "2024-01-01"}
    periods = {
        "addresses": await add_period(manager, client_id, "addresses", strand="actual", street="Hafen 2"),
        "residence-documents": await add_period(manager, client_id, "residence-documents", **document),
    }
    await add_period(manager, client_id, "addresses", strand="registered", street="Markt 1")
    for entry, period in periods.items():
        await dispute(manager, client_id, entry, entry_id=period)
    data, disputed = await marks(world, manager, client_id)
    assert disputed == {
        "contact": ["address"], "housing": ["actual"], "residence": ["title"],
    }  # fmt: skip
    assert all(name in data[category] for category, names in disputed.items() for name in names)
