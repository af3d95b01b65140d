"""Arrangement for tests about imports: sheets made here, an importer who sends, takes and undoes them."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from openpyxl import Workbook

from app.imports.fields import FIELDS
from tests.world import Person, World

ROW = dict[str, Any]


def heading(kind: str, name: str) -> str:
    """Return the heading of a field in the template."""
    return next(field.heading for field in FIELDS[kind] if field.name == name)


def sheet(kind: str, *rows: ROW, separator: str = ";", encoding: str = "utf-8") -> bytes:
    """Return rows (field to cell) as a CSV file under the template's headings."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [
        [heading(kind, name) for name in names],
        *([row.get(name, "") for name in names] for row in rows),
    ]
    return as_csv(cells, separator=separator, encoding=encoding)


def as_csv(rows: Iterable[Sequence[Any]], *, separator: str = ";", encoding: str = "utf-8") -> bytes:
    """Return cells as a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Iterable[Sequence[Any]], **pages: Iterable[Sequence[Any]]) -> bytes:
    """Return cells as an XLSX file, with further pages by name."""
    book = Workbook()
    for name, cells in {"Import": rows, **pages}.items():
        page = book.active if name == "Import" else book.create_sheet(name)
        for row in cells:
            page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def people(count: int, *, first: int = 1, prefix: str = "KIM") -> list[ROW]:
    """Return so many plausible persons, all different."""
    given = ("Olena", "Mykola", "Amira", "Georgi", "Ioana", "Yusuf", "Svitlana", "Ahmad", "Elif", "Dragan")
    family = ("Kowalenko", "Schewtschenko", "Haddad", "Dimitrow", "Popescu", "Yilmaz", "Bondar", "Rahimi")
    return [
        {
            "key": f"{prefix}-{number:05d}",
            "given_name": f"{given[number % len(given)]}",
            "family_name": f"{family[number % len(family)]}{'abcdefghij'[number // 80 % 10]}",
            "birth_date": f"{1 + number % 28:02d}.{1 + number // 28 % 12:02d}.{1950 + number // 336 % 70}",
            "sex": "weiblich",
        }
        for number in range(first, first + count)
    ]


@dataclass
class Importer:
    """A case manager who imports."""

    world: World
    person: Person

    async def announce(self, kind: str = "clients", **fields: Any) -> str:
        """Announce a sheet and return the import's id."""
        answer = await self.person.post("/v1/imports", {"kind": kind, **fields})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def send(self, import_id: str, content: bytes, **headers: str) -> httpx.Response:
        """Send a sheet."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        said.setdefault("content-type", "application/octet-stream")
        return await self.person.http.post(f"/v1/imports/{import_id}/sheet", content=content, headers=said)

    async def read(self, kind: str, content: bytes, **fields: Any) -> dict[str, Any]:
        """Announce and send a sheet and return the import after reading."""
        answer = await self.send(await self.announce(kind, **fields), content)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def refused(self, kind: str, content: bytes, **fields: Any) -> str:
        """Send a sheet that is refused and return the kind of its one error."""
        answer = await self.send(await self.announce(kind, **fields), content)
        assert answer.status_code == 422, answer.text
        (error,) = answer.json()["errors"]
        return str(error["kind"])

    async def take(self, import_id: str, **body: Any) -> dict[str, Any]:
        """Take rows until none is left and return the import."""
        while True:
            answer = await self.person.post(f"/v1/imports/{import_id}/take", body)
            assert answer.status_code == 200, answer.text
            if not answer.json()["left"]:
                return dict(answer.json())

    async def undo(self, import_id: str) -> dict[str, Any]:
        """Undo rows until none is left and return the import."""
        while True:
            answer = await self.person.post(f"/v1/imports/{import_id}/undo")
            assert answer.status_code == 200, answer.text
            if not answer.json()["left"]:
                return dict(answer.json())

    async def taken(self, kind: str, *rows: ROW, **fields: Any) -> dict[str, Any]:
        """Import rows from beginning to end."""
        found = await self.read(kind, sheet(kind, *rows), **fields)
        assert not found["rows"]["bad"], await self.report(found["id"], only_bad=True)
        return await self.take(found["id"])

    async def report(self, import_id: str, **query: Any) -> list[dict[str, Any]]:
        """Return the report of an import."""
        answer = await self.person.get(f"/v1/imports/{import_id}/rows", limit=200, **query)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    async def findings(self, import_id: str) -> list[tuple[int, str, str]]:
        """Return row, field and kind of everything that is wrong."""
        return [
            (row["number"], each["field"], each["kind"])
            for row in await self.report(import_id, only_bad=True)
            for each in row["findings"]
        ]

    async def count(self, table: str) -> int:
        """Return how many rows a table has in this area."""
        found = await self.world.admin.fetchval(
            f"SELECT count(*) FROM {table} WHERE municipal_area_id = $1", self.world.area
        )
        return int(found)


async def an_importer(world: World) -> Importer:
    """Return a case manager."""
    return Importer(world, await world.case_manager())
