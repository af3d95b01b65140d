"""Where in a contract codes stand, and which codes a request or an answer has there."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.contract_codes import EXTENSION

Put = Callable[[str], None]


@dataclass(frozen=True)
class Found:
    """A code, the vocabulary it should come from, where it stands, and how another is put in its place."""

    vocabulary: str
    code: str
    place: str
    put: Put


def codes_in(contract: Mapping[str, Any], said: Mapping[str, Any], value: Any) -> Iterator[Found]:
    """Yield the codes of a request's or an answer's content, as its schema says where they stand."""
    yield from _Walk(contract["components"]["schemas"]).of(said, value, "")


class _Walk:
    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas = schemas

    def of(self, said: Mapping[str, Any], value: Any, place: str) -> Iterator[Found]:
        if "$ref" in said:
            name = said["$ref"].rpartition("/")[2]
            yield from self.of(self._schemas.get(name, {}), value, name)
        for each in (*said.get("anyOf", ()), *said.get("oneOf", ())):
            yield from self.of(each, value, place)
        if isinstance(value, dict):
            yield from self._of_members(said, value, place)
        if isinstance(value, list) and "items" in said:
            for each in value:
                yield from self.of(said["items"], each, place)

    def _of_members(self, said: Mapping[str, Any], value: dict[str, Any], place: str) -> Iterator[Found]:
        for name, field in said.get("properties", {}).items():
            if value.get(name) is not None:
                yield from self._here(field, value, name, f"{place}.{name}")
                yield from self.of(field, value[name], place)
        if isinstance(said.get("additionalProperties"), dict):
            for each in value.values():
                yield from self.of(said["additionalProperties"], each, place)

    @staticmethod
    def _here(field: Mapping[str, Any], holder: dict[str, Any], name: str, place: str) -> Iterator[Found]:
        value, vocabulary = holder[name], field.get(EXTENSION)
        keys = field.get("propertyNames", {}).get(EXTENSION)
        if isinstance(value, str) and vocabulary:
            yield Found(vocabulary, value, place, lambda code: holder.__setitem__(name, code))
        if isinstance(value, list) and vocabulary:
            for at, each in enumerate(value):
                yield Found(vocabulary, each, place, lambda code, at=at: value.__setitem__(at, code))
        if isinstance(value, dict) and keys:
            for key in value:
                yield Found(
                    keys,
                    key,
                    f"{place} (key)",
                    lambda code, key=key: holder.__setitem__(name, {code: value[key]}),
                )
        if isinstance(value, dict) and vocabulary:
            for key, each in value.items():
                yield Found(vocabulary, each, place, lambda code, key=key: value.__setitem__(key, code))
