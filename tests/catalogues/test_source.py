"""The shipped catalogues are whole and say what the law and the programme say."""

import shutil
from collections import Counter
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest

from app.catalogues.relations import WITHHELD
from app.catalogues.source import (
    Entry,
    allowed_categories,
    load_entries,
    proposed_barrier,
    read_catalogue,
)

DATA = Path(__file__).parents[2] / "app" / "catalogues" / "data"
FILES = sorted(path.name for path in DATA.glob("*.csv"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the catalogue files, so that one of them can be changed."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def entry(vocabulary: str, code: str) -> Entry:
    (found,) = (one for one in load_entries() if (one.vocabulary, one.code) == (vocabulary, code))
    return found


def codes(vocabulary: str) -> list[str]:
    return [one.code for one in load_entries() if one.vocabulary == vocabulary]


def test_every_line_of_every_vocabulary_file_becomes_one_entry() -> None:
    relations = {"institution_data_categories.csv", "outcome_barriers.csv"}
    lines = sum(len((DATA / file).read_text("utf-8").splitlines()) - 1 for file in set(FILES) - relations)
    assert len(load_entries()) == lines


def test_the_programme_has_54_areas_and_396_municipalities_in_them() -> None:
    assert len(codes("municipal_area")) == 54
    assert len(codes("municipality")) == 396


def test_each_area_holds_as_many_municipalities_as_its_line_says() -> None:
    counted = Counter(one.parent for one in load_entries() if one.vocabulary == "municipality")
    said = {
        one.code: one.attributes["municipalities"]
        for one in load_entries()
        if one.vocabulary == "municipal_area"
    }
    assert counted == said


def test_aachen_and_its_region_share_a_key_and_are_told_apart() -> None:
    assert entry("municipality", "05334002").parent == "KIM-05334-002"
    assert entry("municipality", "05334004").parent == "KIM-05334-000"


def test_a_city_of_its_own_is_its_own_municipality() -> None:
    assert entry("municipality", "05914000").parent == "KIM-05914"


def test_a_label_without_english_is_shown_in_german() -> None:
    status = entry("residence_status", "DU-60C")
    assert status.label_de == status.label_en == "Ausbildungsduldung"


def test_a_label_with_english_keeps_it() -> None:
    assert entry("life_domain", "work").label_en == "Work"


def test_codes_keep_their_leading_zeros() -> None:
    assert entry("nationality", "000").label_de == "Deutschland"


def test_order_of_a_vocabulary_is_the_order_of_its_file() -> None:
    assert codes("case_phase")[0] == "intake"
    assert codes("case_phase")[-1] == "closed"
    assert codes("cefr_level") == ["none", "A1", "A2", "B1", "B2", "C1", "C2"]


def test_a_residence_status_stands_in_its_group_with_norm_and_sensitivity() -> None:
    status = entry("residence_status", "AE-25.4A")
    assert status.parent == "ae_humanitaer"
    assert status.attributes["norm"] == "AufenthG § 25 Abs. 4a"
    assert status.attributes["sensitivity"] == "high"
    assert status.attributes["selectable"] is True
    assert entry("residence_status", "AE-104A").attributes["selectable"] is False


def test_an_institution_type_carries_its_transmission_attributes() -> None:
    kind = entry("institution_type", "jugendamt")
    assert kind.attributes == {
        "legal_domains": ("SGB_VIII", "UHVORSCHG"),
        "is_sgb_body": True,
        "aufenthg_87_scope": "obliged",
        "group": "youth_family",
        "data_categories": tuple(code for code in allowed_categories("jugendamt") if code not in WITHHELD),
    }
    assert allowed_categories("jugendamt").keys() > WITHHELD
    assert kind.parent == "youth_family"


def test_barrier_types_inherit_the_sensitivity_of_their_category() -> None:
    assert entry("barrier_type", "J5").attributes["sensitive"] is True
    assert entry("barrier_type", "P1").attributes["sensitive"] is True
    assert entry("barrier_type", "A1").attributes["sensitive"] is False


def test_nobody_can_be_recorded_as_without_permission_to_stay() -> None:
    labels = [
        f"{one.label_de} {one.label_en}".casefold()
        for one in load_entries()
        if one.vocabulary in {"residence_status", "residence_group", "continued_effect", "benefit_strand"}
    ]
    assert labels
    forbidden = ("ohne aufenthalt", "ohne titel", "illegal", "unerlaubt", "undocumented", "without")
    assert not [label for label in labels if any(word in label for word in forbidden)]


def test_the_foreigners_authority_may_have_five_fields_and_nothing_else() -> None:
    fields = ("name", "birth_date", "azr_number", "concern_code", "requested_action")
    for kind in ("auslaenderbehoerde", "zentrale_abh", "einbuergerungsbehoerde"):
        assert allowed_categories(kind) == {"master_data": fields}


def test_a_whole_category_is_allowed_without_a_list_of_fields() -> None:
    assert allowed_categories("kita")["household"] is None


def test_what_is_not_listed_is_denied() -> None:
    assert "health" not in allowed_categories("jobcenter")
    assert allowed_categories("polizei") == {}
    assert allowed_categories("no_such_kind") == {}


def test_religion_origin_orientation_opinion_and_crime_go_to_nobody() -> None:
    never = {"religion", "ethnic_origin", "sexual_orientation", "political_opinion", "criminal"}
    assert never <= set(codes("data_category"))
    assert not [kind for kind in codes("institution_type") if never & set(allowed_categories(kind))]


def test_an_institution_type_takes_precedence_over_its_group() -> None:
    assert proposed_barrier("no_capacity", "schule") == "F2"
    assert proposed_barrier("no_capacity", "kita") == "G1"
    assert proposed_barrier("no_capacity", "vhs") == "E1"


def test_help_received_proposes_no_barrier() -> None:
    assert proposed_barrier("helped", "jobcenter") is None
    assert proposed_barrier("no_answer", "no_such_kind") is None


def test_a_record_cannot_be_changed_after_reading() -> None:
    status = entry("residence_status", "AE-24")
    with pytest.raises(FrozenInstanceError):
        status.code = "other"  # type: ignore[misc]  # the fault being planted
    with pytest.raises(TypeError):
        status.attributes["selectable"] = False  # type: ignore[index]  # the fault being planted


def test_an_ended_entry_stays_with_its_last_day(copy: Path) -> None:
    path = copy / "barrier_categories.csv"
    head, *rest = path.read_text("utf-8").splitlines()
    ended = [f"{line},,2026-12-31" if line.startswith("K,") else f"{line},," for line in rest]
    path.write_text("\n".join([f"{head},valid_from,valid_to", *ended]) + "\n", "utf-8")
    (category,) = (
        one for one in read_catalogue(copy).entries if (one.vocabulary, one.code) == ("barrier_category", "K")
    )
    assert (category.valid_from, category.valid_to) == (None, date(2026, 12, 31))
