"""Whether the basis of a referral covers what a message tells of, and which documents may go with it.

A message never widens a referral: what the consent behind it does not name needs a new consent and a referral
anew. Held in the transaction of the message against a withdrawal, like a sending.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from app.access.context import Context
from app.catalogues.check import require_code
from app.catalogues.source import allowed_categories
from app.consents import gate
from app.consents.models import Consent
from app.consents.rules import Direction, in_words, lacking
from app.directory.models import Institution
from app.disclosures.basis import recipient_of, require_basis
from app.disclosures.rules import DUTY_BASES
from app.documents.leaving import may_leave
from app.documents.models import Document
from app.kit.clock import local_date
from app.kit.errors import Conflict, Incomplete, Invalid, NotFound
from app.organisations.models import Unit
from app.referrals.actions.parties import Own
from app.referrals.messages.rules import never_there, told_by_document
from app.referrals.models import Referral
from app.referrals.rules import SHELTER

HOUSING = "housing"
_IN_SHELTER = """SELECT EXISTS (SELECT FROM addresses a WHERE a.client_id = $1 AND a.housing_type = $2
    AND a.superseded_at IS NULL AND a.valid @> $3::date)"""


@dataclass(frozen=True, slots=True)
class Parties:
    """From whom to whom a message goes, beside the referral itself."""

    institution: Institution
    unit: Unit


async def hold_consent(ctx: Context, referral_id: UUID) -> Consent | None:
    """Return the consent behind a referral, locked against withdrawal; None where it rests on another basis.

    Ask before locking the request: a withdrawal takes its locks in this order. 404 for a referral that is not
    of one's cases.
    """
    referral = await ctx.db.scalar(select(Referral).where(Referral.id == referral_id))
    if not isinstance(referral, Referral):
        raise NotFound
    if referral.legal_basis != "consent" or referral.consent_id is None:
        return None
    statement = select(Consent).where(Consent.id == referral.consent_id)
    held = gate.locking(statement.execution_options(populate_existing=True))
    found: Consent | None = (await ctx.db.scalars(held)).one_or_none()
    return found


async def require_covered(
    ctx: Context, own: Own, parties: Parties, consent: Consent | None, categories: Sequence[str]
) -> None:
    """Raise 409 naming each category that may not be told, and 422 for one that does not exist.

    The consent is the one held before the request was locked: 409 where the referral rests on another now.
    """
    for position, code in enumerate(categories):
        require_code("data_category", code, f"body.data_categories.{position}")
    kind = parties.institution.institution_type
    if recipient_of(kind).receives_notifications:
        raise Conflict("This authority gets coded words only.", code="coded_only")
    if own.referral.legal_basis in DUTY_BASES:
        raise Conflict("What goes without consent goes once: ask anew.", code="duty_workflow_required")
    refuse_never_there(kind, categories)
    await _refuse_shelter(ctx, own, categories)
    _require_same(own, consent)
    missing = _missing(ctx, own, consent, categories)
    if missing:
        raise Incomplete(
            f"The basis of this referral does not cover this: {in_words(missing)}. Tell only what it covers,"
            " or record a consent that does and refer anew with it.",
            missing=missing,
            code="not_covered",
        )
    if consent is None:
        require_basis(
            own.referral.legal_basis,
            parties.unit,
            parties.institution,
            channel=own.request.channel,
            categories=categories,
            necessity=own.referral.necessity,
        )


def refuse_never_there(institution_type: str, categories: Collection[str]) -> None:
    """Raise 409 naming what never goes to this kind of institution, whatever somebody consents to."""
    never = never_there(categories, allowed_categories(institution_type))
    if never:
        raise Conflict(
            "This never goes to this kind of institution: " + ", ".join(never) + ".",
            code="category_not_allowed",
            category=never[0],
            missing=[f"category:{code}" for code in never],
        )


async def _refuse_shelter(ctx: Context, own: Own, categories: Sequence[str]) -> None:
    """Raise 409 for housing while the client lives in a women's shelter: a package leaves it out then."""
    if HOUSING not in categories:
        return
    driver = await ctx.db.driver()
    if await driver.fetchval(_IN_SHELTER, own.case.client_id, SHELTER, local_date(ctx.now)):
        raise Conflict(
            "Where this client lives now is told to nobody.",
            code="category_not_allowed",
            category=HOUSING,
            missing=[f"category:{HOUSING}"],
        )


def _require_same(own: Own, consent: Consent | None) -> None:
    """Raise 409 where a renewal came between the consent's lock and the request's."""
    if consent is not None and own.referral.consent_id != consent.id:
        raise Conflict("The referral rests on another consent now. Read it again, then write again.")


def _missing(ctx: Context, own: Own, consent: Consent | None, categories: Sequence[str]) -> list[str]:
    if own.referral.legal_basis != "consent":  # examined for what was sent, and for nothing beyond
        return [f"category:{code}" for code in sorted(set(categories) - set(own.referral.data_categories))]
    if consent is None:
        return ["recipient"]
    scope = gate.scope_of(consent)
    return list(lacking(scope, categories=categories, direction=Direction.TO, on=local_date(ctx.now)))


async def chosen_documents(
    ctx: Context, own: Own, ids: Sequence[UUID], categories: Collection[str]
) -> list[Document]:
    """Return documents of the case or its client that may go along with these categories, held there.

    Raises 422 for one that is not there or named twice, 409 for one that tells of more than was named, or is
    of somebody whose documents go nowhere.
    """
    if not ids:
        return []
    own_or_clients = or_(
        Document.case_id == own.case.case_id,
        Document.case_id.is_(None) & (Document.client_id == own.case.client_id),
    )
    statement = select(Document).where(Document.id.in_(ids), own_or_clients, Document.removed_at.is_(None))
    found = {each.id: each for each in (await ctx.db.scalars(statement.with_for_update(read=True))).all()}
    documents = []
    for position, each in enumerate(ids):
        if each not in found:
            raise Invalid.at(
                f"body.document_ids.{position}", "unknown_reference", "There is no such document, or it is "
                "named twice.",
            )  # fmt: skip
        documents.append(found.pop(each))
    if not await may_leave(ctx, ids):
        raise Conflict(
            "Documents of somebody who is hidden, or has a women's shelter among their addresses, go nowhere."
            " Leave them out, and say in the text what is needed.",
            code="document_stays",
        )
    for document in documents:
        _require_told(document, categories)
    return documents


def _require_told(document: Document, categories: Collection[str]) -> None:
    tells = told_by_document(document.category)
    if tells is None:
        raise Conflict(
            "Nobody has said yet what this document tells of, or it names somebody else: it stays."
            " Give it its category, or leave it out.",
            code="document_stays",
        )
    untold = sorted(tells - set(categories))
    if untold:
        raise Incomplete(
            "A document of this category tells of more than the message names: " + ", ".join(untold) + ".",
            missing=[f"category:{code}" for code in untold],
            code="document_tells_more",
        )
