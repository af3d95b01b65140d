"""A client with an earlier case and one that runs, of different teams."""

from dataclasses import dataclass

from tests.cases.arrange import close, open_case, team_lead
from tests.clients.arrange import etag_of, new_client
from tests.referrals.arrange import assign
from tests.world import Person, World

LATER = """UPDATE assignments SET active_until = greatest(active_from, active_until - interval '1 minute')
WHERE user_id = $1 AND active_until <= now() + interval '1 minute'"""


@dataclass
class Scene:
    """A client with an earlier case, its lead and member, and a case that runs with another lead."""

    world: World
    client_id: str
    earlier: str
    running: str
    past: Person
    colleague: Person
    lead: Person

    async def see(self) -> list[bool]:
        """Say whether the earlier lead and member, and the present lead, see the client."""
        path = f"/v1/clients/{self.client_id}"
        return [(await each.get(path)).status_code == 200 for each in (self.past, self.colleague, self.lead)]

    async def a_minute_passes(self) -> None:
        """Let the minute pass that whoever brought it about has."""
        for each in (self.past, self.colleague, self.lead):
            await self.world.admin.execute(LATER, each.user_id)


async def a_scene(world: World, *, is_closed: bool = True) -> Scene:
    """Return the scene; the earlier case is closed, unless told otherwise."""
    past, colleague, lead = [await world.case_manager() for _ in range(3)]
    client_id = await new_client(past)
    earlier = await open_case(past, client_id)
    await assign(world, colleague, client_id, earlier)
    running = await open_case(past, client_id, kind="counselling")
    await put_on(world, running, lead, "lead")
    if is_closed:
        await close(past, earlier)
    return Scene(world, client_id, earlier, running, past, colleague, lead)


async def put_on(world: World, case_id: str, person: Person, kind: str) -> str:
    """Let the team lead of the unit assign a case and return the assignment's id."""
    body = {"user_id": str(person.user_id), "kind": kind}
    answer = await (await team_lead(world)).post(f"/v1/cases/{case_id}/assign", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def hide(person: Person, client_id: str) -> None:
    """Make somebody restricted."""
    path = f"/v1/clients/{client_id}"
    answer = await person.patch(path, {"is_restricted": True}, if_match=await etag_of(person, path))
    assert answer.status_code == 200, answer.text


async def reopen(person: Person, case_id: str) -> None:
    """Let a closed case go on."""
    answer = await person.post(f"/v1/cases/{case_id}/reopen", {"reason": "Es geht weiter"})
    assert answer.status_code == 200, answer.text
