"""What the code sends to the database in the name of the roles without a person: every statement of it."""

from sqlalchemy import insert, update
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from app import upkeep, worker
from app.audit import journal
from app.barriers.actions import proposals
from app.cases.noting import drafts
from app.cases.tasks import series
from app.clients import elsewhere, erasure
from app.clients.merging import finishing
from app.documents import clearing
from app.inquiries import actions as inquiries
from app.kit import events, outbox
from app.notifications import handlers as notifications
from app.referrals import deadlines
from app.referrals.models import ReferralEvent, ReferralRequest
from app.reporting import figures, further, handlers

_DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]


def _through_the_orm() -> tuple[str, ...]:
    """Return what the session sends when referrals expire and are reminded of."""
    expire = update(ReferralRequest).values(state="", outcome="", delivery="")
    statements = (
        deadlines._WAITING,
        expire.where(ReferralRequest.municipal_area_id == "", ReferralRequest.id.is_not(None)),
        update(ReferralRequest).values(reminded_day=3).where(ReferralRequest.id.is_not(None)),
        insert(ReferralEvent),
    )
    return tuple(str(each.compile(dialect=_DIALECT)) for each in statements)


STATEMENTS: dict[str, tuple[str, ...]] = {
    "kim_worker": (
        worker._TAKE, worker._FAILED, worker._AREAS, upkeep._FORGET_KEYS, upkeep._FORGET_DONE,
        upkeep._FORGET_TOLD, upkeep._FORGET_TOMBSTONES,
        outbox.DONE, outbox.CLAIM, events._ENQUEUE, journal._RECORD,
        notifications._TELL, notifications._RECIPIENTS, notifications._TEAM, notifications._CASE_MANAGERS,
        series._DUE, series._MAKE, series._REMIND, proposals._REFERRAL, proposals._PROPOSE, erasure._ERASE,
        proposals._WAITING, proposals._PROPOSE_FOR_SCHOOL,
        finishing._DUE, finishing._FINAL, finishing._FORGET, finishing._DELETE,
        clearing._END, clearing._KEPT, drafts._FORGET, inquiries._FORGET, inquiries._LAPSE,
        elsewhere._CHECK, elsewhere._CANDIDATES, elsewhere._TOLD, elsewhere._ELSEWHERE, elsewhere._FORGET,
        handlers._WANTED, handlers._KNOWN, handlers._LOCK, handlers._REFUSE, handlers._FINISH,
        handlers._CELLS, handlers._TABLES, handlers._LEARN, *_through_the_orm(),
    ),
    "kim_reporting": (
        figures._CASES, figures._REPORTS, figures._SUPPORT, figures._CASE_MANAGERS, figures._TOWNS,
        further.AUTHORITIES, further.WAITING,
    ),
}  # fmt: skip
"""By role. A right that none of these needs is one too many."""
