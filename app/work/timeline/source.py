"""One way in which something happens in a case, and what a reader needs to see it.

The SQL of a source speaks of its row as `t`, of the case as `$1` and of the moment of reading as `$7`; its
rows are those of a part of the statement (`PARTS`) or of a table. Days without a time stand at the last
second of their day where the offices are, or when they were written down.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from app.access.permissions import Permission

Kind = Literal[
    "contact", "phase", "assessment", "referral", "consent", "document", "task", "barrier", "domain_change",
    "team", "conference", "pathway", "school", "transfer", "message",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)

PERMISSIONS: dict[Kind, Permission] = {
    "contact": Permission.CASE_READ,
    "phase": Permission.CASE_READ,
    "assessment": Permission.CASE_READ,
    "referral": Permission.REFERRAL_READ,
    "consent": Permission.CONSENT_READ,
    "document": Permission.DOCUMENT_READ,
    "task": Permission.CASE_READ,
    "barrier": Permission.BARRIER_READ,
    "domain_change": Permission.CASE_READ,
    "team": Permission.CASE_READ,
    "conference": Permission.CASE_READ,
    "pathway": Permission.CASE_READ,
    "school": Permission.CASE_READ,
    "transfer": Permission.CASE_READ,
    "message": Permission.REFERRAL_READ,
}
"""What a reader needs to see entries of a kind."""

NOTE_LENGTH = 300
"""Signs of a text that a line shows; more is read with the entry itself."""

INSTITUTION = """(SELECT json_build_object('id', i.id, 'name', i.name) FROM institutions i
WHERE i.municipal_area_id = {0}.municipal_area_id AND i.id = {0}.institution_id)"""
"""The institution of a row, as a line names it."""


@dataclass(frozen=True, slots=True)
class Source:
    """One way in which something happens: which rows, when, by whom, and what a line shows of it."""

    kind: Kind
    rows: str
    where: str
    at: str
    actor: str
    what: str
    details: str
    by_id: str = "t.id = s.id"
    """How a line finds its row."""


def end_of(day: str) -> str:
    return f"(({day} + time '23:59:59') AT TIME ZONE 'Europe/Berlin')"
