"""Malformed requests against every operation, each as somebody who may use it."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.kit.problems import problem_response
from app.main import create_app, serve_app
from app.settings import Settings
from tests.badinput import addresses, bodies
from tests.badinput.sending import MARKER, Bad, faults, send
from tests.badinput.targets import Target, targets
from tests.contract.stage import Stage


@pytest.fixture(scope="session")
def every(played: Stage) -> list[Target]:
    return targets(played)


async def attack(stage: Stage, every: list[Target], make: Callable[[Target], Iterator[Bad]]) -> list[str]:
    """Send all of one kind to all operations and return what was wrong with the answers."""
    found, sent = [], 0
    for target in every:
        for bad in make(target):
            found += faults(bad, await send(stage.http(target.by), bad))
            sent += 1
    assert sent > len(every) / 2
    import sys; print("\n".join("FAULT "+f for f in found), sent)
    return found


@pytest.mark.asvs("1.5.3")
async def test_bodies_that_are_wrong_as_a_whole(played: Stage, every: list[Target]) -> None:
    assert await attack(played, every, bodies.bodies) == []


async def test_bodies_with_the_same_wrong_value_in_every_field(played: Stage, every: list[Target]) -> None:
    assert await attack(played, every, bodies.everywhere) == []


async def test_bodies_with_one_wrong_field(played: Stage, every: list[Target]) -> None:
    assert await attack(played, every, bodies.fields) == []


async def test_ids_that_are_none(played: Stage, every: list[Target]) -> None:
    assert await attack(played, every, addresses.paths) == []


async def test_queries_and_cursors_that_are_wrong(played: Stage, every: list[Target]) -> None:
    foreign = [each.answer["next"] for each in played.exchanges if "next" in (each.answer or ())]
    cursors = sorted({each for each in foreign if each})
    assert len(cursors) > 5
    assert await attack(played, every, lambda target: addresses.queries(target, cursors)) == []


async def test_headers_that_are_wrong(played: Stage, every: list[Target]) -> None:
    assert await attack(played, every, addresses.headers) == []


async def test_methods_that_an_address_does_not_know(played: Stage, every: list[Target]) -> None:
    known: dict[str, set[str]] = {}
    for target in every:
        known.setdefault(target.template, set()).add(target.method)
    made = {target.template: target for target in every}
    assert (
        await attack(
            played, list(made.values()), lambda target: addresses.methods(target, known[target.template])
        )
        == []
    )
