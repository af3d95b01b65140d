"""The last chapter: who read what, the end of the case, and of the session."""

from app.kit.clock import utc_now
from tests.journey.story import TODAY, Story


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
