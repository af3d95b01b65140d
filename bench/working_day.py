"""A case manager's day at volume: cases with much in them, their stories, and the working list.

Measured as single requests over four connections, as four people at work send them; there is no floor beside
it, the limit is a time.
"""

from collections.abc import Sequence

import asyncpg
import orjson

from app.kit.catching_up import NOW, Mark, Place, encode
from bench.checking import SPELLINGS
from bench.scene import Scene

CONNECTIONS = 4
LIMIT_MS = 50.0
"""95th percentile, at 200,000 clients."""

_FURNISHED = "SELECT EXISTS (SELECT FROM tasks WHERE case_id = ANY ($1) AND title = 'Nachweis anfordern')"
_CASES = """WITH mine AS (SELECT c.municipal_area_id AS area, c.id, c.client_id, c.unit_id, c.lead_user_id,
    k.pseudonym, c.opened_on FROM cases c
    JOIN clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id WHERE {}) """
_OF_ALL = _CASES.format("c.closed_on IS NULL AND NOT c.id = ANY ($1)")
_OF_MINE = _CASES.format("c.id = ANY ($1)")
_ENTRIES = (
    """INSERT INTO contacts (municipal_area_id, id, case_id, contact_type, happened_at, minutes, author_id,
        note)
    SELECT area, gen_random_uuid(), id, 'phone', now() - n * interval '3 days', 15, lead_user_id,
        repeat('Rückruf, Termin vereinbart. ', 8) FROM mine, generate_series(1, 80) n""",
    """INSERT INTO residence_documents (municipal_area_id, id, client_id, valid, recorded_at, recorded_by,
        strand, residence_status, printed_end)
    SELECT DISTINCT ON (client_id) area, gen_random_uuid(), client_id, daterange(current_date - 300, NULL),
        now(), lead_user_id, 'title', 'AE-25.2B', current_date + 20 FROM mine
    WHERE NOT EXISTS (SELECT FROM residence_documents d WHERE d.client_id = mine.client_id)""",
)
_CONTENT = (
    """INSERT INTO tasks (municipal_area_id, id, case_id, title, due_on, assignee_id, created_by, created_at,
        state, done_at, done_by)
    SELECT area, gen_random_uuid(), id, 'Nachweis anfordern', current_date - n, lead_user_id, lead_user_id,
        now() - n * interval '5 days', CASE WHEN n > 3 THEN 'done' ELSE 'open' END,
        CASE WHEN n > 3 THEN now() - n * interval '1 day' END,
        CASE WHEN n > 3 THEN lead_user_id END FROM mine, generate_series(3, 2 + $2::int * 6) n""",
    """, made AS (INSERT INTO assessments (municipal_area_id, id, case_id, assessed_on, author_id)
        SELECT area, gen_random_uuid(), id, opened_on, lead_user_id FROM mine, generate_series(1, $2::int)
        RETURNING municipal_area_id, id, case_id)
    INSERT INTO assessment_domains (municipal_area_id, id, assessment_id, case_id, life_domain, state)
    SELECT municipal_area_id, gen_random_uuid(), id, case_id, 'work', 'need' FROM made""",
    """, made AS (INSERT INTO goals (municipal_area_id, id, case_id, life_domain, wording, set_on, target_on)
        SELECT area, gen_random_uuid(), id, 'work', 'Ich will arbeiten.', current_date - 90, current_date - n
        FROM mine, generate_series(1, $2::int) n RETURNING municipal_area_id, id, case_id, target_on)
    INSERT INTO measures (municipal_area_id, id, case_id, goal_id, wording, responsible, due_on)
    SELECT municipal_area_id, gen_random_uuid(), case_id, id, 'Bewerbung', 'client', target_on FROM made""",
    """, sent AS MATERIALIZED (SELECT mine.*, gen_random_uuid() AS request, n,
        (SELECT i.id FROM institutions i WHERE i.municipal_area_id = area LIMIT 1) AS institution
        FROM mine, generate_series(1, $2::int) n),
    requests AS (INSERT INTO referral_requests (municipal_area_id, id, institution_id, unit_id,
            client_pseudonym, channel, urgency, state, delivery, requested_at, deadline_at, answer_days,
            answered_at)
        SELECT area, request, institution, unit_id, pseudonym, 'platform', 'normal',
            CASE n WHEN 1 THEN 'requested' WHEN 2 THEN 'rejected' ELSE 'accepted' END, 'offered',
            now() - interval '12 days', now() + interval '2 days', 14,
            CASE WHEN n > 1 THEN now() - interval '1 day' END FROM sent),
    referred AS (INSERT INTO referrals (municipal_area_id, id, case_id, client_id, legal_basis,
            data_categories, concern_text, created_by)
        SELECT area, request, id, client_id, 'consent', '{master_data}', 'Antrag', lead_user_id FROM sent),
    proposed AS (INSERT INTO barrier_proposals (municipal_area_id, id, case_id, referral_id, institution_id,
            barrier_type, outcome)
        SELECT area, gen_random_uuid(), id, request, institution, 'B1', 'no_answer' FROM sent WHERE n < 2)
    INSERT INTO referral_events (municipal_area_id, id, referral_id, institution_id, at, step, from_state,
        to_state, side, user_id)
    SELECT area, gen_random_uuid(), request, institution, now() - (12 - s) * interval '1 day', 'send',
        (ARRAY['draft', 'requested'])[s], (ARRAY['requested', 'accepted'])[s], 'sender', lead_user_id
    FROM sent, generate_series(1, 2) s""",
    """INSERT INTO interpretings (municipal_area_id, id, case_id, language, mode, starts_at, minutes,
        created_by)
    SELECT area, gen_random_uuid(), id, 'ara', 'on_site', now() + n * interval '1 day', 60, lead_user_id
    FROM mine, generate_series(1, $2::int) n""",
    """INSERT INTO contact_drafts (municipal_area_id, id, case_id, author_id)
    SELECT area, gen_random_uuid(), id, lead_user_id FROM mine, generate_series(1, $2::int) n""",
    """INSERT INTO tombstones (municipal_area_id, id, kind, object_id, case_id, user_id)
    SELECT area, gen_random_uuid(), 'contact_draft', gen_random_uuid(), id, lead_user_id
    FROM mine, generate_series(1, $2::int) n""",
    """INSERT INTO disputes (municipal_area_id, id, client_id, entry, says, disputed_by, disputed_on,
        recorded_by)
    SELECT area, gen_random_uuid(), client_id, 'client', 'Das Datum stimmt nicht.', 'client',
        current_date - n, lead_user_id FROM mine, generate_series(1, $2::int) n""",
)
MUCH, LITTLE = 4, 1
"""How much is in a case of the measured user, and in everybody else's."""


