"""What the worker does with a merge that nobody has undone: it becomes final.

What was before is forgotten, and the merged record is deleted with what both had alike. Its id and its
pseudonym stay in the merge, so that links and the journal still lead to the person.
"""

from datetime import datetime

from app.kit.database import Db

BATCH = 50

_DUE = """SELECT id, merged_client_id FROM client_merges
WHERE undone_at IS NULL AND final_at IS NULL AND undo_until < $1 ORDER BY undo_until, id LIMIT $2"""
_FINAL = """UPDATE client_merges SET final_at = $2, changes = NULL
WHERE id = ANY ($1) AND undone_at IS NULL AND final_at IS NULL AND undo_until < $2
RETURNING merged_client_id"""
_FORGET = "DELETE FROM client_merge_moves WHERE merge_id = ANY ($1)"
_DELETE = "DELETE FROM clients WHERE id = ANY ($1) AND merged_into IS NOT NULL"


async def finish_due(db: Db, now: datetime) -> int:
    """Make due merges final and return how many."""
    driver = await db.driver()
    due = [row["id"] for row in await driver.fetch(_DUE, now, BATCH)]
    merged = [row["merged_client_id"] for row in await driver.fetch(_FINAL, due, now)]
    await driver.execute(_FORGET, due)
    await driver.execute(_DELETE, merged)
    return len(merged)
