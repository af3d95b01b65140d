"""What the reporting role reads of cases, inquiries, referrals and changes of domain; and who is in none."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from app.kit.database import Database, System
from app.protection import Unit
from app.reporting.rules import Quarter
from app.reporting.subjects.every import SUBJECTS
from tests.reporting.caseload import EVERY
from tests.reporting.casework import FIRST, IN_BETWEEN, LAST, Casework, at
from tests.state_exports.arrange import planted
from tests.world import World

QUARTER = Quarter.parse("2025Q3")
AFTER = date(2025, 10, 1)
BEFORE = date(2025, 6, 30)
BY_NAME = {subject.name: subject for subject in SUBJECTS if subject.name in EVERY}


@pytest.fixture
def work(world: World) -> Casework:
    """Rows of the world's area."""
    return Casework(world)


Reads = Callable[[str], Any]


@pytest.fixture
def read(world: World, reporting_database: Database) -> Reads:
    """Return the units of a subject as the reporting role reads them."""

    async def units(name: str) -> Sequence[Unit]:
        async with reporting_database.transaction(System(world.area)) as db:
            return (await BY_NAME[name].read(await db.driver(), QUARTER)).units

    return units


def counted(units: Sequence[Unit], *names: str) -> dict[Any, int]:
    return dict(Counter(tuple(unit.codes[name] for name in names) for unit in units))


async def test_case_is_in_the_phase_of_the_last_day(work: Casework, read: Reads) -> None:
    work.case(None, ("intake", FIRST), ("assessment", LAST), ("closed", AFTER))
    work.case(None, ("intake", AFTER))
    work.case(None, ("intake", BEFORE), ("closed", IN_BETWEEN))
    work.case(None, ("intake", BEFORE), ("closed", IN_BETWEEN), ("intake", LAST), route="mso")
    await work.lay()
    units = await read("open_cases")
    assert counted(units, "phase", "access_route") == {("assessment", "school"): 1, ("intake", "mso"): 1}
    assert {unit.contributor for unit in units} <= {str(lead) for lead in work.leads}


async def test_case_is_closed_in_the_quarter_and_at_its_end(work: Casework, read: Reads) -> None:
    opened = ("intake", date(2025, 1, 2))
    work.case(None, opened, ("closed", FIRST), reason="deported")
    work.case(None, opened, ("closed", LAST), reason="moved_away")
    work.case(None, opened, ("closed", BEFORE), reason="other")
    work.case(None, opened, ("closed", AFTER), reason="other")
    work.case(None, opened, ("closed", IN_BETWEEN), ("intake", LAST), reason="other")
    work.case(None, opened, ("closed", IN_BETWEEN), ("intake", AFTER))
    await work.lay()
    assert counted(await read("closed_cases"), "closing_reason", "duration") == {
        ("left_area", "up_to_6_months"): 1, ("left_area", "up_to_12_months"): 1,
        ("other", "up_to_12_months"): 1,
    }  # fmt: skip


async def test_inquiry_counts_when_it_ends_anonymous_or_as_the_person_of_its_case(
    work: Casework, read: Reads
) -> None:
    case = work.case()
    work.inquiry("advised", FIRST)
    work.inquiry("case", LAST, case=case)
    work.inquiry("declined", AFTER)
    work.inquiry("declined", BEFORE)
    work.inquiry("open", None)
    work.inquiry("lapsed", None, forgotten=at(IN_BETWEEN))
    work.inquiry("removed", lead=None, unit=work.leads[1])
    await work.lay()
    units = await read("inquiries")
    assert counted(units, "result") == {("advised",): 1, ("case",): 1, ("removed",): 1}
    client = await work.world.admin.fetchval(
        "SELECT pseudonym::text FROM clients WHERE municipal_area_id = $1", work.world.area
    )
    persons = {unit.codes["result"]: unit.person for unit in units}
    assert persons["case"] == client
    assert len({unit.household for unit in units}) == 3
    assert str(work.leads[1]) in {unit.contributor for unit in units}


async def test_what_waited_on_a_list_is_known_to_its_unit_whoever_took_it(
    work: Casework, read: Reads
) -> None:
    unit, taker = work.leads[0], work.leads[3]
    work.inquiry("advised", LAST, since=FIRST, unit=unit, lead=taker)
    work.inquiry("declined", LAST, unit=unit, lead=taker)
    await work.lay()
    known = {each.codes["result"]: each.contributor for each in await read("inquiries")}
    assert known == {"advised": str(unit), "declined": str(taker)}


async def test_institution_that_referred_somebody_knows_what_became_of_them(
    work: Casework, read: Reads
) -> None:
    sender = await work.world.institution("schule")
    work.inquiry("declined", sender=sender)
    work.inquiry("waiting", None, since=FIRST, sender=sender)
    work.inquiry("waiting", None, since=FIRST)
    await work.lay()
    assert {unit.institution for unit in await read("inquiries")} == {str(sender)}
    assert Counter(unit.institution for unit in await read("waiting_list")) == {str(sender): 1, None: 1}


async def test_who_was_put_on_the_list_waits_until_something_became_of_it(
    work: Casework, read: Reads
) -> None:
    here = uuid4()
    work.inquiry("waiting", None, since=LAST, unit=here)
    work.inquiry("open", None, since=date(2025, 7, 28), unit=here)
    work.inquiry("advised", AFTER, since=date(2025, 3, 1), unit=here)
    work.inquiry("lapsed", None, since=date(2025, 1, 1), unit=here, forgotten=at(AFTER))
    work.inquiry("lapsed", None, since=FIRST, unit=here, forgotten=at(IN_BETWEEN))
    work.inquiry("advised", LAST, since=FIRST, unit=here)
    work.inquiry("waiting", None, since=AFTER, unit=here)
    work.inquiry("open", None)
    await work.lay()
    assert counted(await read("waiting_list"), "waiting_time") == {
        ("up_to_4",): 1, ("up_to_12",): 1, ("over_26",): 2,
    }  # fmt: skip


