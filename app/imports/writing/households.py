"""Taking households: members who are clients too, from both sides, and members who are none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.access.context import Context
from app.clients.rules import inverse_relation
from app.imports.models import Import
from app.imports.sets import insert_set, record_set
from app.imports.writing.effects import Effect, WaitingRow, Written, follow_versions
from app.kit.ids import new_id

_CLIENTS = """SELECT id, pseudonym, version, household_type, merged_into,
    processing_restricted_at IS NULL AS may_process
FROM clients WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE"""
_PAIRS = """SELECT client_id, member_client_id FROM household_members
WHERE client_id = ANY ($1::uuid[]) AND member_client_id IS NOT NULL"""
_TYPES = """UPDATE clients c SET household_type = j.type
FROM unnest($1::uuid[], $2::text[]) AS j(id, type) WHERE c.id = j.id"""
_JOIN = "SELECT join_households($1, $2)"


@dataclass(slots=True)
class _Homes:
    """The clients of a chunk as they are changed, and the pairs that are there already."""

    clients: Mapping[UUID, Any]
    pairs: set[tuple[UUID, UUID]]
    type: dict[UUID, str | None] = field(default_factory=dict)
    joined: list[tuple[UUID, UUID]] = field(default_factory=list)
    touched: set[UUID] = field(default_factory=set)

    def join(self, client_id: UUID, other_id: UUID | None) -> None:
        """Give the other client the household of this one, one row after the other as by hand."""
        self.touched.add(client_id)
        if other_id is not None:
            self.type[other_id] = self.type[client_id]
            self.joined.append((client_id, other_id))
            self.touched.add(other_id)
            self.pairs |= {(client_id, other_id), (other_id, client_id)}

    def refusal(self, client_id: UUID, other_id: UUID | None) -> tuple[str, str] | None:
        """Return field and kind of what keeps a row from being taken; none when nothing does."""
        for name, identity in (("client_key", client_id), ("member_key", other_id)):
            if identity is None:
                continue
            client = self.clients.get(identity)
            if client is None:
                return name, "unknown_client"
            if client["merged_into"] is not None:
                return name, "merged"
            if not client["may_process"]:
                return name, "processing_restricted"
        if other_id is not None and (
            (client_id, other_id) in self.pairs or (other_id, client_id) in self.pairs
        ):
            return "member_key", "member_twice"
        return ("member_key", "same_person") if client_id == other_id else None


async def write_households(ctx: Context, subject: Import, rows: Sequence[WaitingRow]) -> Written:
    """Add the members of a chunk to the households of persons whom the importer works with."""
    del subject
    homes = await _homes(ctx, rows)
    written, members, added = Written(), [], []
    for row in rows:
        client_id, other_id = row.named["client_key"], row.named.get("member_key")
        refusal = homes.refusal(client_id, other_id)
        if refusal is not None:
            written.refused.append((row, *refusal))
            continue
        homes.join(client_id, other_id)
        said = row.content["household_members"]
        member = _entry(ctx, client_id, other_id, said)
        members.append(member)
        inverse = inverse_relation(said["relation"])
        if other_id is not None and inverse is not None:
            members.append(_entry(ctx, other_id, client_id, {**said, "relation": inverse}))
        written.effects.append(Effect(row, member["id"], client_id))
        added.append((member["id"], homes.clients[client_id]["pseudonym"]))
    if members:
        await insert_set(ctx.db, "household_members", members)
        await _move(ctx, homes)
        await record_set(ctx.db, "household.add", "household_member", added)
    return written


async def _homes(ctx: Context, rows: Sequence[WaitingRow]) -> _Homes:
    driver = await ctx.db.driver()
    ids = list({identity for row in rows for identity in row.named.values()})
    clients = {row["id"]: row for row in await driver.fetch(_CLIENTS, ids)}
    pairs = {(row["client_id"], row["member_client_id"]) for row in await driver.fetch(_PAIRS, ids)}
    return _Homes(clients, pairs, {identity: row["household_type"] for identity, row in clients.items()})


async def _move(ctx: Context, homes: _Homes) -> None:
    """Write who lives with whom; this moves the versions of all, which undoing must not take for a change."""
    touched = sorted(homes.touched)
    driver = await ctx.db.driver()
    await driver.execute(_TYPES, touched, [homes.type[each] for each in touched])
    await driver.execute(
        _JOIN, [client_id for client_id, _ in homes.joined], [other_id for _, other_id in homes.joined]
    )
    await follow_versions(ctx, {each: homes.clients[each]["version"] for each in touched})


def _entry(ctx: Context, client_id: UUID, other_id: UUID | None, said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "municipal_area_id": ctx.actor.municipal_area_id,
        "id": new_id(),
        "client_id": client_id,
        "member_client_id": other_id,
        "name": said["name"],
        "birth_year": said["birth_year"],
        "relation": said["relation"],
        "is_kept_apart": said["is_kept_apart"],
    }
