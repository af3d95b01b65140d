"""One's own tasks in all cases, whatever their day: what the working list does not have yet."""

from typing import Any

from app.access.roles import Role
from tests.cases.arrange import a_case, close
from tests.cases.tasks.arrange import a_desk
from tests.world import Person, World


async def _own(person: Person, **query: Any) -> list[dict[str, Any]]:
    answer = await person.get("/v1/me/tasks", **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def _titles(person: Person, **query: Any) -> list[str]:
    return [each["title"] for each in await _own(person, **query)]


async def test_what_one_is_given_for_a_later_day_is_there_with_case_and_client(world: World) -> None:
    desk = await a_desk(world)
    given = await desk.offered(title="Beim Amt", due_on="2031-02-03")
    case = (await desk.lead.get(f"/v1/cases/{desk.case_id}")).json()
    (seen,) = await _own(desk.member)
    client = {name: case["client"][name] for name in ("id", "given_name", "family_name")}
    assert seen == {**given, "case": {"id": desk.case_id, "number": case["number"]}, "client": client}
    assert await _own(desk.lead) == []


async def test_tasks_of_all_cases_come_by_day_in_pages(world: World) -> None:
    desk = await a_desk(world)
    await desk.offered(title="drei", due_on="2031-03-03")
    second_case = f"/v1/cases/{await a_case(world, desk.member)}/tasks"
    made = await desk.member.post(second_case, {"title": "eins", "due_on": "2031-01-01"})
    assert made.status_code == 201, made.text
    first = (await desk.member.get("/v1/me/tasks", limit=1)).json()
    second = (await desk.member.get("/v1/me/tasks", limit=1, cursor=first["next"])).json()
    assert [each["title"] for each in first["items"] + second["items"]] == ["eins", "drei"]
    assert await _titles(desk.member, until="2031-01-01") == ["eins"]
    assert await _titles(desk.member, until="2030-12-31") == []


async def test_appointment_in_which_one_takes_part_is_there(world: World) -> None:
    desk = await a_desk(world)
    at = {"kind": "appointment", "due_at": "2031-03-05T09:30:00Z", "minutes": 30}
    await desk.task(title="Termin", participants=[str(desk.member.user_id)], **at)
    await desk.task(title="Nur ich", **at)
    assert await _titles(desk.member) == ["Termin"]
    assert await _titles(desk.lead) == ["Termin", "Nur ich"]


async def test_what_is_done_or_of_a_closed_case_is_not_there(world: World) -> None:
    desk = await a_desk(world)
    done, _open = await desk.task(title="getan"), await desk.task(title="offen")
    assert (await desk.step(desk.lead, done, "finish")).status_code == 200
    assert await _titles(desk.lead) == ["offen"]
    await close(desk.lead, desk.case_id, "no_need")
    assert await _titles(desk.lead) == []


async def test_who_is_off_the_case_sees_nothing_of_it(world: World) -> None:
    desk = await a_desk(world)
    await desk.offered(title="Beim Amt")
    assert await _titles(desk.member) == ["Beim Amt"]
    await world.admin.execute(
        "UPDATE assignments SET active_until = now() WHERE user_id = $1", desk.member.user_id
    )
    assert await _titles(desk.member) == []


async def test_only_case_managers_have_tasks(world: World) -> None:
    for role in (Role.TEAM_LEAD, Role.PARTNER_USER, Role.PRIVACY_OFFICER):
        assert (await (await world.person(role)).get("/v1/me/tasks")).status_code == 403
