"""Shapes of the disclosure log."""

from datetime import datetime
from uuid import UUID

from app.kit.schema import Read


class DisclosureRead(Read):
    """What left the house, without its content; the client stands by pseudonym."""

    id: UUID
    at: datetime
    case_id: UUID
    client_pseudonym: UUID
    unit_id: UUID
    institution_id: UUID | None
    receiving_area_id: str | None
    """With the next: the unit that a case was transferred to, in place of an institution."""
    receiving_unit_id: UUID | None
    legal_basis: str
    purpose: str
    data_categories: list[str]
    channel: str
    referral_id: UUID | None
    transfer_id: UUID | None
    duty_id: UUID | None
    """With the next: without consent to an authority, let through by a second person."""
    approved_by: UUID | None
    document_ids: list[UUID]
    """The documents that went along with a transferred case, by the ids of who sent them."""
    disclosed_by: UUID
