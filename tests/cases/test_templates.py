"""Templates of contacts: one's own and the unit's, with known placeholders and about nobody."""

from typing import Any

import pytest

from app.access.roles import Role
from app.cases.noting.rules import PLACEHOLDERS, faults
from tests.cases.arrange import journal, team_lead
from tests.refusals import places
from tests.world import Person, World

PATH = "/v1/contact-templates"
TEXT = {"name": "Nicht erreicht", "contact_type": "phone", "text": "Bei {institution} niemanden erreicht."}


async def keep(person: Person, scope: str, **fields: Any) -> str:
    made = await person.post(PATH, {**TEXT, "scope": scope, **fields})
    assert made.status_code == 201, made.text
    return f"{PATH}/{made.json()['id']}"


async def names(person: Person) -> list[tuple[str, str]]:
    return [(each["scope"], each["name"]) for each in (await person.get(PATH)).json()["items"]]


async def test_everybody_finds_their_own_templates_and_those_of_the_unit(world: World) -> None:
    amira, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    elsewhere = await world.person(Role.CASE_MANAGER, unit="Caritas")
    own = await keep(amira, "own", name="Anruf")
    await keep(lead, "unit")
    assert await names(amira) == [("own", "Anruf"), ("unit", "Nicht erreicht")]
    assert await names(ben) == await names(lead) == [("unit", "Nicht erreicht")]
    assert await names(elsewhere) == []
    assert (await ben.get(own)).status_code == 404


async def test_templates_are_kept_by_whom_they_belong_to(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    own, units = await keep(amira, "own"), await keep(lead, "unit")
    assert (await amira.patch(units, {"name": "x"}, if_match='"1"')).status_code == 404
    assert (await amira.delete(units)).status_code == 404
    assert (await lead.patch(own, {"name": "x"}, if_match='"1"')).status_code == 404
    changed = await lead.patch(units, {"name": "Vergeblich"}, if_match='"1"')
    assert (changed.status_code, changed.json()["name"]) == (200, "Vergeblich")
    assert (await lead.patch(units, {"name": "x"}, if_match='"1"')).status_code == 412
    assert (await lead.delete(units)).status_code == 204
    assert await names(amira) == [("own", "Nicht erreicht")]
    assert [each["changed"] for each in await journal(world, "contact_template.change")] == [["name"]]


async def test_scope_of_another_role_is_refused(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    assert (await amira.post(PATH, {**TEXT, "scope": "unit"})).status_code == 403
    assert (await lead.post(PATH, {**TEXT, "scope": "own"})).status_code == 403


async def test_unit_is_one_where_one_works(world: World) -> None:
    amira = await world.case_manager()
    elsewhere = str(await world.unit("Caritas"))
    answer = await amira.post(PATH, {**TEXT, "scope": "own", "unit_id": elsewhere})
    assert places(answer) == [{"place": "body.unit_id", "kind": "not_your_unit"}]


async def test_template_that_tells_of_a_person_is_refused_by_place(world: World) -> None:
    amira = await world.case_manager()
    text = {**TEXT, "scope": "own", "name": "Anruf {heute}", "text": "Rückruf unter 0201 / 88 12 34"}
    assert places(await amira.post(PATH, text)) == [
        {"place": "body.name", "kind": "unknown_placeholder"},
        {"place": "body.text", "kind": "tells_of_a_person"},
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (" ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS)), []),
        ("In 30 Minuten, Zimmer 214, § 81 Abs. 4", []),
        ("Termin am 3.4.2026", ["tells_of_a_person"]),
        ("Termin am 2026-04-03", ["tells_of_a_person"]),
        ("an amina@example.org", ["tells_of_a_person"]),
        ("Kundennummer 12345", ["tells_of_a_person"]),
        ("{Amina}", ["unknown_placeholder"]),
        ("offen { und zu", ["braces"]),
    ],
)
def test_templates_hold_placeholders_and_no_person(text: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in faults(text)] == kinds