async def furnish(admin_url: str, scene: Scene) -> None:
    """Give every open case a story, and the measured user's a long one with much that is due; once."""
    connection = await asyncpg.connect(admin_url)
    try:
        if await connection.fetchval(_FURNISHED, scene.cases):
            return
        async with connection.transaction():
            # Foreign keys are not looked up for rows made from their own targets.
            await connection.execute("SET LOCAL session_replication_role = replica")
            for entries in _ENTRIES:
                await connection.execute(_OF_MINE + entries, scene.cases)
            for content in _CONTENT:
                await connection.execute(_OF_ALL + content, scene.cases, LITTLE)
                await connection.execute(_OF_MINE + content, scene.cases, MUCH)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


_USER = "SELECT municipal_area_id, user_id FROM sessions WHERE id = $1"
_PRESENT = f"SELECT {NOW}"
_TOUCH = """UPDATE tasks SET version = version WHERE id = ANY (ARRAY(
    SELECT id FROM tasks WHERE case_id = ANY ($1) ORDER BY id LIMIT 40))"""


async def cursor_before_some_changes(admin_url: str, scene: Scene) -> str:
    """Return a cursor of the measured user from before forty of their tasks were changed."""
    connection = await asyncpg.connect(admin_url)
    try:
        user = await connection.fetchrow(_USER, scene.session)
        now = await connection.fetchrow(_PRESENT)
        await connection.execute(_TOUCH, scene.cases)
    finally:
        await connection.close()
    place = Place(Mark.of(now))
    return encode(place, now["epoch"], f"{user['municipal_area_id']} {user['user_id']}")


async def take_back(admin_url: str, note: str) -> None:
    """Delete the contacts that the measurement wrote, so that the next one meets the same cases."""
    connection = await asyncpg.connect(admin_url)
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            await connection.execute("DELETE FROM contacts WHERE note = $1", note)
        await connection.execute("VACUUM ANALYZE contacts")
    finally:
        await connection.close()


def operations(
    scene: Scene, cursor: str, persons: Sequence[asyncpg.Record]
) -> dict[str, list[tuple[str, str, bytes]]]:
    """Return what is asked for: persons, the story of each case, the list of the day, what a phone asks."""
    asked = [{"kind": "case", "id": str(case)} for case in scene.cases[:10]]
    names = [f"{row['given_name']} {row['family_name']}" for row in persons]
    searches = {
        f"search, {kind}": [
            ("POST", "/v1/clients/search?limit=10", orjson.dumps({"name": spell(name)})) for name in names
        ]
        for kind, spell in SPELLINGS.items()
    }
    return searches | {
        "timeline": [("GET", f"/v1/cases/{case}/timeline?limit=50", b"") for case in scene.cases],
        "work": [("GET", "/v1/me/work?limit=20", b"")],
        "sync, the first page": [("GET", "/v1/sync?limit=200", b"")],
        "sync, forty changes": [("GET", f"/v1/sync?since={cursor}", b"")],
        "sync, ten contents": [("POST", "/v1/sync/fetch", orjson.dumps({"items": asked}))],
    }
