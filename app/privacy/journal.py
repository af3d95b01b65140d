"""Reading the journal, which is written into the journal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, DateTime, Text, Uuid, bindparam, func, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute

from app.access.context import Context
from app.audit import journal, reading
from app.audit.models import AuditEntry
from app.cases.queries.shapes import person
from app.kit.errors import Invalid, NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; what is None does not narrow."""

    since: datetime | None = None
    until: datetime | None = None
    user_id: UUID | None = None
    action: str | None = None
    object_type: str | None = None
    object_id: UUID | None = None
    outcome: str | None = None


def _matches(column: InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    wanted = bindparam(name, type_=column.type)
    return or_(wanted.is_(None), column == wanted)


_SINCE, _UNTIL = (bindparam(name, type_=DateTime(timezone=True)) for name in ("since", "until"))
_ABOUT = bindparam("client", type_=Uuid)
_ENTRIES = select(
    AuditEntry.position,
    AuditEntry.at,
    person(AuditEntry.municipal_area_id, AuditEntry.user_id).label("user"),
    func.coalesce(AuditEntry.roles, text("'{}'::text[]"), type_=ARRAY(Text)).label("roles"),
    AuditEntry.action,
    AuditEntry.object_type,
    AuditEntry.object_id,
    AuditEntry.client_pseudonyms.label("clients"),
    AuditEntry.purpose,
    AuditEntry.legal_basis,
    AuditEntry.outcome,
    AuditEntry.reason,
    AuditEntry.changed,
    AuditEntry.request_id,
).where(
    or_(_SINCE.is_(None), AuditEntry.at >= _SINCE),
    or_(_UNTIL.is_(None), AuditEntry.at < _UNTIL),
    *(
        _matches(getattr(AuditEntry, name), name)
        for name in ("user_id", "action", "object_type", "object_id", "outcome")
    ),
)
_NEWEST = ("at", "position")
ENTRIES = reading.many("audit.read", "audit", _ENTRIES, order=_NEWEST, descending=True)
# Array operators are not leakproof, so the index on pseudonyms cannot be used in front of a policy: a
# definer function finds the entries, and this select still shows them through the policy.
_FOUND = (
    "(audit_journal.at, audit_journal.position) IN (SELECT s.at, s.position FROM journal_about(:client) s)"
)
ABOUT_A_CLIENT = reading.many(
    "audit.read",
    "audit",
    _ENTRIES.add_columns(_ABOUT.label("_client")).where(text(_FOUND)),
    order=_NEWEST,
    descending=True,
)

_PSEUDONYM = "SELECT client_pseudonym($1)"


async def list_entries(
    ctx: Context, page: PageRequest, wanted: Wanted, *, client: UUID | None, client_id: UUID | None
) -> JsonBytes:
    """Return entries of the journal, the newest first.

    `client` is a pseudonym; `client_id` is looked up for a person who asks who has read their data, and the
    look-up is written down (404 for an unknown one).
    """
    if client is not None and client_id is not None:
        raise Invalid.at("query.client", "twice", "Name a client by pseudonym or by id, not both.")
    if client_id is not None:
        client = await _pseudonym_of(ctx, client_id)
    values = {name: getattr(wanted, name) for name in Wanted.__slots__}
    if client is None:
        return await ENTRIES.answer(ctx.db, page, **values)
    return await ABOUT_A_CLIENT.answer(ctx.db, page, client=client, **values)


async def _pseudonym_of(ctx: Context, client_id: UUID) -> UUID:
    driver = await ctx.db.driver()
    pseudonym: UUID | None = await driver.fetchval(_PSEUDONYM, client_id)
    if pseudonym is None:
        raise NotFound
    await journal.record(ctx.db, "client.pseudonym", "client", client_id, clients=[pseudonym])
    return pseudonym
