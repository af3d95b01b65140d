"""Examples of the contract: real requests and answers, recorded by the tests. It is complete without them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

_FILE = Path(__file__).parent.parent / "openapi" / "examples.json"


def recorded() -> dict[str, list[Mapping[str, Any]]]:
    """Return what was recorded of each operation, in its order."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    if _FILE.exists():
        for step in orjson.loads(_FILE.read_bytes())["steps"]:
            if "operation" in step:
                found.setdefault(step["operation"], []).append(step)
    return found


def show(operation: dict[str, Any], example: Mapping[str, Any]) -> None:
    """Write a request and its answer into an operation, unless an earlier one shows the same place."""
    request, answer = example["request"], example["answer"]
    sent = {**request.get("path", {}), **request.get("query", {})}
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in sent:
            parameter.setdefault("example", sent[parameter["name"]])
    if "body" in request:
        operation["requestBody"]["content"][request["media_type"]].setdefault("example", request["body"])
    if answer["media_type"] is not None:
        content = operation["responses"][str(answer["status"])]["content"]
        content[answer["media_type"]].setdefault("example", answer["body"])
