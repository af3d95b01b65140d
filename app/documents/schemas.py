"""Shapes of documents."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.kit.schema import Code, Day, Input, Line, Read

KindCode = Literal["pdf", "jpeg", "png", "tiff", "docx", "xlsx", "odt", "ods", "text"]
Reason = Literal["wrong_person", "wrong_file", "duplicate", "not_needed", "client_wish", "unlawful"]


class DocumentChange(Input):
    """What is said of a document; what is left out stays.

    A new category or day sets the end of keeping anew, unless `keep_until` is sent too. It counts from its
    day or, if later, from the day it came in, and is never less than a month away.
    """

    title: Line | None = None
    category: Code | None = None
    dated_on: Day | None = None
    keep_until: Day | None = None
    """Null: as long as the client or case. Not before today: what is not needed is removed with a reason."""


class DocumentRemove(Input):
    """Why a document is removed for good."""

    reason: Reason


class DocumentRead(Read):
    """A document without its content. Once removed, a tombstone: no title, no digest, nothing to download."""

    id: UUID
    client_id: UUID
    case_id: UUID | None
    title: str | None
    category: str
    dated_on: date
    keep_until: date | None
    source: Literal["upload", "letter", "transfer", "recipient"]
    """`recipient`: an institution sent it with its answer to a referral."""
    kind: KindCode
    size_bytes: int
    sha256: str | None
    is_scanned: bool
    is_evidence: bool
    created_at: datetime
    created_by: UUID
    removed_at: datetime | None
    removed_by: UUID | None
    removal_reason: Literal[
        "wrong_person", "wrong_file", "duplicate", "not_needed", "client_wish", "unlawful", "retention"
    ] | None  # fmt: skip
    version: int
