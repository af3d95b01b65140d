"""Which catalogue file holds which vocabulary, and what its columns mean.

Only data: the reading is in `rows`, the checks across files in `source`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from app.catalogues.rows import Row

Attribute = str | bool | int | tuple[str, ...] | None
Reader = Callable[[Row], Attribute]

AUFENTHG_87_SCOPES = ("obliged", "recipient", "exempt_education", "not_public")
SENSITIVITIES = ("normal", "high")

PARENT_VOCABULARY: Mapping[str, str] = {
    "municipality": "municipal_area",
    "residence_status": "residence_group",
    "nationality": "nationality_group",
    "institution_type": "institution_group",
    "barrier_type": "barrier_category",
    "pathway_version": "pathway",
    "pathway_requirement": "pathway_version",
}


def _text(column: str) -> Reader:
    return partial(Row.text, column=column)


def _optional(column: str) -> Reader:
    return partial(Row.optional, column=column)


def _flag(column: str) -> Reader:
    return partial(Row.flag, column=column)


def _number(column: str) -> Reader:
    return partial(Row.number, column=column)


def _words(column: str) -> Reader:
    return partial(Row.words, column=column)


def _choice(column: str, allowed: tuple[str, ...]) -> Reader:
    return partial(Row.choice, column=column, allowed=allowed)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file with one vocabulary: its columns, and how each attribute of an entry is read."""

    file: str
    vocabulary: str
    columns: tuple[str, ...]
    code: str = "code"
    label_de: str = "label_de"
    parent: str | None = None
    attributes: Mapping[str, Reader] = field(default_factory=dict)


SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "municipal_areas.csv",
        "municipal_area",
        ("kim_key", "ags5", "ags8_if_city", "name", "typ", "regierungsbezirk", "gemeinden"),
        code="kim_key",
        label_de="name",
        attributes={
            "ags5": _text("ags5"),
            "ags8": _optional("ags8_if_city"),
            "kind": _text("typ"),
            "administrative_district": _text("regierungsbezirk"),
            "municipalities": _number("gemeinden"),
        },
    ),
    Sheet("municipalities_nrw.csv", "municipality", ("ags8", "name"), code="ags8", label_de="name"),
    Sheet(
        "nationalities_destatis.csv",
        "nationality",
        ("key", "iso3166_alpha2", "iso3166_alpha3", "label_de", "label_en", "reporting_group", "historic"),
        code="key",
        parent="reporting_group",
        attributes={
            "iso3166_alpha2": _optional("iso3166_alpha2"),
            "iso3166_alpha3": _optional("iso3166_alpha3"),
            "historic": _flag("historic"),
        },
    ),
    Sheet(
        "residence_statuses.csv",
        "residence_status",
        ("code", "group", "label_de", "norm", "selectable", "sensitivity", "note"),
        parent="group",
        attributes={
            "norm": _optional("norm"),
            "selectable": _flag("selectable"),
            "sensitivity": _choice("sensitivity", SENSITIVITIES),
        },
    ),
    Sheet(
        "legal_domains.csv",
        "legal_domain",
        ("code", "label_de", "label_en", "law", "is_sgb_domain"),
        attributes={"law": _optional("law"), "is_sgb_domain": _flag("is_sgb_domain")},
    ),
    Sheet(
        "institution_types.csv",
        "institution_type",
        ("code", "label_de", "label_en", "legal_domains", "is_sgb_body", "aufenthg_87_scope", "group"),
        parent="group",
        attributes={
            "legal_domains": _words("legal_domains"),
            "is_sgb_body": _flag("is_sgb_body"),
            "aufenthg_87_scope": _choice("aufenthg_87_scope", AUFENTHG_87_SCOPES),
            "group": _text("group"),
        },
    ),
    Sheet(
        "barrier_categories.csv",
        "barrier_category",
        ("code", "label_de", "label_en", "sensitive"),
        attributes={"sensitive": _flag("sensitive")},
    ),
    Sheet(
        "barrier_types.csv",
        "barrier_type",
        ("code", "category", "label_de", "label_en"),
        parent="category",
    ),
    Sheet(
        "pathways.csv",
        "pathway",
        ("code", "label_de", "label_en", "norm", "note"),
        attributes={"norm": _text("norm")},
    ),
    Sheet(
        "pathway_versions.csv",
        "pathway_version",
        ("code", "pathway", "label_de", "label_en", "source", "followed_by", "note"),
        parent="pathway",
        attributes={"source": _text("source"), "followed_by": _words("followed_by")},
    ),
    Sheet(
        "pathway_requirements.csv",
        "pathway_requirement",
        (
            "code",
            "version",
            "requirement",
            "label_de",
            "label_en",
            "norm",
            "evidence_de",
            "evidence_en",
        ),
        parent="version",
        attributes={
            "requirement": _text("requirement"),
            "norm": _text("norm"),
            "evidence_de": _text("evidence_de"),
            "evidence_en": _text("evidence_en"),
        },
    ),
    Sheet(
        "document_categories.csv",
        "document_category",
        ("code", "label_de", "label_en", "tells_of", "note"),
        attributes={"tells_of": _words("tells_of")},
    ),
    Sheet(
        "languages.csv",
        "language",
        ("iso639_3", "iso639_1", "label_de", "label_en"),
        code="iso639_3",
        attributes={"iso639_1": _optional("iso639_1")},
    ),
)

SMALL_VOCABULARIES = "small_vocabularies.csv"
SMALL_COLUMNS = ("vocabulary", "code", "label_de", "label_en", "note")
