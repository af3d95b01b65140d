"""Renewing a consent before it runs out: a new one that follows the old one, as the client gave it anew."""

from datetime import date

from app.access.context import Context
from app.consents.models import Consent
from app.consents.schemas import ConsentCreate
from app.kit.changes import locked
from app.kit.errors import Conflict, Invalid, NotFound, WrongState

_FOLLOWED = "SELECT EXISTS (SELECT FROM consents WHERE follows_id = $1)"
_SAME = ("client_id", "case_id", "purpose", "institution_id", "receiving_unit_id")


async def require_followed(ctx: Context, body: ConsentCreate, end: date) -> None:
    """Lock the consent that a new one follows, so that no withdrawal comes between.

    Raises 422 unless it is of the same client for the same purpose and recipient and ends earlier, 409 when
    it was withdrawn (what the client took back is not prolonged) or is followed already.
    """
    assert body.follows_id is not None
    place = "body.follows_id"
    try:
        old = await locked(ctx.db, Consent, body.follows_id)
    except NotFound:
        raise Invalid.at(place, "unknown_reference", "There is no such consent.") from None
    if any(getattr(old, name) != getattr(body, name) for name in _SAME):
        raise Invalid.at(
            place, "follows_another", "A renewal names the same client, case, purpose and recipient."
        )
    if old.withdrawn_at is not None:
        raise WrongState(
            "What was withdrawn is not renewed: record a new one.", state="withdrawn", allowed=[]
        )
    if end <= old.valid_until:
        raise Invalid.at("body.valid_until", "not_longer", "A renewal ends after what it renews.")
    driver = await ctx.db.driver()
    if await driver.fetchval(_FOLLOWED, old.id):
        raise Conflict("This consent is followed by another already.", code="consent_followed")
