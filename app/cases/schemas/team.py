"""Shapes of who works on a case."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.cases.schemas.cases import PersonRef
from app.kit.schema import Day, Input, Line, Read


class CaseAssign(Input):
    """Who takes the case over, or joins its team."""

    user_id: UUID
    kind: Literal["lead", "member"]


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
    user: PersonRef
    kind: Literal["lead", "member", "deputy", "break_glass"]
    active_from: datetime
    active_until: datetime | None
