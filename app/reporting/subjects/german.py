"""German of the clients as classes: the level today, and whether it is a higher one than at first. Pure."""

from app.protection import Dimension
from app.reporting.classes import ALL, TOTAL, Classes, Label

UNKNOWN = "german_unknown"
NATIVE = "native"

_BANDS: tuple[tuple[str, Label, tuple[str, ...]], ...] = (
    ("up_to_a1", Label("keine Kenntnisse oder A1", "none or A1"), ("none", "A1")),
    ("a2", Label("A2", "A2"), ("A2",)),
    ("b1", Label("B1", "B1"), ("B1",)),
    ("from_b2", Label("B2 und höher", "B2 and higher"), ("B2", "C1", "C2", NATIVE)),
)
_BAND_OF = {level: place for place, (_, _, levels) in enumerate(_BANDS) for level in levels}
_HIGHER, _NOT_HIGHER = "risen", "not_risen"
_LEAVES = {
    _HIGHER: Label("seit der ersten Einstufung aufgestiegen", "higher than at first"),
    _NOT_HIGHER: Label("ohne Aufstieg oder einmal eingestuft", "not higher, or assessed once"),
}


def german_classes() -> Classes:
    """Return the levels, and below each from the second on who has risen to it.

    Nobody rises to the lowest: a class that is always empty would hide no other.
    """
    labels = {band: label for band, label, _ in _BANDS}
    labels[UNKNOWN] = Label("nicht erfasst", "not recorded")
    parents = dict.fromkeys(labels, TOTAL)
    for band, label, _ in _BANDS[1:]:
        for leaf, words in _LEAVES.items():
            parents[f"{band}_{leaf}"] = band
            labels[f"{band}_{leaf}"] = Label(f"{label.de}, {words.de}", f"{label.en}, {words.en}")
    tree = Dimension("german", parents, personal=True)
    return Classes(tree, Label("Deutsch", "German"), {TOTAL: ALL, **labels})


def german_code(at_first: str | None, latest: str | None) -> str:
    """Return the leaf for a first and a latest level; higher counts from band to band."""
    if at_first is None or latest is None:
        return UNKNOWN
    first, last = _BAND_OF[at_first], _BAND_OF[latest]
    band = _BANDS[last][0]
    return band if last == 0 else f"{band}_{_HIGHER if last > first else _NOT_HIGHER}"
