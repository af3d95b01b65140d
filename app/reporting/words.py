"""What the tables of a subject say of themselves: what is counted, from where, how protected."""

from dataclasses import dataclass

from app.reporting.classes import Label


@dataclass(frozen=True, slots=True)
class Words:
    """The texts that every table of a subject states."""

    unit: Label
    source: Label
    method: Label
    note: Label


_UNIT = Label(
    "Barrierefälle (eine Person, eine Barriere, eine Art von Einrichtung, eine Schnittstelle; "
    "einmal im Jahr gezählt, im Quartal der ersten Meldung)",
    "Barrier cases (one person, one barrier, one kind of institution, one interface; "
    "counted once a year, in the quarter of the first report)",
)
_SOURCE = Label(
    "Barrieremeldungen aus dem Case Management der KIM-Kommune, ohne geschützte Personen",
    "Barrier reports from the case management of the KIM municipality, without restricted persons",
)
_METHOD = Label(
    "Gezeigt wird eine Zahl nur, wenn sie genug Personen, Haushalte und Fachkräfte umfasst; weitere Zellen "
    "sind gesperrt, damit sich gesperrte aus keiner Summe, keiner Tabelle und keinem früheren Berichtsstand "
    "errechnen lassen. Gesperrt heißt nicht null. Der Nachweis wurde vor der Freigabe in ganzen Zahlen "
    "geführt und von einem unabhängigen Angriff geprüft.",
    "A figure is shown only if it covers enough persons, households and case managers; further cells are "
    "suppressed so that none can be computed from any total, any table or any earlier release. Suppressed "
    "does not mean zero. This was proved in whole numbers before publication and checked by an independent "
    "attack.",
)
NOT_PREVALENCE = Label(
    "Meldungen sind keine Häufigkeit: Sie zeigen, was gemeldet wurde, nicht, wie oft etwas vorkommt.",
    "Reports are not prevalence: they show what was reported, not how often something occurs.",
)
_NO_TREND = Label(
    "Was im Jahr schon gezählt ist, zählt in späteren Quartalen nicht noch einmal: Quartale eines Jahres "
    "sind keine Entwicklung; vergleichbar sind gleiche Quartale zweier Jahre.",
    "What was counted in a year is not counted again in its later quarters: quarters of one year are no "
    "trend; the same quarters of two years can be compared.",
)

OF_BARRIERS = Words(
    _UNIT,
    _SOURCE,
    _METHOD,
    Label(f"{NOT_PREVALENCE.de} {_NO_TREND.de}", f"{NOT_PREVALENCE.en} {_NO_TREND.en}"),
)
