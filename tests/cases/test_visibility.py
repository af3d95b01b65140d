"""Who sees which case: content for its team, shells for the team lead, restricted ones for nobody else."""

from uuid import UUID

from app.access.roles import Role
from tests.cases.arrange import a_case, close, journal, team_lead
from tests.world import World


async def test_colleague_of_the_same_unit_sees_nothing(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    case_id = await a_case(world, amira)
    assert (await ben.get("/v1/cases")).json()["items"] == []
    for path in ("", "/phases", "/assessments", "/goals", "/contacts", "/tasks", "/team"):
        assert (await ben.get(f"/v1/cases/{case_id}{path}")).status_code == 404, path


async def test_team_lead_lists_shells_without_the_client(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    (shell,) = (await lead.get("/v1/cases")).json()["items"]
    assert (shell["id"], shell["lead"]["id"]) == (case_id, str(amira.user_id))
    assert "client" not in shell
    assert "Amina" not in str(shell)


async def test_team_lead_gets_403_for_the_content_and_it_is_written_down(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    answer = await lead.get(f"/v1/cases/{case_id}")
    assert (answer.status_code, answer.json()["code"]) == (403, "relation_missing")
    (refusal,) = [each for each in await journal(world, "case.read") if each["outcome"] == "refused"]
    assert refusal["object_id"] == UUID(case_id)
    assert len(refusal["client_pseudonyms"]) == 1


async def test_team_lead_of_another_unit_sees_no_shell(world: World) -> None:
    amira, stranger = await world.case_manager(), await team_lead(world, "Caritas")
    case_id = await a_case(world, amira)
    assert (await stranger.get("/v1/cases")).json()["items"] == []
    assert (await stranger.get(f"/v1/cases/{case_id}")).status_code == 404


async def test_restricted_case_is_in_no_team_leads_list(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    hidden = await a_case(world, amira, restricted=True)
    shown = await a_case(world, amira)
    assert [each["id"] for each in (await lead.get("/v1/cases")).json()["items"]] == [shown]
    assert (await lead.get(f"/v1/cases/{hidden}")).status_code == 404
    assert (await lead.get(f"/v1/cases/{hidden}/team")).status_code == 404
    assert len((await amira.get("/v1/cases")).json()["items"]) == 2


async def test_case_becomes_restricted_with_its_client(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    await world.admin.execute("UPDATE clients SET is_restricted = true WHERE created_by = $1", amira.user_id)
    assert (await lead.get("/v1/cases")).json()["items"] == []
    assert (await amira.get(f"/v1/cases/{case_id}")).json()["is_restricted"] is True


async def test_whoever_is_both_asks_for_each_list(world: World) -> None:
    both = await world.person(Role.CASE_MANAGER, Role.TEAM_LEAD)
    amira = await world.case_manager()
    own, other = await a_case(world, both), await a_case(world, amira)
    mine = (await both.get("/v1/cases")).json()["items"]
    team = (await both.get("/v1/cases", of="team")).json()["items"]
    assert [(each["id"], "client" in each) for each in mine] == [(own, True)]
    assert [(each["id"], "client" in each) for each in team] == [(other, False), (own, False)]


async def test_list_of_the_unit_is_for_its_team_lead(world: World) -> None:
    amira = await world.case_manager()
    answer = await amira.get("/v1/cases", of="team")
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")


async def test_list_comes_in_pages_newest_first(world: World) -> None:
    amira = await world.case_manager()
    made = [await a_case(world, amira) for _ in range(3)]
    first = (await amira.get("/v1/cases", limit=2)).json()
    second = (await amira.get("/v1/cases", limit=2, cursor=first["next"])).json()
    assert [each["id"] for each in first["items"] + second["items"]] == made[::-1]


async def test_list_can_be_narrowed_to_open_or_closed_cases(world: World) -> None:
    amira = await world.case_manager()
    closed, running = await a_case(world, amira), await a_case(world, amira)
    await close(amira, closed)
    assert [each["id"] for each in (await amira.get("/v1/cases", is_closed="true")).json()["items"]] == [
        closed
    ]
    assert [each["id"] for each in (await amira.get("/v1/cases", is_closed="false")).json()["items"]] == [
        running
    ]


async def test_every_read_is_in_the_journal_with_the_clients_pseudonym(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    for path in ("", "/assessments", "/goals", "/contacts", "/tasks", "/phases", "/team"):
        assert (await amira.get(f"/v1/cases/{case_id}{path}")).status_code == 200
    read = await journal(world, "case.read")
    assert len(read) == 2  # the answer to opening, and this one
    assert all(len(each["client_pseudonyms"]) == 1 for each in read)
    for action in ("assessment.list", "goal.list", "contact.list", "task.list", "case_team.list"):
        assert len(await journal(world, action)) == 1, action
