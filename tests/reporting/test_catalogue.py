"""The fixed catalogue of tables and classes holds together with the vocabularies."""

from dataclasses import replace

import pytest

from app.catalogues.check import vocabulary
from app.protection import Rules
from app.reporting.catalogue import BY_NAME, SIGNALS, TABLES, Period, Table, offered
from app.reporting.classes import LEGAL_DOMAIN_GROUPS, Classes, Label, classes, fixed, regions
from app.reporting.open_tables.every import OPEN_TABLES
from app.reporting.rules import Quarter, Scope, Size
from app.reporting.subjects.every import SUBJECTS

MEDIUM, LARGE = Size(600, 225, 3), Size(2000, 900, 3)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_table_has_at_most_three_dimensions_and_texts_in_both_languages(table: Table) -> None:
    every = classes(2025, 4, [("05170008",), ("05170044",)])
    for scope in Scope:
        spec = table.spec(Quarter(2025, 4), scope)
        assert 1 <= len(spec.levels) <= 3
        for name, level in spec.levels.items():
            assert level <= max(every[name].dimension.depth.values())
    for text in (table.title, table.definition):
        assert text.de
        assert text.en not in ("", text.de)


def test_names_of_tables_are_distinct() -> None:
    assert len(BY_NAME) == len(TABLES)


def test_every_code_has_a_label_in_both_languages() -> None:
    for name, each in classes(2025, 3, [("05170008", "05170044"), ("area_wide",)]).items():
        for code in each.dimension.codes:
            assert "" not in (each.label(code, "de"), each.label(code, "en")), (name, code)


def cumulative(of: Classes) -> list[str]:
    """Return the labels that begin with "up to" without saying where they begin, beside the first one."""
    return [label.de for label in of.labels.values() if label.de.startswith("bis ")][1:]


def test_no_band_reads_as_if_it_held_those_before_it() -> None:
    quarter = Quarter(2025, 3)
    every = [
        *(each for subject in SUBJECTS for each in subject.classes(quarter).values()),
        *(each for table in OPEN_TABLES for each in table.classes({}).values()),
    ]
    assert [label for each in every for label in cumulative(each)] == []
    weeks = next(each for each in every if each.dimension.name == "band")
    assert cumulative(replace(weeks, labels={**weeks.labels, "up_to_8": Label("bis 8 Wochen", "")})) == [
        "bis 8 Wochen"
    ]


def test_all_linked_vocabularies_are_covered() -> None:
    every = fixed()
    for name, words in (
        ("barrier", "barrier_type"), ("institution", "institution_type"), ("interface_from", "legal_domain"),
        ("effect", "barrier_effect"), ("level", "barrier_level"), ("residence", "residence_group"),
        ("nationality", "nationality_group"), ("age", "age_band"),
    ):  # fmt: skip
        leaves = {code for code in every[name].dimension.codes if not every[name].dimension.children[code]}
        assert set(vocabulary(words)) <= leaves


def test_each_legal_domain_is_in_one_group() -> None:
    listed = [code for _, codes in LEGAL_DOMAIN_GROUPS.values() for code in codes]
    assert sorted(listed) == sorted(vocabulary("legal_domain"))


def test_health_violence_and_minors_have_the_higher_threshold() -> None:
    every = fixed()
    assert {"J", "J1", "P", "P1"} <= every["barrier"].dimension.sensitive_codes
    assert "A1" not in every["barrier"].dimension.sensitive_codes
    assert {"0-5", "16-17"} <= every["age"].dimension.sensitive_codes
    assert "18-26" not in every["age"].dimension.sensitive_codes
    assert Rules().k_sensitive > Rules().k


def test_personal_attributes_are_known_as_such() -> None:
    personal = {name for name, each in fixed().items() if each.dimension.personal}
    assert personal == {"residence", "nationality", "age", "sex"}


def test_under_a_thousand_clients_one_dimension_by_quarter_and_two_by_year() -> None:
    for table in offered(MEDIUM, Scope.YEAR):
        if table.name != SIGNALS:
            assert len(table.levels) <= (2 if table.period is Period.YEAR else 1)


def test_larger_areas_are_offered_more() -> None:
    for scope in Scope:
        small, medium, large = (
            {table.name for table in offered(size, scope)} for size in (Size(100, 30), MEDIUM, LARGE)
        )
        assert small <= medium < large
    assert len(offered(Size(100, 30), Scope.YEAR)) < len(offered(MEDIUM, Scope.YEAR))
    assert len([table for table in offered(MEDIUM, Scope.QUARTER) if table.is_public]) >= 5


def test_regions_are_offered_only_where_there_are_several() -> None:
    assert "regions_by_category" in {table.name for table in offered(LARGE, Scope.YEAR)}
    assert "regions_by_category" not in {table.name for table in offered(Size(2000, 900, 1), Scope.YEAR)}


def test_code_of_a_region_is_its_towns() -> None:
    tree = regions([("05170008", "05170044"), ("05170048",)]).dimension
    assert tree.parents["05170044"] == "region:05170008+05170044"
    assert tree.parents["05170048"] == "region:05170048"
