"""What `kim import` does: the same requests as a front end, from a terminal, with the report and progress.

It needs nothing but an address and an account, holds no more than one page of the report, and can be stopped
at any moment: the import goes on with `--continue`.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

MOST_SHOWN = 50
"""Rows of the report that are shown; all of them are at `/v1/imports/{id}/rows`."""
_READ_SECONDS = 180.0
_WORDS = {
    "ready": "bereit", "bad": "fehlerhaft", "known": "schon importiert", "duplicate": "zu entscheiden",
    "skipped": "ausgelassen", "taken": "übernommen", "linked": "verknüpft", "undone": "rückgängig gemacht",
    "stays": "geblieben",
}  # fmt: skip


class CommandFailed(Exception):
    """What stops the command: a sentence for who typed it."""


class Office:
    """The API as somebody who is signed in."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._refresh_token = ""

    @classmethod
    def sign_in(cls, server: str, email: str, password: str, area: str | None) -> "Office":
        """Sign in and return the API. Raises CommandFailed with a sentence."""
        http = httpx.Client(base_url=server, timeout=httpx.Timeout(30.0, read=_READ_SECONDS))
        body = {"email": email, "password": password, **({"area": area} if area else {})}
        office = cls(http)
        try:
            office._take_tokens(office.send("POST", "/v1/sessions", json=body))
        except CommandFailed:
            http.close()
            raise
        return office

    def _take_tokens(self, tokens: dict[str, Any]) -> None:
        self._http.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        self._refresh_token = tokens["refresh_token"]

    def send(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        """Return an answer. Raises CommandFailed with what the server says."""
        found: dict[str, Any] = self.ask(method, path, **how).json()
        return found

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Return an answer of whatever form. Raises CommandFailed with what the server says."""
        try:
            answer = self._http.request(method, path, **how)
            if answer.status_code == httpx.codes.UNAUTHORIZED and self._refresh_token:
                # An access token lives for minutes: a long import outlives it.
                renewal, self._refresh_token = {"refresh_token": self._refresh_token}, ""
                self._take_tokens(self.send("POST", "/v1/sessions/refresh", json=renewal))
                answer = self._http.request(method, path, **how)
        except httpx.HTTPError as error:
            where = self._http.base_url
            raise CommandFailed(f"{where} cannot be reached ({type(error).__name__}).") from None
        if answer.is_error:
            raise CommandFailed(_said(answer))
        return answer

    def close(self) -> None:
        """Sign out and let go of the connection."""
        with suppress(httpx.HTTPError):
            self._http.delete("/v1/sessions/current")
        self._http.close()


def _said(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
    except ValueError:
        return f"The server answered {answer.status_code}."
    sentences = [problem.get("detail") or problem.get("title") or "It was refused."]
    sentences += [f"{each['place']}: {each['message']}" for each in problem.get("errors", ())]
    return "\n".join(sentences)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed: a file to import, or an import to go on with or to undo."""

    file: Path | None
    kind: str
    mapping: Path | None
    unit: str | None
    go_on: str | None
    undo: str | None
    dry_run: bool
    skip_bad: bool


def run_import(server: str, email: str, password: str, area: str | None, wanted: Wanted) -> None:
    """Do what was typed. Raises CommandFailed with a sentence, also where rows hinder the others."""
    console = Console()
    office = Office.sign_in(server, email, password, area)
    try:
        if wanted.undo is not None:
            found = office.send("GET", f"/v1/imports/{wanted.undo}")
            show(console, office, go_through(console, office, found, "undo"))
            return
        found = office.send("GET", f"/v1/imports/{wanted.go_on}") if wanted.go_on else _send(office, wanted)
        show(console, office, found)
        hindering = found["rows"]["bad"] + found["rows"]["duplicate"]
        if wanted.dry_run:
            console.print(f"Nichts übernommen. Weiter mit: --continue {found['id']}")
        elif hindering and not (wanted.skip_bad or found["skip_bad"]):
            raise CommandFailed(
                f"Nichts übernommen: {hindering} Zeilen sind fehlerhaft oder zu entscheiden. Die Datei "
                "verbessern, oder die übrigen Zeilen mit --skip-bad übernehmen."
            )
        else:
            console.print(f"Unterbrochen? Weiter mit: --continue {found['id']}")
            show(console, office, go_through(console, office, found, "take", skip_bad=wanted.skip_bad))
    finally:
        office.close()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandFailed(f"{file} cannot be read: {error.strerror}.") from None


def _send(office: Office, wanted: Wanted) -> dict[str, Any]:
    """Announce a sheet, send it, and return the import."""
    assert wanted.file is not None
    body: dict[str, Any] = {"kind": wanted.kind, "skip_bad": wanted.skip_bad}
    content = _read(wanted.file)
    if wanted.mapping is not None:
        try:
            body["mapping"] = json.loads(_read(wanted.mapping))
        except ValueError:
            raise CommandFailed(f"{wanted.mapping} is not JSON.") from None
    if wanted.unit is not None:
        body["unit_id"] = wanted.unit
    announced = office.send("POST", "/v1/imports", json=body)
    said = {"Content-Type": "application/octet-stream"}
    return office.send("POST", f"/v1/imports/{announced['id']}/sheet", content=content, headers=said)


def show(console: Console, office: Office, found: dict[str, Any]) -> None:
    """Show how many rows are in each state, and the first of those with which something is the matter."""
    said = ", ".join(f"{count} {_WORDS[state]}" for state, count in found["rows"].items() if count)
    console.print(f"Import {found['id']} ({found['kind']}): {said or 'keine Zeilen'}")
    table = Table("Zeile", "Spalte", "Was zu tun ist")
    for row in _bad(office, found["id"]):
        for finding in row["findings"]:
            table.add_row(str(row["number"]), finding["column"], finding["message"])
        if table.row_count >= MOST_SHOWN:
            break
    if table.row_count:
        console.print(table)


def _bad(office: Office, import_id: str) -> Iterator[dict[str, Any]]:
    query: dict[str, Any] = {"only_bad": "true", "limit": MOST_SHOWN}
    yield from office.send("GET", f"/v1/imports/{import_id}/rows", params=query)["items"]


def go_through(
    console: Console, office: Office, found: dict[str, Any], verb: str, *, skip_bad: bool = False
) -> dict[str, Any]:
    """Take or undo until nothing is left, with a bar; return the import as it is then."""
    path = f"/v1/imports/{found['id']}/{verb}"
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    body = {"json": {"skip_bad": skip_bad}} if verb == "take" else {}
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Übernehmen" if verb == "take" else "Rückgängig machen", total=None)
        total: int | None = None
        while True:
            before = found["left"]
            found = office.send("POST", path, **body)
            total = total or max(before, found["left"] + 1)
            progress.update(task, total=total, completed=total - found["left"])
            if not found["left"]:
                return found
