"""Open cases per full-time equivalent of case managers."""

from collections.abc import Mapping

from app.protection import Dimension
from app.reporting.catalogue import Period, Quotient, Table
from app.reporting.classes import Classes, Label
from app.reporting.derived.quotients import LEAST
from app.reporting.derived.shape import METHOD, Derived, Place
from app.reporting.subjects.open_cases import KINDS
from app.reporting.subjects.shaping import flat
from app.reporting.subjects.subject import named
from app.reporting.words import Words

_FUNDED, _FILLED = "funded", "filled"
_COMPONENT = "component_2"
_OCCUPATION = {_FUNDED: "total", _FILLED: "filled"}
_LEAST_POSITIONS = 1
"""Full-time equivalents: a quotient of less than one would be of nobody."""


def _classes() -> Mapping[str, Classes]:
    positions = Dimension("positions", {_FILLED: _FUNDED}, total=_FUNDED)
    labels = {
        _FUNDED: Label("je geförderter Stelle", "per funded position"),
        _FILLED: Label("je besetzter Stelle", "per filled position"),
    }
    return named(
        flat("kind", KINDS, Label("Art", "Kind")),
        Classes(positions, Label("Stellen", "Positions"), labels),
    )


def _cases(place: Place, _: str) -> Place:
    return place[:1]


def _positions(place: Place, _: str) -> Place:
    return _COMPONENT, _OCCUPATION[place[1]]


CASELOAD = Derived(
    Table(
        "caseload_per_position",
        Label("Offene Fälle je Stelle im Case Management", "Open cases per position in case management"),
        Label(
            "Fälle, die am letzten Tag des Quartals offen sind, je Vollzeitäquivalent im Baustein 2: der "
            "geförderten Stellen des Jahres und der am letzten Tag besetzten.",
            "Cases that are open on the last day of the quarter, per full-time equivalent of component 2: of "
            "the funded positions of the year, and of those filled on the last day.",
        ),
        Period.QUARTER,
        {"kind": 1, "positions": 1},
        hundredths=True,
        quotient=Quotient("open_cases_by_kind", "filled_positions", 1, LEAST, _LEAST_POSITIONS),
    ),
    Words(
        Label("Fälle je Vollzeitäquivalent (VZÄ)", "Cases per full-time equivalent (FTE)"),
        Label("Offene Fälle und Stellenplan", "Open cases and positions"),
        METHOD,
        Label(
            "Ein Durchschnitt der Kommune, kein Maß für einzelne Fachkräfte. Fälle von Fachkräften ohne "
            "geförderte Stelle sind im Zähler und nicht im Nenner.",
            "An average of the municipality, no measure of single case managers. Cases of case managers "
            "without a funded position are in the numerator and not in the denominator.",
        ),
    ),
    _classes,
    _cases,
    _positions,
)
