"""Reads that write their own journal entry in the same statement.

A select labels the pseudonym of each client whose data it shows as `_client`; the entry carries all of
them. Reads of data about nobody use `app.kit.reading` directly.
"""

from app.kit.reading import AnySelect, Many, One


def one(action: str, object_type: str, statement: AnySelect, *, withheld: tuple[str, ...] = ()) -> One:
    """Return a read of one object; the select has a column `id`. Nothing seen, nothing written."""
    journal = _journal(action, object_type, statement, object_id="(SELECT id FROM shown)")
    return One(statement, journal, withheld)


def many(
    action: str,
    object_type: str,
    statement: AnySelect,
    order: tuple[str, ...],
    *,
    descending: bool = False,
    unsaid: tuple[str, ...] = (),
    withheld: tuple[str, ...] = (),
) -> Many:
    """Return a read of a list; an empty answer is written too."""
    journal = _journal(action, object_type, statement, object_id="NULL")
    return Many(statement, order, descending, journal, unsaid, withheld)


def _journal(action: str, object_type: str, statement: AnySelect, *, object_id: str) -> str:
    clients = "'{}'::uuid[]"
    if "_client" in statement.selected_columns:
        shown = "SELECT array_agg(DISTINCT _client) FILTER (WHERE _client IS NOT NULL) FROM shown"
        clients = f"coalesce(({shown}), '{{}}')"
    seen = "" if object_id == "NULL" else " WHERE EXISTS (SELECT FROM shown)"
    return (
        ", journal AS (INSERT INTO audit_journal (action, object_type, object_id, client_pseudonyms)"
        f" SELECT '{action}', '{object_type}', {object_id}, {clients}{seen})"
    )
