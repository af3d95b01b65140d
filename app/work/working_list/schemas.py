"""Shapes of a working list."""

from datetime import date
from typing import Literal
from uuid import UUID

from app.cases.schemas.cases import CaseRef, ClientName, PersonRef
from app.kit.schema import NamedRef, Read
from app.work.working_list.groups import Group


class Target(Read):
    """What the item leads to."""

    type: Literal[
        "task", "referral", "residence_document", "consent", "case", "goal", "measure", "barrier_proposal",
        "conference", "pathway", "school_entry", "guardian", "domain_change", "transfer",
        "child_protection", "duty", "access_review", "incoming_referral", "interpreting",
        "vacancy",
    ]  # fmt: skip
    id: UUID


class WorkItem(Read):
    """Something due. What does not apply to its group is null.

    `code` is the channel or the reason of a referral, the purpose of a consent (with where its paper is said
    to be as `title`, while nothing proves it), the status of a document, the
    life domain of a goal, the kind of a guardian, what a client lives on after a change, who is responsible
    for a measure, the type of a proposed barrier, a pathway (with its requirement as `title`, if it is one),
    the stage of a school, why a transfer is offered, where a course of child protection stands, the norm of a
    duty, what a review is of, the language of an interpreting, or why somebody who was referred comes first.
    Of a case without a lead `title` is the number and `responsible` who led it; of a `vacancy` (a restricted
    case on which nobody is left, or a client without a case whose registrar has left) nothing is said but
    that there is one. `hint` says what to look at; whether somebody may stay is never said here.
    """

    reason: str
    due_on: date
    case: CaseRef | None
    """Null, like relation and client, for what belongs to no case of yours: an offer names nobody."""
    relation: Literal["lead", "deputy", "member"] | None
    client: ClientName | None
    target: Target
    title: str | None
    code: str | None
    institution: NamedRef | None
    responsible: PersonRef | None
    since: date | None
    printed_end: date | None
    continued_effect: str | None
    continued_until: date | None
    hint: str | None


class WorkGroup(Read):
    """One kind of thing that is due: how many, and the earliest of them. `next` with `?group=` goes on."""

    group: Group
    count: int
    items: list[WorkItem]
    next: str | None


class WorkRead(Read):
    """The working list of a day, the most urgent group first."""

    today: date
    weeks_without_contact: int
    groups: list[WorkGroup]
