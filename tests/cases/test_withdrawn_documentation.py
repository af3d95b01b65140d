"""A case whose consent to documentation was withdrawn does not go on, not in another case either."""

from uuid import UUID

import httpx
import pytest

from app.cases.actions import closing, taking_along
from tests.cases.arrange import a_client, close, open_case, record_intake
from tests.consents.arrange import give_consent, just_now, withdraw
from tests.referrals.interleaving import interleave, stops
from tests.world import Person, World

REASON = {"reason": "Neue Kündigung"}
TASK = {"title": "Jobcenter anrufen", "due_on": "2030-01-01"}
GOAL = {"life_domain": "work", "wording": "Arbeit finden"}
PLANTED = "ALTER TABLE {} DISABLE TRIGGER withdrawn"


async def two_cases(world: World, basis: str | None = "consent") -> tuple[Person, str, str, str, str]:
    """Return somebody, their client, a case with a consent of its own, another, and the consent."""
    amira = await world.case_manager()
    client_id = await a_client(world, amira)
    one, other = await open_case(amira, client_id), await open_case(amira, client_id)
    consent = await give_consent(amira, client_id, case_id=one)
    if basis is not None:
        await record_intake(amira, one, documentation_basis=basis)
    await record_intake(amira, other)
    assert (await amira.post(f"/v1/cases/{one}/goals", GOAL)).status_code == 201
    assert (await amira.post(f"/v1/cases/{one}/tasks", TASK)).status_code == 201
    return amira, client_id, one, other, consent


async def reopen(person: Person, case_id: str) -> httpx.Response:
    return await person.post(f"/v1/cases/{case_id}/reopen", REASON)


async def take_along(person: Person, case_id: str, earlier: str) -> httpx.Response:
    return await person.post(f"/v1/cases/{case_id}/take-along", {"from_case_id": earlier})


async def _skip(*_: object) -> None:
    """Ask for nothing."""


@pytest.mark.parametrize("closed_first", [True, False])
@pytest.mark.parametrize("basis", ["consent", None])
async def test_case_does_not_go_on_whenever_its_consent_was_withdrawn(
    world: World, basis: str | None, *, closed_first: bool
) -> None:
    amira, client_id, one, other, consent = await two_cases(world, basis)
    if closed_first:
        await close(amira, one, "moved_away")
    await withdraw(amira, consent)
    missing = "documentation_consent" if basis else "documentation_basis"
    for refused in (await reopen(amira, one), await take_along(amira, other, one)):
        assert (refused.status_code, refused.json()["missing"]) == (409, [missing]), refused.text
    assert (await amira.get(f"/v1/cases/{other}/tasks")).json()["items"] == []
    await give_consent(amira, client_id, case_id=one, given_at=just_now())
    assert (await take_along(amira, other, one)).status_code == 200
    assert (await reopen(amira, one)).status_code == 200


@pytest.mark.parametrize("basis", ["gdpr_6_1_e", None])
async def test_case_that_rests_on_no_withdrawn_consent_goes_on(world: World, basis: str | None) -> None:
    amira, _, one, other, consent = await two_cases(world, basis)
    await close(amira, one, "moved_away")
    if basis is not None:
        await withdraw(amira, consent)
    assert (await take_along(amira, other, one)).status_code == 200
    assert (await reopen(amira, one)).status_code == 200


@pytest.mark.parametrize("is_planted", [False, True])
async def test_database_refuses_too_and_without_it_the_fault_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, *, is_planted: bool
) -> None:
    amira, _, one, other, consent = await two_cases(world)
    await close(amira, one, "moved_away")
    await withdraw(amira, consent)
    for module in (closing, taking_along):
        monkeypatch.setattr(module, "require_not_withdrawn", _skip)
    if is_planted:
        for table in ("cases", "goals", "tasks"):
            await world.admin.execute(PLANTED.format(table))
    try:
        answers = [await take_along(amira, other, one), await reopen(amira, one)]
    finally:
        for table in ("cases", "goals", "tasks"):
            await world.admin.execute(PLANTED.format(table).replace("DISABLE", "ENABLE"))
    assert [each.status_code for each in answers] == ([200, 200] if is_planted else [422, 422])


async def _raced(world: World, monkeypatch: pytest.MonkeyPatch, seed: int) -> str:
    amira, _, one, _, consent = await two_cases(world)
    await close(amira, one, "moved_away")
    with stops(monkeypatch):
        reopened, withdrawn = await interleave(
            seed,
            world.admin,
            lambda: reopen(amira, one),
            lambda: amira.post(f"/v1/consents/{consent}/withdraw", {"channel": "phone"}),
        )
    assert withdrawn.status_code == 200, withdrawn.text
    phase = await world.admin.fetchval("SELECT phase FROM cases WHERE id = $1", UUID(one))
    return f"{reopened.status_code} {phase}"


async def test_reopening_and_withdrawing_come_one_after_the_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {await _raced(world, monkeypatch, seed) for seed in range(20)}
    assert seen == {"200 closed", "409 closed"}
