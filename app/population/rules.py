"""Which towns belong to an area. Pure."""

from functools import cache

from app.catalogues.check import vocabulary


@cache
def towns_of(area: str) -> frozenset[str]:
    """Return the keys of an area's towns; of all, for an area that the catalogue does not know (a trial)."""
    towns = vocabulary("municipality")
    own = frozenset(code for code, entry in towns.items() if entry.parent == area)
    return own or frozenset(towns)
