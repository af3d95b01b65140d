"""Classes as subjects make them: codes on one level or in groups, a code that marks cells, bands."""

from collections.abc import Collection, Mapping, Sequence

from app.catalogues.check import vocabulary
from app.protection import Dimension
from app.reporting.classes import ALL, TOTAL, Classes, Label, labels_of

OTHER = "other"
_SENSITIVE_ROUTES = ("health", "youth_welfare", "school")
"""Access routes with the higher threshold: health, and those on which minors come."""


def flat(
    name: str,
    labels: Mapping[str, Label],
    title: Label,
    *,
    personal: bool = False,
    sensitive: Collection[str] = (),
) -> Classes:
    """Return codes on one level under their total, in the order of their labels."""
    tree = Dimension(name, dict.fromkeys(labels, TOTAL), personal=personal, sensitive=sensitive)
    return Classes(tree, title, {TOTAL: ALL, **labels})


def nested(name: str, groups: Mapping[str, tuple[Label, Mapping[str, Label]]], title: Label) -> Classes:
    """Return codes in groups under their total; a group without codes is a code itself."""
    parents = dict.fromkeys(groups, TOTAL)
    labels = {TOTAL: ALL}
    for group, (label, inside) in groups.items():
        labels[group] = label
        for code, each in inside.items():
            parents[code], labels[code] = group, each
    return Classes(Dimension(name, parents), title, labels)


def marker(name: str, code: str, title: Label) -> Classes:
    """Return the dimension by which the cells of a subject are known: all its units have its one code."""
    return flat(name, {code: title}, title)


def access_routes() -> Classes:
    """Return the ways on which people come, as cases and inquiries have them."""
    title = Label("Zugangsweg", "Access route")
    return flat("access_route", labels_of("access_route"), title, sensitive=_SENSITIVE_ROUTES)


def access_route(code: str | None) -> str:
    """Return the class of a way on which somebody came; an import may not know it."""
    return code if code is not None and code in vocabulary("access_route") else OTHER


def band_of(days: int, ends: Sequence[int], codes: Sequence[str]) -> str:
    """Return the code of the first band whose end is not passed; there is one code more than ends."""
    return next((code for code, end in zip(codes, ends, strict=False) if days <= end), codes[-1])
