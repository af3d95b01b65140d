"""Recording and changing who decides for a person."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.clients.guardians.models import Guardian
from app.clients.guardians.rules import Kind, of_age_on
from app.clients.guardians.schemas import GuardianChange, GuardianCreate
from app.clients.models import Client, HouseholdMember
from app.clients.touch import touch_client
from app.directory.models import Institution
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.errors import Invalid, NotFound
from app.kit.ids import new_id
from app.kit.versions import Expected

_CLIENT = select(Client.birth_date)


async def record_guardian(ctx: Context, client_id: UUID, body: GuardianCreate) -> UUID:
    """Record who decides for a person; 422 for one who cannot: parents of an adult, an adviser of a child."""
    await require_relation(ctx, client_id=client_id)
    pseudonym = await touch_client(ctx, client_id)
    born = await ctx.db.scalar(_CLIENT.where(Client.id == client_id))
    _require_age(body.kind, born, body.valid_from or local_date(ctx.now))
    _require_period(body.valid_from, body.valid_until)
    await _require_identity(ctx, client_id, body)
    values = body.model_dump()
    values["scope"] = sorted(set(body.scope))
    row = Guardian(municipal_area_id=ctx.actor.municipal_area_id, id=new_id(), client_id=client_id, **values)
    ctx.db.add(row)
    await journal.record(ctx.db, "client.record_guardian", "guardian", row.id, clients=[pseudonym])
    return row.id


async def change_guardian(
    ctx: Context, client_id: UUID, guardian_id: UUID, body: GuardianChange, expected: Expected
) -> None:
    """Change what a guardian may, until when, or how they are reached."""
    await require_relation(ctx, client_id=client_id)
    pseudonym = await touch_client(ctx, client_id)
    row = await locked(ctx.db, Guardian, guardian_id, expected)
    if row.client_id != client_id:
        raise NotFound
    changes = body.model_dump(exclude_unset=True)
    if changes.get("scope"):
        changes["scope"] = sorted(set(changes["scope"]))
    changed = apply(row, changes, required=("scope", "is_joint", "must_not_learn", "evidence"))
    _require_period(row.valid_from, row.valid_until)
    await journal.record(
        ctx.db, "client.change_guardian", "guardian", guardian_id, clients=[pseudonym], changed=changed
    )


def _require_age(kind: Kind, born: date | None, on: date) -> None:
    of_age = of_age_on(born)
    if of_age is None:
        return
    if (on >= of_age) != (kind is Kind.LEGAL_ADVISER):
        raise Invalid.at(
            "body.kind", "age", "Adults have a legal adviser; parents and guardians decide for minors."
        )


def _require_period(first: date | None, last: date | None) -> None:
    if first is not None and last is not None and last < first:
        raise Invalid.at("body.valid_until", "period_backwards", "A period ends after it begins.")


async def _require_identity(ctx: Context, client_id: UUID, body: GuardianCreate) -> None:
    if sum(each is not None for each in (body.member_id, body.institution_id, body.name)) != 1:
        raise Invalid.at("body.name", "one_of", "Send a member of the household, an institution or a name.")
    found: UUID | None = None
    if body.member_id is not None:
        found = await ctx.db.scalar(
            select(HouseholdMember.id).where(
                HouseholdMember.id == body.member_id, HouseholdMember.client_id == client_id
            )
        )
        place = "body.member_id"
    elif body.institution_id is not None:
        found = await ctx.db.scalar(select(Institution.id).where(Institution.id == body.institution_id))
        place = "body.institution_id"
    else:
        return
    if found is None:
        raise Invalid.at(place, "unknown_reference", "There is none that you can see.")
