"""What of a question is sealed when it is answered. Pure."""

import hashlib
from collections.abc import Iterable
from datetime import date

import orjson

DRAFT, ANSWERED = "draft", "answered"
STATES = (DRAFT, ANSWERED)


def table_digest(text: str) -> str:
    """Return the SHA-256 of a published table as it is stored."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest(
    number: str,
    asked_by: str,
    asked_on: date,
    question: str,
    answer: str,
    citations: Iterable[tuple[str, str, str]],
) -> str:
    """Return the SHA-256 over the canonical JSON of texts and citations (release, table, digest)."""
    rows = [number, asked_by, asked_on.isoformat(), question, answer, sorted(citations)]
    return hashlib.sha256(orjson.dumps(rows)).hexdigest()
