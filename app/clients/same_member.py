"""The same person twice in a household: once by name, once more by name or as a client.

Only where name and year of birth are both said: "Kind" stands there twice in many families.
"""

from uuid import UUID

from sqlalchemy import Integer, Select, and_, cast, func, select
from sqlalchemy.orm import aliased

from app.access.context import Context
from app.clients.models import Client, HouseholdMember
from app.kit.errors import Conflict, FieldError

_Other = aliased(Client)
_FULL_NAME = _Other.given_name + " " + _Other.family_name
_YEAR = cast(func.extract("year", _Other.birth_date), Integer)
_IS_CLIENT = and_(
    _Other.municipal_area_id == HouseholdMember.municipal_area_id,
    _Other.id == HouseholdMember.member_client_id,
)
_MEMBERS = (
    select(
        func.coalesce(HouseholdMember.name, _FULL_NAME).label("name"),
        func.coalesce(HouseholdMember.birth_year, _YEAR).label("year"),
    )
    .select_from(HouseholdMember)
    .outerjoin(_Other, _IS_CLIENT)
)
_CLIENT = select(_FULL_NAME.label("name"), _YEAR.label("year"))


async def require_not_there(
    ctx: Context, client_id: UUID, name: str, birth_year: int | None, place: str
) -> None:
    """Raise 409 for a name and year of birth that a member whom the actor sees has already."""
    if birth_year is None:
        return
    there = _MEMBERS.where(HouseholdMember.client_id == client_id)
    if await _is_among(ctx, there, name, birth_year):
        raise _there(place, "Somebody of this name and year of birth is in the household already.")


async def require_not_by_name(ctx: Context, client_id: UUID, other_id: UUID, place: str) -> None:
    """Raise 409 for another client who stands in the household by name; the caller has seen both."""
    other = (await ctx.db.execute(_CLIENT.where(_Other.id == other_id))).one()
    by_name = _MEMBERS.where(HouseholdMember.client_id == client_id, HouseholdMember.name.is_not(None))
    if other.year is not None and await _is_among(ctx, by_name, other.name, other.year):
        raise _there(place, "This client stands in the household by name: take that entry out first.")


async def _is_among(ctx: Context, there: Select[str, int], name: str, year: int) -> bool:
    """Tell whether one of them has this name and year; whom the actor does not see has no name here."""
    sought = (_plain(name), year)
    found = await ctx.db.execute(there)
    return any(each.name is not None and (_plain(each.name), each.year) == sought for each in found)


def _there(place: str, sentence: str) -> Conflict:
    at = FieldError(place=place, kind="member_there", message=sentence)
    return Conflict(sentence, code="member_there", errors=[at])


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
