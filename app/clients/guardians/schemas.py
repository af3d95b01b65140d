"""Shapes of guardians."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.clients.guardians.rules import Kind, Part
from app.kit.schema import Day, Input, Line, Name, Read

Parts = Annotated[list[Part], Field(min_length=1, max_length=5)]


class GuardianCreate(Input):
    """Who decides for the person: a member of the household, an institution, or a name; exactly one."""

    kind: Kind
    member_id: UUID | None = None
    institution_id: UUID | None = None
    name: Name | None = None
    reachable: Line | None = None
    scope: Parts
    is_joint: bool = Field(False, description="decides only together with the other joint guardians")
    must_not_learn: bool = Field(False, description="safe contact: must not learn anything")
    valid_from: Day | None = None
    valid_until: Day | None = None
    evidence: Line = Field(description="court order, certificate, or said so")


class GuardianChange(Input):
    """What changes; who it is stays."""

    reachable: Line | None = None
    scope: Parts | None = None
    is_joint: bool | None = None
    must_not_learn: bool | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    evidence: Line | None = None


class GuardianRead(Read):
    """A guardian; `ends_on` is the last day, also when that comes from the person's coming of age."""

    id: UUID
    client_id: UUID
    kind: Kind
    member_id: UUID | None
    institution_id: UUID | None
    name: str
    reachable: str | None
    scope: list[Part]
    is_joint: bool
    must_not_learn: bool
    valid_from: date | None
    valid_until: date | None
    ends_on: date | None
    is_current: bool
    evidence: str
    version: int
