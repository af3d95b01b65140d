"""Formulas of spreadsheets: those that fetch from elsewhere or start something, outside of texts."""

import re

from app.documents.inspection.refusals import Reason, Refused

_TEXT = re.compile(r'"[^"]*"')
_NAMES = re.compile(r"(?<!\|)'[^']*'(?!\|)|\[[^\]]*\]|\{[^}]*\}")
"""Sheets, columns and lists, which may hold any sign; what stands beside a bar is none."""
_ACTIVE = re.compile(
    r"(?<![\w.])(?:_xlfn\.)?(?:WEBSERVICE|IMAGE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|DDE)\s{0,9}\("
    r"|'\s{0,9}(?:file|https?|ftp|smb|vnd\.[a-z.]+):"
    r"|\\\\",
    re.IGNORECASE,
)
"""Two backslashes lead to another machine."""


def check_formula(formula: str) -> None:
    """Raise Refused for a formula that reaches out of its file."""
    if _ACTIVE.search(_TEXT.sub('""', formula)):
        raise Refused(Reason.ACTIVE)


def check_sheet_formula(formula: str) -> None:
    """Raise Refused for such a formula of Excel, where a bar asks another program."""
    check_formula(formula)
    if "|" in formula and "|" in _NAMES.sub("", _TEXT.sub('""', formula)):
        raise Refused(Reason.ACTIVE)
