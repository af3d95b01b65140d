"""32 people write into one case at the same moment, and no word of theirs is lost."""

import asyncio

import httpx
import pytest

from app.kit.versions import Expected
from tests.cases.arrange import a_case, etag
from tests.hurry import NO_HURRY
from tests.serving import serving
from tests.world import World

WRITERS = 32
OK, STALE, BUSY = 200, 412, 503


async def write(http: httpx.AsyncClient, path: str, word: str, before: str) -> int:
    """Add a word to the summary, on top of whatever stands there; return how often that took another try."""
    known, version, tries = "", before, 0
    while True:
        body = {"summary": f"{known} {word}".strip()}
        answer = await http.patch(path, json=body, headers={"If-Match": version})
        if answer.status_code == OK:
            return tries
        assert answer.status_code in {STALE, BUSY}, answer.text
        tries += 1
        if answer.status_code == STALE:
            known, version = await standing(http, path, answer)


async def standing(http: httpx.AsyncClient, path: str, stale: httpx.Response) -> tuple[str, str]:
    """Return what stands there, as the refusal says; where the database was too busy to tell, it is read."""
    if (present := stale.json()["current"]) is not None:
        return present["summary"] or "", stale.headers["etag"]
    answer = await http.get(path)
    while answer.status_code == BUSY:
        answer = await http.get(path)
    return answer.json()["summary"] or "", answer.headers["etag"]


async def written(world: World) -> tuple[list[str], int]:
    """Let all write at once, each over its own connection; return the words at the end and the tries."""
    anna = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, anna)}"
    before = await etag(anna, path)
    headers = {"Authorization": anna.http.headers["authorization"]}
    async with serving(world.app) as address, asyncio.TaskGroup() as group:
        clients = [
            httpx.AsyncClient(base_url=address, headers=headers, timeout=NO_HURRY) for _ in range(WRITERS)
        ]
        both = [group.create_task(write(http, path, f"W{n}", before)) for n, http in enumerate(clients)]
        tries = sum([await each for each in both])
        for http in clients:
            await http.aclose()
    return (await anna.get(path)).json()["summary"].split(), tries


async def test_no_word_of_32_writers_on_one_case_is_lost(world: World) -> None:
    words, tries = await written(world)
    assert sorted(words) == sorted(f"W{n}" for n in range(WRITERS))
    assert tries >= WRITERS - 1


async def test_words_are_lost_when_nobody_looks_at_the_version(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Expected, "check", lambda *_: None)
    words, _ = await written(world)
    assert len(words) < WRITERS
