"""What a merge would do, side by side, before anybody does it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.clients.histories.models import Period
from app.clients.merging.records import (
    Clash,
    Numbers,
    Pair,
    are_distinct,
    clashes,
    compare_numbers,
    is_partly_restricted,
    load_pair,
    nationalities,
    values_of,
)
from app.clients.merging.schemas import (
    CollidingPeriod,
    Collision,
    MergedNumber,
    MergeField,
    MergeObstacle,
    MergePreview,
)
from app.kit.sealing import FieldKeys

_SHOWN_TO = "SELECT merge_would_show($1, $2)"
_WITHDRAWN = "SELECT withdrawn_on_the_other($1, $2)"
_FOLLOWS = """SELECT
    (SELECT count(*) FROM cases WHERE client_id = $1)::int AS cases,
    (SELECT count(*) FROM consents WHERE client_id = $1)::int AS consents,
    (SELECT count(*) FROM household_members WHERE client_id = $1)::int AS household_members,
    (SELECT count(*) FROM disputes WHERE client_id = $1)::int AS disputes,
    (SELECT count(*) FROM residence_documents WHERE client_id = $1)::int AS residence_documents,
    (SELECT count(*) FROM legal_domain_periods WHERE client_id = $1)::int AS legal_domains,
    (SELECT count(*) FROM addresses WHERE client_id = $1)::int AS addresses,
    (SELECT count(*) FROM language_levels WHERE client_id = $1)::int AS languages,
    (SELECT count(*) FROM schooling_periods WHERE client_id = $1)::int AS schooling"""


async def preview_merge(
    ctx: Context, keys: FieldKeys | None, client_id: UUID, merged_id: UUID
) -> MergePreview:
    """Return what a merge would do; 404 unless the actor sees both records."""
    await require_relation(ctx, client_id=client_id)
    await require_relation(ctx, client_id=merged_id)
    pair = await load_pair(ctx, client_id, merged_id)
    driver = await ctx.db.driver()
    numbers = await compare_numbers(ctx, keys, pair)
    collisions = await clashes(ctx, pair)
    preview = MergePreview(
        client_id=client_id,
        client_version=pair.kept.version,
        merged_client_id=merged_id,
        merged_version=pair.merged.version,
        fields=_fields(pair),
        nationalities=await nationalities(ctx, pair),
        collisions=[_collision(each) for each in collisions],
        numbers=_numbers(numbers),
        follows=dict(await driver.fetchrow(_FOLLOWS, merged_id)),
        colleagues_who_will_see_more=await driver.fetchval(_SHOWN_TO, client_id, merged_id),
        obstacles=await obstacles(ctx, pair, numbers),
    )
    await journal.record(ctx.db, "client.merge_preview", "client", client_id, clients=pair.pseudonyms)
    return preview


async def obstacles(ctx: Context, pair: Pair, numbers: Numbers) -> list[MergeObstacle]:
    """Return what stands in the way of a merge, whatever is chosen."""
    found: list[MergeObstacle] = []
    if pair.kept.unit_id != pair.merged.unit_id:
        found.append("other_unit")
    if await is_partly_restricted(ctx, pair):
        found.append("processing_restricted")
    if numbers.differing:
        found.append("numbers_differ")
    if await are_distinct(ctx, pair):
        found.append("said_to_be_distinct")
    if await (await ctx.db.driver()).fetchval(_WITHDRAWN, *pair.clients):
        found.append("consent_withdrawn")
    return found


def _fields(pair: Pair) -> list[MergeField]:
    return [
        MergeField(
            field=name,
            how=outcome.how.value,
            client=getattr(pair.kept, name),
            merged=getattr(pair.merged, name),
            result=outcome.values[name],
        )
        for name, outcome in pair.outcomes(()).items()
    ]


def _collision(clash: Clash) -> Collision:
    return Collision(
        history=clash.kind.name.value,
        client=_period(clash.kept),
        merged=_period(clash.merged),
        is_same=clash.is_same,
    )


def _period(period: Period) -> CollidingPeriod:
    upper = period.valid.upper
    values: dict[str, Any] = values_of(period)
    return CollidingPeriod(
        id=period.id,
        valid_from=period.valid.lower,
        valid_until=None if upper is None else upper - timedelta(days=1),
        values=values,
    )


def _numbers(numbers: Numbers) -> list[MergedNumber]:
    found = [MergedNumber(kind=kind, what="follows") for kind in numbers.following]
    found += [MergedNumber(kind=kind, what="same") for kind in numbers.same]
    found += [MergedNumber(kind=kind, what="differs") for kind in numbers.differing]
    return sorted(found, key=lambda each: each.kind)
