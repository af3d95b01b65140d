"""Reading invitations, as the administrators of the area; the code is not among it."""

from uuid import UUID

from sqlalchemy import bindparam, case, func, literal_column, select

from app.access.context import Context
from app.audit.reading import many, one
from app.directory.models import Institution
from app.identity.invitations.models import Invitation
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_INVITATION = select(
    Invitation.id,
    Invitation.institution_id,
    Institution.name.label("institution_name"),
    Invitation.role,
    Invitation.email,
    Invitation.site_ids,
    case(
        (Invitation.accepted_at.is_not(None), literal_column("'accepted'")),
        (Invitation.revoked_at.is_not(None), literal_column("'revoked'")),
        (Invitation.expires_at <= func.now(), literal_column("'expired'")),
        else_=literal_column("'open'"),
    ).label("state"),
    Invitation.created_at,
    Invitation.expires_at,
    Invitation.revoked_at,
    Invitation.accepted_at,
    Invitation.accepted_by,
).join(
    Institution,
    (Institution.municipal_area_id == Invitation.municipal_area_id)
    & (Institution.id == Invitation.institution_id),
)
ONE_INVITATION = one("invitation.read", "invitation", _INVITATION.where(Invitation.id == bindparam("id")))
INVITATIONS = many("invitation.read", "invitation", _INVITATION, order=("id",), descending=True)


async def read_invitation(ctx: Context, invitation_id: UUID) -> JsonBytes:
    return await ONE_INVITATION.answer(ctx.db, id=invitation_id)


async def list_invitations(ctx: Context, page: PageRequest) -> JsonBytes:
    return await INVITATIONS.answer(ctx.db, page)
