"""The fixed classes of the statistics: how each attribute of a barrier case is divided, with labels.

From the catalogues, plus the few groups that no catalogue holds. Pure data; no figures, no tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from app.catalogues.check import vocabulary
from app.protection import Dimension, Key

TOTAL = "total"
NOT_STATED = "not_stated"
WITHOUT = "without"
WITHOUT_GROUP = "without_group"
SEXES = ("w", "m")
OTHER_SEX = "other"
AREA_WIDE = "area_wide"
"""Of a unit that works in no single town."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text in both languages."""

    de: str
    en: str

    def text(self, language: str) -> str:
        """Return the text in `de` or `en`."""
        return self.en if language == "en" else self.de


@dataclass(frozen=True)
class Classes:
    """One attribute: its tree of codes, and what people are shown for each."""

    dimension: Dimension
    title: Label
    labels: Mapping[str, Label]

    def label(self, code: str, language: str) -> str:
        """Return what stands for a code."""
        return self.labels[code].text(language)


ALL = Label("Insgesamt", "All")
_NOT_STATED = Label("Nicht angegeben", "Not stated")
NO_INSTITUTION = Label("Schnittstelle ohne Einrichtung", "Interface without an institution")
_NO_INTERFACE = Label("Ohne Schnittstelle", "Without an interface")
_OTHER_SEX = Label("divers oder keine Angabe", "diverse or not stated")
_AREA_WIDE = Label("Stellen ohne festen Ort", "Units without a single town")

LEGAL_DOMAIN_GROUPS: Mapping[str, tuple[Label, tuple[str, ...]]] = {
    "jobseekers": (Label("Arbeitsuche (SGB II, SGB III)", "Jobseekers"), ("SGB_II", "SGB_III")),
    "asylum_benefits": (
        Label("AsylbLG und Unterbringung", "Asylum benefits, accommodation"),
        ("ASYLBLG", "FLUEAG_NRW"),
    ),
    "other_benefits": (
        Label("Andere Leistungen", "Other benefits"),
        ("SGB_XII", "WOGG", "BKGG", "UHVORSCHG", "BEEG", "BAFOEG", "SGB_VI", "SGB_XIV"),
    ),
    "health": (
        Label("Gesundheit, Teilhabe, Pflege", "Health, participation, care"),
        ("SGB_V", "SGB_VII", "SGB_IX", "SGB_XI", "OEGDG_NRW"),
    ),
    "residence": (
        Label("Aufenthalt und Einbürgerung", "Residence and naturalisation"),
        ("AUFENTHG", "ASYLG", "FREIZUEGG_EU", "STAG", "BVFG"),
    ),
    "education": (
        Label("Bildung, Jugend, Sprache", "Education, youth, language"),
        ("SCHULG_NRW", "KIBIZ_NRW", "SGB_VIII", "BQFG", "INTV", "DEUFOEV"),
    ),
    "housing_registry": (Label("Wohnen und Meldewesen", "Housing, registry"), ("WFNG_NRW", "BMG", "PSTG")),
    "other": (
        Label("Beratung und Sonstiges", "Counselling and other"),
        ("TINTG_NRW", "BERATUNG", "SONSTIGES"),
    ),
}
"""Interfaces are counted between these: 34 legal domains by 34 would leave nothing to publish."""

MINORS = ("0-5", "6-9", "10-15", "16-17", NOT_STATED)
"""Age bands with the higher threshold; whose birth nobody knows may be a minor."""

_SENSITIVE_GROUP = "health"
_KINDS_OF_HEALTH_AND_VIOLENCE = (
    "frauenhaus", "frauenberatung", "suchtberatung", "schwangerschaftsberatung", "integrationsfachdienst",
    "landschaftsverband",
)  # fmt: skip
_KINDS_FOR_MINORS = ("jugendamt", "schule", "schulamt", "kita")
_GROUPS_FOR_MINORS = ("youth_family",)
"""Of the youth welfare office alone: the group tells what the kind does."""
_SENSITIVE_DOMAINS = ("SGB_XIV", "SGB_VIII", "UHVORSCHG", "SCHULG_NRW", "KIBIZ_NRW")
"""Below their groups: who was a victim of violence, and what is for minors."""
_SENSITIVE_EFFECTS = ("health_at_risk", "school_attendance_prevented")


def labels_of(name: str) -> dict[str, Label]:
    """Return the labels of a vocabulary by code."""
    return {code: Label(entry.label_de, entry.label_en) for code, entry in vocabulary(name).items()}


def _flat(
    name: str,
    words: str,
    title: Label,
    *,
    unknown: bool = False,
    personal: bool = False,
    sensitive: tuple[str, ...] = (),
) -> Classes:
    """One level of codes under the total."""
    labels = labels_of(words)
    if unknown:
        labels[NOT_STATED] = _NOT_STATED
    tree = Dimension(name, dict.fromkeys(labels, TOTAL), personal=personal, sensitive=sensitive)
    return Classes(tree, title, {TOTAL: ALL, **labels})


def _grouped(
    name: str,
    parents: Mapping[str, str],
    labels: Mapping[str, Label],
    title: Label,
    sensitive: Iterable[str] = (),
) -> Classes:
    """Codes in groups under the total."""
    groups = dict.fromkeys([*parents.values()], TOTAL)
    tree = Dimension(name, {**groups, **parents}, sensitive=tuple(sensitive))
    return Classes(tree, title, {TOTAL: ALL, **labels})


