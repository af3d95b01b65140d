"""Every protected table against everybody, in SQL: what they see, add, change and remove."""

import pytest

from app.access.roles import Role
from tests.cases.test_row_security import weakened
from tests.isolation.people import holders
from tests.isolation.probing import REFUSED, ask, differing, undone
from tests.isolation.questions import Questions
from tests.isolation.scene import Scene

pytestmark = pytest.mark.asvs("8.2.2")


async def test_each_table_shows_and_takes_what_is_expected(scene: Scene, questions: Questions) -> None:
    async with undone(scene.world.admin):
        found = []
        for probes in questions.probes.values():
            found += await differing(scene.world.admin, probes)
    assert found == [], "\n".join(found)


OF_A_PERSON = {"case_id", "client_id", "member_client_id", "person_key", "household_key"}


async def reading(scene: Scene, questions: Questions, names: frozenset[str]) -> dict[str, set[str]]:
    """Return the tables of which these people or roles may read a row, by who."""
    async with undone(scene.world.admin):
        found: dict[str, set[str]] = {name: set() for name in names}
        for table, probes in questions.probes.items():
            asked = [probe for probe in probes if probe.what == "reads" and probe.voice.name in names]
            for probe, answer in zip(asked, await ask(scene.world.admin, asked), strict=True):
                if answer not in ("", REFUSED):
                    found[probe.voice.name].add(table)
    return found


async def test_partner_reads_no_column_that_names_a_case_or_a_client(
    scene: Scene, questions: Questions
) -> None:
    partners = holders(Role.PARTNER_USER, Role.PARTNER_SYSTEM, Role.AUTHORITY_OFFICER)
    tables = await reading(scene, questions, partners)
    assert {"referral_requests", "referral_packages"} <= tables["partner"]
    for seen in tables.values():
        assert {
            table for table in seen - {"assignments"} if OF_A_PERSON & set(questions.columns[table])
        } == set()


async def test_statistics_read_no_name_no_note_no_contact(scene: Scene, questions: Questions) -> None:
    personal = {
        "given_name",
        "family_name",
        "phone",
        "email",
        "note",
        "street",
        "care_of",
        "text",
        "must_not_learn",
    }
    tables = ("clients", "addresses", "consents", "contacts", "case_contents", "referrals", "observations")
    readable = {
        (table, column)
        for table in tables
        for column in personal & set(questions.columns[table])
        if questions.may("kim_reporting", table, "SELECT", column)
    }
    assert readable == set()
    assert questions.may("kim_reporting", "barrier_figures", "SELECT", "age_band")


async def test_real_connections_of_the_application_see_the_same(scene: Scene, questions: Questions) -> None:
    for name in ("lead", "colleague", "glass", "partner", "coordinator", "withdrawn", "far_lead"):
        async with scene.world.sql(scene.people[name]) as db:
            driver = await db.driver()
            for table, probes in questions.probes.items():
                (probe,) = (each for each in probes if each.what == "reads" and each.voice.name == name)
                if probe.right != REFUSED:
                    assert (await driver.fetchval(probe.sql) or "") == probe.right, (name, table)


async def test_weakened_policy_is_noticed(scene: Scene, questions: Questions) -> None:
    async with weakened(scene.world, "contacts", "team", "USING"), undone(scene.world.admin):
        found = await differing(scene.world.admin, questions.probes["contacts"])
    assert any(line.startswith("contacts: colleague reads") for line in found)
