"""The process that reads a sheet: `python -m app.imports.child`, with bounds on memory and time.

It gets what to do as one line of JSON and then the file, on standard input; it answers a line of JSON for
each row. It has no settings, no database and no keys: a file that breaks its reader breaks nothing else.
Nothing is written to a disk.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

from app.imports import rules
from app.imports.mapping import columns_of
from app.imports.rows import cases, clients, contacts, households
from app.imports.rows.prepared import Draft, draft
from app.imports.schemas import SheetMapping
from app.imports.sheets import SheetRefused, read_sheet
from app.kit.bounded import bound

_NAMED = ("client_key", "member_key", "case_key")


def main() -> None:
    """Read one sheet."""
    task = orjson.loads(sys.stdin.buffer.readline())
    bound(task["cpu_seconds"], task["memory_bytes"])
    content = sys.stdin.buffer.read()
    out = sys.stdout.buffer
    try:
        for row in rows(content, task):
            out.write(orjson.dumps(row) + b"\n")
        out.write(b'{"end":true}\n')
    except SheetRefused as refused:
        out.write(orjson.dumps({"refused": refused.code, "field": refused.field}) + b"\n")
    except (MemoryError, RecursionError):
        out.write(b'{"refused":"sheet_unreadable","field":null}\n')
    out.flush()


def rows(content: bytes, task: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what each row of a sheet becomes. Raises SheetRefused."""
    kind, now = task["kind"], datetime.fromisoformat(task["now"])
    is_template = task["mapping"].pop("optional", False)
    mapping = SheetMapping.model_validate(task["mapping"])
    sheet = read_sheet(content, mapping.sheet)
    headings = next(sheet, None)
    if headings is None:
        raise SheetRefused("sheet_empty")
    columns = columns_of(kind, mapping, headings[1], is_template=is_template)
    keys: Counter[str] = Counter()
    said: Counter[str] = Counter()
    people: set[tuple[Any, ...]] = set()
    number = None
    for number, cells in sheet:
        made = draft(columns, cells)
        written = _content(kind, made, now)
        key = _key(kind, made, said)
        if key is not None:
            keys[key] += 1
            if keys[key] > 1:
                made.find("key", "key_twice")
        yield {
            "number": number,
            "key": key,
            "named": {name: made.values[name] for name in _NAMED if name in made.values},
            "content": None if made.findings else written,
            "findings": made.findings,
            "is_twin": _is_twin(written, people),
        }
    if number is None:
        raise SheetRefused("no_rows")


def _content(kind: str, made: Draft, now: datetime) -> dict[str, Any]:
    if kind == rules.CLIENTS:
        return clients.content_of(made, now)
    if kind == rules.HOUSEHOLDS:
        return households.content_of(made)
    if kind == rules.CASES:
        return cases.content_of(made)
    return contacts.content_of(made, now)


def _is_twin(written: dict[str, Any], people: set[tuple[Any, ...]]) -> bool:
    """Tell whether a row before this one has the same names, however spelled, and the same birth date."""
    client = written.get("clients")
    if not client or client["birth_date"] is None or "name_forms" not in client:
        return False
    person = (client["birth_date"], *sorted(form.split("|")[1] for form in client["name_forms"]))
    if person in people:
        return True
    people.add(person)
    return False


def _key(kind: str, made: Draft, said: Counter[str]) -> str | None:
    """Return what a row is known by: its key, or all that it says (and how often it has been said before)."""
    if kind in (rules.CLIENTS, rules.CASES) or "key" in made.values:
        return made.values.get("key")
    named = [f"{name}={made.values.get(name, '')}" for name in _NAMED]
    # Not the moment itself: a day without a time becomes another moment on another day.
    raw = {name: value for name, value in made.values.items() if name not in _NAMED}
    text = "\n".join((*named, orjson.dumps(raw, option=orjson.OPT_SORT_KEYS).decode()))
    said[text] += 1
    return f"{text}\n{said[text]}"


if __name__ == "__main__":
    main()
