"""Shapes of catching up."""

from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import Field

from app.barriers.schemas import BarrierRead, ProposalRead
from app.cases.domain_changes.schemas import DomainChangeRead
from app.cases.noting.schemas import ContactDraftRead
from app.cases.schemas.cases import CaseRead
from app.cases.schemas.entries import ContactRead
from app.cases.schemas.plan import AssessmentRead, GoalRead, MeasureRead
from app.cases.tasks.schemas import TaskRead
from app.clients.guardians.schemas import GuardianRead
from app.clients.schemas import ClientRead
from app.conferences.schemas import ConferenceRead
from app.consents.schemas import ConsentRead
from app.documents.schemas import DocumentRead
from app.interpreting.schemas import InterpretingRead
from app.kit.schema import Input, Read
from app.pathways.schemas import PathwayRead
from app.referrals.schemas import ReferralRead
from app.school_entries.schemas import SchoolEntryRead
from app.transfers.schemas import CaseTransferRead
from app.work.sync.kinds import KindName

AT_ONCE = 50


class SyncLine(Read):
    """One thing and what became of it.

    `changed`: it is new or has this version now; fetch it when you hold another one, and always when it is
    `anew`: the right to it, or to a part of it, came or went. `removed`: it is gone. `lost`: a case or client
    that may no longer be seen. With a case or client that is gone or lost, forget everything that names it in
    `case_id`, `client_id` or `member_client_id` (the member of the household whom it is about).
    """

    kind: KindName
    id: UUID
    state: Literal["changed", "removed", "lost"]
    version: int | None
    anew: bool
    case_id: UUID | None
    client_id: UUID | None
    member_client_id: UUID | None


class SyncRead(Read):
    """One page; ask again with `since` set to `next`, at once while there is `more`."""

    items: list[SyncLine]
    next: str
    more: bool


class SyncRef(Input):
    """One thing by kind and id."""

    kind: KindName
    id: UUID


class SyncFetch(Input):
    """What is to be read in one go."""

    items: Annotated[list[SyncRef], Field(min_length=1, max_length=AT_ONCE)]


class SyncMissing(Read):
    """What cannot be seen: gone, or never there."""

    kind: KindName
    id: UUID


Name = TypeVar("Name")
Content = TypeVar("Content", bound=Read)


class SyncContent(Read, Generic[Name, Content]):
    """One thing as its own address answers; `etag` is what a change of it sends as If-Match."""

    kind: Name
    id: UUID
    etag: str | None
    content: Content


AnyContent = Annotated[
    SyncContent[Literal["case"], CaseRead]
    | SyncContent[Literal["client"], ClientRead]
    | SyncContent[Literal["task"], TaskRead]
    | SyncContent[Literal["contact"], ContactRead]
    | SyncContent[Literal["contact_draft"], ContactDraftRead]
    | SyncContent[Literal["goal"], GoalRead]
    | SyncContent[Literal["measure"], MeasureRead]
    | SyncContent[Literal["assessment"], AssessmentRead]
    | SyncContent[Literal["consent"], ConsentRead]
    | SyncContent[Literal["referral"], ReferralRead]
    | SyncContent[Literal["interpreting"], InterpretingRead]
    | SyncContent[Literal["barrier"], BarrierRead]
    | SyncContent[Literal["barrier_proposal"], ProposalRead]
    | SyncContent[Literal["document"], DocumentRead]
    | SyncContent[Literal["conference"], ConferenceRead]
    | SyncContent[Literal["pathway"], PathwayRead]
    | SyncContent[Literal["school_entry"], SchoolEntryRead]
    | SyncContent[Literal["domain_change"], DomainChangeRead]
    | SyncContent[Literal["transfer"], CaseTransferRead]
    | SyncContent[Literal["guardian"], GuardianRead],
    Field(discriminator="kind"),
]


class SyncContents(Read):
    """What was asked for, in that order."""

    items: list[AnyContent]
    missing: list[SyncMissing]
