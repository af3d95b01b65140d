"""What a referral may carry, and freezing it: deny by default, twice.

The catalogue sets the widest set for a kind of institution; what was collected is held against it again
before it is frozen, so that a field too many never leaves.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from app.access.context import Context
from app.catalogues.relations import WITHHELD
from app.catalogues.source import allowed_categories
from app.clients.package import FIELDS, collect_marked
from app.disclosures.basis import recipient_of
from app.kit.errors import Conflict, Invalid
from app.referrals.rules import tells_of_shelter

Chosen = Mapping[str, tuple[str, ...] | None]

_OF_THE_CONCERN = frozenset({"concern_code", "requested_action"})
"""Fields of the catalogue that the referral itself holds and the client's data do not."""


class TooWide(Exception):
    """More was collected than may leave: a fault of ours, so nothing leaves."""


def choose(institution_type: str, categories: Iterable[str], left_out: Iterable[str] = ()) -> Chosen:
    """Return the chosen categories with their fields, without what is left out (`category.field`).

    409 names the category that may not go there.
    """
    without = frozenset(left_out)
    widest = allowed_categories(institution_type)
    chosen: dict[str, tuple[str, ...] | None] = {}
    for code in categories:
        if code not in widest or code in WITHHELD:
            raise Conflict(
                f"The category {code} does not go to this kind of institution.",
                code="category_not_allowed",
                category=code,
            )
        fields = widest[code]
        is_whole = fields is None and not any(each.startswith(f"{code}.") for each in without)
        chosen[code] = (
            None
            if is_whole
            else tuple(
                each
                for each in (FIELDS[code] if fields is None else fields)
                if each not in _OF_THE_CONCERN and f"{code}.{each}" not in without
            )
        )
    return chosen


def require_fields(institution_type: str, categories: Sequence[str], left_out: Sequence[str]) -> None:
    """Raise 422 unless each of them is a field of a chosen category, of which something is left."""
    widest = allowed_categories(institution_type)
    left = {code: set(widest.get(code) or FIELDS.get(code, ())) - _OF_THE_CONCERN for code in categories}
    for position, each in enumerate(left_out):
        category, _, field = each.partition(".")
        if field not in left.get(category, ()):
            raise Invalid.at(
                f"body.left_out.{position}", "unknown_field", "This is no field of a chosen category."
            )
        left[category].discard(field)
        if not left[category]:
            raise Invalid.at(
                f"body.left_out.{position}", "nothing_left", "Leave out the category as a whole instead."
            )


def check_concern(institution_type: str, code: str | None, words: str | None) -> None:
    """Raise 422 unless the concern is coded for authorities of residence law, and in words elsewhere."""
    coded = recipient_of(institution_type).receives_notifications
    if coded and (code is None or words is not None):
        raise Invalid.at(
            "body.concern_code", "coded_only", "This authority gets a coded concern and no text."
        )
    if not coded and (words is None or code is not None):
        raise Invalid.at("body.concern_text", "text_only", "Say in words what is asked for.")


def narrow(collected: Mapping[str, Mapping[str, Any]], chosen: Chosen) -> dict[str, dict[str, Any]]:
    """Return what may leave of what was collected; raise `TooWide` for anything that was not asked for.

    A category that tells of a women's shelter is left out as a whole.
    """
    leaving: dict[str, dict[str, Any]] = {}
    for category, content in collected.items():
        if category not in chosen:
            raise TooWide(category)
        fields = chosen[category]
        if fields is not None and set(content) - set(fields):
            raise TooWide(category)
        if not tells_of_shelter(content):
            leaving[category] = dict(content)
    return leaving


@dataclass(frozen=True, slots=True)
class Frozen:
    """A package as bytes that never change, and their digest."""

    content: str
    sha256: str


async def build(
    ctx: Context,
    client_id: UUID,
    chosen: Chosen,
    *,
    concern_code: str | None,
    concern_text: str | None,
    offer: Mapping[str, str] | None = None,
) -> Frozen:
    """Collect what the client's file holds now and freeze it, with the offer that is meant."""
    collected, marks = await collect_marked(ctx, client_id, chosen)
    data = narrow(collected, chosen)
    content = {
        "concern": {"code": concern_code, "text": concern_text},
        "data": data,
        "disputed": {category: names for category, names in marks.items() if category in data},
    }
    return freeze(content if offer is None else {**content, "offer": offer})


def freeze(content: Mapping[str, Any]) -> Frozen:
    """Return the canonical JSON (keys sorted) of a package and its SHA-256."""
    canonical = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    return Frozen(canonical.decode(), hashlib.sha256(canonical).hexdigest())
