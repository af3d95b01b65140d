"""Shapes of inquiries."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.directory.schemas import InstitutionName
from app.kit.schema import Code, Day, Input, Line, Name, Note, Read

State = Literal["open", "waiting", "advised", "passed_on", "declined", "case", "removed", "lapsed"]
Referral = Literal["unanswered", "answered"]
Priority = Literal["deadline", "livelihood", "housing", "child", "emergency"]
Reason = Literal[
    "not_responsible", "other_case_management", "no_need", "not_voluntary", "no_capacity", "no_longer_wanted",
    "not_reached", "moved_away", "helped_elsewhere", "other",
]  # fmt: skip
Concerns = Annotated[list[Code], Field(min_length=1, max_length=10, description="life domains")]
Minutes = Annotated[int, Field(strict=True, ge=0, le=1440)]


class InquiryRecord(Input):
    """Somebody asks. Without a name it is anonymous; nothing more is needed to advise them."""

    access_route: Code
    concerns: Concerns
    language: Code
    received_on: Day | None = None
    """Today, unless said otherwise."""
    unit_id: UUID | None = None
    """Needed only by those who work at several units."""
    name: Name | None = None
    reachable: Line | None = None
    """How the person wants to be reached."""
    minutes: Minutes | None = None
    note: Note | None = None


class InquiryChange(Input):
    """What changes of an inquiry that is not finished; what is left out stays."""

    access_route: Code | None = None
    concerns: Concerns | None = None
    name: Name | None = None
    reachable: Line | None = None
    minutes: Minutes | None = None
    note: Note | None = None


class InquiryWait(Input):
    """Why somebody on the waiting list comes first, if they do; left out, it stays as it was."""

    priority_reason: Priority | None = None


class InquiryFinish(Input):
    """What became of it: advised, passed on to an institution, declined or removed with a reason."""

    outcome: Literal["advised", "passed_on", "declined", "removed"]
    institution_id: UUID | None = None
    institution_name: Line | None = None
    reason: Reason | None = None


class InquiryToCase(Input):
    """The case that it became, of a client who was registered or found before."""

    case_id: UUID


class WaitingRead(Read):
    """One who waits: no name, no concern. Whoever takes it sees both.

    `referral` is null unless an institution referred them; it expects an answer until `answer_until`.
    """

    id: UUID
    unit_id: UUID
    language: str
    waiting_since: date
    priority_reason: Priority | None
    referral: Referral | None
    answer_until: datetime | None
    version: int


class InquiryRead(Read):
    """An inquiry of one's own. After `forgotten_at` it tells of nobody any more.

    `referral` is null unless an institution referred them: then `/v1/incoming-referrals` has the same id.
    """

    id: UUID
    unit_id: UUID
    state: State
    language: str
    waiting_since: date | None
    priority_reason: Priority | None
    referral: Referral | None
    answer_until: datetime | None
    received_on: date
    access_route: str
    concerns: list[str]
    is_anonymous: bool
    name: str | None
    reachable: str | None
    minutes: int | None
    note: str | None
    finished_on: date | None
    institution: InstitutionName | None
    reason: Reason | None
    case_id: UUID | None
    forgotten_at: datetime | None
    version: int
