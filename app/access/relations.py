"""What the actor is to one record, held against the policy table.

Invisible is 404; visible but not in an allowed relation is 403.
"""

from uuid import UUID

from app.access.context import Context
from app.access.policy import POLICY, RELATION_WORDS, Relation
from app.access.roles import Role
from app.kit.errors import Forbidden, NotFound

_RELATIONS = "SELECT my_relations($1, $2)"
_CASE_RELATIONS = {
    Relation.LEAD,
    Relation.MEMBER,
    Relation.DEPUTY,
    Relation.REGISTRAR,
    Relation.BREAK_GLASS,
}


async def relations_to(ctx: Context, *, client_id: UUID | None, case_id: UUID | None) -> set[Relation]:
    """Return what the actor is to a case, or to any case of a client, right now."""
    driver = await ctx.db.driver()
    return {Relation(kind) for kind in await driver.fetchval(_RELATIONS, client_id, case_id)}


async def require_relation(
    ctx: Context, *, client_id: UUID | None = None, case_id: UUID | None = None
) -> set[Relation]:
    """Return the relations that allow this permission on the record; raise 404 or 403."""
    held = await relations_to(ctx, client_id=client_id, case_id=case_id)
    if not held:
        raise NotFound
    allowed = allowed_relations(ctx)
    if not held & allowed:
        words = ", ".join(RELATION_WORDS[each] for each in sorted(allowed))
        raise Forbidden(f"This is possible only {words}.", code="relation_missing")
    return held & allowed


def allowed_relations(ctx: Context) -> set[Relation]:
    """Return the relations to a case or client by which the actor's roles may use the permission."""
    grants = POLICY[ctx.permission].grants
    granted: set[Relation] = set()
    for role in ctx.actor.roles:
        granted |= grants.get(role, frozenset())
    return granted & _CASE_RELATIONS


def require_place(ctx: Context, place_id: UUID, *roles: Role) -> None:
    """Raise 404 unless the actor holds one of these roles at the unit or institution."""
    if not any(place_id in ctx.actor.places(role) for role in roles):
        raise NotFound
