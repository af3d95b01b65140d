"""Merging two records and undoing it: one transaction under locks of both."""

import json
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table as Relation

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.clients.merging.models import ClientMerge
from app.clients.merging.preview import obstacles
from app.clients.merging.records import Clash, Numbers, Pair, clashes, compare_numbers, load_pair
from app.clients.merging.rules import UNDO_WITHIN
from app.clients.merging.schemas import MergeCreate
from app.clients.merging.undoing import DERIVED, stored
from app.clients.numbers.models import OfficialNumber
from app.clients.person import settle_person
from app.kit.clock import local_date
from app.kit.errors import Conflict, Incomplete, Invalid, VersionStale
from app.kit.ids import new_id
from app.kit.sealing import FieldKeys

_SENTENCES = {
    "other_unit": "Both persons belong to different units, each a controller of its own.",
    "processing_restricted": "The data of one of them are only kept.",
    "numbers_differ": "Official numbers of one kind differ: remove the wrong one, if it is one person.",
    "said_to_be_distinct": "Somebody has said that these are two persons: take that back first.",
    "consent_withdrawn": "What was withdrawn on one is agreed to on the other: take the withdrawal down for"
    " that one too (POST /v1/withdrawals with its `client_id`), as it was told.",
}
_NAMES = ("given_name", "family_name", "former_names", "other_names")
_MERGE = "SELECT merge_clients($1, $2)"


async def merge(ctx: Context, keys: FieldKeys | None, client_id: UUID, body: MergeCreate) -> UUID:
    """Let a record follow into another one and return the merge.

    Raises 404 unless the actor sees both, 412 when one has moved on since the preview, and 409 naming what
    stands in the way, or which collisions are undecided.
    """
    await require_relation(ctx, client_id=client_id)
    await require_relation(ctx, client_id=body.merged_client_id)
    pair = await load_pair(ctx, client_id, body.merged_client_id, lock=True)
    if (pair.kept.version, pair.merged.version) != (body.client_version, body.merged_version):
        raise VersionStale(version=pair.kept.version)
    numbers = await compare_numbers(ctx, keys, pair)
    await _refuse(ctx, pair, numbers)
    superseded = decide(await clashes(ctx, pair), body.believe)
    made = ClientMerge(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        client_id=client_id,
        merged_client_id=body.merged_client_id,
        merged_pseudonym=pair.merged.pseudonym,
        reason=body.reason,
        taken=sorted(set(body.take)),
        merged_by=ctx.actor.user_id,
        merged_at=ctx.now,
        undo_until=ctx.now + UNDO_WITHIN,
        client_was_restricted=pair.kept.is_restricted,
        merged_was_restricted=pair.merged.is_restricted,
        changes={},
    )
    fields = _change_survivor(ctx, pair, body.take)
    sealed = _seal_numbers(ctx, keys, pair, numbers)
    made.changes = {"fields": fields, "numbers": [str(each) for each in sealed]}
    ctx.db.add(made)
    driver = await ctx.db.driver()
    await driver.execute(_MERGE, made.id, json.dumps(superseded))
    await journal.record(
        ctx.db, "client.merge", "client", client_id, clients=pair.pseudonyms, changed=fields.keys() - DERIVED
    )
    return made.id


async def _refuse(ctx: Context, pair: Pair, numbers: Numbers) -> None:
    found = await obstacles(ctx, pair, numbers)
    if found:
        sentence = " ".join(_SENTENCES[each] for each in found)
        raise Conflict(sentence, code="not_mergeable", obstacles=found)


def decide(found: Sequence[Clash], believe: Collection[UUID]) -> list[dict[str, str]]:
    """Return which periods give way to which.

    Raises 409 naming the collisions of which neither is believed, 422 where both are, and for an id that
    collides with nothing.
    """
    colliding = {each.id for clash in found for each in (clash.kept, clash.merged)}
    if not colliding.issuperset(believe):
        raise Invalid.at("body.believe", "unknown_reference", "Name periods that collide.")
    giving_way: dict[UUID, dict[str, str]] = {}
    undecided = []
    for clash in found:
        kept, merged = clash.kept.id in believe, clash.merged.id in believe
        if kept and merged:
            raise Invalid.at("body.believe", "both", "Of two periods that collide only one is believed.")
        if not kept and not merged and not clash.is_same:
            undecided.append(clash)
        winner, loser = (clash.merged, clash.kept) if merged else (clash.kept, clash.merged)
        relation = loser.__table__
        assert isinstance(relation, Relation)
        giving_way[loser.id] = {"history": relation.name, "id": str(loser.id), "by": str(winner.id)}
    if undecided:
        raise Incomplete(
            "Of these periods only one can be believed.",
            missing=sorted({clash.kind.name.value for clash in undecided}),
            code="collisions_undecided",
            collisions=[[str(clash.kept.id), str(clash.merged.id)] for clash in undecided],
        )
    return list(giving_way.values())


def _change_survivor(ctx: Context, pair: Pair, take: Collection[str]) -> dict[str, Any]:
    """Write what the survivor becomes; return each column with what it was and is, for an undo."""
    changes: dict[str, Any] = {}
    for name, outcome in pair.outcomes(take).items():
        if (
            name != "is_restricted"
        ):  # whoever is restricted is so before anything moves: the database sees to it
            changes |= outcome.values
    if changes.keys() & set(_NAMES):
        changes = {name: getattr(pair.kept, name) for name in _NAMES} | changes
    settle_person(local_date(ctx.now), changes)
    before = {name: getattr(pair.kept, name) for name in changes}
    changed = {name: value for name, value in changes.items() if before[name] != value}
    for name, value in changed.items():
        setattr(pair.kept, name, value)
    return {name: [stored(before[name]), stored(value)] for name, value in changed.items()}


def _seal_numbers(ctx: Context, keys: FieldKeys | None, pair: Pair, numbers: Numbers) -> list[UUID]:
    """Seal the numbers of the merged record for the survivor: a sealed value opens for one person only."""
    made = []
    for kind, number in numbers.following.items():
        assert keys is not None
        area = ctx.actor.municipal_area_id
        row = OfficialNumber(
            municipal_area_id=area,
            id=new_id(),
            client_id=pair.kept.id,
            kind=kind,
            sealed=keys.seal(number, area, str(pair.kept.id), kind),
            mark=keys.mark(number, area, kind),
            recorded_at=ctx.now,
            recorded_by=ctx.actor.user_id,
        )
        ctx.db.add(row)
        made.append(row.id)
    return made