@cache
def barrier() -> Classes:
    """Barrier types in categories; health, violence, school and child care have the higher threshold."""
    categories = vocabulary("barrier_category")
    parents = {code: entry.parent or "" for code, entry in vocabulary("barrier_type").items()}
    sensitive = [code for code, entry in categories.items() if entry.attributes["sensitive"]]
    labels = {**labels_of("barrier_category"), **labels_of("barrier_type")}
    return _grouped("barrier", parents, labels, Label("Barriere", "Barrier"), sensitive)


@cache
def institution() -> Classes:
    """Kinds of institutions in their groups; a pure interface has none."""
    parents = {code: entry.parent or "" for code, entry in vocabulary("institution_type").items()}
    labels = {**labels_of("institution_group"), **labels_of("institution_type")}
    parents[WITHOUT] = WITHOUT_GROUP
    labels |= {WITHOUT: NO_INSTITUTION, WITHOUT_GROUP: NO_INSTITUTION}
    sensitive = (
        _SENSITIVE_GROUP, *_KINDS_OF_HEALTH_AND_VIOLENCE, *_KINDS_FOR_MINORS, *_GROUPS_FOR_MINORS
    )  # fmt: skip
    return _grouped("institution", parents, labels, Label("Einrichtung", "Institution"), sensitive)


def _interface(name: str, title: Label) -> Classes:
    parents = {code: group for group, (_, codes) in LEGAL_DOMAIN_GROUPS.items() for code in codes}
    labels = {group: label for group, (label, _) in LEGAL_DOMAIN_GROUPS.items()} | labels_of("legal_domain")
    parents[WITHOUT] = WITHOUT_GROUP
    labels |= {WITHOUT: _NO_INTERFACE, WITHOUT_GROUP: _NO_INTERFACE}
    return _grouped(name, parents, labels, title, (_SENSITIVE_GROUP, *_SENSITIVE_DOMAINS))


def _sex() -> Classes:
    """Diverse and not stated are one class: apart, each would be so few that it only costs other cells."""
    labels = {
        **{code: label for code, label in labels_of("sex").items() if code in SEXES},
        OTHER_SEX: _OTHER_SEX,
    }
    tree = Dimension("sex", dict.fromkeys(labels, TOTAL), personal=True)
    return Classes(tree, Label("Geschlecht", "Sex"), {TOTAL: ALL, **labels})


@cache
def fixed() -> Mapping[str, Classes]:
    """Return every attribute whose classes are the same everywhere and always."""
    ages = _flat("age", "age_band", Label("Alter", "Age"), unknown=True, personal=True, sensitive=MINORS)
    every = [
        barrier(),
        institution(),
        _interface("interface_from", Label("Von Rechtskreis", "From legal domain")),
        _interface("interface_to", Label("Zu Rechtskreis", "To legal domain")),
        _flat("effect", "barrier_effect", Label("Wirkung", "Effect"), sensitive=_SENSITIVE_EFFECTS),
        _flat("level", "barrier_level", Label("Ebene", "Level"), unknown=True),
        _flat("residence", "residence_group", Label("Aufenthalt", "Residence"), personal=True),
        _flat("nationality", "nationality_group", Label("Staatsangehörigkeit", "Nationality"), personal=True),
        ages,
        _sex(),
    ]
    return {classes.dimension.name: classes for classes in every}


def period(year: int, collected: int) -> Classes:
    """Return a year in its quarters, of which the first so many have figures.

    The year is the total, so cells of one year never mix with another's.
    """
    quarters = [f"{year}Q{number}" for number in range(1, 5)]
    tree = Dimension(
        "quarter", dict.fromkeys(quarters, str(year)), total=str(year), not_collected=quarters[collected:]
    )
    labels = {
        code: Label(f"{code[-1]}. Quartal {year}", f"Quarter {code[-1]} of {year}") for code in quarters
    }
    return Classes(
        tree, Label("Zeitraum", "Period"), {str(year): Label(f"Jahr {year}", f"Year {year}"), **labels}
    )


def regions(groups: Sequence[tuple[str, ...]]) -> Classes:
    """Return the towns of an area in regions; a region's code is its towns, so it never means others."""
    towns = vocabulary("municipality")
    parents: dict[str, str] = {}
    labels: dict[str, Label] = {}
    for group in groups:
        code = "region:" + "+".join(group)
        names = [_AREA_WIDE if town == AREA_WIDE else _name(towns[town].label_de) for town in group]
        labels[code] = Label(", ".join(name.de for name in names), ", ".join(name.en for name in names))
        for town, name in zip(group, names, strict=True):
            parents[town], labels[town] = code, name
    return _grouped("region", parents, labels, Label("Region", "Region"))


def _name(text: str) -> Label:
    return Label(text, text)


def classes(year: int, collected: int, groups: Sequence[tuple[str, ...]]) -> Mapping[str, Classes]:
    """Return all attributes for the tables of one area in one year."""
    return {**fixed(), "quarter": period(year, collected), "region": regions(groups)}


def fits(keys: Iterable[Key], every: Mapping[str, Classes]) -> bool:
    """Tell whether all that was shown before is expressed in the classes of today."""
    codes = {name: set(each.dimension.codes) for name, each in every.items()}
    return all(name in codes and code in codes[name] for key in keys for name, code in key)