async def test_referral_counts_when_it_ends_with_all_that_is_known_then(work: Casework, read: Reads) -> None:
    case = work.case()
    institution = await work.world.institution("jobcenter")
    work.referral(case, "completed", institution, 3, outcome="helped")
    work.referral(case, "rejected", institution, 8)
    work.referral(case, "expired", institution, None, outcome="no_answer")
    work.referral(case, "cancelled", institution, None)
    work.referral(case, "revoked", institution, 40)
    work.referral(case, "entered_in_error", institution)
    work.referral(case, "requested", institution, None)
    work.referral(case, "accepted", institution)
    work.referral(case, "failed", institution, closed=AFTER, outcome="other")
    work.referral(case, "expired", institution, None, deadline=AFTER, outcome="no_answer")
    await work.lay()
    units = await read("referrals")
    assert counted(units, "course", "answer_time", "institution") == {
        ("helped", "up_to_3", "jobcenter"): 1, ("rejected", "up_to_14", "jobcenter"): 1,
        ("no_answer", "unanswered", "jobcenter"): 1, ("ended_before", "unanswered", "jobcenter"): 1,
        ("no_outcome", "over_28", "jobcenter"): 1,
    }  # fmt: skip
    assert {unit.institution for unit in units} == {str(institution)}


async def test_information_of_the_youth_welfare_office_is_in_no_figure(work: Casework, read: Reads) -> None:
    case, office = work.case(), await work.world.institution("jugendamt")
    work.referral(case, "completed", office, outcome="helped", basis="kkg_4")
    work.referral(case, "rejected", office)
    await work.lay()
    assert counted(await read("referrals"), "course", "institution") == {("rejected", "jugendamt"): 1}
    async with planted(work.world, "ended_referral_figures", "'kkg_4'::text", "'none'::text"):
        assert len(await read("referrals")) == 2


async def test_change_of_legal_domain_counts_once_as_it_was_last_written(work: Casework, read: Reads) -> None:
    client = work.client()
    first, second = work.case(client), work.case(client)
    for case in (first, second):
        work.change(case, "ASYLBLG", "SGB_II", 40)
        work.change(case, "ASYLBLG", "SGB_II", 0, written=LAST)
        work.change(case, "SGB_II", "work", 9)
        work.change(case, "work", "SGB_II", 9, on=AFTER)
        # Two ways by the law, one of the table.
        work.change(case, "WOGG", "SGB_II", 2)
        work.change(case, "SGB_XII", "SGB_II", 20, written=LAST)
    await work.lay()
    assert counted(await read("domain_changes"), "way", "gap") == {
        ("asylum_benefits_to_jobseekers", "no_day"): 1, ("jobseekers_to_earnings", "up_to_14"): 1,
        ("other_benefits_to_jobseekers", "up_to_30"): 1,
    }  # fmt: skip


async def lay_one_of_each(work: Casework) -> list[Any]:
    """Lay what every subject counts, for two persons; return an open and a closed case of the first."""
    institution = await work.world.institution("jobcenter")
    pairs = []
    for _ in range(2):
        client = work.client()
        open_ = work.case(client)
        closed = work.case(client, ("intake", FIRST), ("closed", IN_BETWEEN), reason="other")
        work.referral(open_, "rejected", institution)
        work.change(open_, "ASYLBLG", "SGB_II", 3)
        work.inquiry("case", case=open_)
        work.inquiry("case", AFTER, case=closed, since=FIRST)
        pairs.append(open_)
    await work.lay()
    return pairs


@pytest.mark.parametrize(
    "sets", ["is_restricted = true", "processing_restricted_at = now()"], ids=["restricted", "held"]
)
@pytest.mark.parametrize("name", EVERY)
async def test_restricted_and_held_persons_are_in_no_figure(
    work: Casework, read: Reads, name: str, sets: str
) -> None:
    first, _ = await lay_one_of_each(work)
    assert len(await read(name)) == 2
    await work.change_client(first, sets)
    units = await read(name)
    client = await work.world.admin.fetchval(
        "SELECT pseudonym::text FROM clients k JOIN cases c ON c.client_id = k.id WHERE c.id = $1", first
    )
    assert len(units) == 1
    assert client not in {unit.person for unit in units}


async def test_inquiry_of_an_erased_case_is_not_told(work: Casework, read: Reads) -> None:
    work.inquiry("case", case=None)
    await work.lay()
    assert not await read("inquiries")


@pytest.mark.parametrize("name", EVERY)
async def test_another_area_counts_nothing_of_it(
    work: Casework, reporting_database: Database, name: str
) -> None:
    await lay_one_of_each(work)
    neighbour = await work.world.neighbour()
    async with reporting_database.transaction(System(neighbour.area)) as db:
        assert list((await BY_NAME[name].read(await db.driver(), QUARTER)).units) == []


@pytest.mark.parametrize(
    "call",
    [
        "open_case_figures('2025-09-30')",
        "closed_case_figures('2025-07-01', '2025-09-30')",
        "ended_inquiry_figures('2025-07-01', '2025-09-30')",
        "waiting_inquiry_figures('2025-09-30')",
        "ended_referral_figures('2025-07-01', '2025-09-30')",
        "domain_change_figures('2025-07-01', '2025-09-30')",
    ],
)
async def test_nobody_but_the_reporting_role_reads_figures(world: World, call: str) -> None:
    manager = await world.case_manager()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(manager) as db:
            await (await db.driver()).fetch(f"SELECT * FROM {call}")
