"""Whether a request or an answer is what the contract says: status, media type, schema, formats."""

import json
import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from jsonschema import Draft202012Validator, FormatChecker

from app.contract import operations

PROBLEM_TYPE = "application/problem+json"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
formats = FormatChecker(())


@formats.checks("uuid", raises=ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or str(UUID(value)) == value


@formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or date.fromisoformat(value).isoformat() == value


@formats.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return _MOMENT.fullmatch(value) is not None and datetime.fromisoformat(value).tzinfo is not None


class Contract:
    """The contract of an application, operation by operation."""

    def __init__(self, app: FastAPI) -> None:
        self.document = app.openapi()
        self.said = {
            route.name: self.document["paths"][path][method.lower()]
            for method, path, route, _ in operations(app)
        }
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
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            whole = {**schema, "components": self.document["components"]}
            self._validators[key] = Draft202012Validator(whole, format_checker=formats)
        found = self._validators[key].iter_errors(body)
        return [f"{operation}: {error.json_path}: {error.validator}" for error in found]
