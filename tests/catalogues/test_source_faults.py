"""A fault planted in any catalogue file is found, and named with its file and line."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.catalogues.source import CatalogueError, read_catalogue

DATA = Path(__file__).parents[2] / "app" / "catalogues" / "data"
FILES = sorted(path.name for path in DATA.glob("*.csv"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the catalogue files, so that a fault can be planted in one of them."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def fault_of(directory: Path) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(directory)
    return caught.value


def append(directory: Path, file: str, line: str) -> int:
    """Add a line to a file and return its number."""
    path = directory / file
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    return len(path.read_text("utf-8").splitlines())


def test_the_untouched_copy_has_no_fault(copy: Path) -> None:
    assert read_catalogue(copy).entries


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("barrier_types.csv", "A99,Z,Neu,New", "unknown barrier_category 'Z'"),
        ("residence_statuses.csv", "AE-99,ae_neu,Neu,,true,normal,", "unknown residence_group"),
        ("nationalities_destatis.csv", "901,,,Neu,New,mars,false", "unknown nationality_group"),
        ("institution_types.csv", "neu,Neu,New,SGB_II,false,obliged,mars", "unknown institution_group"),
        ("institution_types.csv", "neu,Neu,New,SGB_99,false,obliged,other", "unknown legal_domain"),
        ("institution_types.csv", "neu,Neu,New,SGB_II,yes,obliged,other", "is_sgb_body is 'yes'"),
        ("institution_types.csv", "neu,Neu,New,SGB_II,false,all,other", "aufenthg_87_scope is 'all'"),
        ("institution_types.csv", "neu,Neu,New,SGB_II SGB_II,false,obliged,other", "names a word twice"),
        (
            "legal_domains.csv",
            "SGB_II,Noch einmal,Again,SGB II,true",
            "legal_domain SGB_II stands already in",
        ),
        ("pathways.csv", "neu,Neu,New,§ 1 StAG,", "the pathway neu has no version"),
        ("pathway_versions.csv", "X,mars,Neu,New,Gesetz,,,2026-01-01,", "unknown pathway 'mars'"),
        ("pathway_versions.csv", "X,naturalisation,Neu,New,Gesetz,,,,", "says from when it holds"),
        ("pathway_versions.csv", "X,stay_young,Neu,New,Gesetz,,,2026-01-01,", "begins before the one above"),
        (
            "pathway_versions.csv",
            "X,stay_opportunity,Neu,New,Gesetz,mars,,2026-01-01,",
            "unknown pathway 'mars'",
        ),
        ("pathway_versions.csv", "X,stay_opportunity,Neu,New,Gesetz,,,2026-01-01,", "X has no requirements"),
        ("pathway_requirements.csv", "X.y,X,y,Neu,New,§ 1 StAG,Pass,Passport", "unknown pathway_version 'X'"),
        (
            "pathway_requirements.csv",
            "StAG8-2024.other,StAG8-2024,neu,Neu,New,§ 8 Abs. 1 StAG,Pass,Passport",
            "must be 'StAG8-2024.neu'",
        ),
        (
            "pathway_requirements.csv",
            "StAG8-2024.neu,StAG8-2024,neu,Neu,New,Das Gesetz,Pass,Passport",
            "names no paragraph",
        ),
        ("legal_domains.csv", "NEU,Neu,New,,TRUE", "is_sgb_domain is 'TRUE'"),
        ("residence_statuses.csv", "AE-99,duldung,Neu,,true,low,", "sensitivity is 'low'"),
        ("barrier_categories.csv", "R,,New,false", "label_de is empty"),
        ("barrier_categories.csv", "R,Neu,New,", "sensitive is empty"),
        ("document_categories.csv", "neu,Neu,New,documents secrets,", "unknown data_category 'secrets'"),
        ("document_categories.csv", "neu,Neu,New,health health,", "names a word twice"),
        ("languages.csv", ",,Neu,New", "iso639_3 is empty"),
        ("languages.csv", "neu ,,Neu,New", "iso639_3 has blanks around it"),
        ("languages.csv", "neu,,Neu", "3 fields under 4 columns"),
        ("languages.csv", 'neu,,"Neu"x,New', "the line is no CSV"),
        ("municipal_areas.csv", "KIM-1,05999,,Neu,kreis,Köln,viele", "gemeinden is no number"),
        ("municipalities_nrw.csv", "05999000,Neustadt", "0 municipal areas fit"),
        ("small_vocabularies.csv", "language,neu,Neu,New,", "language has a file of its own"),
        ("small_vocabularies.csv", "sex,m,Noch einmal,Again,", "sex m stands already in"),
        ("institution_data_categories.csv", "mars,contact,", "unknown institution_type"),
        ("institution_data_categories.csv", "polizei,secrets,", "unknown data_category"),
        ("institution_data_categories.csv", "jobcenter,work,", "jobcenter work stands twice"),
        ("institution_data_categories.csv", "auslaenderbehoerde,health,", "only named fields of master_data"),
        ("outcome_barriers.csv", "mars,health,,J5", "unknown referral_outcome"),
        ("outcome_barriers.csv", "helped,mars,,J5", "unknown institution_group"),
        ("outcome_barriers.csv", "helped,health,,J99", "unknown barrier_type"),
        ("outcome_barriers.csv", "helped,health,schule,J5", "is not of the group health"),
        ("outcome_barriers.csv", "no_answer,health,,B4", "no_answer health stands twice"),
    ],
)
def test_a_faulty_line_is_named(copy: Path, file: str, line: str, said: str) -> None:
    number = append(copy, file, line)
    fault = fault_of(copy)
    assert (fault.file, fault.line) == (file, number)
    assert said in str(fault)


def test_a_second_area_with_the_same_key_leaves_its_municipalities_undecided(copy: Path) -> None:
    append(copy, "municipal_areas.csv", "KIM-05170-B,05170,,Wesel zwei,kreis,Düsseldorf,1")
    fault = fault_of(copy)
    assert fault.file == "municipalities_nrw.csv"
    assert "2 municipal areas fit" in str(fault)


def test_an_authority_may_not_get_the_whole_master_data(copy: Path) -> None:
    path = copy / "institution_data_categories.csv"
    named = "auslaenderbehoerde,master_data,name birth_date azr_number concern_code requested_action"
    path.write_text(path.read_text("utf-8").replace(named, "auslaenderbehoerde,master_data,"), "utf-8")
    assert "only named fields" in str(fault_of(copy))


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named(copy: Path, file: str) -> None:
    (copy / file).unlink()
    assert fault_of(copy).file == file


@pytest.mark.parametrize("file", FILES)
def test_a_file_without_entries_is_named(copy: Path, file: str) -> None:
    path = copy / file
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    assert fault_of(copy).file == file


@pytest.mark.parametrize("file", FILES)
def test_a_renamed_column_is_named(copy: Path, file: str) -> None:
    path = copy / file
    path.write_text("x" + path.read_text("utf-8"), "utf-8")
    fault = fault_of(copy)
    assert (fault.file, fault.line) == (file, 1)


def latin(path: Path) -> None:
    path.write_bytes(path.read_text("utf-8").encode("cp1252"))


def swapped_dates(path: Path) -> None:
    path.write_text("iso639_3,iso639_1,label_de,label_en,valid_from,valid_to\nd,,D,D,2026-02-01,2026-01-01\n")


def no_date(path: Path) -> None:
    path.write_text("iso639_3,iso639_1,label_de,label_en,valid_to\nd,,D,D,31.12.2026\n")


@pytest.mark.parametrize(
    ("plant", "said"),
    [(latin, "not UTF-8"), (swapped_dates, "lies before valid_from"), (no_date, "valid_to is no date")],
)
def test_a_faulty_file_is_named(copy: Path, plant: Callable[[Path], None], said: str) -> None:
    plant(copy / "languages.csv")
    fault = fault_of(copy)
    assert fault.file == "languages.csv"
    assert said in str(fault)
