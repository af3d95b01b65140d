"""Shapes of who works on a case."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.cases.schemas.cases import ColleagueRef, PersonRef
from app.kit.schema import Day, Input, Line, Note, Read


class CaseAssign(Input):
    """Who takes the case over, or joins its team."""

    user_id: UUID
    kind: Literal["lead", "member"]


class CaseHandOver(Input):
    """Who leads the case from now on."""

    user_id: UUID


class VacancyFill(CaseHandOver):
    """Who leads the case from now on, and why they."""

    reason: Annotated[Line, Field(min_length=10)]


class DeputyCreate(Input):
    """Who stands in, from the beginning of one day to the end of another."""

    user_id: UUID
    first_day: Day = Field(alias="from")
    last_day: Day = Field(alias="until")


class BreakGlass(Input):
    """Why somebody must look who is not on the case."""

    reason: Annotated[Line, Field(min_length=10)]


class TeamMemberRead(Read):
    """Somebody on a case, now or later, and until when."""

    id: UUID
    user: ColleagueRef
    kind: Literal["lead", "member", "deputy", "break_glass"]
    active_from: datetime
    active_until: datetime | None


class RegistrarRead(Read):
    """Somebody who registered the client of a case and sees them by that, without being on the case."""

    id: UUID
    user: PersonRef
    active_from: datetime


class HandoverAcknowledge(Input):
    """That the new lead has taken over what is open."""

    note: Note | None = None


class HandoverRead(Read):
    """That a case got a new lead; what is open stands in the open items of the case."""

    id: UUID
    at: datetime
    from_user: PersonRef
    to_user: PersonRef
    acknowledged_at: datetime | None
    note: str | None
