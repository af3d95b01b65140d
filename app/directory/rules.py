"""What holds for institutions wherever one is written down. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

SHELTER = "frauenhaus"
_ADDRESS = ("street", "postcode")


def address_of_shelter(institution_type: str, values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields that say where a women's shelter is: that is told to nobody, so it is not taken."""
    if institution_type == SHELTER:
        yield from (name for name in _ADDRESS if values.get(name) is not None)
