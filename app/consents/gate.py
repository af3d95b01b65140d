"""Whether a consent holds now, asked and locked in the transaction of what rests on it.

The lock is what makes a withdrawal final: either the disclosure commits first and the withdrawal revokes
it, or the withdrawal commits first and the disclosure is refused. There is no third order.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from app.access.context import Context
from app.consents.models import Consent
from app.consents.rules import TRANSFER, Direction, Scope, in_words, lacking, nearest
from app.kit.errors import Incomplete


def scope_of(consent: Consent, at: datetime | None = None) -> Scope:
    """Return what a consent covers; at a moment that is past, not yet ended by what was told afterwards."""
    told_at = consent.withdrawal_told_at
    return Scope(
        categories=frozenset(consent.data_categories),
        direction=consent.direction,
        given_on=consent.given_on,
        valid_until=consent.valid_until,
        is_withdrawn=told_at is not None and (at is None or told_at <= at),
    )


def _candidates(client_id: UUID, recipient_id: UUID, purpose: str, case_id: UUID | None) -> Select[Consent]:
    recipient = Consent.receiving_unit_id if purpose == TRANSFER else Consent.institution_id
    return (
        select(Consent)
        .where(
            Consent.client_id == client_id,
            recipient == recipient_id,
            Consent.purpose == purpose,
            or_(Consent.case_id.is_(None), Consent.case_id == case_id),
        )
        .order_by(Consent.id.desc())
        .execution_options(populate_existing=True)
    )


def locking(statement: Select[Any]) -> Select[Any]:
    """Return the statement holding its rows against a withdrawal until the transaction ends."""
    return statement.with_for_update(read=True)


async def require_consent(
    ctx: Context,
    *,
    client_id: UUID,
    recipient_id: UUID,
    purpose: str,
    categories: Iterable[str],
    direction: Direction,
    on: date,
    case_id: UUID | None = None,
    at: datetime | None = None,
) -> Consent:
    """Return the newest consent that covers this use, locked against withdrawal.

    The recipient is an institution; of a transfer, the unit that is to take the case over. Of a use that has
    taken place, `at` says when it began: what was told afterwards did not end it.

    Raises 409 `consent_missing` naming what is missing: recipient, category, direction, expired, withdrawn.
    """
    statement = locking(_candidates(client_id, recipient_id, purpose, case_id))
    return _choose((await ctx.db.scalars(statement)).all(), frozenset(categories), direction, on, at)


async def missing_consent(
    ctx: Context,
    *,
    client_id: UUID,
    recipient_id: UUID,
    purpose: str,
    categories: Iterable[str],
    direction: Direction,
    on: date,
    case_id: UUID | None = None,
) -> tuple[str, ...]:
    """Return what a consent still lacks, without locking: for a preview, never for a decision."""
    found = (await ctx.db.scalars(_candidates(client_id, recipient_id, purpose, case_id))).all()
    wanted = frozenset(categories)
    lacks = [lacking(scope_of(each), categories=wanted, direction=direction, on=on) for each in found]
    return nearest(lacks)


async def held_categories(
    ctx: Context,
    *,
    client_id: UUID,
    recipient_id: UUID,
    purpose: str,
    categories: Iterable[str],
    direction: Direction,
    on: date,
    case_id: UUID | None = None,
) -> frozenset[str] | None:
    """Return what the consent that covers most of this covers; None where none holds. For a draft only."""
    found = (await ctx.db.scalars(_candidates(client_id, recipient_id, purpose, case_id))).all()
    wanted = frozenset(categories)
    held = [
        scope.categories & wanted
        for scope in map(scope_of, found)
        if not lacking(scope, categories=(), direction=direction, on=on)
    ]
    return max(held, key=len) if held else None


def _choose(
    found: Iterable[Consent],
    wanted: frozenset[str],
    direction: Direction,
    on: date,
    at: datetime | None,
) -> Consent:
    lacks: list[tuple[str, ...]] = []
    for consent in found:
        missing = lacking(scope_of(consent, at), categories=wanted, direction=direction, on=on)
        if not missing:
            return consent
        lacks.append(missing)
    raise Incomplete(
        f"The consent that comes nearest does not cover this: {in_words(nearest(lacks))}."
        if lacks
        else "The client has given no consent to this: record one first.",
        missing=nearest(lacks),
        code="consent_missing",
    )
