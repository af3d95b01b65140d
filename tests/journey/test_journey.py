"""The whole way, from first contact to a protected barrier statistic, as the people of KIM go it.

One story in eleven chapters over real HTTP; each chapter stands on those before it.
"""

from typing import Any

from app.access.roles import Role
from app.background import worker_parts
from app.identity.provision import create_user
from app.kit.clock import utc_now
from app.kit.database import Database
from app.settings import Settings
from app.worker import run_once
from tests.consents.arrange import consent_body
from tests.journey.story import CHOSEN, PASSWORD, TODAY, Story, in_days, last_quarter
from tests.obstacles.arrange import visible_observation
from tests.reporting.arrange import figures

STAFF = {
    "Anja Berger": ("case_manager", "KI"),
    "Murat Aydin": ("case_manager", "KI"),
    "Heike Brandt": ("coordinator", "KI"),
    "Ralf Dickmann": ("coordinator", "KI"),
    "Ute Kleinert": ("steering_member", "KI"),
    "Petra Niehaus": ("privacy_officer", "KI"),
}
PARTNERS = {
    "Jobcenter": ("partner_user", "jobcenter"),
    "Schule": ("partner_user", "schule"),
    "Wohnungsamt": ("partner_user", "wohnungsamt"),
    "Ausländerbehörde": ("authority_officer", "auslaenderbehoerde"),
}
OKSANA = {
    "given_name": "Oksana",
    "family_name": "Kovalenko",
    "birth_date": "1989-04-12",
    "sex": "w",
    "nationalities": ["166"],
    "phone": "+49 151 2345678",
    "needs_interpreter": True,
    "languages": [
        {"language": "ukr", "is_native": True, "valid_from": "1989-04-12"},
        {"language": "deu", "overall": "A2", "evidence": "certificate", "valid_from": "2025-09-01"},
    ],
    "household_members": [{"name": "Daryna Kovalenko", "birth_year": 2015, "relation": "child"}],
    "residence_documents": [
        {
            "residence_status": "AE-24",
            "valid_from": "2022-05-01",
            "printed_end": "2025-03-04",
            "continued_effect": "ordinance",
            "continued_until": "2027-03-04",
        }
    ],
    "legal_domains": [
        {"strand": "livelihood", "legal_domain": "ASYLBLG", "valid_from": "2022-05-01",
         "valid_until": "2022-05-31"},
        {"strand": "livelihood", "legal_domain": "SGB_II", "valid_from": "2022-06-01"},
    ],
}  # fmt: skip


def mail(name: str) -> str:
    return f"{name.rsplit(maxsplit=1)[-1].lower().encode('ascii', 'ignore').decode()}@kim-journey.example"


async def test_01_an_administrator_creates_users_and_a_case_manager_signs_in(
    story: Story, database_url: str
) -> None:
    import asyncpg

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


async def test_05_consent_and_a_referral_to_the_jobcenter_with_chosen_data(story: Story) -> None:
    draft = await story.made("Anja Berger", "/v1/referrals", _referral(story, "Jobcenter"))
    story.ids["referral"] = draft["id"]
    send = f"/v1/referrals/{draft['id']}/send"
    assert await story.refused("Anja Berger", "POST", send) == (409, "consent_missing")
    health = _referral(story, "Jobcenter", data_categories=["master_data", "health"])
    status, code = await story.refused("Anja Berger", "POST", "/v1/referrals", health)
    assert (status, code) in {(409, "category_not_allowed"), (422, "category_not_allowed")}

    agreed = consent_body(story.ids["client"], story.ids["Jobcenter"], case_id=story.ids["case"])
    await story.made("Anja Berger", "/v1/consents", agreed)
    sent = await story.made("Anja Berger", send)
    assert sent["state"] == "requested"


def _referral(story: Story, to: str, **fields: Any) -> dict[str, Any]:
    return {
        "case_id": story.ids["case"],
        "institution_id": story.ids[to],
        "channel": "platform",
        "data_categories": ["master_data", "contact"],
        "concern_text": "Klärung der Leistungen nach Arbeitsaufnahme",
        **fields,
    }


