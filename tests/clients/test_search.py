"""Search among the persons one sees: any spelling, any order, each with the reason."""

import pytest

from tests.clients.arrange import new_client
from tests.world import Person, World

PEOPLE = (
    ("Amina", "Al-Hadi", "1990-05-17"),
    ("Mohammed", "Yılmaz", "1985-01-01"),
    ("Ayşe", "Çelik", "1978-11-30"),
    ("Oleksandra", "Schewtschenko", "1994-08-24"),
    ("Günther", "Groß", "1960-02-29"),
    ("Ion", "Popescu", "2001-12-12"),
)


@pytest.fixture
async def manager(world: World) -> Person:
    person = await world.case_manager()
    for given, family, born in PEOPLE:
        await new_client(person, given_name=given, family_name=family, birth_date=born)
    return person


async def search(person: Person, **body: object) -> list[dict[str, object]]:
    answer = await person.post("/v1/clients/search", body)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


@pytest.mark.parametrize(
    ("name", "family", "reasons"),
    [
        ("Amina Al-Hadi", "Al-Hadi", ["same_name"]),
        ("Al-Hadi Amina", "Al-Hadi", ["same_name", "names_swapped"]),
        ("amina alhadi", "Al-Hadi", ["name_in_another_spelling"]),
        ("أمينة الهادي", "Al-Hadi", ["name_in_another_spelling"]),
        ("Aische Tschelik", "Çelik", ["name_in_another_spelling"]),
        ("Muhamad Yilmaz", "Yılmaz", ["name_in_another_spelling"]),
        ("Mohamemd Yilmaz", "Yılmaz", ["typing_error"]),
        ("Oleksandra Shevchenko", "Schewtschenko", ["name_in_another_spelling"]),
        ("Олександра Шевченко", "Schewtschenko", ["name_in_another_spelling"]),
        ("Gunther Gross", "Groß", ["same_name"]),
        ("Guenter Gros", "Groß", ["name_in_another_spelling"]),
        ("Popescu", "Popescu", ["part_of_name"]),
        ("Oleks", "Schewtschenko", ["part_of_name"]),
    ],
)
async def test_name_is_found_first_with_its_reasons(
    manager: Person, name: str, family: str, reasons: list[str]
) -> None:
    found = await search(manager, name=name)
    assert (found[0]["family_name"], found[0]["reasons"]) == (family, reasons)


@pytest.mark.parametrize(
    ("name", "registered"),
    [
        ("Gourban Zadeh", "Gourbanzadeh-Müßig"),
        ("Gourban-Zadeh", "Gourbanzadeh-Müßig"),
        ("Schirin Gourban Zadeh", "Gourbanzadeh-Müßig"),
        ("Gurban Sade", "Gourbanzadeh-Müßig"),
        ("Zait seva", "Zaitseva"),
        ("Müllerlüdenscheidt", "Mueller Luedenscheidt"),
        ("Müller-Lüdenscheidt", "Mueller Luedenscheidt"),
    ],
)
async def test_one_word_and_two_are_the_same_name(manager: Person, name: str, registered: str) -> None:
    for family in ("Gourbanzadeh-Müßig", "Zaitseva", "Mueller Luedenscheidt"):
        await new_client(manager, given_name="Schirin", family_name=family, birth_date="1988-03-14")
    found = await search(manager, name=name)
    assert found[0]["family_name"] == registered
    assert "name_in_another_spelling" in found[0]["reasons"] or name == "Müller-Lüdenscheidt"


async def test_birth_date_or_year_alone_finds(manager: Person) -> None:
    by_date, by_year = await search(manager, birth_date="1978-11-30"), await search(manager, birth_year=1978)
    assert [(each["family_name"], each["reasons"]) for each in by_date] == [("Çelik", ["same_birth_date"])]
    assert [(each["family_name"], each["reasons"]) for each in by_year] == [("Çelik", ["same_birth_year"])]


async def test_name_and_birth_together_rank_before_either(manager: Person) -> None:
    await new_client(manager, given_name="Amina", family_name="Haddad", birth_date="1978-11-30")
    found = await search(manager, name="Amina Hadad", birth_date="1978-11-30")
    assert found[0]["family_name"] == "Haddad"
    assert found[0]["reasons"] == ["name_in_another_spelling", "same_birth_date"]
    assert {each["family_name"] for each in found} >= {"Haddad", "Al-Hadi", "Çelik"}


async def test_whom_nothing_resembles_is_not_found(manager: Person) -> None:
    assert await search(manager, name="Xavier Quixote") == []


async def test_search_finds_nobody_of_somebody_else(world: World, manager: Person) -> None:
    stranger = await world.case_manager()
    assert await search(stranger, name="Amina Al-Hadi") == []
    assert await search(stranger, birth_date="1990-05-17") == []


@pytest.mark.parametrize(
    "body", [{}, {"name": "--"}, {"birth_date": "1990-05-17", "birth_year": 1990}, {"name": ""}]
)
async def test_search_for_nothing_is_refused(world: World, body: dict[str, object]) -> None:
    manager = await world.case_manager()
    assert (await manager.post("/v1/clients/search", body)).status_code == 422


async def test_found_persons_come_in_pages(manager: Person) -> None:
    for number in range(3):
        await new_client(manager, given_name=f"Amina{'bcd'[number]}", family_name="Hadi")
    whole = await search(manager, name="Amina Hadi")
    first = (await manager.http.post("/v1/clients/search?limit=2", json={"name": "Amina Hadi"})).json()
    path = f"/v1/clients/search?limit=200&cursor={first['next']}"
    second = (await manager.http.post(path, json={"name": "Amina Hadi"})).json()
    assert first["items"] + second["items"] == whole
    assert len(whole) == 4
