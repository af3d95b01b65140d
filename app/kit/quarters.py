"""A quarter of a year as requests name it: 2026Q3."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

_FORM = r"^2[01][0-9]{2}Q[1-4]$"
_LENGTH = 6


def a_quarter(value: object) -> object:
    """Return a quarter as it is written; refuse any other text, and leave to others what is no text."""
    if isinstance(value, str) and not re.fullmatch(_FORM, value):
        raise PydanticCustomError(
            "quarter_unreadable", "A quarter is written 2026Q3, of the years 2000 to 2199."
        )
    return value


QuarterCode = Annotated[
    str, Field(min_length=_LENGTH, max_length=_LENGTH, pattern=_FORM), BeforeValidator(a_quarter)
]
"""Asked before length and form: whoever writes 2026-Q3 is told how a quarter is written."""
