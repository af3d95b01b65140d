"""What the reporting role reads of needs: told first of the year, by an assessment or a failed referral."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.kit.database import System
from app.protection import Unit
from app.reporting.rules import Quarter
from app.reporting.subjects import needs
from app.reporting.subjects.needs import BY_BOTH, BY_REGION, BY_TOPIC
from app.reporting.subjects.subject import Further
from tests.reporting.arrange import Office
from tests.reporting.casework import IN_BETWEEN, Casework
from tests.reporting.laid import Laid, add, assess, change, lay_clients
from tests.reporting.offered import offer
from tests.state_exports.arrange import planted

QUARTER = Quarter.parse("2025Q3")
BEFORE = Quarter.parse("2025Q2")


async def read(office: Office, quarter: Quarter = QUARTER) -> Further:
    async with office.reporting.transaction(System(office.world.area)) as db:
        return await needs.read(await db.driver(), quarter)


async def told(office: Office, quarter: Quarter = QUARTER) -> dict[tuple[str, str], Unit]:
    """Return the units by person and topic."""
    units = (await read(office, quarter)).units
    found = {(unit.person, unit.codes["life_domain"]): unit for unit in units}
    assert len(found) == len(units), "a person counts once for each topic"
    return found


async def topics(office: Office, quarter: Quarter = QUARTER) -> list[str]:
    return sorted(topic for _, topic in await told(office, quarter))


async def test_need_counts_in_the_first_quarter_of_the_year_in_which_it_is_told(office: Office) -> None:
    world = office.world
    (laid,) = await lay_clients(world, 1, opened_on=date(2024, 1, 8))
    await assess(world, [laid], "2024-11-04", {"debts": 1})
    await assess(world, [laid], "2025-04-01", {"housing": 1})
    await assess(world, [laid], "2025-07-01", {"housing": 1, "debts": 2, "work": 3})
    await assess(world, [laid], "2025-09-30", {"work": 2})
    await assess(world, [laid], "2025-10-01", {"health": 1})
    assert await topics(office, BEFORE) == ["housing"]
    assert await topics(office) == ["debts", "work"]
    assert await topics(office, Quarter.parse("2025Q4")) == ["health"]
    assert await topics(office, Quarter.parse("2024Q4")) == ["debts"]


async def test_resources_and_what_was_not_discussed_are_no_needs(office: Office) -> None:
    world = office.world
    (laid,) = await lay_clients(world, 1)
    await assess(world, [laid], "2025-08-04", {"housing": 5, "work": None, "debts": None, "family": 1})
    for domain, state in (("housing", "resource"), ("work", "none"), ("debts", "not_discussed")):
        await change(
            world.admin,
            "UPDATE assessment_domains SET state = $2 WHERE life_domain = $3 AND case_id = $1",
            laid.case,
            state,
            domain,
        )
    assert await topics(office) == ["family"]


FAILED: list[tuple[str, dict[str, Any]]] = [
    ("expired", {"deadline": IN_BETWEEN}),
    ("rejected", {"reason": "no_capacity"}),
    ("rejected", {"reason": "other"}),
    ("failed", {"outcome": "no_capacity"}),
    ("completed", {"outcome": "not_responsible"}),
    ("failed", {"outcome": "no_answer"}),
]
NOT_FAILED: list[tuple[str, dict[str, Any]]] = [
    ("completed", {"outcome": "helped"}),
    ("failed", {"outcome": "no_longer_wanted"}),
    ("rejected", {"reason": "incomplete"}),
    ("rejected", {"reason": "already_known"}),
    ("cancelled", {}),
    ("revoked", {}),
    ("accepted", {}),
    ("entered_in_error", {"reason": "no_capacity"}),
    ("expired", {"deadline": date(2025, 10, 1)}),
    ("expired", {"deadline": date(2024, 12, 31), "sent": date(2024, 12, 1)}),
]


async def referred(
    office: Office, state: str, institution: UUID, asked: dict[str, Any], **more: Any
) -> Casework:
    """Lay one case whose referral to an offer, or for a coded concern, stands so."""
    work = Casework(office.world)
    work.referral(work.case(), state, institution, None if state == "expired" else 5, **more)
    work.rows["referral_requests"][-1]["rejection_reason"] = more.get("reason")
    row = work.rows["referrals"][-1]
    row.update(asked)
    if asked.get("concern_code"):
        row["concern_text"] = None
    await work.lay()
    return work


@pytest.mark.parametrize(("state", "more"), FAILED)
async def test_referral_that_came_to_nothing_tells_the_topics_of_its_offer(
    office: Office, state: str, more: dict[str, Any]
) -> None:
    institution = await office.world.institution("jobcenter")
    course = await offer(office.world, institution, "language", "participation")
    await referred(office, state, institution, {"offer_id": course}, **more)
    assert await topics(office) == ["language", "participation"]
    assert {unit.institution for unit in (await read(office)).units} == {str(institution)}


@pytest.mark.parametrize(("state", "more"), NOT_FAILED)
async def test_referral_that_may_help_or_ended_otherwise_tells_no_need(
    office: Office, state: str, more: dict[str, Any]
) -> None:
    institution = await office.world.institution("jobcenter")
    course = await offer(office.world, institution, "language")
    await referred(office, state, institution, {"offer_id": course}, **more)
    assert await topics(office) == []


async def test_information_of_the_youth_welfare_office_tells_no_need(office: Office) -> None:
    institution = await office.world.institution("jugendamt")
    help_ = await offer(office.world, institution, "family")
    asked = {"offer_id": help_, "legal_basis": "kkg_4"}
    await referred(office, "rejected", institution, asked, reason="no_capacity")
    assert await topics(office) == []
    async with planted(office.world, "referred_topics", "'kkg_4'::text", "'none'::text"):
        assert await topics(office) == ["family"]


@pytest.mark.parametrize(
    ("concern", "found"),
    [
        ("naturalisation", ["naturalisation"]), ("extension", ["residence"]), (None, []),
        ("notification", []), ("information_on_request", []),
    ],
)  # fmt: skip
async def test_referral_without_an_offer_tells_the_topic_of_its_coded_concern(
    office: Office, concern: str | None, found: list[str]
) -> None:
    authority = await office.world.institution("auslaenderbehoerde")
    await referred(office, "expired", authority, {"concern_code": concern}, deadline=IN_BETWEEN)
    assert await topics(office) == found


async def test_person_with_assessment_and_referrals_counts_once(office: Office) -> None:
    world = office.world
    institution = await world.institution("jobcenter")
    course = await offer(world, institution, "work")
    work = Casework(world)
    case = work.case()
    lead = work.rows["cases"][-1]["lead_user_id"]
    for _ in range(2):
        work.referral(case, "expired", institution, None, deadline=IN_BETWEEN)
        work.rows["referrals"][-1]["offer_id"] = course
    await work.lay()
    await assess(world, [Laid(case=case, lead=lead)], "2025-09-01", {"work": 2})
    (unit,) = (await told(office)).values()
    assert (unit.codes["life_domain"], unit.contributor) == ("work", str(lead))


async def test_institution_that_was_asked_knows_of_the_need_whatever_came_of_it(office: Office) -> None:
    world = office.world
    helped, busy = await world.institution("jobcenter"), await world.institution("schuldnerberatung")
    courses = {each: await offer(world, each, "debts") for each in (helped, busy)}
    work = Casework(world)
    cases = [work.case(), work.case()]
    for case, institution in ((cases[0], helped), (cases[0], busy), (cases[1], busy)):
        work.referral(case, "accepted", institution)
        work.rows["referrals"][-1]["offer_id"] = courses[institution]
    await work.lay()
    laid = [Laid(case=case, lead=work.leads[0]) for case in cases]
    await assess(world, laid, "2025-09-01", {"debts": 2, "family": 1})
    knows = [(unit.codes["life_domain"], unit.institution) for unit in (await read(office)).units]
    assert sorted(knows, key=str) == [
        ("debts", str(busy)), ("debts", str(busy)), ("family", None), ("family", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "hidden",
    [
        "UPDATE clients SET is_restricted = true WHERE id = $1",
        "UPDATE clients SET processing_restricted_at = now() WHERE id = $1",
        "UPDATE cases SET is_restricted = true WHERE client_id = $1",
        "UPDATE cases SET municipal_area_id = 'KIM-OTHER' WHERE client_id = $1",
    ],
)
async def test_who_is_hidden_or_only_kept_or_elsewhere_has_no_need(office: Office, hidden: str) -> None:
    world = office.world
    kept, other = await lay_clients(world, 2)
    await assess(world, [kept, other], "2025-08-04", {"housing": 1})
    institution = await world.institution("jobcenter")
    course = await offer(world, institution, "work")
    for laid in (kept, other):
        await _expired(office, laid, institution, course)
    assert len((await read(office)).units) == 4
    await change(world.admin, hidden, kept.client)
    assert {person for person, _ in await told(office)} == {str(other.pseudonym)}


async def _expired(office: Office, laid: Laid, institution: UUID, course: UUID) -> None:
    work = Casework(office.world)
    work.rows["cases"] = [{"id": laid.case, "client_id": laid.client}]
    work.referral(laid.case, "expired", institution, None, deadline=IN_BETWEEN)
    work.rows["referrals"][-1]["offer_id"] = course
    del work.rows["cases"]
    await work.lay()


async def test_region_is_that_of_the_unit_and_made_of_three_case_managers(office: Office) -> None:
    world = office.world
    towns = {"05170024": 3, "05170044": 3, "05170008": 1, "05170048": 1}
    laid: list[Laid] = []
    for town, staff in towns.items():
        some = await lay_clients(world, 4, staff=staff)
        unit = await world.unit(f"Stadt {town}")
        await change(world.admin, "UPDATE units SET municipality = $2 WHERE id = $1", unit, town)
        for each in some:
            await change(world.admin, "UPDATE cases SET unit_id = $2 WHERE id = $1", each.case, unit)
            await _leads(office, each, unit)
        laid += some
    await assess(world, laid, "2025-08-04", {"housing": 1})
    further = await read(office)
    assert further.regions == (("05170024",), ("05170044", "05170008", "05170048"))
    assert further.tables == (BY_TOPIC, BY_REGION, BY_BOTH)
    assert {unit.codes["region"] for unit in further.units} == set(towns)


async def _leads(office: Office, laid: Laid, unit: UUID) -> None:
    await add(
        office.world,
        "assignments",
        [
            {
                "user_id": laid.lead, "client_id": laid.client, "case_id": laid.case, "unit_id": unit,
                "kind": "lead", "active_from": date(2025, 1, 7), "created_by": laid.lead,
            }
        ],
    )  # fmt: skip


async def test_area_with_one_region_is_told_of_no_region(office: Office) -> None:
    laid = await lay_clients(office.world, 6)
    await assess(office.world, laid, "2025-08-04", {"housing": 1})
    further = await read(office)
    assert (further.tables, further.regions) == ((BY_TOPIC,), ())
    assert "region" not in further.units[0].codes


async def test_without_needs_there_is_no_table(office: Office) -> None:
    further = await read(office)
    assert (len(further.units), further.tables) == (0, ())


async def test_reporting_reads_no_offer_and_no_referral_itself(office: Office) -> None:
    granted = await office.world.admin.fetch(
        """SELECT table_name FROM information_schema.column_privileges WHERE grantee = 'kim_reporting'
        AND table_name = ANY ('{offers,offer_capacities,institutions,institution_sites,referrals,
            referral_requests,assessments,assessment_domains}')"""
    )
    assert granted == []
