"""Reading the address one shares, and the dates behind it."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from starlette.responses import Response

from app.access.context import Context
from app.calendars.icalendar import Entry, render
from app.calendars.models import CalendarFeed
from app.kit.clock import local_date
from app.kit.database import Db
from app.kit.reading import JsonBytes, One

BEHIND, AHEAD = timedelta(days=30), timedelta(days=400)
MEDIA_TYPE = "text/calendar"
_MOST = 2000

OWN = One(
    select(CalendarFeed.id, CalendarFeed.created_at, CalendarFeed.last_used_at).where(
        CalendarFeed.revoked_at.is_(None)
    )
)
_DATES = """SELECT t.id, t.kind, t.due_on, t.due_at, t.minutes, t.changed_at, t.version
FROM tasks t JOIN cases c ON c.municipal_area_id = t.municipal_area_id AND c.id = t.case_id
WHERE t.done_at IS NULL AND c.phase <> 'closed' AND t.due_on BETWEEN $1 AND $2
AND (t.assignee_id = ctx_user() OR ctx_user() = ANY (t.participant_ids))
UNION ALL
SELECT f.id, 'appointment', (f.starts_at AT TIME ZONE 'Europe/Berlin')::date, f.starts_at,
    f.minutes, f.changed_at, f.version
FROM own_conferences() f
WHERE f.state = 'planned' AND (f.starts_at AT TIME ZONE 'Europe/Berlin')::date BETWEEN $1 AND $2
ORDER BY due_on, id LIMIT $3"""


async def read_calendar(ctx: Context) -> JsonBytes:
    """Return the living address without its secret; 404 when there is none."""
    return await OWN.answer(ctx.db)


async def read_dates(db: Db, owner: UUID, now: datetime, known: str | None) -> Response:
    """Return the dates of whoever the transaction acts as, or 304 when the program has them already."""
    today = local_date(now)
    driver = await db.driver()
    rows = await driver.fetch(_DATES, today - BEHIND, today + AHEAD, _MOST)
    document = render((Entry(*row.values()) for row in rows), owner)
    tag = f'"{hashlib.sha256(document).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-store"}
    if known is not None and tag in [each.strip().removeprefix("W/") for each in known.split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(document, media_type=MEDIA_TYPE, headers=headers)
