"""Every operation as a target: who may use it, a request that succeeded, and what its contract declares."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.contract.conformity import Contract
from tests.contract.stage import FORM, Exchange, Stage
from tests.world import fresh_key

FILE = "application/octet-stream"


@dataclass(frozen=True)
class Target:
    """One operation with the request of the scene that is spoilt."""

    name: str
    method: str
    template: str
    exchange: Exchange
    query_names: tuple[str, ...]
    body_schema: dict[str, Any] | None
    """The properties of a JSON body; none where the operation takes no body."""
    needs_body: bool

    @property
    def by(self) -> str:
        return self.exchange.by

    def url(self, path: dict[str, str] | None = None, query: dict[str, Any] | None = None) -> str:
        """Return the address with these changes; values are written as they are."""
        where = self.template.format(**{**self.exchange.path, **(path or {})})
        asked = {**self.exchange.query, **(query or {})}
        return f"{where}?{urlencode(asked)}" if asked else where

    def headers(self, **more: str | bytes) -> dict[str, str | bytes]:
        """Return the headers of the request that succeeded, with these; keys are used once only."""
        kept = {key: value for key, value in self.exchange.headers.items() if key != "Idempotency-Key"}
        named = {key.replace("_", "-"): value for key, value in more.items()}
        return {**fresh_key(self.method, self.template), **kept, **named}


def targets(stage: Stage) -> list[Target]:
    """Return every operation of the contract."""
    contract = Contract(stage.world.app)
    first = {}
    for exchange in stage.exchanges:
        if exchange.media_type in ("application/json", FILE, FORM):
            first.setdefault(exchange.operation, exchange)
    found = []
    for name, (method, template) in stage.routes.items():
        said = contract.said[name]
        declared = tuple(each["name"] for each in said.get("parameters", ()) if each["in"] == "query")
        schema = _properties(contract, said, first[name].body)
        needs_body = bool(said.get("requestBody", {}).get("required"))
        found.append(Target(name, method, template, first[name], declared, schema, needs_body))
    return found


def _properties(contract: Contract, said: dict[str, Any], sent: Any) -> dict[str, Any] | None:
    """Return the properties of a JSON body; of several shapes those of the one that was sent."""
    body = said.get("requestBody", {}).get("content", {}).get("application/json")
    if body is None:
        return None
    schema = body["schema"]
    if "discriminator" in schema:
        told = schema["discriminator"]
        schema = {"$ref": told["mapping"][sent[told["propertyName"]]]}
    if "$ref" in schema:
        schema = contract.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return dict(schema["properties"])
