"""Relations between vocabularies: what a kind of institution may receive, what an outcome proposes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from types import MappingProxyType

from app.catalogues.rows import Row, read_rows

Codes = Collection[tuple[str, str]]
Allowed = Mapping[str, Mapping[str, tuple[str, ...] | None]]

DATA_CATEGORIES = "institution_data_categories.csv"

WITHHELD = frozenset({"protection_from_violence"})
"""Never told to an institution in a package or a conference, whatever its kind may receive."""
OUTCOME_BARRIERS = "outcome_barriers.csv"


@dataclass(frozen=True, slots=True)
class Proposals:
    """Barrier types by (outcome, institution type) and by (outcome, institution group)."""

    by_type: Mapping[tuple[str, str], str]
    by_group: Mapping[tuple[str, str], str]


def read_allowed(directory: Traversable, codes: Codes, recipients: Collection[str]) -> Allowed:
    """Read the widest set of data categories per kind of institution; none stands for a whole category.

    `recipients` are the kinds to which § 87 AufenthG notifications go: they may only ever have named fields
    of the master data, so a wider row is a fault.
    """
    allowed: dict[str, dict[str, tuple[str, ...] | None]] = {}
    for row in read_rows(directory, DATA_CATEGORIES, ("institution_type", "data_category", "fields")):
        kind = _known(row, "institution_type", codes)
        category = _known(row, "data_category", codes)
        fields = row.words("fields") or None
        if category in allowed.setdefault(kind, {}):
            raise row.fault(f"{kind} {category} stands twice")
        if kind in recipients and (category != "master_data" or fields is None):
            raise row.fault(f"{kind} may have only named fields of master_data")
        allowed[kind][category] = fields
    return MappingProxyType({kind: MappingProxyType(categories) for kind, categories in allowed.items()})


def read_proposals(directory: Traversable, codes: Codes, groups: Mapping[str, str]) -> Proposals:
    """Read which barrier type an outcome proposes; `groups` gives the group of each institution type."""
    columns = ("referral_outcome", "institution_group", "institution_type", "barrier_type")
    by_type: dict[tuple[str, str], str] = {}
    by_group: dict[tuple[str, str], str] = {}
    for row in read_rows(directory, OUTCOME_BARRIERS, columns):
        outcome = _known(row, "referral_outcome", codes)
        group = _known(row, "institution_group", codes)
        barrier = _known(row, "barrier_type", codes)
        kind = row.optional("institution_type")
        if kind is not None and groups.get(kind) != group:
            raise row.fault(f"institution_type {kind!r} is not of the group {group}")
        rules, key = (by_group, (outcome, group)) if kind is None else (by_type, (outcome, kind))
        if key in rules:
            raise row.fault(f"{' '.join(key)} stands twice")
        rules[key] = barrier
    return Proposals(MappingProxyType(by_type), MappingProxyType(by_group))


def _known(row: Row, vocabulary: str, codes: Codes) -> str:
    code = row.text(vocabulary)
    if (vocabulary, code) not in codes:
        raise row.fault(f"unknown {vocabulary} {code!r}")
    return code
