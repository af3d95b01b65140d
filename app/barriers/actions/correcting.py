"""Correcting and resolving a report; its figures follow, the attributes of its persons stay."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from app.access.context import Context
from app.audit import journal
from app.barriers.actions.filing import (
    add_persons,
    check_codes,
    concerned,
    interface_columns,
    require_since_born,
)
from app.barriers.figures import Concerned, correct_figures, write_figures
from app.barriers.models import BarrierPerson, BarrierReport
from app.barriers.schemas import BarrierChange, BarrierResolve
from app.cases.subject import find_case, require_usable
from app.clients.models import Client
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.errors import Invalid, WrongState
from app.kit.versions import Expected


async def change_barrier(ctx: Context, report_id: UUID, body: BarrierChange, expected: Expected) -> None:
    """Correct a report and its figures."""
    report = await locked(ctx.db, BarrierReport, report_id, expected)
    case = await find_case(ctx, report.case_id)
    require_usable(case)
    await check_codes(ctx, body, report.reported_on)
    if body.since is not None and report.resolved_on is not None and body.since > report.resolved_on:
        raise Invalid.at("body.since", "out_of_order", "The barrier had gone before this day.")
    changed = _apply(report, body)
    if report.institution_id is None and report.interface_from is None:
        raise Invalid.at("body.institution_id", "missing", "Name an institution or an interface.")
    await ctx.db.flush()
    before = await _persons_of(ctx, report)
    after = before
    if body.persons is not None:
        after = await concerned(ctx, case, body.persons, report.reported_on)
        await _exchange_persons(ctx, report, before, after)
    if body.persons is not None or body.since is not None:
        require_since_born(after, report.since)
    await correct_figures(ctx, report, after)
    pseudonyms = {person.pseudonym for person in (*before, *after)}
    await journal.record(
        ctx.db, "barrier.change", "barrier", report_id, clients=sorted(pseudonyms), changed=changed
    )


def _apply(report: BarrierReport, body: BarrierChange) -> list[str]:
    sent = body.model_dump(exclude_unset=True)
    if "persons" in sent and sent.pop("persons") is None:
        raise Invalid.at("body.persons", "missing", "This cannot be empty.")
    if "interface" in sent:
        del sent["interface"]
        sent.update(interface_columns(body.interface))
    if body.persons is None or sent:
        changed = apply(report, sent, required=("barrier_type", "effect", "since"))
    else:
        changed = []
    if body.persons is not None:
        flag_modified(report, "effect")  # other persons make another version of the report
        changed.append("persons")
    return changed


async def resolve_barrier(ctx: Context, report_id: UUID, body: BarrierResolve, expected: Expected) -> UUID:
    """Write down that a barrier has gone; 409 when it has already."""
    report = await locked(ctx.db, BarrierReport, report_id, expected)
    require_usable(await find_case(ctx, report.case_id))
    if report.resolved_on is not None:
        raise WrongState("The barrier is resolved already.", state="resolved", allowed=[])
    today = local_date(ctx.now)
    resolved_on = body.resolved_on or today
    if not report.since <= resolved_on <= today:
        raise Invalid.at(
            "body.resolved_on", "out_of_order", "A barrier ends after it began, not later than today."
        )
    report.resolved_on = resolved_on
    await ctx.db.flush()
    persons = await _persons_of(ctx, report)
    await journal.record(
        ctx.db, "barrier.resolve", "barrier", report_id, clients=[person.pseudonym for person in persons]
    )
    return report_id


async def _persons_of(ctx: Context, report: BarrierReport) -> list[Concerned]:
    same = (Client.municipal_area_id == BarrierPerson.municipal_area_id) & (
        Client.id == BarrierPerson.client_id
    )
    statement = (
        select(Client.id, Client.pseudonym, Client.is_restricted, Client.birth_date)
        .join(BarrierPerson, same)
        .where(BarrierPerson.report_id == report.id)
    )
    return [
        Concerned(row.id, row.pseudonym, row.is_restricted, row.birth_date)
        for row in await ctx.db.execute(statement)
    ]


async def _exchange_persons(
    ctx: Context, report: BarrierReport, before: list[Concerned], after: list[Concerned]
) -> None:
    gone = [person.client_id for person in before if person not in after]
    await ctx.db.execute(
        delete(BarrierPerson).where(BarrierPerson.report_id == report.id, BarrierPerson.client_id.in_(gone))
    )
    new = [person for person in after if person not in before]
    add_persons(ctx, report, new)
    await write_figures(ctx, report, new)
