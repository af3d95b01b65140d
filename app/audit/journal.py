"""Writing the journal, in the transaction of the act; if it cannot be written, the act fails."""

from collections.abc import Iterable
from uuid import UUID

from app.kit.database import Db

_RECORD = """INSERT INTO audit_journal
(action, object_type, object_id, client_pseudonyms, purpose, legal_basis, outcome, reason, changed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"""


async def record(
    db: Db,
    action: str,
    object_type: str,
    object_id: UUID | None,
    *,
    clients: Iterable[UUID] = (),
    purpose: str | None = None,
    legal_basis: str | None = None,
    changed: Iterable[str] = (),
) -> None:
    """Write that something was done; `clients` are pseudonyms, `changed` names of fields, never values."""
    driver = await db.driver()
    await driver.execute(
        _RECORD,
        action,
        object_type,
        object_id,
        list(clients),
        purpose,
        legal_basis,
        "done",
        None,
        sorted(changed),
    )


async def record_refusal(db: Db, *, action: str, reason: str) -> None:
    """Write that somebody was refused; called in a transaction of its own after the rollback."""
    driver = await db.driver()
    await driver.execute(_RECORD, action, "operation", None, [], None, None, "refused", reason, [])
