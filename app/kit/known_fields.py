"""Which fields a body has at a place: read from the schema alone, never from what was sent."""

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel

MOST = 60


def known_fields(body: Any, path: Sequence[int | str]) -> list[str]:
    """Return the names of the fields that a body of this type knows where the path leads, in order.

    Of a body that can have several shapes the path names the one that was meant; of one that does not, none.
    """
    shapes = list(_shapes(body))
    for part in path:
        if not isinstance(part, int):
            shapes = [each for shape in shapes for each in _below(shape, part)]
    return sorted({name for shape in shapes for name in _names(shape)})[:MOST]


def _shapes(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the schemas that stand in a type, through unions, lists and what is annotated."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for inner in get_args(annotation):
        yield from _shapes(inner)


def _names(shape: type[BaseModel]) -> Iterator[str]:
    yield from (field.alias or name for name, field in shape.model_fields.items())


def _below(shape: type[BaseModel], part: str) -> Iterator[type[BaseModel]]:
    """Yield what is in a field of this name; the shape itself where the part only says which shape it is."""
    for name, field in shape.model_fields.items():
        if part in (name, field.alias):
            yield from _shapes(field.annotation)
            return
    said = {value for field in shape.model_fields.values() for value in get_args(field.annotation)}
    if part == shape.__name__ or part in said:
        yield shape
