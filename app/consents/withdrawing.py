"""Withdrawing a consent: by those who work with the client, or by whoever of the unit is told of it.

A withdrawal reaches the whole chain of renewals, and unless it was meant of one consent alone every other by
which the same recipient would get data for the same purpose: an older one would carry the next referral.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.access.relations import require_relation
from app.access.roles import Role
from app.audit import journal
from app.catalogues.check import require_code
from app.consents.events import ConsentWithdrawn, WithdrawalTaken
from app.consents.models import Consent, UnplacedWithdrawal
from app.consents.schemas import ConsentWithdraw, WithdrawalSettle, WithdrawalTake
from app.directory.models import Institution
from app.kit.changes import locked
from app.kit.clock import not_ahead
from app.kit.errors import Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected

_LOCK = "SELECT lock_withdrawn($1, $2, $3)"
_WITHDRAW = "SELECT * FROM withdraw_consents($1, $2, $3, $4, $5, $6)"
_TAKE = "SELECT * FROM take_withdrawal($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
_KNOWN = "SELECT $1 = ANY (my_clients())"


async def withdraw_consent(ctx: Context, consent_id: UUID, body: ConsentWithdraw, expected: Expected) -> UUID:
    """End a consent now, with what it renewed and what renewed it; whoever relies on it stops at once.

    So does every other to the same recipient for the same purpose that was given before, unless `only_this`:
    also what is bound to cases that the actor does not see, of which the answer tells nothing.
    """
    told_at = _told_at(ctx, body.told_at)
    driver = await ctx.db.driver()
    if not await driver.fetchval(_LOCK, consent_id, body.only_this, told_at):
        raise NotFound
    named = select(Consent).where(Consent.id == consent_id).execution_options(populate_existing=True)
    consent = (await ctx.db.scalars(named)).one()
    expected.check(consent)
    await require_relation(ctx, client_id=consent.client_id)
    if consent.withdrawn_at is not None:
        raise WrongState("The consent is withdrawn already.", state="withdrawn", allowed=[])
    if told_at < consent.given_at:
        raise Invalid.at("body.told_at", "before_start", "A consent is withdrawn after it was given.")
    meant = (consent_id, body.only_this, body.channel, body.note, told_at, ctx.now)
    for row in await driver.fetch(_WITHDRAW, *meant):
        await _ended(ctx, *row)
    return consent_id


async def take_withdrawal(ctx: Context, body: WithdrawalTake) -> UUID:
    """Take down what somebody says at the counter, and return a receipt that tells nothing of them.

    It ends at once what is meant of the one client whom the words fit. Where they fit nobody, or several,
    the privacy officers are told.
    """
    unit_id = _unit(ctx, body.unit_id)
    told_at = _told_at(ctx, body.told_at)
    require_code("consent_purpose", body.purpose, "body.purpose")
    await _require_institution(ctx, body.institution_id)
    driver = await ctx.db.driver()
    if body.client_id is not None and not await driver.fetchval(_KNOWN, body.client_id):
        raise NotFound
    receipt = new_id()
    person = body.person
    names = (person.given_name, person.family_name, person.birth_date) if person else (None, None, None)
    rows = await driver.fetch(
        _TAKE, receipt, unit_id, body.client_id, *names,
        body.institution_id, body.purpose, body.channel, told_at, ctx.now,
    )  # fmt: skip
    for row in rows:
        await _ended(ctx, *row)
    pseudonyms = {row["pseudonym"] for row in rows}
    await journal.record(ctx.db, "consent.take_withdrawal", "withdrawal", receipt, clients=pseudonyms)
    # Also where it was placed: who looks into the outbox by its size learns nothing; the handler looks again.
    await ctx.publish(WithdrawalTaken(receipt))
    return receipt


async def settle_withdrawal(
    ctx: Context, withdrawal_id: UUID, body: WithdrawalSettle, expected: Expected
) -> UUID:
    """Say what became of a withdrawal that could not be placed; who had said so is forgotten."""
    kept = await locked(ctx.db, UnplacedWithdrawal, withdrawal_id, expected)
    if kept.settled_at is not None:
        raise WrongState("The withdrawal is settled already.", state="settled", allowed=[])
    kept.outcome = body.outcome
    kept.settled_at = ctx.now
    kept.settled_by = ctx.actor.user_id
    kept.given_name = kept.family_name = kept.birth_date = None
    await journal.record(ctx.db, "consent.settle_withdrawal", "withdrawal", withdrawal_id)
    return withdrawal_id


async def _ended(
    ctx: Context, consent_id: UUID, client_id: UUID, case_id: UUID | None, purpose: str, pseudonym: UUID
) -> None:
    await journal.record(
        ctx.db, "consent.withdraw", "consent", consent_id, clients=[pseudonym], purpose=purpose
    )
    await ctx.publish(ConsentWithdrawn(consent_id, client_id, case_id, purpose, pseudonym, ctx.actor.user_id))


def _told_at(ctx: Context, told_at: datetime | None) -> datetime:
    if (moment := not_ahead(told_at or ctx.now, ctx.now)) is None:
        raise Invalid.at("body.told_at", "in_the_future", "A withdrawal is taken down after it was told.")
    return moment


def _unit(ctx: Context, named: UUID | None) -> UUID:
    mine = ctx.actor.places(Role.CASE_MANAGER) | ctx.actor.places(Role.TEAM_LEAD)
    if named is not None and named not in mine:
        raise Invalid.at("body.unit_id", "unknown_reference", "Name a unit at which you work.")
    if named is None and len(mine) > 1:
        raise Invalid.at("body.unit_id", "missing", "You work at several units: name the one you sit at.")
    return named or min(mine)


async def _require_institution(ctx: Context, institution_id: UUID | None) -> None:
    if institution_id is None:
        return
    found = select(Institution.id).where(Institution.id == institution_id)
    if await ctx.db.scalar(found) is None:
        raise Invalid.at("body.institution_id", "unknown_reference", "There is no such institution.")
