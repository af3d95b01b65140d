"""What the code sends to the database in the name of the roles without a person: every statement of it."""

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from app import upkeep, worker
from app.audit import journal
from app.barriers.actions import proposals
from app.cases.noting import drafts
from app.cases.tasks import series
from app.clients import elsewhere, erasure
from app.clients.merging import finishing
from app.documents import clearing
from app.imports import clearing as imports
from app.incoming_referrals import upkeep as incoming
from app.inquiries import actions as inquiries
from app.kit import events, outbox
from app.notifications import handlers as notifications
from app.notifications import of_incoming, of_machines, of_obstacles, of_outcomes
from app.referrals import deadlines
from app.referrals.duties import upkeep as duties
from app.referrals.models import ReferralEvent, ReferralRecall, ReferralRequest
from app.reporting import figures, handlers, towns
from app.reporting.effects import comparing, watching
from app.reporting.open_tables import activities, obstacles, offers, population, positions
from app.reporting.subjects import (
    active_clients,
    authority_figures,
    closed_cases,
    domain_changes,
    interpreting,
    life_domains,
    needs,
    open_cases,
    referrals,
    school_waiting,
    waiting_list,
)
from app.reporting.subjects import inquiries as ended_inquiries
from app.transfers import handlers as transfers
from app.webhooks import clearing as forgetting
from app.webhooks import handlers as webhooks
from app.webhooks import postman

_DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]


def _through_the_orm() -> tuple[str, ...]:
    """Return what the session sends when referrals expire and are reminded of."""
    expire = update(ReferralRequest).values(
        state="", outcome="", delivery="", closed_at=None, revoke_reason=""
    )
    statements = (
        deadlines._WAITING.where(~deadlines._ONLY_KEPT),
        expire.where(ReferralRequest.municipal_area_id == "", ReferralRequest.id.is_not(None)),
        update(ReferralRequest).values(reminded_day=3).where(ReferralRequest.id.is_not(None)),
        insert(ReferralEvent),
        select(ReferralRecall).with_for_update(skip_locked=True),
        insert(ReferralRecall),
        update(ReferralRecall).values(chased_at=None).where(ReferralRecall.id.is_not(None)),
    )
    return tuple(str(each.compile(dialect=_DIALECT)) for each in statements)


STATEMENTS: dict[str, tuple[str, ...]] = {
    "kim_worker": (
        worker._TAKE, worker._FAILED, worker._AREAS, upkeep._FORGET_KEYS, upkeep._FORGET_DONE,
        upkeep._FORGET_TOLD, upkeep._FORGET_TOMBSTONES, duties._EXPIRE,
        outbox.DONE, outbox.CLAIM, events._ENQUEUE, journal._RECORD,
        notifications._TELL, notifications._RECIPIENTS, notifications._TEAM, notifications._CASE_MANAGERS,
        notifications._ON_CASE, notifications._OFFICERS, notifications._REVOKED, deadlines._TASK,
        series._DUE, series._MAKE, series._REMIND, proposals._REFERRAL, proposals._PROPOSE, erasure._ERASE,
        transfers._EXPIRE, transfers._REMIND, proposals._WAITING, proposals._PROPOSE_FOR_SCHOOL,
        finishing._DUE, finishing._FINAL, finishing._FORGET, finishing._DELETE,
        clearing._END, clearing._KEPT, imports._SWEEP, drafts._FORGET, inquiries._FORGET, inquiries._LAPSE,
        inquiries._UNANSWERED,
        elsewhere._CHECK, elsewhere._CANDIDATES, elsewhere._TOLD, elsewhere._ELSEWHERE, elsewhere._FORGET,
        incoming._DUE, incoming._REMINDED, *incoming._ERASE, of_incoming.AT_INSTITUTION,
        of_incoming._AT_UNIT, of_incoming.ADMINS, of_incoming._INVOLVED, of_outcomes._TELL,
        of_machines._ENDING, of_outcomes._HEARD, of_outcomes._COORDINATORS,
        postman._CLAIM, postman._LOAD, postman._LEAVE, postman._RECORD, postman._ATTEMPT, postman._END,
        postman._PARK_ALL, webhooks._ADD, webhooks._ADD_INCOMING,
        forgetting._FORGET, forgetting._PARK, forgetting._FORGET_SECRETS,
        notifications._MANAGERS_OF_WEBHOOKS,
        handlers._WANTED, handlers._KNOWN, handlers._LOCK, handlers._REFUSE, handlers._FINISH,
        handlers._CELLS, handlers._TABLES, handlers._LEARN,
        comparing.PUBLISHED, comparing.CHANGED, comparing.FIGURES, of_obstacles.COORDINATORS,
        watching._WATCHED, watching._REOPEN, watching._STEP, watching._KEEP, *_through_the_orm(),
    ),
    "kim_reporting": (
        figures._CASES, figures._REPORTS, figures._SUPPORT, towns._CASE_MANAGERS, figures._TOWNS,
        authority_figures._ENTERED, school_waiting._WAITING, ended_inquiries._ENDED,
        waiting_list._WAITING, open_cases._OPEN, closed_cases._CLOSED, referrals._ENDED,
        domain_changes._CHANGES, active_clients._ACTIVE, interpreting._INTERPRETED,
        life_domains._GOALS, life_domains._COURSES,
        obstacles._STANDING, obstacles._MEASURES, activities._DONE, positions._FUNDED, population._LATEST,
        needs._NEEDS, offers._OFFERS,
    ),
}  # fmt: skip
"""By role. A right that none of these needs is one too many."""
