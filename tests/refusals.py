"""Places of a refused request, for tests to compare."""

from typing import Any

import httpx


def places(answer: httpx.Response | dict[str, Any]) -> list[dict[str, str]] | None:
    """Return place and kind of each error, after making sure that each has a sentence."""
    body = answer if isinstance(answer, dict) else answer.json()
    errors = body.get("errors")
    if errors is None:
        return None
    for error in errors:
        assert error["message"][:1].isupper(), error
        assert error["message"].endswith("."), error
    return [{"place": error["place"], "kind": error["kind"]} for error in errors]
