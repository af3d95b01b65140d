"""The review list: pairs among the persons whom one sees that may be one person, registered twice."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations
from uuid import UUID

from app.access.context import Context
from app.clients.births import Birth
from app.clients.finding import Candidate, Found, duplicates
from app.clients.matching.forms import Form
from app.clients.matching.keys import exact
from app.clients.search import REVIEW, show_found
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

MOST_PAIRS = 200
_MOST_OF_ONE_NAME = 40
"""Bearers of one frequent name without anything else in common are not set against each other."""

_SEEN = """SELECT id, name_forms, birth_date, birth_precision FROM clients
WHERE merged_into IS NULL AND processing_restricted_at IS NULL ORDER BY id"""
_DISTINCT = "SELECT client_id, other_client_id FROM distinct_clients"


async def review_duplicates(ctx: Context, page: PageRequest) -> JsonBytes:
    """Answer likely pairs among the persons the actor sees, the likeliest pair first."""
    driver = await ctx.db.driver()
    distinct = {frozenset(row) for row in await driver.fetch(_DISTINCT)}
    candidates = [Candidate.of(row) for row in await driver.fetch(_SEEN)]
    pairs = likely_pairs(candidates, distinct)
    persons = [each for pair in pairs for each in pair]
    numbers = [number for number, _ in enumerate(pairs, 1) for _ in range(2)]
    return await show_found(ctx, REVIEW, page, persons, numbers)


def likely_pairs(
    candidates: Sequence[Candidate], distinct: Collection[frozenset[UUID]] = ()
) -> list[tuple[Found, Found]]:
    """Return pairs that are likely the same person, the likeliest first, at most `MOST_PAIRS`.

    Left out are those of whom somebody has said that they are distinct.
    """
    pairs = []
    for one, other in _met(candidates):
        if frozenset((one.client_id, other.client_id)) in distinct:
            continue
        birth = Birth.of(one.birth_date, one.birth_precision)
        likely = duplicates([Form.parsed(stored) for stored in one.forms], birth, [other])
        pairs += [(Found(one.client_id, each.likeness, each.reasons), each) for each in likely]
    pairs.sort(key=lambda pair: (-pair[0].likeness, pair[0].client_id, pair[1].client_id))
    return pairs[:MOST_PAIRS]


def _met(candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, Candidate]]:
    """Yield each pair once that shares two words, or one word and the birth date."""
    groups: dict[object, list[int]] = defaultdict(list)
    for number, each in enumerate(candidates):
        for mark in _marks(each):
            groups[mark].append(number)
    met: set[tuple[int, int]] = set()
    for numbers in groups.values():
        met.update(combinations(numbers[:_MOST_OF_ONE_NAME], 2))
    return ((candidates[one], candidates[other]) for one, other in sorted(met))


def _marks(candidate: Candidate) -> Iterable[object]:
    words = {key for stored in candidate.forms for key in exact(Form.parsed(stored))}
    marks: set[object] = {frozenset(pair) for pair in combinations(sorted(words), 2)}
    born = candidate.birth_date
    return marks | {(word, born) for word in words} if born else marks
