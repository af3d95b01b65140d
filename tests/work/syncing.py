"""A phone for tests: it holds what it was told, works while it is away, and comes back."""

from dataclasses import dataclass, field
from typing import Any

from tests.world import Person

Key = tuple[str, str]


@dataclass
class Phone:
    """What one person's phone holds: contents by kind and id, and where it stands."""

    person: Person
    cursor: str | None = None
    held: dict[Key, dict[str, Any]] = field(default_factory=dict)
    belongs: dict[Key, tuple[str | None, str | None]] = field(default_factory=dict)
    etags: dict[Key, str | None] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)
    limit: int = 200
    versions: dict[Key, int] = field(default_factory=dict)
    members: dict[Key, str | None] = field(default_factory=dict)

    async def page(self) -> bool:
        """Take one page of changes and the contents behind it; True while there is more."""
        query = {"limit": self.limit} | ({"since": self.cursor} if self.cursor else {})
        answer = await self.person.get("/v1/sync", **query)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        self.told += body["items"]
        for line in body["items"]:
            if line["state"] != "changed":
                self._forget(line)
        await self._fetch([line for line in body["items"] if line["state"] == "changed"])
        self.cursor = body["next"]
        return bool(body["more"])

    async def catch_up(self) -> list[dict[str, Any]]:
        """Take all pages; return what was told."""
        self.told = []
        while await self.page():
            pass
        return self.told

    def _forget(self, line: dict[str, Any]) -> None:
        gone = [(line["kind"], line["id"])]
        if line["kind"] in ("case", "client"):
            place = 0 if line["kind"] == "case" else 1
            gone += [key for key, of in self.belongs.items() if of[place] == line["id"]]
            gone += [key for key, member in self.members.items() if member == line["id"]]
        for key in gone:
            for kept in (self.held, self.belongs, self.etags, self.versions, self.members):
                kept.pop(key, None)

    async def _fetch(self, lines: list[dict[str, Any]]) -> None:
        wanted = [line for line in lines if line["anew"] or not self._has(line)]
        for at in range(0, len(wanted), 50):
            part = wanted[at : at + 50]
            asked = {"items": [{"kind": line["kind"], "id": line["id"]} for line in part]}
            answer = await self.person.post("/v1/sync/fetch", asked)
            assert answer.status_code == 200, answer.text
            for one in answer.json()["items"]:
                key = (one["kind"], one["id"])
                (line,) = (line for line in part if (line["kind"], line["id"]) == key)
                self.held[key], self.etags[key] = one["content"], one["etag"]
                self.belongs[key] = (line["case_id"], line["client_id"])
                self.versions[key], self.members[key] = line["version"], line["member_client_id"]

    def _has(self, line: dict[str, Any]) -> bool:
        return self.versions.get((line["kind"], line["id"])) == line["version"]


def told(lines: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Return what was told, without versions."""
    return {(line["state"], line["kind"], line["id"]) for line in lines}
