"""From data to a PDF: typst, with our template and our fonts alone.

Off the event loop. The compiler sees the folder of templates and nothing else, no font of
the machine, and asks for nothing over the network, since no template imports a package.
"""

import asyncio
from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import orjson
import typst

PDF_STANDARD = "ua-1"
"""Accessible PDF: a screen reader finds the order, the language and the title."""


async def render(data: Mapping[str, Any]) -> bytes:
    """Return a letter as PDF."""
    return await asyncio.to_thread(rendered, data)


def rendered(data: Mapping[str, Any], **how: Any) -> bytes:
    """Return a letter as PDF, or in another format for looking at it."""
    with as_file(files("app.letters") / "templates") as folder:
        return compiled(folder, "letter.typ", data, **how)


def compiled(folder: Path, template: str, data: Mapping[str, Any], **how: Any) -> bytes:
    """Return a template of a folder filled with data, as PDF or in another format for looking at it."""
    made = typst.compile(
        folder / template,
        root=folder,
        font_paths=_fonts(),
        sys_inputs={"data": orjson.dumps(data).decode()},
        **(how or {"format": "pdf"}),
    )
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> typst.Fonts:
    with as_file(files("app.letters") / "fonts") as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
