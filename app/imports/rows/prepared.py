"""A row on its way: its fields read from cells, and findings collected rather than raised."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from app.imports.cells import Unfit, read_cell
from app.imports.mapping import Column
from app.imports.sentences import german
from app.kit.errors import Invalid
from app.kit.schema import Input

FieldOf = Callable[[tuple[Any, ...]], str]


@dataclass(slots=True)
class Draft:
    """The fields of one row and what is wrong with them."""

    headings: Mapping[str, str]
    values: dict[str, Any]
    findings: list[dict[str, str]] = field(default_factory=list)

    def find(self, name: str, kind: str, context: Mapping[str, Any] | None = None) -> None:
        """Note a finding, one for each field."""
        if all(each["field"] != name for each in self.findings):
            message = german(kind, name, context)
            self.findings.append(
                {"field": name, "column": self.headings.get(name, ""), "kind": kind, "message": message}
            )

    def check(self, shape: type[Input], sent: Mapping[str, Any], field_of: FieldOf) -> Any:
        """Return what was sent in the shape of creation; none after findings."""
        try:
            return shape.model_validate(sent)
        except ValidationError as error:
            for each in error.errors(include_url=False, include_input=False):
                self.find(field_of(each["loc"]), each["type"], each.get("ctx"))
            return None

    def settle(self, act: Callable[[], Any], field_of: FieldOf) -> Any:
        """Return what a rule of creation makes of the row; none after a finding."""
        try:
            return act()
        except Invalid as invalid:
            for each in invalid.members.get("errors", ()):
                self.find(field_of(tuple(each["place"].split(".")[1:])), each["kind"])
            return None


def draft(columns: Sequence[Column], cells: Sequence[Any]) -> Draft:
    """Return the fields of a row; required ones that are empty are findings."""
    made = Draft({column.field.name: column.heading for column in columns}, {})
    for column in columns:
        try:
            value = read_cell(column.field, column.value(cells), column.words)
        except Unfit as unfit:
            made.find(column.field.name, unfit.kind)
            continue
        if value is not None:
            made.values[column.field.name] = value
        elif column.field.required:
            made.find(column.field.name, "missing")
    return made
