"""A refused version is answered with both: the one that was sent is known, the present one comes along."""

from typing import Any

from tests.cases.arrange import a_case, a_client, etag, open_case
from tests.work.arrange import a_task
from tests.world import Person, World

STALE = '"9999"'


async def a_measure(person: Person, case_id: str) -> str:
    goals = f"/v1/cases/{case_id}/goals"
    goal = await person.post(goals, {"life_domain": "housing", "wording": "Eine Wohnung"})
    body = {"wording": "Anmelden", "responsible": "client"}
    made = await person.post(f"{goals}/{goal.json()['id']}/measures", body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def test_stale_change_is_answered_with_what_stands_there(world: World) -> None:
    anna = await world.case_manager()
    case_id = await a_case(world, anna)
    path = f"/v1/cases/{case_id}/tasks/{await a_task(world, anna, case_id, '2026-06-20')}"
    before = await etag(anna, path)
    now = await anna.patch(path, {"title": "Ben war schneller"}, if_match=before)
    refused = await anna.patch(path, {"title": "Im Keller geschrieben"}, if_match=before)
    assert refused.status_code == 412
    assert refused.json()["current"] == now.json()
    assert refused.json()["current_version"] == now.json()["version"]
    assert refused.headers["etag"] == now.headers["etag"] == await etag(anna, path)
    assert "Keller" not in refused.text


async def test_every_place_of_a_case_and_a_client_shows_what_stands_there(world: World) -> None:
    anna = await world.case_manager()
    client_id = await a_client(world, anna)
    case_id = await open_case(anna, client_id)
    member = await anna.post(f"/v1/clients/{client_id}/household", {"name": "Sami", "relation": "child"})
    stale: list[tuple[str, str, Any, str]] = [
        ("PATCH", f"/v1/cases/{case_id}", {"summary": "x"}, case_id),
        ("PATCH", f"/v1/cases/{case_id}/intake", {"note": "x"}, case_id),
        ("PATCH", f"/v1/cases/{case_id}/measures/{await a_measure(anna, case_id)}", {"note": "x"}, ""),
        ("PATCH", f"/v1/clients/{client_id}", {"phone": None}, client_id),
        ("PUT", f"/v1/clients/{client_id}/nationalities", {"nationalities": ["475"]}, client_id),
        (
            "PATCH",
            f"/v1/clients/{client_id}/household/{member.json()['items'][0]['id']}",
            {"name": "x"},
            client_id,
        ),
    ]
    for method, path, body, shows in stale:
        answer = await anna.http.request(method, path, json=body, headers={"If-Match": STALE})
        assert answer.status_code == 412, (path, answer.text)
        assert answer.json()["current"]["id"] == (shows or path.rpartition("/")[2])


async def test_reading_it_along_is_in_the_journal(world: World) -> None:
    anna = await world.case_manager()
    case_id = await a_case(world, anna)
    sql = "SELECT count(*) FROM audit_journal WHERE action = 'case.read' AND municipal_area_id = $1"
    before = await world.admin.fetchval(sql, world.area)
    await anna.patch(f"/v1/cases/{case_id}", {"summary": "x"}, if_match=STALE)
    assert await world.admin.fetchval(sql, world.area) == before + 1


async def test_refused_version_of_a_colleague_s_case_shows_nothing(world: World) -> None:
    anna, ben = await world.case_manager(), await world.case_manager()
    answer = await ben.patch(f"/v1/cases/{await a_case(world, anna)}", {"summary": "x"}, if_match=STALE)
    assert (answer.status_code, "current" in answer.json()) == (404, False)
