"""Chapters five to seven: a referral with chosen data, its answer, and a consent that is withdrawn."""

from typing import Any

from tests.consents.arrange import consent_body
from tests.journey.story import Story


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
