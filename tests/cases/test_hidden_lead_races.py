"""Two who make somebody the lead of a hidden case at once, and the lead who comes back meanwhile."""

from functools import partial

import httpx
import pytest

from app.access.roles import Role
from tests.cases.arrange import leave, sees
from tests.cases.hidden_team import IS_LED, Hidden, a_hidden_case
from tests.referrals.interleaving import interleave, stops
from tests.state_exports.arrange import planted
from tests.world import Person, World

SEEDS = range(8)


def codes(answers: list[httpx.Response]) -> list[int]:
    return sorted(each.status_code for each in answers)


async def _both_take_over(
    world: World, monkeypatch: pytest.MonkeyPatch, seed: int
) -> tuple[Hidden, list[int]]:
    hidden = await a_hidden_case(world)
    stands_in = await hidden.stand_in()
    await leave(world, hidden.lead)
    with stops(monkeypatch):
        both = await interleave(
            seed, world.admin, lambda: hidden.take_over(hidden.member), lambda: hidden.take_over(stands_in)
        )
    led = {hidden.member.user_id: both[0], stands_in.user_id: both[1]}[await hidden.leads()]
    assert led.status_code == 201
    return hidden, codes(both)


async def test_of_two_who_take_over_at_once_one_leads(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in SEEDS:
        hidden, answers = await _both_take_over(world, monkeypatch, seed)
        assert answers == [201, 409]
        count = "SELECT count(*) FROM access_reviews WHERE case_id = $1::uuid"
        assert await world.admin.fetchval(count, hidden.case_id) == 1


async def _both_fill(world: World, monkeypatch: pytest.MonkeyPatch, seed: int) -> list[int]:
    hidden, other = await a_hidden_case(world), await world.case_manager()
    for person in (hidden.member, hidden.lead):
        await leave(world, person)
    (vacancy,) = await hidden.vacancies(hidden.chief)

    with stops(monkeypatch):
        both = await interleave(
            seed,
            world.admin,
            *[partial(hidden.fill, hidden.chief, vacancy, to) for to in (hidden.colleague, other)],
        )
    named = {hidden.colleague.user_id: hidden.colleague, other.user_id: other}[await hidden.leads()]
    for person in (hidden.colleague, other):
        assert await sees(person, hidden.case_id) is (person is named)
    return codes(both)


async def test_of_two_who_are_named_at_once_one_learns_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [await _both_fill(world, monkeypatch, seed) for seed in SEEDS] == [[204, 404]] * len(SEEDS)


async def test_without_the_second_look_both_are_named_and_it_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = "public.vacancies_of(public.ctx_area(), public.ctx_places('team_lead')) f"
    asked = f"NOT EXISTS (SELECT FROM {found}\n        WHERE f.id = p_vacancy) OR"
    async with planted(world, "name_lead", asked, ""):
        assert [204, 204] in [await _both_fill(world, monkeypatch, seed) for seed in SEEDS]


async def _comes_back(hidden: Hidden, admin: Person) -> httpx.Response:
    role = {"role": "case_manager", "unit_id": str(await hidden.world.unit())}
    granted = await admin.post(f"/v1/users/{hidden.lead.user_id}/memberships", role)
    assert granted.status_code == 201, granted.text
    return await hidden.hand_over(hidden.lead, hidden.colleague)


async def test_lead_who_is_back_and_hands_it_on_is_not_taken_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever comes first: the other one is refused, and one person leads."""
    seen = set()
    for seed in SEEDS:
        hidden = await a_hidden_case(world)
        await leave(world, hidden.lead)
        admin = await world.person(Role.ADMIN)
        with stops(monkeypatch):
            takes = partial(hidden.take_over, hidden.member)
            both = await interleave(seed, world.admin, takes, partial(_comes_back, hidden, admin))
        answers = tuple(each.status_code for each in both)
        assert await hidden.leads() == (hidden.member if answers[0] == 201 else hidden.colleague).user_id
        seen.add(answers)
    assert seen == {(201, 404), (409, 204)}


async def test_without_a_look_at_the_lead_both_take_over_and_it_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes second takes it from the first."""
    async with planted(world, "assign_case", IS_LED, "AND false"):
        assert (await _both_take_over(world, monkeypatch, 1))[1] == [201, 201]
