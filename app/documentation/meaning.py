"""What a code of a problem says: with which status it comes, what happened, what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """One code: with which status it comes, what happened, what to do."""

    code: str
    status: str
    means: str
    do: str


def of(status: str, *rows: tuple[str, str, str]) -> tuple[Meaning, ...]:
    """Return the meanings of codes that come with one status."""
    return tuple(Meaning(code, status, means, do) for code, means, do in rows)
