"""The stage of the scene: people, what they send and what comes back, written down in order."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from app.access.roles import Role
from app.contract import operations
from app.kit.clock import BERLIN, local_date, utc_now
from tests.identity.arrange import PASSWORD, hashed
from tests.world import Person, World, fresh_key

ANYONE = "anyone"
FILE = "(bytes)"
"""What an example shows of a picture or another file."""
AS_TEXT = ("text/", "application/octet-stream")
FORM = "application/x-www-form-urlencoded"
TODAY, NOW = date(2026, 5, 4), datetime(2026, 5, 4, 9, tzinfo=UTC)
"""The day and moment to which a record moves its own."""
RELEASED = "2026Q1"
"""The quarter of the release; always the same, because its year shows in tables, labels and digests."""
CAST: dict[str, tuple[Role, str]] = {
    "Ina Conrads": (Role.ADMIN, "KI"),
    "Anja Berger": (Role.CASE_MANAGER, "KI"),
    "Murat Aydin": (Role.CASE_MANAGER, "KI"),
    "Lena Vogt": (Role.CASE_MANAGER, "KI"),
    "Sabine Reuter": (Role.TEAM_LEAD, "KI"),
    "Heike Brandt": (Role.COORDINATOR, "KI"),
    "Ralf Dickmann": (Role.COORDINATOR, "KI"),
    "Ute Kleinert": (Role.STEERING_MEMBER, "KI"),
    "Jonas Weber": (Role.ASSISTANT, "KI"),
    "Petra Niehaus": (Role.PRIVACY_OFFICER, "KI"),
    "Vera Lindner": (Role.STATE_VIEWER, "KI"),
    "Mehmet Kaya": (Role.PARTNER_USER, "jobcenter"),
    "Jobcenter (system)": (Role.PARTNER_SYSTEM, "jobcenter"),
    "Ewa Nowak": (Role.PARTNER_USER, "schule"),
    "Tim Scholz": (Role.AUTHORITY_OFFICER, "auslaenderbehoerde"),
    "Nina Falk": (Role.AUTHORITY_OFFICER, "auslaenderbehoerde"),
    "Klaus Hoffmann": (Role.TEAM_LEAD, "Caritas"),
    "Emine Demir": (Role.CASE_MANAGER, "Caritas"),
    "Nora Winter": (Role.PARTNER_USER, "landesdatenbank"),
}

Meanwhile = Callable[["Stage"], Awaitable[None]]


@dataclass
class Exchange:
    """One request and its answer, as they went over the wire."""

    by: str
    operation: str
    path: dict[str, str]
    query: dict[str, Any]
    headers: dict[str, str]
    body: Any
    status: int
    answer: Any
    media_type: str = "application/json"
    answer_type: str = ""

    def content(self) -> bytes | None:
        """Return the body as it goes over the wire."""
        if self.body is None:
            return None
        if self.media_type == FORM:
            return urlencode(self.body).encode()
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass
class Stage:
    """One area with its people; `exchanges` and `interludes` are the record of what happened there."""

    world: World
    meanwhile_of: dict[str, Meanwhile] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    record: list[Exchange | str] = field(default_factory=list)
    days: dict[date, int] = field(default_factory=dict)
    moments: dict[datetime, int] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    started: datetime = field(default_factory=utc_now)

    def __post_init__(self) -> None:
        self.today = local_date(self.started)
        self.routes = {route.name: (method, path) for method, path, route, _ in operations(self.world.app)}
        self.nobody = self.world.http()

    async def assemble(self) -> None:
        """Bring the cast on the stage, each signed in and with an address of their own."""
        for name, (role, place) in CAST.items():
            person = await self.world.person(role, unit=place, institution=place, name=name)
            self.people[name] = person
            self.given |= {name: str(person.user_id), place: str(person.place_id)}
            await self.world.admin.execute(
                "UPDATE accounts SET email = $2, password_hash = $3 WHERE id = $1",
                person.account_id, self.mail(name), hashed(PASSWORD),
            )  # fmt: skip

    def mail(self, name: str) -> str:
        """Return somebody's address; accounts are global, so it carries the area."""
        return f"{name.partition(' ')[2].lower()}@{self.world.area.lower()}.example"

    def day(self, number: int) -> str:
        """Return the day so many days from today."""
        day = self.today + timedelta(days=number)
        self.days[day] = number
        return day.isoformat()

    def moment(self, hours: int) -> str:
        """Return a moment about so many hours from now, on the day it is on when now is `NOW`.

        So it is at night as well: two hours ago is today even when today is one hour old.
        """
        day = self.today + (local_date(NOW + timedelta(hours=hours)) - TODAY)
        first, last = (
            datetime.combine(day, time(*minute, hours % 24), BERLIN) for minute in ((0, 0), (23, 59))
        )
        moment = min(max(self.started + timedelta(hours=hours), first), last)
        moment = moment.astimezone(UTC).replace(microsecond=0)
        self.moments[moment] = hours
        return moment.isoformat().replace("+00:00", "Z")

    @property
    def quarter(self) -> str:
        """The quarter of today."""
        return f"{self.today.year}Q{(self.today.month + 2) // 3}"

    async def do(
        self,
        by: str,
        operation: str,
        body: Any = None,
        *,
        at: dict[str, Any] | None = None,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        media_type: str = "application/json",
        **path: str,
    ) -> Any:
        """Use an operation in somebody's name; it must succeed. `at` is what they read before."""
        known = {"If-Match": f'"{at["version"]}"'} if at else {}
        keyed = fresh_key(*self.routes[operation], f"{operation.replace('_', '-')}-{len(self.record)}")
        said = {**keyed, **(headers or {}), **known}
        sent = Exchange(by, operation, path, query or {}, said, body, 0, None, media_type)
        answer = await self.send(sent)
        assert answer.status_code < 300, f"{operation}: {answer.status_code} {answer.text}"
        sent.status = answer.status_code
        sent.answer_type = answer.headers.get("content-type", "").partition(";")[0]
        sent.answer = _told(answer, sent.answer_type)
        self.record.append(sent)
        return sent.answer

    async def send(self, exchange: Exchange, by: str | None = None) -> httpx.Response:
        """Send a request as it is, in the name of who sent it first or of somebody else."""
        method, path = self.routes[exchange.operation]
        content, headers = exchange.content(), dict(exchange.headers)
        if content:
            headers["content-type"] = exchange.media_type
        return await self.http(by or exchange.by).request(
            method,
            path.format(**exchange.path),
            params=exchange.query or None,
            headers=headers,
            content=content,
        )

    def http(self, by: str) -> httpx.AsyncClient:
        """Return the connection of somebody of the cast, or nobody's."""
        return self.nobody if by == ANYONE else self.people[by].http

    async def meanwhile(self, what: str) -> None:
        """Let something happen that nobody asks for over HTTP."""
        await self.meanwhile_of[what](self)
        self.record.append(what)

    @property
    def exchanges(self) -> list[Exchange]:
        return [each for each in self.record if isinstance(each, Exchange)]


def _told(answer: httpx.Response, media_type: str) -> Any:
    """Return what an answer says, as an example shows it: JSON, a text, or that it is a file."""
    if not answer.content:
        return None
    if media_type.endswith("json"):
        return answer.json()
    return answer.text if media_type.startswith(AS_TEXT) else FILE
