"""The release of the last quarter, asked for by one coordinator and published by another."""

from datetime import timedelta

import asyncpg
import httpx

from app.background import worker_parts
from app.kit.clock import local_date, utc_now
from app.main import create_app, serve_app
from app.settings import Settings
from app.worker import run_once

_COORDINATORS = """SELECT m.municipal_area_id, array_agg(a.email ORDER BY a.email) AS emails
FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
JOIN accounts a ON a.id = u.account_id
WHERE m.role = 'coordinator' GROUP BY 1 HAVING count(*) > 1 ORDER BY 1"""


_HEARD = ("in_working_group", "in_project_group", "decided")


async def publish_last_quarter(settings: Settings, admin_url: str, password: str) -> None:
    """Let each area publish, through the API as its coordinators would."""
    connection = await asyncpg.connect(admin_url)
    rows = await connection.fetch(_COORDINATORS)
    await connection.close()
    app = create_app(settings)
    transport = httpx.ASGITransport(serve_app(app))
    try:
        for row in rows:
            async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
                await _publish(http, settings, row["emails"][0], row["emails"][1], password)
    finally:
        await app.state.gate.database.close()


async def _publish(
    http: httpx.AsyncClient, settings: Settings, first: str, second: str, password: str
) -> None:
    preparer = await sign_in(http, first, password)
    asked = await http.post("/v1/releases", json={"quarter": last_quarter()}, headers=preparer)
    asked.raise_for_status()
    async with worker_parts(settings) as (database, wiring):
        await run_once(database, wiring, utc_now, jobs=())
    await _hear(http, asked.json()["id"], preparer)
    publisher = await sign_in(http, second, password)
    published = await http.post(f"/v1/releases/{asked.json()['id']}/publish", headers=publisher)
    published.raise_for_status()
    await _check_effects(http, publisher)
    await _answer_the_council(http, asked.json()["id"], publisher)


async def _check_effects(http: httpx.AsyncClient, coordinator: dict[str, str]) -> None:
    """Check what is implemented: after one release the answer is that nothing can be concluded yet."""
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
    today = local_date(utc_now())
    quarter = (today.month + 2) // 3
    return f"{today.year}Q{quarter - 1}" if quarter > 1 else f"{today.year - 1}Q4"
