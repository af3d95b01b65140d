"""The people of the journey, each signed in over real HTTP, and what they keep in mind."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from app.kit.clock import local_date, utc_now
from tests.hurry import NO_HURRY
from tests.world import World, fresh_key

PASSWORD = "Vier Kraniche ziehen suedwaerts"
CHOSEN = "Sieben Otter bauen am Damm"
TODAY = local_date(utc_now())


@dataclass
class Story:
    """Where the story plays, who is in it, and the ids that one chapter hands to the next."""

    world: World
    address: str
    people: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    async def sign_in(self, name: str, email: str, password: str = CHOSEN) -> httpx.AsyncClient:
        """Sign somebody in for good."""
        if name in self.people:
            await self.people[name].aclose()
        http = httpx.AsyncClient(base_url=self.address, timeout=NO_HURRY)
        answer = await http.post("/v1/sessions", json={"email": email, "password": password})
        assert answer.status_code == 201, answer.text
        http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        self.people[name] = http
        return http

    async def begin_work(self, name: str, email: str) -> None:
        """Sign in with the password the administrator gave, choose an own one, sign in again."""
        http = await self.sign_in(name, email, PASSWORD)
        refused = await http.get("/v1/units")
        assert (refused.status_code, refused.json()["code"]) == (403, "password_change_required")
        changed = await http.put(
            "/v1/me/password", json={"current_password": PASSWORD, "new_password": CHOSEN}
        )
        assert changed.status_code in (200, 204), changed.text

    async def do(self, name: str, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Send a request in somebody's name; a partner's POST has a new key."""
        given = fresh_key(method, path) | {key.replace("_", "-"): value for key, value in headers.items()}
        return await self.people[name].request(method, path, json=body, headers=given)

    async def made(self, name: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """Send a POST that must succeed and return what came of it."""
        answer = await self.do(name, "POST", path, body, **headers)
        assert answer.status_code in (200, 201), f"{path}: {answer.text}"
        return dict(answer.json())

    async def seen(self, name: str, path: str) -> dict[str, Any]:
        """Send a GET that must succeed and return the answer."""
        answer = await self.do(name, "GET", path)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        return dict(answer.json())

    async def refused(self, name: str, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Send a request that must not succeed and return status and code."""
        answer = await self.do(name, method, path, body)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["code"]

    async def version(self, name: str, path: str) -> str:
        """Return the version that somebody sees."""
        return (await self.do(name, "GET", path)).headers["etag"]


def last_quarter() -> str:
    """Return the quarter that ended last."""
    quarter = (TODAY.month + 2) // 3
    return f"{TODAY.year}Q{quarter - 1}" if quarter > 1 else f"{TODAY.year - 1}Q4"


def in_days(number: int) -> str:
    """Return a date from today."""
    return (TODAY + timedelta(days=number)).isoformat()
