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
    institution_id: UUID
    legal_basis: str
    purpose: str
    data_categories: list[str]
    channel: str
    referral_id: UUID | None
    disclosed_by: UUID
