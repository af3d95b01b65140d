"""Numbers as they are written in German and in English, and as sheets show them. Pure."""

from decimal import ROUND_HALF_UP, Decimal

RATE_IN_A_SHEET = "[=0]0;[<0.05]0.00;0.0"
"""The format that shows a number of a workbook as `rate` writes it; the number itself keeps its decimals."""

_TENTH, _HUNDREDTH = Decimal("0.1"), Decimal("0.01")


def number(value: float, language: str) -> str:
    """Return a number as it is written in one of the two languages: no decimals where it is whole."""
    text = f"{value:.2f}".rstrip("0") if value % 1 else str(int(value))
    return _in(language, text)


def rate(value: float, language: str) -> str:
    """Return a rate (per 100, per 1,000, per position) with one decimal, rounded half up.

    Two decimals where one would make a zero of it, and none for zero itself.
    """
    if not value:
        return "0"
    exact = Decimal(str(value))
    rounded = exact.quantize(_TENTH, ROUND_HALF_UP)
    return _in(language, str(rounded or exact.quantize(_HUNDREDTH, ROUND_HALF_UP)))


def _in(language: str, text: str) -> str:
    return text.replace(".", ",") if language == "de" else text
