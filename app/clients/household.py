"""The household of a person: members who are clients too, and persons who are none."""

from uuid import UUID

from sqlalchemy import Select, select, update

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.catalogues.check import require_code
from app.clients.guardians.queries import guardians_as_members
from app.clients.models import Client, HouseholdMember
from app.clients.restrictions.gate import require_processing
from app.clients.rules import inverse_relation
from app.clients.same_member import require_not_by_name, require_not_there
from app.clients.schemas import HouseholdMemberChange, HouseholdMemberCreate
from app.clients.touch import touch_client
from app.kit.changes import apply, locked
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.ids import new_id, random_id
from app.kit.versions import Expected

# In one order, so that two who change it from both sides at once come one after the other.
_LOCK_BOTH = """SELECT FROM clients WHERE id = $1
OR id = (SELECT member_client_id FROM household_members WHERE id = $2 AND client_id = $1)
ORDER BY id FOR UPDATE"""
_LOCK_CLIENTS = "SELECT id FROM clients WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE"
_SAME_TYPE = """UPDATE clients o SET household_type = t.household_type FROM clients t
WHERE t.id = $1 AND o.id = $2"""
_JOIN = "SELECT join_households($1, $2)"


async def add_member(ctx: Context, client_id: UUID, body: HouseholdMemberCreate) -> UUID:
    """Add a member to the household of a person.

    A member who is a client joins the person's household in the statistics and gets the inverse entry.
    409 for somebody who is there already, by name and year of birth or as a client.
    """
    await require_relation(ctx, client_id=client_id)
    pseudonym = await touch_client(ctx, client_id)
    member = await place_member(ctx, client_id, body, "body")
    await journal.record(ctx.db, "household.add", "household_member", member.id, clients=[pseudonym])
    return member.id


async def place_member(
    ctx: Context, client_id: UUID, body: HouseholdMemberCreate, place: str
) -> HouseholdMember:
    """Write a member of the household of a client that is locked; journal and relation are the caller's."""
    require_code("relation", body.relation, f"{place}.relation")
    if (body.client_id is None) == (body.name is None) or (body.client_id and body.birth_year):
        raise Invalid.at(f"{place}.name", "one_of", "Send either a client or a name (and birth year).")
    if body.client_id == client_id:
        raise Invalid.at(f"{place}.client_id", "somebody_else", "A person is no member of themselves.")
    if body.name is not None:
        await require_not_there(ctx, client_id, body.name, body.birth_year, f"{place}.name")
    member = _entry(ctx, client_id, body.client_id, body.relation, is_kept_apart=body.is_kept_apart)
    member.name, member.birth_year = body.name, body.birth_year
    if body.client_id is not None:
        await _join(ctx, client_id, body.client_id, f"{place}.client_id")
        await require_not_by_name(ctx, client_id, body.client_id, f"{place}.client_id")
        inverse = inverse_relation(body.relation)
        if inverse is not None:
            ctx.db.add(_entry(ctx, body.client_id, client_id, inverse, is_kept_apart=body.is_kept_apart))
    ctx.db.add(member)
    return member


async def change_member(
    ctx: Context, client_id: UUID, member_id: UUID, body: HouseholdMemberChange, expected: Expected
) -> None:
    """Change a member; a name and year of birth only of somebody who is no client.

    Two who are kept apart are so from both sides: the entry of the other client follows.
    """
    if body.is_kept_apart is not None:
        driver = await ctx.db.driver()
        await driver.execute(_LOCK_BOTH, client_id, member_id)
    pseudonym, member = await _locked_member(ctx, client_id, member_id, expected)
    changes = body.model_dump(exclude_unset=True)
    require_code("relation", changes.get("relation"), "body.relation")
    if member.member_client_id is not None and {"name", "birth_year"} & changes.keys():
        raise Invalid.at("body.name", "is_a_client", "The member is a client: change it there.")
    required = ["relation", "is_kept_apart", *(["name"] if member.member_client_id is None else [])]
    changed = apply(member, changes, required=required)
    clients = [pseudonym]
    if member.member_client_id is not None and "is_kept_apart" in changed:
        for entry in (await ctx.db.scalars(_inverse(client_id, member.member_client_id))).all():
            clients.append(await touch_client(ctx, entry.client_id))
            entry.is_kept_apart = member.is_kept_apart
    await journal.record(
        ctx.db, "household.change", "household_member", member_id, clients=clients, changed=changed
    )


async def remove_member(ctx: Context, client_id: UUID, member_id: UUID, expected: Expected) -> None:
    """Take a member out of the household; a client gets a household of their own in the statistics.

    409 while one of the two decides for the other as a member: the guardian would go with the entry.
    """
    pseudonym, member = await _locked_member(ctx, client_id, member_id, expected)
    other_id = member.member_client_id
    entries = [member]
    if other_id is not None:
        entries += await ctx.db.scalars(_inverse(client_id, other_id))
    await _require_no_guardian(ctx, [entry.id for entry in entries])
    for entry in entries:
        await ctx.db.delete(entry)
    if other_id is not None:
        await ctx.db.execute(update(Client).where(Client.id == other_id).values(household_key=random_id()))
    await journal.record(ctx.db, "household.remove", "household_member", member_id, clients=[pseudonym])


async def _require_no_guardian(ctx: Context, member_ids: list[UUID]) -> None:
    found = await guardians_as_members(ctx, member_ids)
    if found:
        raise Conflict(
            "As a member of the household somebody decides for the other: end that guardianship first,"
            " as of yesterday, and record it by name if they still decide.",
            code="is_guardian",
            guardians=[str(each) for each in found],
        )


def _inverse(client_id: UUID, other_id: UUID) -> Select[HouseholdMember]:
    return select(HouseholdMember).where(
        HouseholdMember.client_id == other_id, HouseholdMember.member_client_id == client_id
    )


async def _join(ctx: Context, client_id: UUID, other_id: UUID, place: str) -> None:
    """Let the household of the other client be this one's; who is not seen does not exist.

    Everybody of it comes along, with the figures of their barriers, also whom the actor does not see.
    """
    driver = await ctx.db.driver()
    found = {row["id"] for row in await driver.fetch(_LOCK_CLIENTS, [client_id, other_id])}
    if other_id not in found:
        raise Invalid.at(place, "unknown_reference", "There is no such client that you can see.")
    await require_processing(ctx, other_id)
    await driver.execute(_SAME_TYPE, client_id, other_id)
    await driver.execute(_JOIN, [client_id], [other_id])


async def _locked_member(
    ctx: Context, client_id: UUID, member_id: UUID, expected: Expected
) -> tuple[UUID, HouseholdMember]:
    await require_relation(ctx, client_id=client_id)
    pseudonym = await touch_client(ctx, client_id)
    member = await locked(ctx.db, HouseholdMember, member_id, expected)
    if member.client_id != client_id:
        raise NotFound
    return pseudonym, member


def _entry(
    ctx: Context, client_id: UUID, other_id: UUID | None, relation: str, *, is_kept_apart: bool
) -> HouseholdMember:
    return HouseholdMember(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        client_id=client_id,
        member_client_id=other_id,
        relation=relation,
        is_kept_apart=is_kept_apart,
    )
