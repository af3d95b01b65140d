"""Reading consents; each read writes its journal entry."""

from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, case, func, literal_column, or_, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased
from sqlalchemy.types import Date

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import reading
from app.clients.models import Client
from app.consents.models import Consent, ConsentGuardian, ConsentText, UnplacedWithdrawal
from app.kit.clock import local_date
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many

_TODAY = bindparam("today", type_=Date)
_STATE = case(
    (Consent.withdrawn_at.is_not(None), literal_column("'withdrawn'")),
    (Consent.valid_until < _TODAY, literal_column("'expired'")),
    else_=literal_column("'valid'"),
)

_OF_CONSENT = (
    ConsentGuardian.municipal_area_id == Consent.municipal_area_id,
    ConsentGuardian.consent_id == Consent.id,
)
# Row-level security leaves out whoever is hidden from the reader.
_NAMES = (
    select(
        func.string_agg(ConsentGuardian.name, aggregate_order_by(literal_column("', '"), ConsentGuardian.id))
    )
    .where(*_OF_CONSENT)
    .correlate(Consent)
    .scalar_subquery()
)
_IDS = (
    select(
        func.coalesce(
            func.json_agg(aggregate_order_by(ConsentGuardian.guardian_id, ConsentGuardian.id)),
            func.json_build_array(),
        )
    )
    .where(*_OF_CONSENT)
    .correlate(Consent)
    .scalar_subquery()
)
_NEXT = aliased(Consent)
_FOLLOWED_BY = (
    select(_NEXT.id)
    .where(_NEXT.municipal_area_id == Consent.municipal_area_id, _NEXT.follows_id == Consent.id)
    .correlate(Consent)
    .scalar_subquery()
)
_CONSENT = select(
    Consent.id,
    Consent.client_id,
    Consent.case_id,
    Consent.purpose,
    Consent.institution_id,
    Consent.unit_id,
    Consent.receiving_unit_id,
    Consent.receiving_unit_name,
    Consent.receiving_area_id,
    Consent.data_categories,
    Consent.special_categories,
    Consent.direction,
    Consent.text_language,
    Consent.text_version,
    Consent.text_sha256,
    Consent.interpreter_used,
    Consent.interpreter,
    Consent.consequences_explained,
    Consent.revocability_explained,
    Consent.form,
    Consent.special_circumstance,
    Consent.given_by,
    func.coalesce(Consent.guardian, _NAMES).label("guardian"),
    _IDS.label("guardian_ids"),
    Consent.capacity_note,
    Consent.given_at,
    Consent.valid_until,
    Consent.evidence,
    Consent.evidence_document_id,
    Consent.follows_id,
    _FOLLOWED_BY.label("followed_by_id"),
    Consent.recorded_by,
    _STATE.label("state"),
    Consent.withdrawn_at,
    Consent.withdrawn_by,
    Consent.withdrawal_channel,
    Consent.withdrawal_note,
    Consent.withdrawal_told_at,
    Consent.version,
    Client.pseudonym.label("_client"),
).join(Client, (Client.municipal_area_id == Consent.municipal_area_id) & (Client.id == Consent.client_id))
# What is bound to a case is for those on it.
_SHOWN = or_(Consent.case_id.is_(None), text("consents.case_id = ANY ((SELECT my_cases())::uuid[])"))

_WITHHELD = ("guardian",)

ONE_CONSENT = reading.one(
    "consent.read", "consent", _CONSENT.where(_SHOWN, Consent.id == bindparam("id")), withheld=_WITHHELD
)
CONSENTS = reading.many(
    "consent.read",
    "consent",
    _CONSENT.where(_SHOWN, Consent.client_id == bindparam("client_id")),
    order=("id",),
    descending=True,
    withheld=_WITHHELD,
)
TEXTS = Many(
    select(
        ConsentText.purpose, ConsentText.language, ConsentText.version, ConsentText.sha256, ConsentText.text
    ),
    order=("purpose", "language", "version"),
)

# Called before every entry in a case: one short statement, no hydration.
_DOCUMENTATION = """SELECT EXISTS (SELECT FROM consents
WHERE client_id = $1 AND purpose = 'case_documentation' AND (case_id IS NULL OR case_id = $2)
AND withdrawn_at IS NULL AND given_on <= $3 AND valid_until >= $3)"""


async def read_consent(ctx: Context, consent_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_CONSENT.answer(ctx.db, status=status, id=consent_id, today=local_date(ctx.now))


async def list_consents(ctx: Context, client_id: UUID, page: PageRequest) -> JsonBytes:
    """Return a client's consents, newest first; 404 for a client whom the actor does not see."""
    await require_relation(ctx, client_id=client_id)
    return await CONSENTS.answer(ctx.db, page, client_id=client_id, today=local_date(ctx.now))


async def list_texts(ctx: Context, page: PageRequest) -> JsonBytes:
    return await TEXTS.answer(ctx.db, page)


async def has_documentation_consent(ctx: Context, client_id: UUID, case_id: UUID, on: date) -> bool:
    """Return whether a consent to documentation covers this case on a day."""
    driver = await ctx.db.driver()
    return bool(await driver.fetchval(_DOCUMENTATION, client_id, case_id, on))


_UNPLACED = select(
    UnplacedWithdrawal.id,
    UnplacedWithdrawal.unit_id,
    UnplacedWithdrawal.given_name,
    UnplacedWithdrawal.family_name,
    UnplacedWithdrawal.birth_date,
    UnplacedWithdrawal.institution_id,
    UnplacedWithdrawal.purpose,
    UnplacedWithdrawal.channel,
    UnplacedWithdrawal.told_at,
    UnplacedWithdrawal.taken_at,
    UnplacedWithdrawal.taken_by,
    UnplacedWithdrawal.outcome,
    UnplacedWithdrawal.settled_at,
    UnplacedWithdrawal.version,
)
ONE_UNPLACED = reading.one(
    "withdrawal.read", "withdrawal", _UNPLACED.where(UnplacedWithdrawal.id == bindparam("id"))
)
UNPLACED = reading.many("withdrawal.read", "withdrawal", _UNPLACED, order=("id",), descending=True)


async def list_unplaced(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return the withdrawals that could not be placed, newest first."""
    return await UNPLACED.answer(ctx.db, page)


async def read_unplaced(ctx: Context, withdrawal_id: UUID) -> JsonBytes:
    return await ONE_UNPLACED.answer(ctx.db, id=withdrawal_id)
