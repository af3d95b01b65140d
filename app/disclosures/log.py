"""Writing the disclosure log, in the transaction of the disclosure."""

from collections.abc import Iterable
from uuid import UUID

from app.access.context import Context
from app.kit.ids import new_id

# No ORM: who disclosed comes from the default that reads the transaction's context.
_RECORD = """INSERT INTO disclosure_log (municipal_area_id, id, at, case_id, client_pseudonym, unit_id,
institution_id, legal_basis, purpose, data_categories, channel, referral_id, duty_id, approved_by,
document_ids) VALUES (ctx_area(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"""


async def record_disclosure(
    ctx: Context,
    *,
    case_id: UUID,
    client_pseudonym: UUID,
    unit_id: UUID,
    institution_id: UUID,
    legal_basis: str,
    purpose: str,
    categories: Iterable[str],
    channel: str,
    referral_id: UUID | None = None,
    duty_id: UUID | None = None,
    approved_by: UUID | None = None,
    document_ids: Iterable[UUID] = (),
) -> UUID:
    """Write what leaves the house now and return the entry's id."""
    entry_id = new_id()
    driver = await ctx.db.driver()
    await driver.execute(
        _RECORD,
        entry_id,
        ctx.now,
        case_id,
        client_pseudonym,
        unit_id,
        institution_id,
        legal_basis,
        purpose,
        sorted(categories),
        channel,
        referral_id,
        duty_id,
        approved_by,
        sorted(document_ids),
    )
    return entry_id
