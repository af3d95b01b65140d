"""The case closes, goes on and closes again; the privacy officer looks at what was done; somebody leaves."""

from tests.contract.stage import Stage

WHO, OFFICER = "Anja Berger", "Petra Niehaus"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Closing, the journal, retention, the glass that was broken, signing out."""
    here = {"case_id": known["case"]}
    end = {"reason": "client_ended", "outcomes": {"work": "improved"}, "note": "Arbeitsvertrag liegt vor."}
    await stage.do(WHO, "read_open_items", **here)
    await stage.do(WHO, "close_case", {**end, "settle": {"tasks": "drop", "drafts": "discard"}}, **here)
    again = {"reason": "Vertrag wurde in der Probezeit beendet", "take_up": True}
    await stage.do(WHO, "reopen_case", again, **here)
    await stage.do(WHO, "close_case", end, **here)
    await _go_on(stage, known)
    await stage.do(OFFICER, "list_retentions", query={"limit": 2})
    await stage.do(OFFICER, "list_disclosures", query={"limit": 2})
    await _review(stage)
    query = {"client_id": known["client"], "action": "client.read", "limit": 2}
    await stage.do(OFFICER, "list_audit", query=query)
    await stage.do("Tim Scholz", "sign_out")


async def _go_on(stage: Stage, known: dict[str, str]) -> None:
    """A later case takes along what was left; it gets a new lead, who takes over."""
    later = {"client_id": known["client"], "kind": "counselling", "access_route": "self"}
    here = {"case_id": (await stage.do(WHO, "open_case", later))["id"]}
    await stage.do(WHO, "take_along", {"from_case_id": known["case"]}, **here)
    next_lead = {"user_id": stage.given["Murat Aydin"], "kind": "lead"}
    await stage.do("Sabine Reuter", "assign_case", next_lead, **here)
    await stage.do("Murat Aydin", "acknowledge_handover", {"note": "Akte gemeinsam durchgesehen."}, **here)


async def _review(stage: Stage) -> None:
    waiting = await stage.do(OFFICER, "list_access_reviews", query={"is_open": "true", "limit": 2})
    which = {"review_id": waiting["items"][0]["id"]}
    review = await stage.do(OFFICER, "read_access_review", **which)
    judged = {"outcome": "justified", "note": "Anja Berger war nicht erreichbar."}
    await stage.do(OFFICER, "close_access_review", judged, at=review, **which)
