"""Texts as a sheet can hold them. Pure."""

import re

_NOT_IN_XML = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
"""Signs that XML 1.0 has no place for (section 2.2, Char): one of them, and a workbook cannot be written."""


def cell_text(text: str) -> str:
    """Return a text without the signs that no workbook can hold."""
    return _NOT_IN_XML.sub("", text)
