"""What somebody does on a phone without a connection: edits wait in a queue until the server has them.

A new thing carries an idempotency key, so sending it again finds the first one. A change adds a mark to a
text and carries the version it was made on; when that is stale, the answer shows what stands there, and the
phone either finds its own mark in it (the answer had been lost) or adds the mark to the colleague's words.
"""

from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.work.syncing import Phone

OK, CREATED, NOT_FOUND, RUNNING, STALE = 200, 201, 404, 409, 412
TEXTS = {
    "case": "summary",
    "task": "note",
    "goal": "progress",
    "school_entry": "way_note",
    "pathway": "note",
    "document": "title",
}
"""The text of each kind that is changed."""
NAMES = {
    "task": "title",
    "goal": "wording",
    "contact": "note",
    "conference": "occasion",
    "guardian": "name",
}
"""What tells a new thing of each kind from others."""


_NEW: dict[str, dict[str, Any]] = {
    "task": {"due_on": "2199-01-01"},
    "goal": {"life_domain": "housing"},
    "contact": {"contact_type": "phone", "happened_at": "2026-03-02T09:00:00Z"},
    "conference": {"mode": "phone", "starts_at": "2199-01-01T09:00:00Z", "client_takes_part": True},
    "guardian": {"kind": "legal_adviser", "scope": ["assets"], "evidence": "Vollmacht"},
}


@dataclass
class Edit:
    """One thing that was done while nobody could hear it."""

    mark: str
    kind: str
    case_id: str
    client_id: str
    object_id: str | None = None
    """None: something new."""

    @property
    def path(self) -> str:
        case = f"/v1/cases/{self.case_id}"
        if self.kind == "case":
            return case
        if self.kind == "document":
            return f"/v1/documents/{self.object_id}"
        of = f"/v1/clients/{self.client_id}" if self.kind == "guardian" else case
        parts = "school-entries" if self.kind == "school_entry" else f"{self.kind}s"
        return f"{of}/{parts}" + (f"/{self.object_id}" if self.object_id else "")

    def fresh(self) -> dict[str, Any]:
        """Return the body of a new thing."""
        return {NAMES[self.kind]: self.mark, **_NEW[self.kind]}


@dataclass
class Worker:
    """Somebody with a phone and what is still to be sent."""

    phone: Phone
    http: httpx.AsyncClient
    queue: list[Edit] = field(default_factory=list)
    conflicts: int = 0
    refused: int = 0

    async def send(self) -> None:
        """Send what waits, in order; stop where the connection breaks. What may not be done now waits on."""
        waiting, self.queue = self.queue, []
        while waiting:
            try:
                done = await self._deliver(waiting[0])
            except httpx.TransportError:
                self.queue += waiting
                return
            if not done:
                self.queue.append(waiting[0])
            waiting.pop(0)

    async def _deliver(self, edit: Edit) -> bool:
        if edit.object_id is None:
            return await self._create(edit)
        key = (edit.kind, edit.object_id)
        if key not in self.phone.held:
            return False
        return await self._change(edit, self.phone.held[key], self.phone.etags[key])

    async def _create(self, edit: Edit) -> bool:
        once = {"Idempotency-Key": f"of-the-phone-{edit.mark}"}
        return self._is_done(await self.http.post(edit.path, json=edit.fresh(), headers=once))

    async def _change(self, edit: Edit, known: dict[str, Any], etag: str | None) -> bool:
        name = TEXTS[edit.kind]
        while True:
            if edit.mark in (known[name] or "").split():
                return True  # the answer of an earlier try had been lost
            body = {name: " ".join(filter(None, (known[name], edit.mark)))}
            answer = await self.http.patch(edit.path, json=body, headers={"If-Match": etag or ""})
            if answer.status_code != STALE:
                return self._is_done(answer)
            self.conflicts += 1
            known, etag = answer.json()["current"], answer.headers["etag"]

    def _is_done(self, answer: httpx.Response) -> bool:
        assert answer.status_code in {OK, CREATED, NOT_FOUND, RUNNING}, answer.text
        self.refused += answer.status_code == NOT_FOUND
        return answer.status_code in {OK, CREATED}
