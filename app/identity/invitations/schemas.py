"""Shapes of invitations."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr

from app.identity.schemas import Language, NewEmail, SentEmail, SentPassword
from app.kit.schema import Input, Name, Read

InvitedRole = Literal["partner_user", "authority_officer"]
InvitationState = Literal["open", "accepted", "revoked", "expired"]
InvitedSites = Annotated[list[UUID], Field(default_factory=list, max_length=50)]


class InvitationCreate(Input):
    """Whom to invite, to which institution, as what; with sites, for what is addressed to these."""

    institution_id: UUID
    role: InvitedRole
    email: NewEmail
    site_ids: InvitedSites


class InvitationMade(Read):
    """A new invitation. The code is shown this once; only a digest of it is kept."""

    id: UUID
    invitation_code: str
    expires_at: datetime


class InvitationRead(Read):
    """An invitation and where it stands, without its code."""

    id: UUID
    institution_id: UUID
    institution_name: str
    role: InvitedRole
    email: str
    site_ids: list[UUID]
    state: InvitationState
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    accepted_at: datetime | None
    accepted_by: UUID | None


class InvitationAccept(Input):
    """The code with the address it was made for, and the account to make of it.

    Who has an account already, in whatever area, sends its password: it gets the membership, and stays as
    it is.
    """

    invitation_code: Annotated[SecretStr, Field(min_length=1, max_length=200)]
    email: SentEmail
    display_name: Name
    password: SentPassword
    language: Language = "de"


class InvitationAccepted(Read):
    """Where one has joined; sign in with the address and the password."""

    municipal_area_id: str
    user_id: UUID
    institution_id: UUID
    institution_name: str
    role: InvitedRole
