"""Every field of the profile against every rule: the consent it needs, disputes, what never leaves."""

import json
from typing import Any
from uuid import uuid4

import jsonschema
import pytest

from app.catalogues.check import vocabulary
from app.catalogues.source import allowed_categories
from app.generated import state_database_schema_text
from app.state_exports.dry_run import sample
from app.state_exports.lines import Covered, as_file, person_lines, withdrawal_lines
from app.state_exports.profile import (
    BENEFITS,
    DAYS,
    LISTS,
    Field,
    benefit,
    closing_reason,
    closing_reasons,
    days_without,
    fields,
    fields_of,
    schema,
)
from app.state_exports.rules import NEEDED, RECIPIENT, band, persons_in_small_classes

SCHEMA = schema()
VALID = jsonschema.Draft202012Validator(SCHEMA)
CATEGORIES = sorted(vocabulary("data_category"))
CLIENT, CASE = uuid4(), uuid4()
PSEUDONYM = "p" + "ab" * 20


def figures(**more: Any) -> dict[str, Any]:
    """Return the figures of one case with every field filled."""
    return {
        "client_id": CLIENT, "case_id": CASE, "age": 34, "sex": "d", "nationalities": ["475"],
        "residence_status": "AE-25.2B", "german_first": "none", "german_last": "native",
        "livelihoods": ["SGB_II", "work"], "disputed": [], "kind": "counselling", "opened_in": "2025Q1",
        "closed_in": "2025Q4", "phase": "closed", "access_route": "self", "intake_criteria": ["C1", "C6"],
        "intake_outcome": "counselling", "closing_reason": "deported",
        "life_domains": [
            {"life_domain": "housing", "started_in": "2025Q1", "assessed_in": "2025Q3", "state_first": "need",
             "state_last": "none", "scale_first": 1, "scale_last": 5, "outcome": "resolved"},
        ],
        "domain_changes": [{"from": "ASYLBLG", "to": "SGB_II", "changed_in": "2025Q2", "days_without": 31}],
        **more,
    }  # fmt: skip


def line_with(*categories: str, **more: Any) -> dict[str, Any]:
    """Return the line of one person whose consent covers these categories."""
    covered = {CASE: Covered(CLIENT, uuid4(), CASE, frozenset(categories))}
    (line,) = person_lines([figures(**more)], covered, {CLIENT: PSEUDONYM}, period="2025Q4", area="KIM-05111")
    return line


def parts_of(line: dict[str, Any], part: str) -> list[dict[str, Any]]:
    """Return the parts of a line of one kind."""
    if part == "person":
        return [line]
    if part == "case":
        return list(line["cases"])
    return [each for case in line["cases"] for each in case.get(f"{part}s", [])]


@pytest.mark.parametrize("field", fields(), ids=lambda field: f"{field.part}.{field.name}")
@pytest.mark.parametrize("category", CATEGORIES)
def test_field_is_in_a_line_exactly_when_the_consent_names_its_category(field: Field, category: str) -> None:
    line = line_with(NEEDED, category)
    VALID.validate(line)
    is_covered = field.category in (None, NEEDED, category)
    assert any(field.name in each for each in parts_of(line, field.part)) == is_covered


@pytest.mark.parametrize("field", [each for each in fields() if each.disputes], ids=lambda field: field.name)
def test_disputed_field_is_named_and_has_no_value(field: Field) -> None:
    (entry,) = field.disputes
    kind = entry.partition(":")[0]
    for mark in (entry, f"{kind}:"):
        line = line_with(*CATEGORIES, disputed=[mark])
        VALID.validate(line)
        assert line[field.name] is None
        assert field.name in line["disputed"]
    assert line_with(*CATEGORIES, disputed=["client:literacy", "household:name"])["disputed"] == []


def test_list_of_a_case_goes_while_an_entry_that_it_is_made_of_is_disputed() -> None:
    for name, entries in LISTS.items():
        for mark in (f"{kind}{field}" for kind in entries for field in ("", "legal_domain")):
            line = line_with(*CATEGORIES, disputed=[mark])
            VALID.validate(line)
            assert (line["cases"][0][name], name in line["disputed"]) == (None, True)
    assert LISTS["domain_changes"] == ("legal-domains:",)


def test_list_that_the_consent_does_not_cover_is_not_named_as_disputed() -> None:
    line = line_with(NEEDED, disputed=["legal-domains:"])
    VALID.validate(line)
    assert (line["disputed"], "domain_changes" in line["cases"][0]) == ([], False)


def test_dispute_about_one_field_of_a_period_takes_its_value_out() -> None:
    line = line_with(*CATEGORIES, disputed=["languages:overall"])
    assert (line["german_first"], line["german_last"]) == (None, None)
    assert line["disputed"] == ["german_first", "german_last"]


def test_every_field_says_what_it_means_in_both_languages_and_needs_a_category_that_may_be_received() -> None:
    for each in fields():
        assert each.de
        assert each.en
        assert each.category is None or each.category in allowed_categories(RECIPIENT)
    assert {each.name for each in fields() if each.category is None} == {
        "pseudonym", "period", "municipal_area", "disputed",
    }  # fmt: skip


def test_no_field_is_free_text() -> None:
    for each in fields():
        values = each.values.get("items", each.values)
        assert values["type"] in ("string", "integer")
        named = each.name in ("disputed", "municipal_area")
        assert named or "enum" in values or "pattern" in values or values["type"] == "integer"


