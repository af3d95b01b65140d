"""One case with everything that hangs on it, and everybody who stands around it.

Made through the API, once for the session, and only read afterwards. What the API makes over months, or
only in the worker, is laid behind it (`rows.py`). A second area, the mirror, holds a copy of every row
under the same ids: whoever compares ids without the area sees double.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import md5
from typing import Any
from uuid import UUID

import httpx

from app.access.roles import Role
from app.kit.clock import local_date, utc_now
from app.kit.ids import new_id
from tests.cases.arrange import a_case as case_behind
from tests.cases.arrange import close, open_case, record_intake, register, step
from tests.clients.arrange import add_period, new_client
from tests.documents.arrange import upload
from tests.isolation import handed_on
from tests.isolation.people import AROUND, FAR, LAND, WITHDRAWN
from tests.isolation.rows import lay
from tests.world import Person, World

FILE = b"Befund: gesund, Frau Amina Al-Hadi."


@dataclass
class Scene:
    """Where everything is: people by identity, ids by what they name."""

    world: World
    far: World
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def mirror(self) -> str:
        """The area that holds the same rows under the same ids."""
        return f"{self.world.area}-mirror"

    def uuid(self, name: str) -> UUID:
        """Return an id as the driver wants it."""
        return UUID(self.ids[name])

    @asynccontextmanager
    async def signed_in(self, identity: str) -> AsyncIterator[httpx.AsyncClient]:
        """Yield a client of the application in somebody's name, or in nobody's."""
        if identity in self.people:
            yield self.people[identity].http
            return
        async with self.world.http() as http:
            yield http

    async def made(self, name: str, person: str, path: str, body: Any, **headers: str) -> str:
        """Create something through the API and remember its id."""
        answer = await self.people[person].post(path.format(**self.ids), body, **headers)
        assert answer.status_code == 201, (path, answer.text)
        self.ids[name] = str(answer.json()["id"])
        return self.ids[name]

    async def made_of_file(self, name: str, person: str, path: str) -> None:
        """Upload a file, call it by its name in the scene, and remember its id."""
        answer = await upload(self.people[person], path.format(**self.ids), FILE)
        assert answer.status_code == 201, (path, answer.text)
        self.ids[name] = str(answer.json()["id"])
        said = await self.people[person].patch(
            f"/v1/documents/{self.ids[name]}", {"title": "Arztbrief"}, if_match='"1"'
        )
        assert said.status_code == 200, said.text


async def build(world: World, far: World, land: World) -> Scene:
    """Build the scene."""
    scene = Scene(world, far)
    for name, (roles, where) in AROUND.items():
        scene.people[name] = await world.person(*roles, name=name, **where)
    for name, role in FAR.items():
        scene.people[name] = await far.person(role, name=name)
    scene.people[LAND] = await land.person(AROUND["state_viewer"][0][0], name=LAND)
    await _places(scene)
    await _client(scene)
    await _team(scene)
    await _casework(scene)
    await handed_on.referral(scene)
    await handed_on.conferences(scene)
    await handed_on.barriers(scene)
    await handed_on.coordination(scene)
    await _others(scene)
    await handed_on.transfers(scene)
    await handed_on.incoming(scene)
    await world.admin.execute("SELECT make_audit_partition('2099-01-01')")
    await lay(scene)
    return scene


async def _places(scene: Scene) -> None:
    world = scene.world
    scene.ids["unit"] = str(await world.unit())
    scene.ids["other_unit"] = str(await world.unit("Caritas"))
    scene.ids["institution"] = str(await world.institution())
    scene.ids["other_institution"] = str(await world.institution("school"))
    position = {"component": 2, "full_time_equivalents": 0.5, "funded_year": 2026}
    await scene.made("position", "assistant", "/v1/positions", {"unit_id": scene.ids["unit"], **position})
    await scene.made("site", "coordinator", "/v1/institutions/{institution}/sites", {"name": "Haus am Markt"})
    offer = {"institution_id": scene.ids["institution"], "name": "Sprechstunde", "topics": ["work"]}
    offer["site_ids"] = [scene.ids["site"]]
    await scene.made("offer", "coordinator", "/v1/offers", offer)
    told = await scene.people["coordinator"].post(
        f"/v1/offers/{scene.ids['offer']}/capacity", {"free_places": 2}
    )
    assert told.status_code == 200, told.text
    scene.ids["at_location"] = _made_of("service_at_location", scene.ids["offer"], scene.ids["site"])
    scene.ids["taxonomy"] = _made_of("taxonomy", "life_domain")
    scene.ids["term"] = _made_of("term", "life_domain", "work")
    scene.ids["lead"] = str(scene.people["lead"].user_id)
    scene.ids["colleague"] = str(scene.people["colleague"].user_id)
    scene.ids["session"] = str(scene.people["lead"].session_id)
    scene.ids["partner_system"] = str(scene.people["machine"].user_id)
    scene.ids["partner_credential"] = str(scene.people["machine"].session_id)
    scene.ids["partner"] = str(scene.people["partner"].user_id)
    scene.ids["partner_colleague"] = str((await world.person(Role.PARTNER_USER)).user_id)
    for name, whose in (("membership", "lead"), ("partner_membership", "partner"), ("admins", "admin")):
        membership = "SELECT id FROM memberships WHERE user_id = $1"
        scene.ids[name] = str(await world.admin.fetchval(membership, scene.people[whose].user_id))


def _made_of(*parts: str) -> str:
    """Return the id that the directory makes for what has none of its own."""
    return str(UUID(md5(" ".join(("hsds", *parts)).encode(), usedforsecurity=False).hexdigest()))


async def _client(scene: Scene) -> None:
    lead = scene.people["lead"]
    body = {"nationalities": ["475"], "household_type": "family"}
    scene.ids["client"] = client = await new_client(lead, **body)
    await scene.made(
        "member", "lead", "/v1/clients/{client}/household", {"name": "Sami", "relation": "child"}
    )
    member = await scene.world.admin.fetchval(
        "SELECT id FROM household_members WHERE client_id = $1", UUID(client)
    )
    scene.ids["member"] = str(member)
    document = {"residence_status": "AE-25.2B", "valid_from": "2024-01-01"}
    histories: dict[str, dict[str, Any]] = {
        "residence-documents": document,
        "legal-domains": {"strand": "livelihood", "legal_domain": "SGB_II"},
        "addresses": {"strand": "actual", "street": "Markt 1"},
        "languages": {"language": "deu", "overall": "A1"},
        "schooling": {"school_step": "waiting"},
    }
    for history, period in histories.items():
        scene.ids[history] = await add_period(lead, client, history, **period)
    number = {"kind": "tax", "value": "47036892816"}
    held = await lead.post(f"/v1/clients/{client}/official-numbers", number)
    scene.ids["number"] = held.json()["items"][0]["id"]
    wrong = {"entry": "client", "field": "literacy", "says": "Ich lese gut", "disputed_on": "2026-03-01"}
    await scene.made("dispute", "lead", "/v1/clients/{client}/disputes", wrong)
    adviser = {"kind": "legal_adviser", "name": "Ute Berg", "scope": ["health"], "evidence": "Beschluss"}
    await scene.made("legal_adviser", "lead", "/v1/clients/{client}/guardians", adviser)
    scene.ids["twin"] = await new_client(lead, given_name="Amena", birth_date="1990-05-18")
    scene.ids["case"] = await open_case(lead, client)
    scene.ids["pseudonym"] = str(
        await scene.world.admin.fetchval("SELECT pseudonym FROM clients WHERE id = $1", UUID(client))
    )


async def _team(scene: Scene) -> None:
    today = local_date(utc_now())
    people, world = scene.people, scene.world
    deputyship = {
        "user_id": str(people["deputy"].user_id),
        "from": str(today),
        "until": str(today + timedelta(days=3)),
    }
    await scene.made("deputyship", "lead", "/v1/cases/{case}/deputies", deputyship)
    await scene.made("glass", "glass", "/v1/cases/{case}/break-glass", {"reason": "Lebensgefahr am Abend"})
    joining = {"user_id": str(people[WITHDRAWN].user_id), "kind": "member"}
    await scene.made("membership_in_team", "team_lead", "/v1/cases/{case}/assign", joining)
    await world.admin.execute(
        "UPDATE memberships SET ended_at = now() WHERE user_id = $1", people[WITHDRAWN].user_id
    )
    await world.admin.execute(
        """INSERT INTO assignments (municipal_area_id, id, user_id, client_id, case_id, unit_id, kind,
            active_from, active_until, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, 'deputy', now() - interval '9 days', now() - interval '1 day', $3)""",
        world.area, new_id(), people["past_deputy"].user_id, scene.uuid("client"), scene.uuid("case"),
        scene.uuid("unit"),
    )  # fmt: skip


async def _casework(scene: Scene) -> None:
    lead, path = scene.people["lead"], "/v1/cases/{case}"
    await record_intake(lead, scene.ids["case"])
    await step(lead, scene.ids["case"], "linking", skip_reason="Notlage")
    domains = [{"life_domain": "work", "state": "need"}]
    await scene.made(
        "assessment", "lead", f"{path}/assessments", {"assessed_on": "2026-03-01", "domains": domains}
    )
    await scene.made("goal", "lead", f"{path}/goals", {"life_domain": "work", "wording": "Arbeit"})
    measure = {"wording": "Bewerbung", "responsible": "client"}
    await scene.made("measure", "lead", f"{path}/goals/{{goal}}/measures", measure)
    goal = f"/v1/cases/{scene.ids['case']}/goals/{scene.ids['goal']}"
    noted = await lead.patch(goal, {"progress": "Erste Bewerbung"}, if_match='"1"')
    assert noted.status_code == 200, noted.text
    await scene.made_of_file("document", "lead", f"{path}/documents")
    await scene.made_of_file("clients_document", "lead", "/v1/clients/{client}/documents")
    contact = {"contact_type": "phone", "happened_at": "2026-03-02T09:00:00Z"}
    await scene.made("contact", "lead", f"{path}/contacts", contact, idempotency_key="the-only-contact")
    task = {
        "title": "Anrufen", "due_on": "2030-01-01", "assignee_id": str(scene.people["deputy"].user_id),
        "recurrence": {"frequency": "yearly"},
    }  # fmt: skip
    await scene.made("contact_draft", "lead", f"{path}/contact-drafts", {"note": "Noch nicht fertig"})
    template = {"name": "Anruf", "contact_type": "phone", "text": "Anruf bei {institution}"}
    await scene.made("own_template", "lead", "/v1/contact-templates", {**template, "scope": "own"})
    await scene.made("unit_template", "team_lead", "/v1/contact-templates", {**template, "scope": "unit"})
    asks = {
        "access_route": "self", "concerns": ["work"], "language": "ara", "name": "Nadia Karim",
        "reachable": "0151 2345678",
    }  # fmt: skip
    await scene.made("inquiry", "lead", "/v1/inquiries", asks)
    await scene.made("advised_inquiry", "lead", "/v1/inquiries", asks)
    advised = await lead.post(f"/v1/inquiries/{scene.ids['advised_inquiry']}/finish", {"outcome": "advised"})
    assert advised.status_code == 200, advised.text
    await scene.made("waiting_inquiry", "lead", "/v1/inquiries", asks)
    waits = await lead.post(f"/v1/inquiries/{scene.ids['waiting_inquiry']}/wait", {})
    assert waits.status_code == 200, waits.text
    await scene.made("task", "lead", f"{path}/tasks", task)
    need = {"language": "ara", "mode": "video", "starts_at": "2030-01-01T09:00:00Z"}
    await scene.made("interpreting", "lead", f"{path}/interpretings", need)
    await scene.made("pathway", "lead", f"{path}/pathways", {"pathway": "naturalisation"})
    await scene.world.admin.execute(  # so that there is a newer version of the law to compare with
        "UPDATE pathways SET law_version = 'StAG10-2024' WHERE id = $1", scene.uuid("pathway")
    )
    pupil = {"stage": "upper_secondary", "registered_on": "2026-01-07"}
    registered = await lead.post(f"{path}/school-entries".format(**scene.ids), pupil)
    assert registered.status_code == 201, registered.text
    scene.ids["school_entry"] = registered.json()["id"]
    scene.ids["school_step"] = registered.json()["steps"][0]["id"]
    counted = {"quarter": "2025Q4", "figure": "duldung_held", "total": 3, "groups": {"syria": 3}}
    await scene.made("figure", "officer", "/v1/authority-figures", counted)
    shared = await lead.post("/v1/me/calendar")
    scene.ids["calendar_secret"] = shared.json()["secret"]


async def _vacancy(scene: Scene) -> None:
    """A restricted case on which nobody is left."""
    world, gone = scene.world, await scene.world.case_manager()
    scene.ids["vacant_case"] = await case_behind(world, gone, restricted=True)
    await world.admin.execute("UPDATE memberships SET ended_at = now() WHERE user_id = $1", gone.user_id)
    found = "SELECT id FROM vacancies_of($1, $2) WHERE case_id = $3"
    scene.ids["vacancy"] = str(
        await world.admin.fetchval(found, world.area, [scene.uuid("unit")], scene.uuid("vacant_case"))
    )


async def _others(scene: Scene) -> None:
    """A case that has ended, with its retention; a restricted case; a case of the other area."""
    lead = scene.people["lead"]
    scene.ids["ended_case"] = await open_case(lead, scene.ids["client"], kind="counselling")
    await close(lead, scene.ids["ended_case"])
    # Last, since a new lead ends what others were as registrars.
    await register(scene.world, scene.people["registrar"], scene.ids["client"], scene.uuid("unit"))
    scene.ids["registration"] = str(
        await scene.world.admin.fetchval(
            "SELECT id FROM assignments WHERE user_id = $1 AND kind = 'registrar'",
            scene.people["registrar"].user_id,
        )
    )
    scene.ids["restricted_case"] = await case_behind(scene.world, scene.people["guardian"], restricted=True)
    scene.ids["restricted_client"] = str(
        await scene.world.admin.fetchval(
            "SELECT client_id FROM cases WHERE id = $1", UUID(scene.ids["restricted_case"])
        )
    )
    await _vacancy(scene)
    far = scene.people["far_lead"]
    scene.ids["far_client"] = await new_client(far, given_name="Fern", family_name="Weit")
    scene.ids["far_case"] = await open_case(far, scene.ids["far_client"])
