"""What of a text the fonts of the report can show: an accessible PDF may hold no other character."""

import re
from typing import Any

_UNSHOWN = re.compile(
    r"[^\n\u0020-\u007e\u00a0-\u024f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u0490-\u0491"
    r"\u0621-\u063a\u0641-\u0652\u0660-\u0669\u1e9e\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u20ac]"
)
_STANDS_FOR = "?"
_LIKE = str.maketrans({"→": "»"})


def shown(value: Any) -> Any:
    """Return the same with a question mark for each character that cannot be shown (emoji, control signs).

    An arrow between two legal domains becomes a sign that the fonts have.
    """
    if isinstance(value, dict):
        return {name: shown(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [shown(each) for each in value]
    return _UNSHOWN.sub(_STANDS_FOR, value.translate(_LIKE)) if isinstance(value, str) else value