async def test_06_the_jobcenter_sees_exactly_that_and_answers_and_nobody_else_sees_anything(
    story: Story,
) -> None:
    path = f"/v1/partner/referrals/{story.ids['referral']}"
    package = await story.seen("Jobcenter", path)
    data = package["package"]["data"]
    assert set(data) == {"master_data", "contact"}
    assert "Kovalenko" in str(data["master_data"])
    text = str(package)
    assert story.ids["client"] not in text
    assert story.ids["case"] not in text
    assert "Schulplatz" not in text
    for stranger in ("Schule", "Wohnungsamt", "Ausländerbehörde"):
        assert (await story.refused(stranger, "GET", path))[0] == 404
        assert (await story.seen(stranger, "/v1/partner/referrals"))["items"] == []
    assert (await story.refused("Jobcenter", "GET", f"/v1/clients/{story.ids['client']}"))[0] == 403

    await story.made("Jobcenter", f"{path}/accept")
    await story.made("Jobcenter", f"{path}/start")
    wrong = await story.do("Jobcenter", "POST", f"{path}/accept")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_state")
    assert "complete" in wrong.json()["allowed"]
    await story.made("Jobcenter", f"{path}/complete", {"outcome": "helped"})
    seen = await story.seen("Anja Berger", f"/v1/referrals/{story.ids['referral']}")
    assert (seen["state"], seen["outcome"]) == ("completed", "helped")


async def test_07_a_withdrawn_consent_revokes_the_open_referral_and_both_sides_are_told(
    story: Story,
) -> None:
    agreed = consent_body(story.ids["client"], story.ids["Schule"], case_id=story.ids["case"])
    consent = await story.made("Anja Berger", "/v1/consents", agreed)
    concern = "Schulplatz für die Tochter"
    draft = await story.made("Anja Berger", "/v1/referrals", _referral(story, "Schule", concern_text=concern))
    await story.made("Anja Berger", f"/v1/referrals/{draft['id']}/send")
    path = f"/v1/partner/referrals/{draft['id']}"
    assert "Kovalenko" in str(await story.seen("Schule", path))

    await story.made("Murat Aydin", f"/v1/consents/{consent['id']}/withdraw", {"channel": "phone"})
    after = await story.do("Schule", "GET", path)
    assert "Kovalenko" not in after.text
    assert "Schulplatz" not in after.text
    assert (await story.refused("Schule", "POST", f"{path}/accept"))[0] in (404, 409)
    mine = await story.seen("Anja Berger", f"/v1/referrals/{draft['id']}")
    assert mine["state"] == "revoked"
    for person in ("Anja Berger", "Schule"):
        told = (await story.seen(person, "/v1/me/notifications"))["items"]
        assert "referral_revoked" in {each["kind"] for each in told}, person


async def test_08_barriers_are_reported_and_an_observation_with_her_name_is_refused(story: Story) -> None:
    report = {
        "case_id": story.ids["case"],
        "barrier_type": "F2",
        "institution_id": story.ids["Schule"],
        "effect": "school_attendance_prevented",
        "since": in_days(-60),
        "note": "Oksana hat dreimal angerufen.",
    }
    filed = await story.made("Anja Berger", "/v1/barriers", report)
    named = {"barrier_report_id": filed["id"], "text": "Frau Kovalenko wartet seit August auf einen Platz."}
    refused = await story.do("Anja Berger", "POST", "/v1/observations", named)
    assert (refused.status_code, refused.json()["code"]) == (422, "observation_identifies")
    assert "Kovalenko" not in refused.text
    said = {**named, "text": "Neu zugezogene Kinder warten ein halbes Jahr auf einen Schulplatz."}
    await story.made("Anja Berger", "/v1/observations", said)
    story.ids["report"] = filed["id"]


async def test_09_and_10_a_release_is_computed_published_and_read(
    story: Story, settings: Settings, worker_database: Database
) -> None:
    await figures(story.world, last_quarter(), reports=400)
    asked = await story.made("Heike Brandt", "/v1/releases", {"quarter": last_quarter()})
    release = f"/v1/releases/{asked['id']}"
    assert (await story.refused("Heike Brandt", "POST", f"{release}/publish"))[0] == 409
    async with worker_parts(settings) as (database, wiring):
        await run_once(database, wiring, utc_now, jobs=())
    assert (await story.seen("Heike Brandt", release))["state"] == "computed"
    assert (await story.refused("Ute Kleinert", "GET", release))[0] == 404
    status, _ = await story.refused("Heike Brandt", "POST", f"{release}/publish")
    assert status in (403, 409)
    await story.made("Ralf Dickmann", f"{release}/publish")

    published = await story.seen("Ute Kleinert", release)
    tables = [table["name"] for table in published["content"]["tables"]]
    assert len(tables) >= 5
    assert published["content"]["proof"]["holds"]
    for name in tables:
        table = await story.seen("Ute Kleinert", f"{release}/tables/{name}")
        shown = {cell["status"] for cell in table["cells"]}
        assert shown <= {"published", "zero", "suppressed", "not_collected"} | (
            {"too_few", "no_base"} if table["quotient"] else set()
        )
        counted = [] if table["quotient"] else table["cells"]
        assert all(cell["value"] >= 5 for cell in counted if cell["status"] == "published")
        csv = await story.people["Ute Kleinert"].get(
            f"{release}/tables/{name}", headers={"Accept": "text/csv"}
        )
        assert csv.headers["content-type"].startswith("text/csv")
        assert csv.text.count("\n") >= len(table["cells"])


