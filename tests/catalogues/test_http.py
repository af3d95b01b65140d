"""Catalogues over HTTP and their way into the database."""

from datetime import date

import asyncpg
import pytest

from app.access.roles import Role
from app.catalogues import loading
from app.catalogues.language import Language, preferred
from app.catalogues.source import load_entries
from app.kit.roles import with_role
from tests import database
from tests.world import World


@pytest.fixture
async def owner(database_url: str):
    """The owner, as a migration sees the database; whatever the test does is rolled back."""
    connection = await asyncpg.connect(with_role(database_url, "kim_migrate", database.PASSWORD))
    await connection.execute("SET ROLE kim_owner")
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()


async def test_every_vocabulary_is_listed_with_its_count(world: World) -> None:
    partner = await world.person(Role.PARTNER_USER)
    listed = (await partner.get("/v1/catalogues", limit=200)).json()["items"]
    shipped: dict[str, int] = {}
    for entry in load_entries():
        shipped[entry.vocabulary] = shipped.get(entry.vocabulary, 0) + 1
    assert {each["vocabulary"]: each["entries"] for each in listed} == shipped


async def test_entries_come_in_the_order_of_the_source_in_the_language_asked_for(world: World) -> None:
    manager = await world.case_manager()
    path = "/v1/catalogues/housing_type"
    english = await manager.http.get(path, headers={"Accept-Language": "fr;q=0.9, en;q=0.8, de;q=0.1"})
    german = await manager.get(path)
    assert [each["code"] for each in english.json()["items"]][:3] == [
        "state_facility",
        "collective",
        "municipal",
    ]
    assert english.json()["items"][0]["label"] == "State reception facility"
    assert german.json()["items"][0]["label"] == german.json()["items"][0]["label_de"] == "Landeseinrichtung"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, Language.GERMAN),
        ("en-GB,en;q=0.9", Language.ENGLISH),
        ("de;q=0.2, en;q=0.4", Language.ENGLISH),
        ("tr, ar;q=0.8", Language.GERMAN),
        ("en;q=abc, ;;;", Language.GERMAN),
        ("*", Language.GERMAN),
    ],
)
def test_language_is_the_one_that_weighs_most_and_german_otherwise(
    header: str | None, language: Language
) -> None:
    assert preferred(header) is language


async def test_attributes_and_parents_come_along(world: World) -> None:
    manager = await world.case_manager()
    items = (await manager.get("/v1/catalogues/institution_type")).json()["items"]
    authority = next(each for each in items if each["code"] == "auslaenderbehoerde")
    assert (authority["parent"], authority["attributes"]["aufenthg_87_scope"]) == ("residence", "recipient")
    assert authority["attributes"]["data_categories"] == ["master_data"]


async def test_unknown_vocabulary_is_not_found(world: World) -> None:
    manager = await world.case_manager()
    assert (await manager.get("/v1/catalogues/nothing")).status_code == 404
    assert (await manager.get("/v1/catalogues/Nothing!")).status_code == 422


async def test_caller_who_knows_the_entries_is_not_sent_them_again(world: World) -> None:
    manager = await world.case_manager()
    first = await manager.get("/v1/catalogues/sex")
    known = {"If-None-Match": first.headers["etag"]}
    again = await manager.http.get("/v1/catalogues/sex", headers=known)
    other = await manager.http.get("/v1/catalogues/sex", headers={**known, "Accept-Language": "en"})
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in first.headers["cache-control"]
    assert "Accept-Language" in first.headers["vary"]
    assert other.status_code == 200


async def test_nobody_reads_catalogues(world: World) -> None:
    async with world.http() as nobody:
        assert (await nobody.get("/v1/catalogues")).status_code == 401


async def test_entry_that_has_ended_is_listed_but_cannot_be_chosen_any_more(world: World) -> None:
    await world.admin.execute(
        """INSERT INTO catalogue_entries (vocabulary, code, position, label_de, label_en, valid_to)
        VALUES ('test_words', 'old', 1, 'Alt', 'Old', '2020-12-31'),
            ('test_words', 'new', 2, 'Neu', 'New', NULL)"""
    )
    manager = await world.case_manager()

    async def codes(**query: str) -> list[str]:
        answer = await manager.get("/v1/catalogues/test_words", **query)
        return [each["code"] for each in answer.json()["items"]]

    try:
        assert await codes() == ["old", "new"]
        assert await codes(valid_on="2020-12-31") == ["old", "new"]
        assert await codes(valid_on="2021-01-01") == ["new"]
    finally:
        await world.admin.execute("DELETE FROM catalogue_entries WHERE vocabulary = 'test_words'")


async def test_all_54_areas_and_the_state_are_there(world: World) -> None:
    kinds = await world.admin.fetch(
        "SELECT kind, count(*) FROM municipal_areas WHERE id LIKE 'KIM-05%' OR id = 'NRW' GROUP BY kind"
    )
    assert sum(row["count"] for row in kinds) == 55
    assert {row["kind"]: row["count"] for row in kinds}["state"] == 1


async def test_loading_again_changes_nothing(owner: asyncpg.Connection) -> None:
    before = await owner.fetch("SELECT xmin::text, * FROM catalogue_entries ORDER BY vocabulary, code")
    await loading.load_catalogues(owner)
    assert (
        await owner.fetch("SELECT xmin::text, * FROM catalogue_entries ORDER BY vocabulary, code") == before
    )


async def test_entry_that_the_files_no_longer_hold_ends_and_stays(
    owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = tuple(entry for entry in load_entries() if (entry.vocabulary, entry.code) != ("sex", "d"))
    monkeypatch.setattr(loading, "load_entries", lambda: fewer)
    await loading.load_catalogues(owner)
    ended: date = await owner.fetchval(
        "SELECT valid_to FROM catalogue_entries WHERE vocabulary = 'sex' AND code = 'd'"
    )
    assert ended == await owner.fetchval("SELECT current_date - 1")
    with_an_end = sum(entry.valid_to is not None for entry in fewer)
    count = "SELECT count(*) FROM catalogue_entries WHERE valid_to IS NOT NULL"
    assert await owner.fetchval(count) == with_an_end + 1
