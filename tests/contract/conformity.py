"""Whether a request or an answer is what the contract says: status, media type, schema, formats."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from jsonschema_rs import Draft202012, Draft202012Validator, Registry

from app.contract import operations

PROBLEM_TYPE = "application/problem+json"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_SELF = "urn:contract"


def _is_uuid(text: str) -> bool:
    return str(UUID(text)) == text


def _is_date(text: str) -> bool:
    return date.fromisoformat(text).isoformat() == text


def _is_moment(text: str) -> bool:
    return _MOMENT.fullmatch(text) is not None and datetime.fromisoformat(text).tzinfo is not None


def _never_raises(check: Callable[[str], bool]) -> Callable[[str], bool]:
    def checked(text: str) -> bool:
        try:
            return check(text)
        except ValueError:
            return False

    return checked


_FORMATS = {
    name: _never_raises(check)
    for name, check in (("uuid", _is_uuid), ("date", _is_date), ("date-time", _is_moment))
}


class Contract:
    """The contract of an application, operation by operation."""

    def __init__(self, app: FastAPI) -> None:
        self.document = app.openapi()
        self.said = {
            route.name: self.document["paths"][path][method.lower()]
            for method, path, route, _ in operations(app)
        }
        self._registry = Registry([(_SELF, self.document)], draft=Draft202012)
        self._validators: dict[str, Draft202012Validator] = {}

    def faults_of_answer(self, operation: str, status: int, media_type: str, body: Any) -> list[str]:
        """Return what the contract does not say of an answer."""
        answer = self.said[operation]["responses"].get(str(status))
        if answer is None:
            return [f"{operation}: status {status} is not documented"]
        if "$ref" in answer:
            answer = self.document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
        if "content" not in answer:
            return [] if body is None else [f"{operation}: {status} has a body"]
        if media_type not in answer["content"]:
            return [f"{operation}: {status} as {media_type} is not documented"]
        return self._faults(operation, answer["content"][media_type]["schema"], body)

    def faults_of_request(self, operation: str, media_type: str, body: Any) -> list[str]:
        """Return what the contract does not say of a request's body."""
        wanted = self.said[operation].get("requestBody")
        if wanted is None or body is None:
            return [] if (wanted is None) == (body is None) else [f"{operation}: a body too many or missing"]
        return self._faults(operation, wanted["content"][media_type]["schema"], body)

    def _faults(self, operation: str, schema: dict[str, Any], body: Any) -> list[str]:
        key = json.dumps(schema, sort_keys=True).replace('"#/components', f'"{_SELF}#/components')
        if key not in self._validators:
            self._validators[key] = Draft202012Validator(
                json.loads(key), registry=self._registry, validate_formats=True, formats=_FORMATS
            )
        found = self._validators[key].iter_errors(body)
        return [f"{operation}: {error.instance_path}: {error.kind.name}" for error in found]
