"""Of cases and changes of legal domain: every reason, duration and way has its class."""

from datetime import date, timedelta
from itertools import product, starmap

from app.reporting.subjects.closed_cases import CLOSED_CASES, duration_of, reason_class
from app.reporting.subjects.domain_changes import DOMAIN_CHANGES, way
from tests.reporting.caseload import QUARTER


def test_leaving_the_area_is_one_reason_and_a_death_is_none_of_its_own() -> None:
    assert {reason_class(code) for code in ("moved_away", "left_country", "deported")} == {"left_area"}
    assert reason_class("deceased") == reason_class(None) == "other"
    codes = CLOSED_CASES.classes(QUARTER)["closing_reason"].dimension.codes
    assert not {"moved_away", "left_country", "deported", "deceased"} & set(codes)


def test_duration_goes_by_months() -> None:
    day = date(2025, 1, 31)
    assert duration_of(day, date(2025, 4, 30)) == "up_to_3_months"
    assert duration_of(day, date(2025, 5, 1)) == "up_to_6_months"
    assert duration_of(day, day + timedelta(days=731)) == "over_24_months"


def test_every_legal_domain_and_livelihood_has_its_way() -> None:
    codes = set(DOMAIN_CHANGES.classes(QUARTER)["way"].dimension.codes)
    known = ("ASYLBLG", "SGB_II", "SGB_XII", "WOGG", "work", "no_benefits", "in_clarification", "SGB_VIII")
    assert set(starmap(way, product(known, known))) <= codes
    assert way("ASYLBLG", "SGB_II") == "asylum_benefits_to_jobseekers"
