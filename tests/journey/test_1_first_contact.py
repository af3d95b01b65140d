"""Chapters one to four, from the first contact to a plan: users, a person, a case, assessment and deputy.

The whole way is one story in eleven chapters over real HTTP, as the people of KIM go it. Its parts are these
files in their order; each chapter stands on those before it, so they are run together.
"""

import asyncpg

from app.access.roles import Role
from app.identity.provision import create_user
from app.kit.clock import utc_now
from tests.consents.arrange import consent_body
from tests.journey.people import OKSANA, PARTNERS, STAFF, mail
from tests.journey.story import CHOSEN, PASSWORD, TODAY, Story, in_days


async def test_01_an_administrator_creates_users_and_a_case_manager_signs_in(
    story: Story, database_url: str
) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("SET ROLE kim_owner")
    await create_user(
        connection, email="admin@kim-journey.example", name="Ina Conrads", area=story.world.area, unit="KI",
        role="admin", password=PASSWORD,
    )  # fmt: skip
    await connection.close()
    await story.begin_work("admin", "admin@kim-journey.example") if await _must_change(story) else None
    units = {unit["name"]: unit["id"] for unit in (await story.seen("admin", "/v1/units"))["items"]}
    story.world.know_unit("KI", units["KI"])
    for name, (role, unit) in STAFF.items():
        await _hire(story, name, {"role": role, "unit_id": units[unit]})
    for name, (role, kind) in PARTNERS.items():
        story.ids[name] = str(await story.world.institution(kind))
        await _hire(story, name, {"role": role, "institution_id": story.ids[name]})
    me = await story.seen("Anja Berger", "/v1/me")
    assert me["display_name"] == "Anja Berger"
    assert "case.open" in me["permissions"]
    assert "user.create" not in me["permissions"]


async def _must_change(story: Story) -> bool:
    await story.sign_in("admin", "admin@kim-journey.example", PASSWORD)
    return (await story.do("admin", "GET", "/v1/units")).status_code == 403


async def _hire(story: Story, name: str, membership: dict[str, str]) -> None:
    user = await story.made(
        "admin",
        "/v1/users",
        {
            "email": mail(name),
            "display_name": name,
            "initial_password": PASSWORD,
            "memberships": [membership],
        },
    )
    story.users[name] = user["id"]
    await story.begin_work(name, mail(name))
    await story.sign_in(name, mail(name), CHOSEN)


async def test_02_they_look_for_the_person_and_register_her(story: Story) -> None:
    nobody = await story.made("Anja Berger", "/v1/clients/search", {"name": "Kovalenko"})
    assert nobody["items"] == []
    client = await story.made("Anja Berger", "/v1/clients", OKSANA, idempotency_key="journey-oksana")
    again = await story.made("Anja Berger", "/v1/clients", OKSANA, idempotency_key="journey-oksana")
    assert again["id"] == client["id"]
    story.ids["client"] = client["id"]
    title = client["residence_documents"][0]
    assert (title["printed_end"], title["continued_until"]) == ("2025-03-04", "2027-03-04")
    assert client["household_members"][0]["name"] == "Daryna Kovalenko"

    twin = {key: OKSANA[key] for key in ("given_name", "family_name", "birth_date", "sex")}
    twin["family_name"] = "Kowalenko"
    assert await story.refused("Anja Berger", "POST", "/v1/clients", twin) == (409, "possible_duplicate")
    found = await story.made("Anja Berger", "/v1/clients/search", {"name": "kowalenko oxana"})
    assert [item["id"] for item in found["items"]] == [client["id"]]
    unseen = await story.made("Murat Aydin", "/v1/clients/search", {"name": "Kovalenko"})
    assert unseen["items"] == []


