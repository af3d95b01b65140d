"""Cases, inquiries, referrals and changes of legal domain in a whole release, as everybody gets them."""

import csv
import io
import itertools
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from app.access.roles import Role
from tests.reporting.arrange import Office, figures
from tests.reporting.casework import FIRST, IN_BETWEEN, Casework

NAMES = (
    "inquiries_by_result", "inquiries_waiting", "open_cases_by_phase", "open_cases_by_kind",
    "closed_cases_by_reason", "closed_cases_by_duration", "referrals_by_outcome",
    "referrals_by_time_to_answer", "referrals_by_institution_kind", "days_without_benefit",
    "domain_changes_by_way",
)  # fmt: skip
FINER = ("open_cases_by_phase_and_kind", "referrals_by_time_to_answer_and_institution_kind")


async def fill(office: Office, number: int = 60) -> None:
    """Lay so many of everything that is counted; of the last phase, reason and domain there are three."""
    work = Casework(office.world)
    work.staff(work.leads[0])
    institution = await office.world.institution("jobcenter")
    phases = itertools.chain(["evaluation"] * 3, itertools.repeat("monitoring"))
    reasons = itertools.chain(["deported"] * 3, itertools.repeat("goals_reached"))
    for place, phase, reason in zip(range(number), phases, reasons, strict=False):
        case = work.case(None, ("intake", FIRST), (phase, IN_BETWEEN))
        work.case(None, ("intake", date(2025, 2, 3)), ("closed", IN_BETWEEN), reason=reason)
        work.referral(case, "completed", institution, 5 if place % 2 else 20, outcome="helped")
        work.change(case, "SGB_XII" if place < 3 else "ASYLBLG", "SGB_II", 0 if place % 3 else 12)
        work.inquiry("advised" if place % 2 else "declined")
        work.inquiry("waiting", None, since=IN_BETWEEN)
    await work.lay()


@pytest.fixture
async def release(office: Office) -> str:
    """A published release with figures of everything, of an area of 600 clients."""
    await figures(office.world, reports=120)
    await fill(office)
    return await office.published()


def by_code(table: dict[str, Any]) -> dict[str, Any]:
    return {"/".join(cell["codes"]): cell["value"] for cell in table["cells"]}


async def test_release_tells_cases_inquiries_referrals_and_changes_protected(
    office: Office, release: str
) -> None:
    world = office.world
    steering = await world.person(Role.STEERING_MEMBER)
    content = (await office.first.get(f"/v1/releases/{release}")).json()["content"]
    offered = {each["name"] for each in content["tables"]}
    assert content["proof"]["holds"]
    assert set(NAMES) <= offered
    assert not set(FINER) & offered
    tables = {name: await office.table(release, name, steering) for name in NAMES}
    assert {name: by_code(table)["total"] for name, table in tables.items()} == dict.fromkeys(NAMES, 60)
    assert by_code(tables["open_cases_by_phase"])["evaluation"] is None
    assert by_code(tables["closed_cases_by_reason"])["left_area"] is None
    assert by_code(tables["domain_changes_by_way"])["other_benefits_to_jobseekers"] is None
    assert by_code(tables["open_cases_by_kind"]) == {"total": 60, "case_management": 0, "counselling": 60}
    assert tables["inquiries_by_result"]["thresholds"]["k"] == 10
    assert tables["referrals_by_outcome"]["thresholds"]["k"] == 5
    ledger = await world.admin.fetch("SELECT key, value FROM ledger WHERE municipal_area_id = $1", world.area)
    hidden = {row["value"] for row in ledger if "closing_reason=left_area" in row["key"]}
    assert hidden == {None}
    assert not any("course=" in row["key"] and "answer_time=" in row["key"] for row in ledger)


async def test_median_of_the_time_to_answer_is_in_every_form(office: Office, release: str) -> None:
    path = f"/v1/releases/{release}/tables/referrals_by_time_to_answer"
    table = await office.table(release, "referrals_by_time_to_answer")
    assert table["medians"]["places"] == [{"codes": [], "status": "published", "code": "up_to_7"}]
    answer = await office.first.http.get(path, headers={"Accept": "text/csv", "Accept-Language": "en"})
    medians = {row["answer_time"]: row["median_label"] for row in csv.DictReader(io.StringIO(answer.text))}
    assert {code: label for code, label in medians.items() if label} == {"answered": "4 to 7 days"}
    book = await office.first.http.get(f"/v1/releases/{release}/workbook")
    sheets = load_workbook(io.BytesIO(book.content))
    told = [sheet.title for sheet in sheets if "Median" in [row[0].value for row in sheet.iter_rows()]]
    assert len(told) == 1


async def test_table_is_drawn_with_what_is_hidden_as_hidden(office: Office, release: str) -> None:
    for name in ("open_cases_by_phase", "domain_changes_by_way"):
        path = f"/v1/releases/{release}/tables/{name}"
        answer = await office.first.http.get(path, headers={"Accept": "image/svg+xml"})
        assert answer.status_code == 200, answer.text
        assert "gesperrt" in answer.text


async def test_area_without_any_of_it_has_no_table_of_it(office: Office) -> None:
    await figures(office.world, reports=120)
    release_id = await office.published()
    assert (
        await office.first.get(f"/v1/releases/{release_id}/tables/open_cases_by_phase")
    ).status_code == 404


async def test_next_quarter_is_told_whatever_the_first_told(office: Office) -> None:
    people = await figures(office.world, "2025Q2", reports=120)
    await fill(office)
    first = await office.published("2025Q2")
    await figures(office.world, "2025Q3", reports=120, population=people)
    second = await office.published("2025Q3")
    phases = [by_code(await office.table(each, "open_cases_by_phase")) for each in (first, second)]
    assert [each["total"] for each in phases] == [60, 60]
    assert [each["intake"] for each in phases] == [60, 0]
