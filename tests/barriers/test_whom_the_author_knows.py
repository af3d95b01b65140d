"""A sentence names nobody whom its author works with, whichever case it is said to come from."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from app.barriers.actions import observing
from app.main import create_app, database_of
from app.settings import Settings
from tests.barriers.arrange import file_barrier
from tests.cases.arrange import open_case
from tests.clients.arrange import new_client
from tests.world import Person, World

ABOUT = {"barrier_type": "D1", "institution_type": "jobcenter"}
NAMED = "Der Bescheid fuer Florentina Radu lag drei Monate."
OTHER = {"given_name": "Florentina", "family_name": "Radu"}


@pytest.fixture
async def watched(settings: Settings, admin: asyncpg.Connection) -> AsyncIterator[tuple[World, list[str]]]:
    pool = database_of(settings)
    async with World(create_app(settings, database=pool), admin) as world:
        sent: list[str] = []
        pool.observe_statements(sent.append)
        yield world, sent
    await pool.close()


async def code(person: Person, text: str, **about: Any) -> tuple[int, str | None]:
    answer = await person.post("/v1/observations", {"text": text, **about})
    return answer.status_code, answer.json().get("code")


async def sources(world: World) -> tuple[Person, list[dict[str, Any]]]:
    """Return an author with two clients, and what a sentence about the first of them can come from."""
    manager = await world.case_manager()
    case = await open_case(manager, await new_client(manager))
    await open_case(manager, await new_client(manager, **OTHER))
    report = await file_barrier(manager, case)
    return manager, [
        ABOUT,
        {**ABOUT, "case_id": case},
        {"barrier_report_id": report["id"], "institution_type": "jobcenter"},
    ]


async def test_client_of_another_case_is_named_from_no_case_and_no_report(world: World) -> None:
    manager, abouts = await sources(world)
    for about in abouts:
        assert await code(manager, NAMED, **about) == (422, "observation_identifies"), about


async def test_sentence_that_is_held_against_the_case_alone_names_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is planted: only whom the case is about."""
    manager, (_, of_the_case, _) = await sources(world)
    planted = observing._WHOM_THE_AUTHOR_KNOWS.replace("unnest(my_clients())", "unnest('{}'::uuid[])")
    monkeypatch.setattr(observing, "_WHOM_THE_AUTHOR_KNOWS", planted)
    assert await code(manager, NAMED, **of_the_case) == (201, None)


async def test_client_of_a_colleague_is_no_name_to_the_author(world: World) -> None:
    manager, abouts = await sources(world)
    await new_client(await world.case_manager(), given_name="Ruxandra", family_name="Codreanu")
    assert await code(manager, "Codreanus Antrag blieb liegen", **abouts[1]) == (201, None)


async def test_guardian_mailbox_and_disguise_are_found_in_a_sentence(world: World) -> None:
    manager = await world.case_manager()
    child = await new_client(
        manager,
        given_name="Stefka",
        family_name="Petrova",
        birth_date="2012-07-22",
        email="sp.2012@example.org",
    )
    guardian = {
        "kind": "guardian",
        "name": "Vormund Brinkhaus",
        "scope": ["custody"],
        "evidence": "Bestallung",
    }
    made = await manager.post(f"/v1/clients/{child}/guardians", guardian)
    assert made.status_code == 201, made.text
    for text in (
        "Der Vormund Brinkhaus wartet seit Wochen",
        "Auf die Mails an sp.2012 kam nie etwas",
        "Die Akte (22·7·2012) war verschwunden",
        "Weil St3fka keinen Termin bekam",
        "Weil \u202eavorteP akfetS\u202c keinen Termin bekam",
    ):
        assert await code(manager, text, **ABOUT) == (422, "observation_identifies"), text
    assert await code(manager, "Der Vormund wartet seit Wochen", **ABOUT) == (201, None)


async def test_statements_do_not_depend_on_how_many_clients_an_author_has(
    watched: tuple[World, list[str]],
) -> None:
    world, sent = watched
    manager = await world.case_manager()
    counts: list[int] = []
    for _ in range(3):
        for number in range(2 * len(counts) + 1):
            await new_client(manager, family_name=f"Radu{number}")
        sent.clear()
        assert (await code(manager, "Am Schalter wird nur Deutsch gesprochen", **ABOUT))[0] == 201
        counts.append(len(sent))
    assert len(set(counts[1:])) == 1, sent
    assert sum("AS guardian_names" in statement for statement in sent) == 1
