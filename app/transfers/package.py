"""What goes along with a case, and freezing it: deny by default, by category and by life domain."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select

from app.access.context import Context
from app.cases.models import Assessment, AssessmentDomain, Case, CaseContent, Contact, Goal, Measure
from app.clients.record import collect_record
from app.kit.clock import local_date
from app.referrals.package import Frozen, freeze
from app.referrals.rules import tells_of_shelter
from app.transfers.documents import told_of
from app.transfers.models import CaseTransfer
from app.transfers.rules import CASE_RECORD, leaves

_CONSENTS = """SELECT DISTINCT purpose FROM consents
WHERE client_id = $1 AND purpose <> 'transfer' AND (case_id IS NULL OR case_id = $2)
    AND withdrawn_at IS NULL AND valid_until >= $3 ORDER BY purpose"""
_GOAL = ("life_domain", "wording", "indicator", "set_on", "target_on", "progress")
_MEASURE = ("wording", "responsible", "responsible_name", "due_on", "note")
_CONTACT = ("contact_type", "happened_at", "minutes", "language", "interpreter", "institution_name", "note")
_DOMAIN = ("life_domain", "state", "scale", "note")


class TooWide(Exception):
    """Something stands in the package that never leaves: a fault of ours, so nothing leaves."""


async def build(ctx: Context, transfer: CaseTransfer, client_id: UUID) -> Frozen:
    """Collect what person and case hold now, as far as the chosen categories reach, and freeze it."""
    record = await collect_record(ctx, client_id, transfer.data_categories)
    content = {
        **record,
        "case": await _case(ctx, transfer),
        "documents": await told_of(ctx, transfer, client_id),
        "consents": await _consents(ctx, transfer, client_id),
        "data_categories": sorted(transfer.data_categories),
    }
    plain = orjson.loads(orjson.dumps(content, default=str))
    if tells_of_shelter(plain):
        raise TooWide
    return freeze(plain)


async def _consents(ctx: Context, transfer: CaseTransfer, client_id: UUID) -> list[str]:
    """Return for which purposes consents are held: with the record of the case only, of which they tell."""
    if CASE_RECORD not in transfer.data_categories:
        return []
    driver = await ctx.db.driver()
    rows = await driver.fetch(_CONSENTS, client_id, transfer.case_id, local_date(ctx.now))
    return [row["purpose"] for row in rows]


async def _case(ctx: Context, transfer: CaseTransfer) -> dict[str, Any]:
    case = (await ctx.db.scalars(select(Case).where(Case.id == transfer.case_id))).one()
    known: dict[str, Any] = {"kind": case.kind, "phase": case.phase, "opened_on": case.opened_on}
    if CASE_RECORD not in transfer.data_categories:
        return known
    content = (await ctx.db.scalars(select(CaseContent).where(CaseContent.id == transfer.case_id))).one()
    known |= {"concern": content.concern, "summary": content.summary}
    known["assessment"] = await _assessment(ctx, transfer)
    known["goals"] = await _goals(ctx, transfer)
    known["contacts"] = await _contacts(ctx, transfer)
    return {name: value for name, value in known.items() if value not in (None, [])}


async def _assessment(ctx: Context, transfer: CaseTransfer) -> dict[str, Any] | None:
    """Return the latest assessment with the domains that may leave; its summary only with all of them."""
    latest = await ctx.db.scalar(
        select(Assessment)
        .where(Assessment.case_id == transfer.case_id)
        .order_by(Assessment.assessed_on.desc(), Assessment.id.desc())
        .limit(1)
    )
    if latest is None:
        return None
    of_it = select(AssessmentDomain).where(AssessmentDomain.assessment_id == latest.id)
    rows = (await ctx.db.scalars(of_it.order_by(AssessmentDomain.life_domain))).all()
    domains = [_fields(row, _DOMAIN) for row in rows if leaves(row.life_domain, transfer.data_categories)]
    if not domains:
        return None
    whole = len(domains) == len(rows)
    return {"assessed_on": latest.assessed_on, "domains": domains} | (
        {"summary": latest.summary} if whole and latest.summary else {}
    )


async def _goals(ctx: Context, transfer: CaseTransfer) -> list[dict[str, Any]]:
    """Return the goals that are still pursued, each with its open measures."""
    open_goals = select(Goal).where(Goal.case_id == transfer.case_id, Goal.attainment.is_(None))
    goals = [
        goal
        for goal in (await ctx.db.scalars(open_goals.order_by(Goal.id))).all()
        if leaves(goal.life_domain, transfer.data_categories)
    ]
    open_measures = select(Measure).where(Measure.case_id == transfer.case_id, Measure.state == "open")
    measures = (await ctx.db.scalars(open_measures.order_by(Measure.id))).all()
    return [
        {
            **_fields(goal, _GOAL),
            "measures": [_fields(each, _MEASURE) for each in measures if each.goal_id == goal.id],
        }
        for goal in goals
    ]


async def _contacts(ctx: Context, transfer: CaseTransfer) -> list[dict[str, Any]]:
    return [
        _fields(row, _CONTACT) for row in await chosen_contacts(ctx, transfer.case_id, transfer.contact_ids)
    ]


async def chosen_contacts(ctx: Context, case_id: UUID, ids: Collection[UUID]) -> list[Contact]:
    """Return the chosen entries of a case that count, oldest first."""
    wanted = select(Contact).where(
        Contact.case_id == case_id, Contact.id.in_(ids), Contact.corrected_by_id.is_(None)
    )
    return list((await ctx.db.scalars(wanted.order_by(Contact.happened_at, Contact.id))).all())


def _fields(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}
