"""What leaves the case of the scene: a referral, conferences with somebody outside, barriers and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.kit.clock import local_date, utc_now
from tests.barriers.arrange import file_barrier
from tests.consents.arrange import give_consent
from tests.incoming_referrals.arrange import HERE, REFERRED, SENT, send
from tests.obstacles.arrange import MINUTE, bundled, new_obstacle

if TYPE_CHECKING:
    from tests.isolation.scene import Scene


async def referral(scene: Scene) -> None:
    lead = scene.people["lead"]
    ids = scene.ids
    ids["consent"] = await give_consent(lead, ids["client"], ids["institution"])
    await give_consent(lead, ids["client"])
    ids["bound_consent"] = await give_consent(lead, ids["client"], case_id=ids["case"])
    body = {
        "case_id": ids["case"],
        "institution_id": ids["institution"],
        "channel": "platform",
        "data_categories": ["master_data", "contact"],
        "concern_text": "Hilfe beim Antrag",
    }
    await scene.made("draft", "lead", "/v1/referrals", body)
    await scene.made("referral", "lead", "/v1/referrals", body)
    for person, verb, sent in (
        ("lead", "/v1/referrals/{referral}/send", None),
        ("partner", "/v1/partner/referrals/{referral}/accept", None),
        (
            "partner",
            "/v1/partner/referrals/{referral}/complete",
            {"outcome": "helped", "text": "Antrag gestellt"},
        ),
    ):
        answer = await scene.people[person].post(verb.format(**ids), sent)
        assert answer.status_code == 200, answer.text


async def transfers(scene: Scene) -> None:
    """One that was offered to the other area, and one from there that was given to the lead."""
    ids, people = scene.ids, scene.people
    ids["far_unit"] = str(await scene.far.unit())
    for name, sender, client, case, unit in (
        ("transfer", "lead", ids["client"], ids["case"], ids["far_unit"]),
        ("incoming", "far_lead", ids["far_client"], ids["far_case"], ids["unit"]),
    ):
        body: dict[str, Any] = {"receiving_unit_id": unit, "data_categories": ["master_data"]}
        await give_consent(people[sender], client, **body, purpose="transfer", direction="to")
        path = f"/v1/cases/{case}/transfers"
        await scene.made(name, sender, path, {**body, "reason": "moved"})
        offered = await people[sender].post(f"{path}/{ids[name]}/offer")
        assert offered.status_code == 200, offered.text
    named = {"case_manager_id": ids["lead"]}
    accepted = await people["team_lead"].post(f"/v1/transfers/{ids['incoming']}/accept", named)
    assert accepted.status_code == 200, accepted.text


async def conferences(scene: Scene) -> None:
    """One planned and one held, each with somebody of the institution at the table."""
    ids, path = scene.ids, "/v1/cases/{case}/conferences"
    lead = scene.people["lead"]
    await give_consent(lead, ids["client"], ids["institution"], purpose="case_conference")
    plan = {"occasion": "Übergang in Arbeit", "mode": "online", "client_takes_part": True}
    now = utc_now().isoformat()
    for name, at in (("conference", "2030-01-01T09:00:00Z"), ("held_conference", now)):
        await scene.made(name, "lead", path, {**plan, "starts_at": at})
        outside = {
            "institution_id": ids["institution"], "name": "Herr Kaya", "legal_basis": "consent",
            "data_categories": ["master_data"],
        }  # fmt: skip
        if name == "conference":
            # That one is to come when the consent may have ended, so it rests on another basis.
            outside |= {"legal_basis": "gdpr_6_1_e", "necessity": "Gemeinsame Aufgabe"}
        invited = await lead.post(f"{path.format(**ids)}/{ids[name]}/participants", outside)
        assert invited.status_code == 200, invited.text
        ids["participant" if name == "conference" else "held_participant"] = str(
            invited.json()["participants"][0]["id"]
        )
    there = {"step": "hold", "attended": [ids["held_participant"]], "record": "Bewerbung gemeinsam"}
    held = f"{path.format(**ids)}/{ids['held_conference']}"
    agreed = {"wording": "Bewerbung", "responsible": "client", "due_on": "2030-01-01"}
    for where, body in (("step", there), ("agreements", agreed)):
        answer = await lead.post(f"{held}/{where}", body)
        assert answer.status_code == 200, answer.text


async def incoming(scene: Scene) -> None:
    """One that the lead has taken and asked about, one of which the client came, and one taken back."""
    ids, lead, partner = scene.ids, scene.people["lead"], scene.people["partner"]
    await scene.world.admin.execute(
        "UPDATE units SET takes_referrals = true WHERE id = $1", scene.uuid("unit")
    )
    for name in ("referred", "received", "taken_back"):
        made = await send(partner, SENT, {"unit_id": ids["unit"], **REFERRED})
        assert made.status_code == 201, made.text
        ids[name] = made.json()["id"]
        assert (await lead.post(f"/v1/inquiries/{ids[name]}/take")).status_code == 200
    asked = await lead.post(f"{HERE}/{ids['referred']}/ask", {"question": "concern"})
    assert asked.status_code == 200, asked.text
    replied = await send(partner, f"{SENT}/{ids['referred']}/reply", {"text": "Wohnung"})
    assert replied.status_code == 200, replied.text
    withdrawn = await send(partner, f"{SENT}/{ids['taken_back']}/withdraw", {"reason": "other"})
    assert withdrawn.status_code == 200, withdrawn.text
    which = {"client_id": ids["client"], "case_id": ids["case"]}
    accepted = await lead.post(f"{HERE}/{ids['received']}/accept", which)
    assert accepted.status_code == 200, accepted.text


async def barriers(scene: Scene) -> None:
    lead = scene.people["lead"]
    report = await file_barrier(lead, scene.ids["case"], institution_id=scene.ids["institution"])
    scene.ids["report"] = str(report["id"])
    body = {"barrier_report_id": scene.ids["report"], "text": "Am Schalter spricht niemand Englisch."}
    await scene.made("observation", "lead", "/v1/observations", body)
    reported = {
        "barrier_type": "D1", "institution_type": "jobcenter", "effect": "delay", "since": "2026-01-02",
    }  # fmt: skip
    path = "/v1/partner/barriers"
    await scene.made("partner_barrier", "partner", path, reported)
    said = {**reported, "observation": "Am Schalter fehlt ein Wartebereich."}
    await scene.made("said_barrier", "partner", path, said)
    scene.ids["partner_observation"] = str(
        await scene.world.admin.fetchval(
            "SELECT observation_id FROM partner_barriers WHERE id = $1", scene.uuid("said_barrier")
        )
    )
    await scene.world.admin.execute(
        "UPDATE observations SET visible_from = '2026-01-05' WHERE municipal_area_id = $1", scene.world.area
    )


async def coordination(scene: Scene) -> None:
    coordinator = scene.people["coordinator"]
    obstacle = await bundled(coordinator, observation_ids=[scene.ids["observation"]])
    scene.ids["obstacle"] = str(obstacle["id"])
    path = "/v1/obstacles/{obstacle}"
    measure = {"title": "Schalter", "unit_id": scene.ids["unit"]}
    await scene.made("obstacle_measure", "coordinator", f"{path}/measures", measure)
    office = {"body": "working", "responsible": "Leitung", "unit_id": scene.ids["unit"]}
    await scene.made("obstacle_member", "coordinator", f"{path}/members", office)
    scene.ids["unbundled"] = str((await new_obstacle(coordinator, title="Noch nicht gebündelt"))["id"])
    decision = {**MINUTE, "text": "Die Behörde stellt Sprachmittlung bereit."}
    await scene.made("decision", "coordinator", f"{path}/decisions", decision)
    asked = [{"obstacle_id": scene.ids["obstacle"], "asked": "Zwei Schalter"}]
    meeting = {"meets_on": str(local_date(utc_now())), "place": "Rathaus", "agenda": asked}
    await scene.made("held_meeting", "coordinator", "/v1/steering-meetings", meeting)
    minutes = {"minute": "LG 1", "minutes": "Einstimmig."}
    held = await coordinator.post(f"/v1/steering-meetings/{scene.ids['held_meeting']}/hold", minutes)
    assert held.status_code == 200, held.text
    await scene.made("meeting", "coordinator", "/v1/steering-meetings", meeting)