async def test_09_the_coordinator_sees_observations_and_signals_and_nobody(story: Story) -> None:
    observation = await visible_observation(story.world, "Am Empfang gibt es keine Sprachmittlung.")
    seen = await story.seen("Heike Brandt", "/v1/observations")
    assert set(seen["items"][0]) == {"id", "institution_type", "barrier_type", "quarter", "text"}
    signals = (await story.seen("Heike Brandt", f"/v1/signals?quarter={last_quarter()}"))["items"]
    assert signals
    obstacle = await story.made(
        "Heike Brandt",
        "/v1/obstacles",
        {
            "title": "Keine Sprachmittlung am Empfang",
            "description": "Mehrere Quartale, mehrere Geschäftsstellen.",
            "barrier_types": ["D1"],
            "institution_types": ["jobcenter"],
            "observation_ids": [str(observation)],
            "signals": [
                {key: signals[0][key] for key in ("quarter", "barrier_type", "institution_group")}
            ],
        },
    )  # fmt: skip
    path = f"/v1/obstacles/{obstacle['id']}"
    for step in ("under_review", "bundled"):
        await story.made("Heike Brandt", f"{path}/status", {"to": step})
    unit = (await story.seen("Heike Brandt", "/v1/units"))["items"][0]["id"]
    await story.made(
        "Heike Brandt", f"{path}/measures", {"title": "Sprachmittlung stundenweise", "unit_id": unit}
    )
    owner = {"to": "in_project_group", "responsible_unit_id": unit, "due_on": in_days(90)}
    await story.made("Heike Brandt", f"{path}/status", owner)
    decision = {"decided_on": TODAY.isoformat(), "minute": "Lenkungsgruppe, TOP 4", "text": "Wird erprobt."}
    await story.made("Heike Brandt", f"{path}/decisions", decision)
    assert (await story.seen("Ute Kleinert", path))["title"] == "Keine Sprachmittlung am Empfang"

    unknown = "00000000-0000-7000-8000-000000000000"
    for kind, there in (("clients", "client"), ("cases", "case"), ("barriers", "report")):
        one = await story.do("Heike Brandt", "GET", f"/v1/{kind}/{story.ids[there]}")
        none = await story.do("Heike Brandt", "GET", f"/v1/{kind}/{unknown}")
        assert one.status_code == none.status_code == 403
        assert one.json() == none.json()


async def test_11_the_privacy_officer_sees_who_read_what_the_case_closes_and_retention_begins(
    story: Story,
) -> None:
    about = f"/v1/audit?client_id={story.ids['client']}&limit=200"
    entries = (await story.seen("Petra Niehaus", about))["items"]
    acts = {(entry["action"], entry["outcome"]) for entry in entries}
    assert {("client.create", "done"), ("case.read", "done")} <= acts
    assert "Kovalenko" not in str(entries)
    refusals = (await story.seen("Petra Niehaus", "/v1/audit?outcome=refused&limit=200"))["items"]
    assert any(entry["action"] == "client.read" for entry in refusals)
    left = (await story.seen("Petra Niehaus", "/v1/disclosures"))["items"]
    assert {entry["legal_basis"] for entry in left} == {"consent"}

    path = f"/v1/cases/{story.ids['case']}"
    close = {"reason": "handed_to_regular_services", "outcomes": {"work": "improved"}}
    lacking = await story.do("Anja Berger", "POST", f"{path}/close", close)
    if lacking.status_code == 409:
        close = {"reason": "client_ended", "outcomes": {"work": "improved"}}
        await story.made("Anja Berger", f"{path}/close", close)
    assert (await story.seen("Anja Berger", path))["phase"] == "closed"
    entry = {"contact_type": "phone", "happened_at": utc_now().isoformat()}
    assert (await story.refused("Anja Berger", "POST", f"{path}/contacts", entry)) == (409, "wrong_state")
    kept = (await story.seen("Petra Niehaus", "/v1/privacy/retentions"))["items"]
    assert [retention["starts_on"] for retention in kept] == [TODAY.isoformat()]
    assert "Kovalenko" not in str(kept)

    living = (await story.seen("Anja Berger", "/v1/sessions"))["items"]
    assert living
    ended = await story.do("Anja Berger", "DELETE", "/v1/sessions/current")
    assert ended.status_code in (200, 204)
    assert (await story.refused("Anja Berger", "GET", path)) == (401, "session_ended")


def test_every_role_of_the_story_is_a_role() -> None:
    assert {role for role, _ in [*STAFF.values(), *PARTNERS.values()]} <= set(Role)
