"""What a release counts beside barriers: figures of authorities, and children who wait for a school.

Each subject is a system of its own: no equation links it with barrier cases, with another subject or with
another quarter, so it is protected, proved and attacked alone. Pure data.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.catalogues.check import vocabulary
from app.protection import Dimension, Key, Rules
from app.reporting.catalogue import Period, Table
from app.reporting.classes import ALL, TOTAL, Classes, Label, fixed, labels_of, period
from app.reporting.rules import Quarter
from app.reporting.words import Words
from app.school_entries.rules import BANDS, OVER

AUTHORITY_FIGURES, SCHOOL_WAITING = "authority_figures", "school_waiting"

_PROTECTED = Label(
    "Weitere Zellen sind gesperrt, damit sich gesperrte aus keiner Summe errechnen lassen. Gesperrt heißt "
    "nicht null. Der Nachweis wurde vor der Freigabe in ganzen Zahlen geführt und von einem unabhängigen "
    "Angriff geprüft.",
    "Further cells are suppressed so that none can be computed from any total. Suppressed does not mean "
    "zero. This was proved in whole numbers before publication and checked by an independent attack.",
)


@dataclass(frozen=True)
class Subject:
    """One linked system: words, classes, tables, and the dimension by which its cells are known."""

    name: str
    marker: str
    words: Words
    classes: Callable[[Quarter], Mapping[str, Classes]]
    tables: tuple[Table, ...]

    def owns(self, key: Key) -> bool:
        """Tell whether a cell is one of this subject."""
        return any(name == self.marker for name, _ in key)


def _named(*every: Classes) -> Mapping[str, Classes]:
    return {each.dimension.name: each for each in every}


GERMAN = "german"


def foreign_groups() -> dict[str, Label]:
    """Return the groups by which authorities count.

    Nobody counted is German: every reader knows it, so that cell could not hide another.
    """
    return {code: label for code, label in labels_of("nationality_group").items() if code != GERMAN}


def _figure_classes(quarter: Quarter) -> Mapping[str, Classes]:
    groups = foreign_groups()
    nationality = Classes(
        Dimension("nationality", dict.fromkeys(groups, TOTAL), personal=True),
        fixed()["nationality"].title,
        {TOTAL: ALL, **groups},
    )
    figures = labels_of("authority_figure")
    figure = Classes(
        Dimension("figure", dict.fromkeys(figures, TOTAL)),
        Label("Zahl", "Figure"),
        {TOTAL: ALL, **figures},
    )
    return _named(figure, nationality, period(quarter.year, quarter.number))


def _figure_tables() -> tuple[Table, ...]:
    return tuple(
        Table(
            f"authority_{code}",
            Label(
                f"{entry.label_de} nach Staatsangehörigkeitsgruppe", f"{entry.label_en} by nationality group"
            ),
            Label(
                f"{entry.label_de}: von den Behörden als Summe für das Quartal gemeldet.",
                f"{entry.label_en}: entered by the authorities as a sum for the quarter.",
            ),
            Period.QUARTER,
            {"nationality": 1},
            where={"figure": code},
        )
        for code, entry in vocabulary("authority_figure").items()
    )


_BAND_LABELS = {
    **{
        name: Label(f"bis {name.rpartition('_')[2]} Wochen", f"up to {name.rpartition('_')[2]} weeks")
        for name in BANDS
    },
    OVER: Label("mehr als 26 Wochen", "more than 26 weeks"),
}


def _waiting_classes(quarter: Quarter) -> Mapping[str, Classes]:
    stages = labels_of("school_stage")
    school = Dimension("school", {"waiting": TOTAL})
    band = Dimension("band", dict.fromkeys(_BAND_LABELS, TOTAL))
    stage = Dimension("stage", dict.fromkeys(stages, TOTAL), personal=True)
    waits = Label("Wartet auf einen Schulplatz", "Waits for a place at school")
    return _named(
        Classes(school, waits, {TOTAL: ALL, "waiting": waits}),
        Classes(band, Label("Wartezeit", "Waiting time"), {TOTAL: ALL, **_BAND_LABELS}),
        Classes(stage, Label("Schulstufe", "School stage"), {TOTAL: ALL, **stages}),
        period(quarter.year, quarter.number),
    )


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        AUTHORITY_FIGURES,
        "figure",
        Words(
            unit=Label("Personen", "Persons"),
            source=Label(
                "Einbürgerungs- und Ausländerbehörden, von ihnen als Summen eingetragen",
                "Naturalisation and foreigners authorities, entered by them as sums",
            ),
            method=Label(
                "Eine Summe sagt nicht, wer zu einer Familie gehört: Darum gilt für jede Zahl die höhere "
                f"Schwelle. Melden mehrere Behörden, braucht sie drei. {_PROTECTED.de}",
                "A sum does not say who is of one family, so the higher threshold holds for every figure. "
                f"Where several authorities report, it takes three. {_PROTECTED.en}",
            ),
            note=Label(
                "Entscheidungen eines Quartals gehören nicht zu den Anträgen desselben Quartals.",
                "Decisions of a quarter do not belong to the applications of that quarter.",
            ),
        ),
        _figure_classes,
        _figure_tables(),
    ),
    Subject(
        SCHOOL_WAITING,
        "school",
        Words(
            unit=Label(
                "Kinder, die am letzten Tag des Quartals auf einen Schulplatz warten",
                "Children who wait for a place at school on the last day of the quarter",
            ),
            source=Label(
                "Case Management der KIM-Kommune, ohne geschützte Personen",
                "Case management of the KIM municipality, without restricted persons",
            ),
            method=Label(
                "Eine Zahl wird nur gezeigt, wenn sie genug Kinder (höhere Schwelle für Minderjährige), "
                f"Haushalte und Fachkräfte umfasst. {_PROTECTED.de}",
                "A figure is shown only if it covers enough children (the higher threshold for minors), "
                f"households and case managers. {_PROTECTED.en}",
            ),
            note=Label(
                "Gezählt wird, wer im Case Management ist, nicht jedes Kind der Kommune.",
                "Counted are those in case management, not every child of the municipality.",
            ),
        ),
        _waiting_classes,
        (
            Table(
                "school_waiting",
                Label("Wartezeit auf einen Schulplatz nach Schulstufe", "Waiting for school by school stage"),
                Label(
                    "Kinder, die am letzten Tag des Quartals warten, nach Wochen seit Beginn des Wartens.",
                    "Children who wait on the last day of the quarter, by weeks since the wait began.",
                ),
                Period.QUARTER,
                {"band": 1, "stage": 1},
                where={"school": "waiting"},
            ),
        ),
    ),
)


def stricter(rules: Rules) -> Rules:
    """Return rules in which the threshold for what is sensitive holds for everything."""
    return replace(rules, k=rules.k_sensitive)


def is_beside(key: Key) -> bool:
    """Tell whether a cell belongs to one of the subjects rather than to barrier cases."""
    return any(subject.owns(key) for subject in SUBJECTS)
