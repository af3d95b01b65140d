"""What a phone holds: one row of this table for each kind, and why every other table is none.

The SQL of a kind speaks of its row as `t`. `case` and `client` say what the row belongs to, so that a phone
that loses a case or a client knows what to forget.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from app.access.context import Context
from app.barriers.queries import read_barrier, read_proposal
from app.cases.noting.queries import read_draft
from app.cases.queries.cases import read_case
from app.cases.queries.entries import read_contact
from app.cases.queries.plan import read_assessment, read_goal, read_measure
from app.cases.tasks.queries import read_task
from app.clients.queries import read_client
from app.consents.queries import read_consent
from app.interpreting.queries import read_interpreting
from app.kit.reading import JsonBytes
from app.referrals.queries import read_referral

KindName = Literal[
    "case",
    "client",
    "task",
    "contact",
    "contact_draft",
    "goal",
    "measure",
    "assessment",
    "consent",
    "referral",
    "interpreting",
    "barrier",
    "barrier_proposal",
]
ReadInCase = Callable[[Context, UUID, UUID], Awaitable[JsonBytes]]
ReadAlone = Callable[[Context, UUID], Awaitable[JsonBytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of what a phone holds: where its rows are, and the ordinary query that reads one."""

    name: KindName
    rows: str
    tables: frozenset[str]
    read: ReadInCase | ReadAlone
    case: str = "t.case_id"
    """The SQL of the case; `NULL` where a row belongs to the client alone."""
    client: str = "NULL"
    version: str = "t.version"
    changed: tuple[str, ...] = ("t.changed_xid",)

    @property
    def scope(self) -> str:
        """The column by which rows come and go with a right."""
        return self.client if self.case == "NULL" or self.name == "consent" else self.case

    @property
    def belongs_to_client(self) -> bool:
        """Whether the right to the client decides, and not the one to a case."""
        return self.scope == self.client

    async def content(self, ctx: Context, case_id: UUID | None, object_id: UUID) -> JsonBytes:
        """Read one, as its own address would answer: same query, same rights, same journal."""
        if self.name in IN_A_CASE:
            return await self.read(ctx, case_id, object_id)  # type: ignore[call-arg, arg-type]
        return await self.read(ctx, object_id)  # type: ignore[call-arg]


IN_A_CASE = frozenset({"task", "contact", "contact_draft", "goal", "measure", "assessment", "interpreting"})
"""Kinds whose address names the case."""


def _of_case(name: KindName, table: str, read: ReadInCase | ReadAlone, *, version: str = "t.version") -> Kind:
    return Kind(name=name, rows=f"{table} t", tables=frozenset({table}), read=read, version=version)


KINDS: tuple[Kind, ...] = (
    Kind(
        name="case",
        rows="""cases t JOIN case_contents s
            ON s.municipal_area_id = t.municipal_area_id AND s.id = t.id""",
        tables=frozenset({"cases", "case_contents"}),
        read=read_case,
        case="t.id",
        client="t.client_id",
        version="t.version + s.version",
        changed=("t.changed_xid", "s.changed_xid"),
    ),
    Kind(
        name="client",
        rows="clients t",
        tables=frozenset({"clients"}),
        read=read_client,
        case="NULL",
        client="t.id",
    ),
    _of_case("task", "tasks", read_task),
    _of_case("contact", "contacts", read_contact),
    _of_case("contact_draft", "contact_drafts", read_draft),
    _of_case("goal", "goals", read_goal),
    _of_case("measure", "measures", read_measure),
    _of_case("assessment", "assessments", read_assessment, version="1"),
    Kind(
        name="consent",
        rows="consents t",
        tables=frozenset({"consents"}),
        read=read_consent,
        client="t.client_id",
    ),
    Kind(
        name="referral",
        rows="""referrals t JOIN referral_requests s
            ON s.municipal_area_id = t.municipal_area_id AND s.id = t.id""",
        tables=frozenset({"referral_requests"}),
        read=read_referral,
        version="s.version",
        changed=("s.changed_xid",),
    ),
    _of_case("interpreting", "interpretings", read_interpreting),
    _of_case("barrier", "barrier_reports", read_barrier),
    _of_case("barrier_proposal", "barrier_proposals", read_proposal),
)
BY_NAME: dict[str, Kind] = {kind.name: kind for kind in KINDS}

NO_KIND: dict[str, str] = {
    "assignments": "the right itself: it decides what comes and goes",
    "memberships": "the right itself",
    "tombstones": "what is gone, told as removed",
    "household_members": "part of the client's page, which moves with it",
    "disputes": "part of the client's page, which moves with it",
    "documents": "bytes are fetched at the desk; read with their own list",
    "conferences": "not held by a phone yet; read with their own list",
    "pathways": "not held by a phone yet; read with their own list",
    "school_entries": "not held by a phone yet; read with their own list",
    "domain_change_items": "not held by a phone yet; read with their own list",
    "guardians": "not held by a phone yet; read with their own list",
    "authority_figures": "about nobody",
    "contact_templates": "of a unit and without a person; read with its own list",
    "access_reviews": "of the privacy officer",
    "inquiries": "of a whole unit, worked at the desk; read with their own list",
    "inquiry_contents": "part of an inquiry",
    "institutions": "about nobody; read with their own list",
    "positions": "about nobody",
    "units": "about nobody",
    "users": "colleagues; read with their own list",
    "obstacles": "about nobody",
    "obstacle_measures": "about nobody",
    "releases": "about nobody",
}
"""Tables that carry `changed_xid` and are no kind, each with the reason (tests/work/test_sync_kinds.py)."""
