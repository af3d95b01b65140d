"""Writing the journal, in the transaction of the act; if it cannot be written, the act fails."""

from collections.abc import Iterable
from uuid import UUID

from app.kit.database import Db

_RECORD = """INSERT INTO audit_journal
(action, object_type, object_id, client_pseudonyms, purpose, legal_basis, outcome, reason, changed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"""

_REFUSE = "SELECT note_refusal($1, $2, $3, $4)"


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


async def record_refusal(
    db: Db, *, action: str, reason: str, asked_for: tuple[str, UUID] | None = None
) -> None:
    """Write that somebody was refused; called in a transaction of its own after the rollback.

    What they asked for is named when it exists in their area, whether they see it or not. What was not found
    is written once a minute for each person, action and object.
    """
    kind, identity = asked_for or (None, None)
    driver = await db.driver()
    await driver.execute(_REFUSE, action, kind, identity, reason)
