"""Shapes of the disclosure log."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from app.kit.schema import Read


class DisclosureRead(Read):
    """What left the house or was handed over to it, without its content; the client stands by pseudonym."""

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
    """The documents that went along, by the ids of who sent them; of a file that came in, the case's own."""
    direction: Literal["out", "in"]
    """`in`: the institution told the unit, on a consent to feedback."""
    disclosed_by: UUID
