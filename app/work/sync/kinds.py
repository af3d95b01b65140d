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
from app.cases.domain_changes.queries import read_domain_change
from app.cases.noting.queries import read_draft
from app.cases.queries.cases import read_case
from app.cases.queries.entries import read_contact
from app.cases.queries.plan import read_assessment, read_goal, read_measure
from app.cases.tasks.queries import read_task
from app.catalogues.language import Language
from app.clients.guardians.queries import read_guardian
from app.clients.queries import read_client
from app.conferences.queries import read_conference
from app.consents.queries import read_consent
from app.disclosures.rules import CHILD_PROTECTION
from app.documents.queries import read_document
from app.interpreting.queries import read_interpreting
from app.kit.reading import JsonBytes
from app.pathways.queries import read_pathway
from app.referrals.queries import read_referral
from app.school_entries.queries import read_school_entry
from app.transfers.queries import read_transfer

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
    "document",
    "conference",
    "pathway",
    "school_entry",
    "domain_change",
    "transfer",
    "guardian",
]
ReadInCase = Callable[[Context, UUID, UUID], Awaitable[JsonBytes]]
ReadInWords = Callable[[Context, Language, UUID, UUID], Awaitable[JsonBytes]]
ReadAlone = Callable[[Context, UUID], Awaitable[JsonBytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of what a phone holds: where its rows are, and the ordinary query that reads one."""

    name: KindName
    rows: str
    tables: frozenset[str]
    read: ReadInCase | ReadInWords | ReadAlone
    case: str = "t.case_id"
    """The SQL of the case; `NULL` where a row belongs to the client alone."""
    client: str = "NULL"
    member: str = "NULL"
    """The SQL of the member of the household whom a row is about: it comes and goes with them."""
    shows_members: bool = False
    """Whether it is in a case, and seen or complete only for those who see every member that it is about."""
    version: str = "t.version"
    changed: tuple[str, ...] = ("t.changed_xid",)
    sought: str = "true"
    """A condition for what changed that an index serves, where the policy is none that one could."""

    @property
    def scope(self) -> str:
        """The column by which rows come and go with a right."""
        return self.client if self.case == "NULL" or self.name in OF_THE_CLIENT else self.case

    @property
    def belongs_to_client(self) -> bool:
        """Whether the right to the client decides, and not the one to a case."""
        return self.scope == self.client

    async def content(
        self, ctx: Context, language: Language, case_id: UUID | None, object_id: UUID
    ) -> JsonBytes:
        """Read one, as its own address would answer: same query, same rights, same journal."""
        if self.name in IN_WORDS:
            return await self.read(ctx, language, case_id, object_id)  # type: ignore[call-arg, arg-type]
        if self.name in IN_A_CASE:
            return await self.read(ctx, case_id, object_id)  # type: ignore[call-arg, arg-type]
        return await self.read(ctx, object_id)  # type: ignore[call-arg, arg-type]


IN_A_CASE = frozenset(
    {
        "task", "contact", "contact_draft", "goal", "measure", "assessment", "interpreting", "conference",
        "school_entry", "domain_change", "transfer",
    }
)  # fmt: skip
"""Kinds whose address names the case."""
IN_WORDS = frozenset({"pathway"})
"""Kinds in a case that are read with the words of a language."""
OF_THE_CLIENT = frozenset({"consent", "document"})
"""Kinds that may name a case and are those of the client: whoever gains the case gains the client."""


def _of_case(
    name: KindName,
    table: str,
    read: ReadInCase | ReadInWords | ReadAlone,
    *,
    version: str = "t.version",
    member: str = "NULL",
    shows_members: bool = False,
) -> Kind:
    return Kind(
        name=name,
        rows=f"{table} t",
        tables=frozenset({table}),
        read=read,
        version=version,
        member=member,
        shows_members=shows_members or member != "NULL",
    )


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
        rows=f"""(SELECT * FROM referrals WHERE legal_basis <> '{CHILD_PROTECTION}') t
            JOIN referral_requests s
            ON s.municipal_area_id = t.municipal_area_id AND s.id = t.id""",
        tables=frozenset({"referral_requests"}),
        read=read_referral,
        version="s.version",
        changed=("s.changed_xid",),
    ),
    _of_case("interpreting", "interpretings", read_interpreting),
    _of_case("barrier", "barrier_reports", read_barrier, shows_members=True),
    Kind(
        name="barrier_proposal",
        rows="""barrier_proposals t LEFT JOIN school_entries s
            ON s.municipal_area_id = t.municipal_area_id AND s.id = t.school_entry_id""",
        tables=frozenset({"barrier_proposals"}),
        read=read_proposal,
        member="s.member_client_id",
        shows_members=True,
    ),
    Kind(
        name="document",
        rows="(SELECT * FROM documents WHERE removed_at IS NULL) t",
        tables=frozenset({"documents"}),
        read=read_document,
        client="t.client_id",
        sought="t.client_id = ANY ($7::uuid[])",
    ),
    _of_case("conference", "conferences", read_conference),
    _of_case("pathway", "pathways", read_pathway, member="t.member_client_id"),
    _of_case("school_entry", "school_entries", read_school_entry, member="t.member_client_id"),
    Kind(
        name="domain_change",
        rows="""domain_changes t CROSS JOIN LATERAL (SELECT sum(i.version)::int AS version,
                max(i.changed_xid) AS changed_xid FROM domain_change_items i
            WHERE i.municipal_area_id = t.municipal_area_id AND i.domain_change_id = t.id) s""",
        tables=frozenset({"domain_change_items"}),
        read=read_domain_change,
        version="s.version",
        changed=("s.changed_xid",),
    ),
    _of_case("transfer", "case_transfers", read_transfer),
    Kind(
        name="guardian",
        rows="""guardians t LEFT JOIN household_members s
            ON s.municipal_area_id = t.municipal_area_id AND s.id = t.member_id""",
        tables=frozenset({"guardians"}),
        read=read_guardian,
        case="NULL",
        client="t.client_id",
        member="s.member_client_id",
    ),
)
BY_NAME: dict[str, Kind] = {kind.name: kind for kind in KINDS}

NO_KIND: dict[str, str] = {
    "assignments": "the right itself: it decides what comes and goes",
    "memberships": "the right itself",
    "tombstones": "what is gone, told as removed",
    "household_members": "part of the client's page, which moves with it",
    "disputes": "part of the client's page, which moves with it",
    "transfer_offers": "says nothing of a person; what was received comes as client and case",
    "authority_figures": "about nobody",
    "populations": "about nobody; official figures",
    "cooperation_contracts": "about nobody",
    "council_questions": "about nobody",
    "contact_templates": "of a unit and about nobody; kept by the front end like the catalogues",
    "access_reviews": "of the privacy officer",
    "duties": "decided on while one looks, with the package as it is: nothing to keep on a phone",
    "child_protections": "the most sensitive there is, so it stays where its readers are asked anew; "
    "so does the referral that informs the youth welfare office",
    "inquiries": "of a whole unit: whoever may not become a case is copied to no phone",
    "inquiry_contents": "part of an inquiry",
    "incoming_referrals": "belongs to an inquiry; what came of it comes as client and case",
    "institutions": "about nobody; kept by the front end like the catalogues",
    "institution_sites": "with their institution",
    "offers": "with their institution",
    "partner_barriers": "about nobody; of an institution",
    "partner_systems": "about nobody",
    "positions": "about nobody",
    "units": "about nobody",
    "users": "colleagues, about no client; whoever matters is named in what is held",
    "obstacles": "about nobody",
    "obstacle_measures": "about nobody",
    "obstacle_members": "about nobody",
    "obstacle_hearings": "about nobody",
    "steering_meetings": "about nobody",
    "releases": "about nobody",
    "referral_deadlines": "about nobody",
    "referral_recalls": "read with its referral while there is a connection, like the inbox",
    "referral_charges": "of the institution's side, which keeps nothing on a phone",
    "unplaced_withdrawals": "of the privacy officer",
    "state_exports": "about nobody: counts in bands",
    "webhooks": "about nobody",
}
"""Tables that carry `changed_xid` and are no kind, each with the reason (tests/work/test_sync_kinds.py)."""
