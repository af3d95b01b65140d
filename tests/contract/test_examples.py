"""The examples of the contract: recorded from the scene, sent again, and what the schemas say.

`pytest tests/contract/test_examples.py --record-examples` writes them anew.
"""

import copy
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest
from fastapi import FastAPI

from app.settings import Settings
from tests.contract.conformity import Contract
from tests.contract.interludes import interludes
from tests.contract.placeholders import Placeholders
from tests.contract.replay import Replay
from tests.contract.stage import Stage
from tests.world import World

PATH = Path(__file__).parent.parent.parent / "openapi" / "examples.json"


@pytest.fixture(scope="session")
def examples(played: Stage, request: pytest.FixtureRequest) -> dict[str, Any]:
    """The examples as they are written down; with `--record-examples` written down now."""
    if request.config.getoption("--record-examples", default=False):
        PATH.write_bytes(orjson.dumps(Placeholders(played).of_record(), option=orjson.OPT_INDENT_2) + b"\n")
    return dict(orjson.loads(PATH.read_bytes()))


@pytest.fixture(scope="session")
async def replayed(
    app: FastAPI, admin: asyncpg.Connection, settings: Settings, examples: dict[str, Any]
) -> dict[str, Any]:
    """What comes back when the examples are sent again in a fresh area."""
    async with World(app, admin) as world:
        stage = Stage(world, interludes(settings))
        await Replay(stage, examples).run()
        await stage.nobody.aclose()
    return Placeholders(stage).of_record()


async def test_examples_are_what_the_scene_says_now(played: Stage, examples: dict[str, Any]) -> None:
    assert differences(examples, Placeholders(played).of_record()) == []


async def test_examples_sent_again_succeed_with_the_same_answers(
    replayed: dict[str, Any], examples: dict[str, Any]
) -> None:
    assert differences(examples, replayed) == []


async def test_a_changed_answer_is_noticed(replayed: dict[str, Any], examples: dict[str, Any]) -> None:
    spoilt = copy.deepcopy(replayed)
    spoilt["steps"][0]["answer"]["body"]["name"] = "Stadt Anderswo"
    del spoilt["steps"][1]["answer"]["body"]["kind"]
    places = [place.partition(" ")[0] for place in differences(examples, spoilt)]
    assert places == [".steps.0.answer.body.name", ".steps.1.answer.body"]


def test_examples_are_what_the_contract_says(examples: dict[str, Any], app: FastAPI) -> None:
    contract = Contract(app)
    faults = []
    for step in examples["steps"]:
        if "operation" in step:
            said, answer, name = step["request"], step["answer"], step["operation"]
            media_type = said.get("media_type") or ""
            faults += contract.faults_of_request(name, media_type, said.get("body"))
            faults += contract.faults_of_answer(
                name, answer["status"], answer["media_type"] or "", answer["body"]
            )
    assert faults == []


def test_every_operation_of_the_contract_shows_an_example(app: FastAPI) -> None:
    without = []
    for name, operation in Contract(app).said.items():
        bodies = list(operation.get("requestBody", {}).get("content", {}).values())
        bodies += [
            content
            for status, answer in operation["responses"].items()
            for content in answer.get("content", {}).values()
            if status in {"200", "201"}
        ]
        without += [name for content in bodies if "example" not in content]
    assert without == []


def differences(one: Any, other: Any, place: str = "") -> list[str]:
    """Return where two records differ, with what stands there."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [each for key in one for each in differences(one[key], other[key], f"{place}.{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [each for at, (a, b) in pairs for each in differences(a, b, f"{place}.{at}")]
    return [] if one == other else [f"{place} {str(one)[:80]} / {str(other)[:80]}"]
