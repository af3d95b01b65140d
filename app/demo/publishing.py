"""The releases of the last two quarters, asked for by one coordinator and published by another."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

import asyncpg
import httpx

from app.background import worker_parts
from app.inquiries.rules import quarter_of
from app.kit.clock import local_date, months_later, utc_now
from app.main import create_app, serve_app
from app.settings import Settings
from app.worker import run_once

_COORDINATORS = """SELECT m.municipal_area_id, array_agg(a.email ORDER BY a.email) AS emails
FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
JOIN accounts a ON a.id = u.account_id
WHERE m.role = 'coordinator' GROUP BY 1 HAVING count(*) > 1 ORDER BY 1"""


_PUBLISHED = 2
"""Two quarters: a trend is a line from the second point on."""
Office = tuple[dict[str, str], dict[str, str]]
"""The headers of who prepares releases of an area, and of who publishes them."""
_HEARD = ("in_working_group", "in_project_group", "decided")


async def publish_last_quarters(settings: Settings, admin_url: str, password: str) -> None:
    """Let each area publish two quarters, so that there is a trend, through the API as coordinators would."""
    connection = await asyncpg.connect(admin_url)
    rows = await connection.fetch(_COORDINATORS)
    await connection.close()
    app = create_app(settings)
    transport = httpx.ASGITransport(serve_app(app))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
            offices = [await _office(http, row["emails"], password) for row in rows]
            before, last = last_quarters(_PUBLISHED)
            await _publish(http, settings, before, offices, is_heard=False)
            releases = await _publish(http, settings, last, offices, is_heard=True)
            for (_, publisher), release_id in zip(offices, releases, strict=True):
                await _check_effects(http, publisher)
                await _answer_the_council(http, release_id, publisher)
    finally:
        await app.state.gate.database.close()


async def _office(http: httpx.AsyncClient, emails: Sequence[str], password: str) -> Office:
    return await sign_in(http, emails[0], password), await sign_in(http, emails[1], password)


async def _publish(
    http: httpx.AsyncClient, settings: Settings, quarter: str, offices: Sequence[Office], *, is_heard: bool
) -> list[str]:
    """Ask for a quarter in every area, let the areas be computed side by side, and publish them."""
    found = []
    async with worker_parts(settings) as (database, wiring):
        await run_once(database, wiring, utc_now, jobs=())
        async with asyncio.TaskGroup() as computing:
            for preparer, _ in offices:
                asked = await http.post("/v1/releases", json={"quarter": quarter}, headers=preparer)
                asked.raise_for_status()
                found.append(str(asked.json()["id"]))
                computing.create_task(run_once(database, wiring, utc_now, jobs=()))
    for (preparer, publisher), release_id in zip(offices, found, strict=True):
        if is_heard:
            await _hear(http, release_id, preparer)
        published = await http.post(f"/v1/releases/{release_id}/publish", headers=publisher)
        published.raise_for_status()
    return found


async def _check_effects(http: httpx.AsyncClient, coordinator: dict[str, str]) -> None:
    """Check what is implemented: soon after the measure the answer is that nothing can be concluded yet."""
    obstacles = await http.get("/v1/obstacles", headers=coordinator)
    obstacles.raise_for_status()
    for obstacle in obstacles.json()["items"]:
        if obstacle["status"] == "implemented":
            checked = await http.post(f"/v1/obstacles/{obstacle['id']}/effect-checks", headers=coordinator)
            checked.raise_for_status()


async def _answer_the_council(http: httpx.AsyncClient, release_id: str, coordinator: dict[str, str]) -> None:
    """Answer one question of the council from what was published, and leave another as a draft."""
    cited = [{"release_id": release_id, "table": "categories_by_quarter"}]
    texts = (
        (
            "Woran scheitern Anliegen im Case Management am häufigsten?",
            "Die Tabelle zeigt, was gemeldet wurde.",
        ),
        ("Wie hat sich die Zahl der Barrieren entwickelt?", None),
    )
    for number, (question, answer) in enumerate(texts, 1):
        body = {
            "number": f"A {number}/{last_quarter()[:4]}", "asked_by": "Ausschuss für Integration",
            "asked_on": local_date(utc_now()).isoformat(), "question": question, "answer": answer,
            "citations": cited if answer else [],
        }  # fmt: skip
        made = await http.post("/v1/council-questions", json=body, headers=coordinator)
        made.raise_for_status()
        if answer:
            path = f"/v1/council-questions/{made.json()['id']}/answer"
            (await http.post(path, headers=coordinator)).raise_for_status()


async def _hear(http: httpx.AsyncClient, release_id: str, coordinator: dict[str, str]) -> None:
    """Ask the institutions that have people here what they say to the figures about their group."""
    until = (local_date(utc_now()) + timedelta(days=21)).isoformat()
    body = {"release_id": release_id, "comment_until": until}
    listed = await http.get("/v1/obstacles", headers=coordinator)
    for obstacle in listed.json()["items"]:
        if obstacle["status"] in _HEARD:
            path = f"/v1/obstacles/{obstacle['id']}/hearings"
            heard = await http.post(path, json=body, headers=coordinator)
            if heard.status_code != httpx.codes.CONFLICT:  # nobody of these institutions is here
                heard.raise_for_status()


async def sign_in(http: httpx.AsyncClient, email: str, password: str) -> dict[str, str]:
    """Return the header of somebody who is signed in."""
    answer = await http.post("/v1/sessions", json={"email": email, "password": password})
    answer.raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def last_quarter() -> str:
    """Return the quarter that ended last."""
    return last_quarters(1)[0]


def last_quarters(number: int) -> list[str]:
    """Return the quarters that ended last, oldest first."""
    today = local_date(utc_now())
    begin = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    return [quarter_of(months_later(begin, -3 * each)) for each in range(number, 0, -1)]
