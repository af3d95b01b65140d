"""At which sites of an institution somebody works: what they see of what is addressed to it."""

from uuid import UUID

from sqlalchemy import delete, update

from app.access.context import Context
from app.access.models import Membership
from app.audit import journal
from app.identity.actions.memberships import require_somebody_else
from app.identity.invitations.actions import require_sites
from app.identity.models import MembershipSite
from app.identity.schemas import SitesSet
from app.kit.changes import locked
from app.kit.errors import NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected


async def set_sites(
    ctx: Context, user_id: UUID, membership_id: UUID, body: SitesSet, expected: Expected
) -> None:
    """Limit a membership to sites of its institution; to none: it is of the whole institution.

    Raises 404 for a membership that is of a unit or another user's, 409 for one that has ended, 422 for a
    site that is not the institution's.
    """
    require_somebody_else(ctx, user_id)
    membership = await locked(ctx.db, Membership, membership_id, expected)
    if membership.user_id != user_id or membership.institution_id is None:
        raise NotFound
    if membership.ended_at is not None:
        raise WrongState("The membership has ended.", state="ended", allowed=())
    await require_sites(ctx, membership.institution_id, body.site_ids)
    await ctx.db.execute(delete(MembershipSite).where(MembershipSite.membership_id == membership_id))
    ctx.db.add_all(
        MembershipSite(
            municipal_area_id=membership.municipal_area_id,
            id=new_id(),
            membership_id=membership_id,
            institution_id=membership.institution_id,
            site_id=site_id,
        )
        for site_id in body.site_ids
    )
    # Its sites are read with it, so it is another version.
    await ctx.db.execute(
        update(Membership).where(Membership.id == membership_id).values(ended_at=Membership.ended_at)
    )
    await ctx.db.flush()
    await journal.record(ctx.db, "membership.set_sites", "membership", membership_id, changed=("site_ids",))
