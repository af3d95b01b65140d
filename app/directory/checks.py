"""Checks of what is sent about institutions."""

from collections.abc import Mapping
from typing import Any

from app.directory.rules import address_of_shelter
from app.kit.errors import Invalid


def require_no_address_of_shelter(institution_type: str, values: Mapping[str, Any]) -> None:
    """Raise 422 at the first field that would say where a women's shelter is."""
    for name in address_of_shelter(institution_type, values):
        raise Invalid.at(
            f"body.{name}", "address_of_shelter", "Where a women's shelter is, is not written down."
        )
