"""Invitations over HTTP: for administrators, and the one public address where they are taken up."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context, PublicContext
from app.access.guard import allow, everyone
from app.access.permissions import Permission
from app.identity.invitations import accepting, actions, queries
from app.identity.invitations.schemas import (
    InvitationAccept,
    InvitationAccepted,
    InvitationCreate,
    InvitationMade,
    InvitationRead,
)
from app.identity.office import Office
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page

router = Router(prefix="/v1/invitations", tags=["invitations"])

Keeping = Annotated[Context, allow(Permission.INVITATION_KEEP)]


@router.get("", response_model=Page[InvitationRead])
async def list_invitations(ctx: Keeping, page: Paging) -> JsonBytes:
    """List who was invited to which institution, the newest first."""
    return await queries.list_invitations(ctx, page)


@router.post("", status_code=201)
async def create_invitation(ctx: Keeping, body: InvitationCreate) -> InvitationMade:
    """Invite a person of an institution; the code is shown this once, so repeating makes another."""
    return await actions.create_invitation(ctx, body)


@router.get("/{invitation_id:uuid}", response_model=InvitationRead)
async def read_invitation(ctx: Keeping, invitation_id: UUID) -> JsonBytes:
    """Read one invitation, and whether it was taken up."""
    return await queries.read_invitation(ctx, invitation_id)


@router.delete("/{invitation_id:uuid}", status_code=204)
async def revoke_invitation(ctx: Keeping, invitation_id: UUID) -> None:
    """Take an invitation back; its code opens nothing from now on."""
    await actions.revoke_invitation(ctx, invitation_id)


@router.post("/accept", status_code=201)
async def accept_invitation(
    ctx: Annotated[PublicContext, everyone()], office: Office, body: InvitationAccept
) -> InvitationAccepted:
    """Take an invitation up: an account at the institution, which sees what is addressed to it from now on.

    Without being signed in. One refusal for a code that is wrong, used, expired or revoked.
    """
    return await accepting.accept_invitation(ctx, office, body)