def test_codes_are_those_of_the_catalogues_and_health_and_violence_are_none() -> None:
    (domain,) = [each for each in fields_of("life_domain") if each.name == "life_domain"]
    assert set(domain.values["enum"]) == set(vocabulary("life_domain")) - {"health", "protection"}
    assert set(closing_reasons()) == set(vocabulary("closing_reason")) - {
        "moved_away", "left_country", "deported", "deceased", "consent_withdrawn",
    } | {"moved_away_or_left"}  # fmt: skip


TELLING = ("SGB_V", "SGB_VI", "SGB_VII", "SGB_VIII", "SGB_IX", "SGB_XI", "SGB_XIV", "UHVORSCHG", "OEGDG_NRW")


@pytest.mark.parametrize("code", TELLING)
def test_benefit_that_tells_of_health_violence_or_children_is_another_one(code: str) -> None:
    change = {"changed_in": "2025Q2", "days_without": 0}
    line = line_with(
        *CATEGORIES,
        livelihoods=["work", code, "SONSTIGES"],
        domain_changes=[
            {**change, "from": code, "to": "SONSTIGES"},
            {**change, "from": "SGB_II", "to": code},
        ],
    )
    VALID.validate(line)
    assert code not in json.dumps(line)
    assert line["livelihoods"] == ["other_benefit", "work"]
    (told,) = line["cases"][0]["domain_changes"]
    assert (told["from"], told["to"]) == ("SGB_II", "other_benefit")


def test_each_benefit_of_the_catalogues_is_sent_as_it_is_or_as_another_one() -> None:
    codes = {*vocabulary("legal_domain"), *vocabulary("livelihood")}
    assert set(BENEFITS) - codes == {"other_benefit"}
    assert {code for code in codes if benefit(code) == code} == set(BENEFITS) - {"other_benefit"}
    for field in ("livelihoods", "from", "to"):
        (values,) = [each.values for each in fields() if each.name == field]
        assert values.get("items", values)["enum"] == list(BENEFITS)


def test_way_through_health_services_and_a_withdrawn_consent_are_other() -> None:
    line = line_with(*CATEGORIES, access_route="health", closing_reason="consent_withdrawn")
    VALID.validate(line)
    case = line["cases"][0]
    assert (case["access_route"], case["closing_reason"]) == ("other", "other")
    assert not {"health", "consent_withdrawn"} & set(json.dumps(SCHEMA).split('"'))


@pytest.mark.parametrize("code", ["moved_away", "left_country", "deported"])
def test_who_moved_away_left_or_was_deported_cannot_be_told_apart(code: str) -> None:
    assert closing_reason(code) == "moved_away_or_left"


@pytest.mark.parametrize(
    ("days", "told"),
    [(0, "none"), (1, "up_to_30"), (30, "up_to_30"), (31, "31_to_90"), (90, "31_to_90"), (91, "over_90")],
)
def test_days_without_benefit_are_told_in_bands(days: int, told: str) -> None:
    assert days_without(days) == told
    assert told in DAYS


def test_what_is_told_of_a_person_needs_the_consent_for_each_of_their_cases() -> None:
    other = uuid4()
    covered = {
        CASE: Covered(CLIENT, uuid4(), CASE, frozenset({NEEDED, "master_data"})),
        other: Covered(CLIENT, uuid4(), other, frozenset({NEEDED, "benefits"})),
    }
    rows = [figures(), figures(case_id=other), figures(case_id=uuid4())]
    (line,) = person_lines(rows, covered, {CLIENT: PSEUDONYM}, period="2025Q4", area="KIM-05111")
    VALID.validate(line)
    assert "age_band" not in line
    assert "livelihoods" not in line
    assert ["domain_changes" in case for case in line["cases"]] == [False, True]


def test_unknown_values_fit_the_schema_too() -> None:
    VALID.validate(
        line_with(
            *CATEGORIES, age=None, residence_status=None, nationalities=[], german_first=None,
            german_last=None, livelihoods=[], closed_in=None, intake_outcome=None, closing_reason=None,
            phase="linking", life_domains=[], domain_changes=[],
        )
    )  # fmt: skip


def test_withdrawal_says_the_pseudonym_and_nothing_else() -> None:
    (line,) = withdrawal_lines([PSEUDONYM])
    assert line == {"pseudonym": PSEUDONYM, "withdrawn": True}
    VALID.validate(line)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Amina"},
        {"age_band": "34"},
        {"birth_date": "1990-04-01"},
        {"pseudonym": "x"},
        {"cases": []},
    ],
)
def test_line_that_says_more_or_otherwise_is_refused_by_the_schema(wrong: dict[str, Any]) -> None:
    assert not VALID.is_valid({**line_with(*CATEGORIES), **wrong})


def test_file_is_json_lines_each_ended() -> None:
    content = as_file([line_with(*CATEGORIES), *withdrawal_lines([PSEUDONYM])])
    assert content.endswith(b"\n")
    assert len([json.loads(line) for line in content.splitlines()]) == 2


def test_schema_is_valid_and_committed_as_it_is_made() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(state_database_schema_text()) == SCHEMA


def test_sample_fits_the_schema_and_is_about_nobody() -> None:
    VALID.validate(sample())
    assert sample()["pseudonym"] == "p" + "0" * 40


@pytest.mark.parametrize(
    ("count", "told"), [(0, (0, 9)), (9, (0, 9)), (10, (10, 19)), (999, (500, 999)), (1000, (1000, None))]
)
def test_counts_are_told_in_bands_and_nobody_is_told_from_a_few(
    count: int, told: tuple[int, int | None]
) -> None:
    assert tuple(band(count).values()) == told


def test_persons_who_stand_out_are_counted_by_the_size_of_their_class() -> None:
    assert persons_in_small_classes(["a", "b", "b", "c", "c", "c", "d", "d", "d", "d"]) == {2: 1, 3: 3, 5: 10}