async def test_03_a_case_is_opened_and_each_phase_says_what_it_lacks(story: Story) -> None:
    case = await story.made(
        "Anja Berger",
        "/v1/cases",
        {"client_id": story.ids["client"], "kind": "case_management", "access_route": "self",
         "concern": "Möchte arbeiten, die Tochter wartet auf einen Schulplatz."},
    )  # fmt: skip
    path = f"/v1/cases/{case['id']}"
    story.ids["case"] = case["id"]
    lacking = await story.do("Anja Berger", "POST", f"{path}/phase", {"to": "assessment"})
    assert lacking.status_code == 409
    assert {"privacy_notice", "intake_criteria"} <= set(lacking.json()["missing"])

    documentation = consent_body(story.ids["client"], None, case_id=case["id"])
    await story.made("Anja Berger", "/v1/consents", documentation)
    intake = {
        "criteria": {"C1": True, "C2": True, "C3": True, "C4": True, "C5": False, "C6": True, "C7": True},
        "outcome": "case_management",
        "privacy_notice_version": "2026-1",
        "privacy_notice_language": "ukr",
        "privacy_notice_on": TODAY.isoformat(),
        "documentation_basis": "consent",
    }
    version = await story.version("Anja Berger", path)
    assert (await story.do("Anja Berger", "PATCH", f"{path}/intake", intake)).status_code == 428
    done = await story.do("Anja Berger", "PATCH", f"{path}/intake", intake, if_match=version)
    assert done.status_code == 200, done.text
    stale = await story.do("Anja Berger", "PATCH", f"{path}/intake", intake, if_match=version)
    assert stale.status_code == 412
    await story.made("Anja Berger", f"{path}/phase", {"to": "assessment"})


async def test_04_assessment_plan_contacts_a_task_and_a_deputy(story: Story) -> None:
    path = f"/v1/cases/{story.ids['case']}"
    needs = {
        "assessed_on": TODAY.isoformat(),
        "domains": [
            {"life_domain": "work", "state": "need", "scale": 2},
            {"life_domain": "school", "state": "need", "scale": 1, "note": "Kein Schulplatz seit August"},
            {"life_domain": "family", "state": "resource", "scale": 4},
            {"life_domain": "health", "state": "not_discussed"},
        ],
    }
    await story.made("Anja Berger", f"{path}/assessments", needs)
    await story.made("Anja Berger", f"{path}/phase", {"to": "service_planning"})
    goal = await story.made(
        "Anja Berger", f"{path}/goals",
        {"life_domain": "work", "wording": "Ich will wieder als Pflegekraft arbeiten.",
         "target_on": in_days(180)},
    )  # fmt: skip
    measure = {"wording": "Anerkennung beantragen", "responsible": "client", "due_on": in_days(30)}
    await story.made("Anja Berger", f"{path}/goals/{goal['id']}/measures", measure)
    agreement = {"agreed_on": TODAY.isoformat(), "how": "im Gespräch, mit Sprachmittlung"}
    await story.made("Anja Berger", f"{path}/phase", {"to": "linking", "agreement": agreement})
    contact = {"contact_type": "office", "happened_at": utc_now().isoformat(), "minutes": 45,
               "interpreter": "professional", "note": "Plan besprochen."}  # fmt: skip
    await story.made("Anja Berger", f"{path}/contacts", contact)
    task = {"title": "Rückruf Jobcenter", "due_on": in_days(3)}
    await story.made("Anja Berger", f"{path}/tasks", task)

    assert (await story.refused("Murat Aydin", "GET", path))[0] == 404
    deputy = {"user_id": story.users["Murat Aydin"], "from": TODAY.isoformat(), "until": in_days(14)}
    await story.made("Anja Berger", f"{path}/deputies", deputy)
    assert (await story.seen("Murat Aydin", path))["id"] == story.ids["case"]
    await story.made("Murat Aydin", f"{path}/contacts", {**contact, "contact_type": "phone", "minutes": 5})


def test_every_role_of_the_story_is_a_role() -> None:
    assert {role for role, _ in [*STAFF.values(), *PARTNERS.values()]} <= set(Role)
