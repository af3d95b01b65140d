"""On what somebody of an institution sits in a conference: asked when invited, when held, when handed out.

The consent is locked before the conference, as a withdrawal locks them: see the gate of `app.consents`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.access.context import Context
from app.cases.subject import Subject
from app.catalogues.check import require_code
from app.catalogues.relations import WITHHELD
from app.catalogues.source import allowed_categories
from app.conferences.rules import CHANNEL, PURPOSE
from app.consents.gate import require_consent
from app.consents.rules import Direction
from app.directory.models import Institution
from app.disclosures.basis import require_basis
from app.disclosures.log import record_disclosure
from app.kit.errors import Invalid
from app.referrals.actions.parties import institution_of, unit_of


@dataclass(frozen=True, slots=True)
class Grounds:
    """On which basis whom, for what."""

    institution_id: UUID
    legal_basis: str
    categories: Collection[str]
    necessity: str | None


async def require_grounds(
    ctx: Context, subject: Subject, grounds: Grounds, on: date, at: datetime | None = None
) -> UUID | None:
    """Return the consent that carries the participation, locked; None where another basis does.

    A conference is talk in both directions, so a consent must be mutual. `at` says when it began, where it
    has taken place. Raises 409 `consent_missing` naming what is missing, or what the law says against another
    basis.
    """
    institution = await institution_of(ctx, grounds.institution_id)
    unit = await unit_of(ctx, subject.unit_id)
    require_basis(
        grounds.legal_basis,
        unit,
        institution,
        channel=CHANNEL,
        categories=grounds.categories,
        necessity=grounds.necessity,
    )
    if grounds.legal_basis != "consent":
        return None
    consent = await require_consent(
        ctx,
        client_id=subject.client_id,
        case_id=subject.case_id,
        recipient_id=grounds.institution_id,
        purpose=PURPOSE,
        categories=grounds.categories,
        direction=Direction.MUTUAL,
        on=on,
        at=at,
    )
    return consent.id


def require_categories(institution: Institution, categories: Collection[str]) -> None:
    """Raise 422 for none, and for what this kind of institution never learns."""
    if not categories:
        raise Invalid.at("body.data_categories", "missing", "Say which data categories are talked about.")
    allowed = set(allowed_categories(institution.institution_type)) - WITHHELD
    for place, code in enumerate(categories):
        require_code("data_category", code, f"body.data_categories.{place}")
        if code not in allowed:
            raise Invalid.at(
                f"body.data_categories.{place}", "not_allowed", "This kind of institution never learns this."
            )


async def log_disclosure(ctx: Context, subject: Subject, grounds: Grounds, channel: str = CHANNEL) -> None:
    """Write into the disclosure log what somebody of an institution has learned."""
    await record_disclosure(
        ctx,
        case_id=subject.case_id,
        client_pseudonym=subject.pseudonym,
        unit_id=subject.unit_id,
        institution_id=grounds.institution_id,
        legal_basis=grounds.legal_basis,
        purpose=PURPOSE,
        categories=grounds.categories,
        channel=channel,
    )
