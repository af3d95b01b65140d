"""Somebody hidden and their earlier teams, where records meet or two people act at the same moment."""

import pytest

from tests.cases.arrange import close, deputy, open_case
from tests.clients.arrange import new_client
from tests.clients.earlier_teams import a_scene, hide, put_on, reopen
from tests.clients.test_merging import merge
from tests.clients.test_undoing_a_merge import undone
from tests.consents.arrange import consent_body
from tests.imports.arrange import Importer
from tests.referrals.interleaving import interleave, stops
from tests.world import Person, World

GOOD = {"reason": "goals_reached"}
OLENA = {"key": "1", "given_name": "Olena", "family_name": "Kowalenko", "birth_date": "31.12.1990"}


async def two_hidden(world: World) -> tuple[Person, Person, str, str, str]:
    """Return two people and two hidden records; of the second the first one led a case, both are closed."""
    past, lead = await world.case_manager(), await world.case_manager()
    gone = await new_client(past)
    await close(past, await open_case(past, gone))
    later = await open_case(past, gone, kind="counselling")
    await put_on(world, later, lead, "lead")
    await close(lead, later)
    kept = await new_client(lead)
    await open_case(lead, kept)
    for each in (kept, gone):
        await hide(lead, each)
    return past, lead, kept, gone, later


async def statuses(person: Person, *clients: str) -> list[int]:
    return [(await person.get(f"/v1/clients/{each}")).status_code for each in clients]


async def test_earlier_team_of_one_of_two_records_loses_both_with_their_merge(world: World) -> None:
    past, lead, kept, gone, _ = await two_hidden(world)
    assert await statuses(past, kept, gone) == [404, 200]
    await merge(lead, kept, gone)
    assert await statuses(past, kept, gone) == [404, 404]
    assert (await lead.get(f"/v1/clients/{kept}")).status_code == 200


async def test_undoing_a_merge_gives_no_registrar_back_what_a_running_case_took(world: World) -> None:
    past, lead, kept, gone, later = await two_hidden(world)
    made = await merge(lead, kept, gone)
    await reopen(lead, later)
    await undone(lead, made)
    assert await statuses(past, kept, gone) == [404, 404]
    assert await statuses(lead, kept, gone) == [200, 200]


async def test_case_that_an_import_opens_is_for_its_team_alone(world: World) -> None:
    past, lead = await world.case_manager(), await world.case_manager()
    importer = Importer(world, lead)
    await importer.taken("clients", OLENA)
    client_id = str(
        await world.admin.fetchval("SELECT id FROM clients WHERE municipal_area_id = $1", world.area)
    )
    first = await open_case(lead, client_id)
    await put_on(world, first, past, "member")
    await close(lead, first)
    await hide(lead, client_id)
    assert await statuses(past, client_id) == [200]
    await importer.taken("cases", {"key": "F", "client_key": "1", "kind": "Beratung", "access_route": "self"})
    assert (await statuses(past, client_id), await statuses(lead, client_id)) == ([404], [200])


async def test_withdrawal_that_closes_every_case_takes_nobody_out(world: World) -> None:
    scene = await a_scene(world, is_closed=False)
    body = consent_body(scene.client_id, None, purpose="case_documentation")
    consent = await scene.past.post("/v1/consents", body)
    assert consent.status_code == 201, consent.text
    await hide(scene.lead, scene.client_id)
    path = f"/v1/consents/{consent.json()['id']}/withdraw"
    assert (await scene.past.post(path, {"channel": "phone"})).status_code == 200
    await scene.a_minute_passes()
    assert await scene.see() == [True, True, True]


async def test_of_two_who_close_at_once_somebody_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(6):
        scene = await a_scene(world, is_closed=False)
        await hide(scene.lead, scene.client_id)
        closings = [
            lambda person=person, case=case: person.post(
                f"/v1/cases/{case}/close", {"reason": "goals_reached"}
            )
            for person, case in ((scene.past, scene.earlier), (scene.lead, scene.running))
        ]
        with stops(monkeypatch):
            answers = await interleave(seed, world.admin, *closings)
        assert [each.status_code for each in answers] == [200, 200]
        await scene.a_minute_passes()
        assert any(await scene.see())


async def newcomers(world: World, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how often a deputy of a closed case sees the client when another case is opened meanwhile."""
    seen = 0
    for seed in range(8):
        scene, stranger = await a_scene(world), await world.case_manager()
        await close(scene.lead, scene.running)
        await hide(scene.lead, scene.client_id)
        body = {"client_id": scene.client_id, "kind": "case_management", "access_route": "self"}
        with stops(monkeypatch):
            await interleave(
                seed,
                world.admin,
                lambda: scene.past.post(f"/v1/cases/{scene.earlier}/deputies", deputy(stranger)),  # noqa: B023
                lambda: scene.lead.post("/v1/cases", body),  # noqa: B023
            )
        seen += (await statuses(stranger, scene.client_id)) == [200]
    return seen


async def test_deputy_of_a_closed_case_comes_in_at_no_moment(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await newcomers(world, monkeypatch) == 0


async def test_deputy_who_came_in_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    definition = await world.admin.fetchval(
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'assign_case'"
    )
    careless = definition.replace(
        "IF v_case.is_restricted THEN", "IF p_kind = 'lead' AND v_case.is_restricted THEN"
    )
    assert careless != definition
    await world.admin.execute(careless)
    try:
        assert await newcomers(world, monkeypatch) > 0
    finally:
        await world.admin.execute(definition)
