"""Draws a state machine that is written down as data, as a Mermaid state diagram.

A package's `rules.py` holds the table; this only renders it, so that documentation cannot drift from it.
"""

from collections.abc import Iterable
from typing import Protocol


class Arrow(Protocol):
    """One way from a state to another; no source means the beginning."""

    @property
    def source(self) -> str | None: ...

    @property
    def target(self) -> str: ...

    @property
    def label(self) -> str:
        """Return who goes it, or how it is called; empty for nothing."""
        ...


def mermaid(arrows: Iterable[Arrow]) -> str:
    """Return the diagram, one line an arrow, in the order of the table; arrows with several labels merge."""
    labels: dict[tuple[str, str], list[str]] = {}
    for arrow in arrows:
        found = labels.setdefault((arrow.source or "[*]", arrow.target), [])
        if arrow.label and arrow.label not in found:
            found.append(arrow.label)
    lines = [
        f"    {source} --> {target}" + (f": {', '.join(texts)}" if texts else "")
        for (source, target), texts in labels.items()
    ]
    return "\n".join(["stateDiagram-v2", *lines, ""])


def section(title: str, arrows: Iterable[Arrow]) -> str:
    """Return a chapter of Markdown with the diagram in it."""
    return f"## {title}\n\n```mermaid\n{mermaid(arrows)}```\n"
