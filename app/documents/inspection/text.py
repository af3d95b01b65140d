"""Plain text: what a person reads, in UTF-8, and nothing that another program would take for its own."""

import re

from app.documents.inspection.refusals import Reason, Refused, has_second_identity
from app.documents.kinds import TEXT, Kind

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(
    r"<\s*(?:!doctype|\?xml|html|head|body|svg|script|iframe|frame|object|embed|xml|style|meta|base|link|form"
    r"|img|video|audio|math|template)\b|<\s*[a-z][\w-]*\s[^<>=]*=\s*[\"']",
    re.IGNORECASE,
)
_PROGRAM = re.compile(
    r"\A\s*(?:#!|%!PS|\{\\rtf|MIME-Version:|<\?php|@echo off|WEB\s+1\s|ID;P|REGEDIT4|Windows Registry Editor)"
    r"|^[ \t]*\[(?:InternetShortcut|AutoRun|\.ShellClassInfo|Shell)\]|\bCreateObject\s*\(|\bWScript\.",
    re.IGNORECASE | re.MULTILINE,
)


def inspect(content: bytes) -> Kind:
    """Return plain text as its kind. Raises Refused for what is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(Reason.KIND) from None
    if _CONTROLS.search(text) or _MARKUP.search(text) or _PROGRAM.search(text):
        raise Refused(Reason.KIND)
    if has_second_identity(content, own="text"):
        raise Refused(Reason.AMBIGUOUS)
    return TEXT
